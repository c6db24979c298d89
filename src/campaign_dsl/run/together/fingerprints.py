"""64-bit fingerprints of keys and ids. Those of integers are unique; those of texts are not, so texts are compared."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.types as kinds

if TYPE_CHECKING:
    import numpy.typing as npt

    Fingerprints = npt.NDArray[np.uint64]

_GOLDEN, _FIRST, _SECOND = (np.uint64(each) for each in (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB))


def is_whole(kind: pa.DataType) -> bool:
    return bool(kinds.is_integer(kind))


def is_text(kind: pa.DataType) -> bool:
    return bool(kinds.is_string(kind) or kinds.is_large_string(kind) or kinds.is_string_view(kind))


def fingerprints(values: pa.Array) -> Fingerprints:
    """A number for each value; none may be missing.

    Raises:
        TypeError: they are neither integers nor texts.
    """
    if is_whole(values.type):
        return _mixed(values.cast(pa.int64(), safe=False).to_numpy(zero_copy_only=False).view(np.uint64))
    if is_text(values.type):
        return _of_texts(values.cast(pa.large_string()))
    raise TypeError(str(values.type))


def spread(values: pa.Array) -> Fingerprints:
    """A number for each value, such that consecutive integers lie evenly apart in the upper bits."""
    if is_whole(values.type):
        return np.asarray(values.cast(pa.int64(), safe=False).to_numpy(zero_copy_only=False).view(np.uint64) * _GOLDEN)
    return fingerprints(values)


def _mixed(numbers: Fingerprints) -> Fingerprints:
    """The finaliser of splitmix64: a bijection."""
    numbers = (numbers ^ (numbers >> np.uint64(30))) * _FIRST
    numbers = (numbers ^ (numbers >> np.uint64(27))) * _SECOND
    return numbers ^ (numbers >> np.uint64(31))


def _of_texts(values: pa.LargeStringArray) -> Fingerprints:
    """Eight bytes at a time, all texts side by side."""
    _, offsets_buffer, data = values.buffers()
    offsets = np.frombuffer(offsets_buffer, np.int64)[values.offset : values.offset + len(values) + 1]
    starts, lengths = offsets[:-1], np.diff(offsets)
    used = np.zeros(0, np.uint8) if data is None else np.frombuffer(data, np.uint8)[: offsets[-1]]
    # So that eight bytes can be read anywhere.
    whole = np.concatenate([used, np.zeros(8, np.uint8)])
    words = np.lib.stride_tricks.as_strided(whole[:8].view(np.uint64), (len(whole) - 7,), (1,))
    found = _mixed(lengths.astype(np.uint64) + _GOLDEN)
    for first in range(0, int(lengths.max(initial=0)), 8):
        longer = np.flatnonzero(lengths > first)
        word = words[starts[longer] + first]
        rest = np.minimum(lengths[longer] - first, 8).astype(np.uint64)
        word &= np.uint64(0xFFFFFFFFFFFFFFFF) >> ((np.uint64(8) - rest) * np.uint64(8))
        found[longer] = _mixed(found[longer] * _GOLDEN ^ word)
    return found
