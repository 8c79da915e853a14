"""Arrays seen as what they hold: each value once, strings as the bytes that they are.

Questions about all cells cost next to nothing this way, and most cells of a column repeat others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa


def by_value(values: pa.Array, make: Callable[[pa.Array], pa.Array]) -> pa.Array:
    """What `make` makes of the values, given each of them once; what it gives back as it is costs no copy."""
    each = values.dictionary_encode()
    made = make(each.dictionary)
    return values if made is each.dictionary else made.take(each.indices)


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


def holds(values: pa.Array, any_of: Iterable[int | bytes]) -> bool:
    """Whether any of the values holds any of these bytes, or runs of them."""
    text = bytes(characters(values))  # searching it for one after another is the fastest there is
    return any(each in text for each in any_of)


def _at(values: pa.Array, any_of: bytes, *, last: bool) -> np.ndarray:
    import numpy as np

    found = np.zeros(len(values), bool)
    if holds(values, any_of):
        offsets, text = _buffers(values)
        there = np.diff(offsets) > 0
        places = (offsets[1:] - 1 if last else offsets[:-1])[there] - offsets[0]
        found[there] = np.isin(np.frombuffer(text, np.uint8)[places], list(any_of))
    return found


def _buffers(values: pa.Array) -> tuple[np.ndarray, memoryview]:
    """Where each value begins and the last one ends, and the characters from the first to the last."""
    import numpy as np

    _, places, text = values.buffers()
    if text is None:
        return np.zeros(len(values) + 1, np.int32), memoryview(b"")
    offsets = np.frombuffer(places, np.int32)[values.offset : values.offset + len(values) + 1]
    return offsets, memoryview(text)[offsets[0] : offsets[-1]]
