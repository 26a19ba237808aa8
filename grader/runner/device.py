"""What holds for every session on a GPU, set before the student's file is read.

The file may undo it: then its numbers are less exact, and are compared as they are. The context is
made here and not by the first call. What needs CUDA itself has not been seen on a device yet.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from contextlib import suppress
from typing import Any

CUDA = "cuda"
PERSISTING_L2 = 6  # CU_LIMIT_PERSISTING_L2_CACHE_SIZE of the driver's cuCtxSetLimit


def prepare(torch: Any, device: str) -> Callable[[], None]:
    """Make a device ready; return what waits until all its work is done, whatever its stream.

    Raises: RuntimeError, where there is no such device.
    """
    exact(torch)
    if torch.device(device).type != CUDA:
        return lambda: None
    torch.cuda.init()
    torch.zeros(1, device=device)
    keep_nothing_in_cache()
    settle: Callable[[], None] = torch.cuda.synchronize
    settle()
    return settle


def exact(torch: Any) -> None:
    """Let products of float32 be of float32, and choose algorithms without trying them out."""
    torch.set_float32_matmul_precision("highest")
    torch.backends.cuda.matmul.allow_fp16_reduced_precision_reduction = False
    torch.backends.cuda.matmul.allow_bf16_reduced_precision_reduction = False
    torch.backends.cudnn.allow_tf32 = False
    torch.backends.cudnn.benchmark = False


def keep_nothing_in_cache() -> None:
    """Set aside no second-level cache for data that outlives a call: inputs would stay warm."""
    with suppress(OSError, AttributeError):  # a driver without that limit keeps nothing either
        ctypes.CDLL("libcuda.so.1").cuCtxSetLimit(PERSISTING_L2, ctypes.c_size_t(0))
