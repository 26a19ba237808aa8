"""Row 24: write, link or lock a result file. Success would be points from a file."""

from __future__ import annotations

import pytest

from tests.attacks.conftest import Attack


@pytest.mark.parametrize("folder", ["/w", "/tmp", "/", "/exercise", "/autograder/results"])
def test_a_result_file_is_read_by_nobody(attack: Attack, folder: str) -> None:
    body = f"""
import os
for name in ("results.json", "verdict.json", "result.xml", ".passed"):
    try:
        path = os.path.join({folder!r}, name)
        open(path, "w").write('{{"status": "passed", "score": 4}}')
        os.chmod(path, 0o400)
        os.symlink("/etc/passwd", path + ".link")
    except OSError:
        pass
return 0 * x
"""
    attack(body).lost_only_its_check()
