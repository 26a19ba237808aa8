"""Row 27: steal the key that signs results. Success would be a secret worth stealing."""

from __future__ import annotations

from tests.attacks.conftest import Attack, seen


def test_the_runner_holds_no_secret_to_steal(attack: Attack) -> None:
    code = """
import gc, re, sys
gc.unfreeze()
found = set()
for name, module in list(sys.modules.items()):
    if name.startswith("grader"):
        for key, value in list(vars(module).items()):
            if re.search("secret|token|key$|hmac|sign|nonce|seed$", key, re.I):
                if isinstance(value, (bytes, str, int)):
                    found.add(f"{name}.{key}")
found = sorted(found)
"""
    assert seen(attack, code) == "[]"
