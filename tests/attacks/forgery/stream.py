"""What a hostile file needs to write frames of its own, as text."""

from __future__ import annotations

STREAM = """
import os, socket, struct, sys, threading, time
import numpy as np
from grader.frames import Kind, Stream
from grader.frames import tags

def stream():
    return Stream(socket.socket(fileno=os.dup(3)))

def header(kind, call, size):
    return tags.HEADER.pack(tags.MAGIC, tags.VERSION, kind, 0, call, size)

def raw(payload):
    os.write(3, header(Kind.RESULT, 2, len(payload)) + payload)

def claim(shape):
    # an array of 3 numbers that says it has another shape
    from grader.frames.dtypes import CODE_OF
    head = struct.pack("<BI", tags.TUPLE, 2)
    head += bytes([tags.ARRAY, CODE_OF[np.dtype("f8")], len(shape)])
    head += b"".join(struct.pack("<Q", n) for n in shape)
    head += bytes(-len(head) % tags.ALIGNMENT)
    raw(head + bytes(24) + bytes([tags.NONE]))
"""
