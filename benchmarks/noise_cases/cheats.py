"""Ways to look faster than one is, as text that is put below an honest solution.

`{f}` is the name of the timed function. Each keeps the right results or breaks them to save time;
none may gain: its median ratio stays that of the honest file, or its checks fail.
"""

from __future__ import annotations

CLOCK_PATCHED = """
import time
for _name in ("perf_counter", "monotonic", "time", "process_time", "thread_time"):
    setattr(time, _name, lambda: 0.0)
    setattr(time, _name + "_ns", lambda: 0)
"""
REMEMBERED_BY_CONTENT = """
_honest, _memory = {f}, {{}}
def {f}(*args):
    key = tuple(a.tobytes() if hasattr(a, "tobytes") else a for a in args)
    if key not in _memory:
        _memory[key] = _honest(*args)
    return _memory[key].copy()
"""
REMEMBERED_BY_SHAPE = """
_honest, _memory = {f}, {{}}
def {f}(*args):
    key = tuple(getattr(a, "shape", a) for a in args)
    if key not in _memory:
        _memory[key] = _honest(*args)
    return _memory[key]
"""
REMEMBERED_BY_IDENTITY = """
_honest, _memory = {f}, {{}}
def {f}(*args):
    key = tuple(a.ctypes.data if hasattr(a, "ctypes") else a for a in args)
    if key not in _memory:
        _memory[key] = _honest(*args)
    return _memory[key]
"""
BUSY_THREAD = """
import threading
def _spin():
    while True:
        pass
threading.Thread(target=_spin, daemon=True).start()
"""
BUSY_CHILD = """
import os
if os.fork() == 0:
    while True:
        pass
"""
LAZY_ARRAY = """
import numpy as _np
_honest, _shapes = {f}, {{}}
class _Lazy(_np.ndarray):
    def tobytes(self, *_):
        return _honest(*self._args).tobytes()
def {f}(*args):
    key = tuple(getattr(a, "shape", a) for a in args)
    if key not in _shapes:
        _shapes[key] = _honest(*args).shape
    lazy = _np.empty(_shapes[key]).view(_Lazy)
    lazy._args = args
    return lazy
"""
LATE_WRITER = """
import threading
import numpy as _np
_honest = {f}
def {f}(*args):
    out = _np.zeros_like(_honest(*args))
    def _fill():
        out[...] = _honest(*args)
    threading.Thread(target=_fill).start()
    return out
"""
FROZEN_GARBAGE = """
import gc
gc.disable()
gc.freeze()
"""

CHEATS = {
    "the clock patched": CLOCK_PATCHED,
    "results remembered by content": REMEMBERED_BY_CONTENT,
    "results remembered by shape": REMEMBERED_BY_SHAPE,
    "results remembered by address": REMEMBERED_BY_IDENTITY,
    "a thread kept busy": BUSY_THREAD,
    "a child kept busy": BUSY_CHILD,
    "an array that computes later": LAZY_ARRAY,
    "a thread that writes later": LATE_WRITER,
    "no garbage collection": FROZEN_GARBAGE,
}
