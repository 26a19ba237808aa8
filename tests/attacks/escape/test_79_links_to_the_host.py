"""Row 79: links that the host follows later. Success: a file of the host is read or changed."""

from __future__ import annotations

import os
from pathlib import Path

from tests.attacks.conftest import Attack


def test_a_link_in_the_sandbox_is_followed_by_nobody(attack: Attack, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("untouched")
    secret.chmod(0o600)
    before = secret.stat()
    body = f"""
import os
for place in ("/w", "/tmp", "/dev/shm"):
    for name in ("out", "stdout", "result", "solution.py", "core"):
        try:
            os.symlink({str(secret)!r}, os.path.join(place, name))
        except OSError:
            pass
print("changed")
return 2 * x
"""
    assert attack(body).verdict.points == 4.0
    after = secret.stat()
    assert secret.read_text() == "untouched"
    assert (after.st_mode, after.st_uid, after.st_mtime_ns) == (
        before.st_mode,
        before.st_uid,
        before.st_mtime_ns,
    )
    assert os.listdir(tmp_path) == ["secret"]
