"""Lets torch do once, in the zygote, what each session would do anew.

It looks at the processor, where /proc can still be read: torch asks only when an operation needs to
know, and remembers the answer, also that there was none; then it uses no vector instructions and
refuses half precision. Asking computes nothing and starts no thread.

It imports what the first optimiser made imports, about a second's work. That import wants a folder
for compiled code, which is never used: any folder that exists will do.
"""

from __future__ import annotations

import os

import torch

CAPABILITY = torch.backends.cpu.get_cpu_capability()

_FOLDER = "TORCHINDUCTOR_CACHE_DIR"
os.environ[_FOLDER] = "/"
import torch._dynamo  # noqa: E402

del os.environ[_FOLDER]
