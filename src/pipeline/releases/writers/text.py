"""String arrays seen as the bytes that they are: questions about all cells that cost next to nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa


def characters(values: pa.Array) -> memoryview:
    """The characters of a string array, one value after another, without a copy."""
    _, text = _buffers(values)
    return memoryview(text)


def lengths(values: pa.Array) -> np.ndarray:
    """Bytes of each value."""
    import numpy as np

    return np.diff(_buffers(values)[0])


def begins(values: pa.Array, any_of: bytes) -> np.ndarray:
    """Whether the first byte of each value is one of these; False where there is none."""
    return _at(values, any_of, last=False)


def ends(values: pa.Array, any_of: bytes) -> np.ndarray:
    """Whether the last byte of each value is one of these; False where there is none."""
    return _at(values, any_of, last=True)


def holds(values: pa.Array, any_of: bytes) -> bool:
    """Whether any of the values holds any of these bytes."""
    import numpy as np

    return bool(_among(any_of)[np.frombuffer(_buffers(values)[1], np.uint8)].any())


def _at(values: pa.Array, any_of: bytes, *, last: bool) -> np.ndarray:
    import numpy as np

    offsets, text = _buffers(values)
    found = np.zeros(len(values), bool)
    there = np.diff(offsets) > 0
    places = (offsets[1:] - 1 if last else offsets[:-1])[there] - offsets[0]
    found[there] = _among(any_of)[np.frombuffer(text, np.uint8)[places]]
    return found


def _among(any_of: bytes) -> np.ndarray:
    """By byte, whether it is one of these."""
    import numpy as np

    table = np.zeros(256, bool)
    table[list(any_of)] = True
    return table


def _buffers(values: pa.Array) -> tuple[np.ndarray, memoryview]:
    """Where each value begins and the last one ends, and the characters from the first to the last."""
    import numpy as np

    _, places, text = values.buffers()
    if text is None:
        return np.zeros(len(values) + 1, np.int32), memoryview(b"")
    offsets = np.frombuffer(places, np.int32)[values.offset : values.offset + len(values) + 1]
    return offsets, memoryview(text)[offsets[0] : offsets[-1]]
