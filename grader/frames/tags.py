"""The layout of a frame: what both ends agree on.

A frame is a header and a payload, everything little-endian. The header is `magic (4 bytes) ·
version (1) · kind (1) ·
zero (2) · call id (4) · payload bytes (8)`. The payload is one value; a value is a tag byte and
what the tag says:

- NONE, TRUE, FALSE: nothing more
- INT: 8 bytes, signed · BIG_INT: u32 length, signed bytes · FLOAT: 8 bytes · COMPLEX: 16 bytes
- TEXT: u32 length, UTF-8 · BYTES: u32 length, bytes
- LIST, TUPLE: u32 count, values · DICT: u32 count, that many times key and value
- SCALAR (numpy): dtype code, its bytes
- ARRAY: dtype code, ndim, u64 for each dimension, zeros up to a multiple of 16 from the start of
  the payload, C-ordered bytes
- TENSOR: u8 length and ASCII name of the device, then as ARRAY; dtype code BFLOAT16 allowed
- GENERATOR: 16 bytes state, 16 bytes increment, u8 has_uint32, u32 uinteger (PCG64)
- RECORD: a code of RECORDS, then its fields as one TUPLE
"""

from __future__ import annotations

from struct import Struct

from grader.frames.values import (
    Callback,
    Handle,
    RaisedException,
    Record,
    TensorRequest,
    ViewRequest,
)

MAGIC = b"GRDS"
VERSION = 1
HEADER = Struct("<4sBBHIQ")
ALIGNMENT = 16

NONE, TRUE, FALSE, INT, BIG_INT, FLOAT, COMPLEX, TEXT, BYTES = range(1, 10)
LIST, TUPLE, DICT, SCALAR, ARRAY, TENSOR, GENERATOR, RECORD = range(10, 18)

RECORDS: dict[int, type[Record]] = {
    1: Handle,
    2: Callback,
    3: TensorRequest,
    4: ViewRequest,
    5: RaisedException,
}
