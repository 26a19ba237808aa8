"""The dtypes that may cross, each with its code on the wire."""

from __future__ import annotations

from typing import Any

import numpy as np

NAMES = (
    "bool",
    "int8",
    "int16",
    "int32",
    "int64",
    "uint8",
    "uint16",
    "uint32",
    "uint64",
    "float16",
    "float32",
    "float64",
    "complex64",
    "complex128",
)
BOOL = 1
BFLOAT16 = 15  # tensors only; its bits as uint16

DTYPE_OF: dict[int, np.dtype[Any]] = {
    code: np.dtype(name).newbyteorder("<") for code, name in enumerate(NAMES, start=1)
}
CODE_OF: dict[np.dtype[Any], int] = {dtype: code for code, dtype in DTYPE_OF.items()}
SCALAR_CODE_OF: dict[type, int] = {dtype.type: code for code, dtype in DTYPE_OF.items()}
# numpy's bool is torch's bool; the other names are the same in both
TORCH_NAME_OF: dict[int, str] = {**dict(enumerate(NAMES, start=1)), BFLOAT16: "bfloat16"}
TORCH_CODE_OF: dict[str, int] = {name: code for code, name in TORCH_NAME_OF.items()}
