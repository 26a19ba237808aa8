"""Lets torch look at the processor once, in the zygote, where /proc can still be read.

torch asks only when an operation needs to know, and remembers the answer, also that there was none:
then it uses no vector instructions and refuses half precision. Asking computes nothing and starts
no thread.
"""

from __future__ import annotations

import torch

CAPABILITY = torch.backends.cpu.get_cpu_capability()
