"""torch tensors as arrays and back. torch is never imported here."""

from __future__ import annotations

from typing import Any

import numpy as np

from grader.frames.caps import FrameError
from grader.frames.dtypes import BFLOAT16, TORCH_CODE_OF


def plain_array(torch: Any, tensor: Any) -> tuple[int, np.ndarray[Any, Any]]:
    """Return the dtype's code and the values as a C-ordered array, uncopied where it can be.

    Detached, on the CPU; bfloat16 as its bits. Raises: FrameError for a sparse or quantized one and
    for a dtype without code.
    """
    name = str(tensor.dtype).removeprefix("torch.")
    code = TORCH_CODE_OF.get(name)
    if code is None or tensor.layout is not torch.strided or tensor.is_quantized:
        raise FrameError(f"a {tensor.layout} tensor of dtype {name} cannot be sent")
    dense = tensor.detach().resolve_conj().resolve_neg().to("cpu").contiguous()
    if code == BFLOAT16:
        return code, np.asarray(dense.view(torch.int16).numpy()).view(np.uint16)
    return code, np.asarray(dense.numpy())


def torch_tensor(torch: Any, array: np.ndarray[Any, Any], *, bfloat16: bool = False) -> Any:
    """Make a tensor on the array's memory; bfloat16 from its bits."""
    if bfloat16:
        return torch.from_numpy(array.view(np.int16)).view(torch.bfloat16)
    return torch.from_numpy(array)
