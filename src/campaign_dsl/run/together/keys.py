"""Where customers stand: from their keys to their rows, for whole columns at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow.types import is_uint64

from campaign_dsl.run.together.fingerprints import fingerprints, is_text, is_whole
from campaign_dsl.run.together.unable import Unable

if TYPE_CHECKING:
    import numpy.typing as npt

NOWHERE = -1
_DENSE = 8
"""Integer keys are looked up in a table when their range is not more than so many times their number."""


class Keys:
    """The keys of the rows of customers, none missing. Of several rows with one key, one stands for all.

    Attributes:
        doubled: rows with a key that another row stands for, and that row.

    Raises:
        Unable: keys are neither integers nor texts.
    """

    def __init__(self, keys: pa.Array) -> None:
        self.keys = keys.cast(pa.large_string()) if is_text(keys.type) else keys
        self._whole = is_whole(keys.type)
        if not self._whole and not is_text(keys.type):
            raise Unable(f"keys of customers are of type {keys.type}")
        self._table: npt.NDArray[np.int32] | None = None
        self._low = 0
        self._in_order = False
        """Whether the keys count upward from the lowest, so that a key says where it stands."""
        if self._whole and len(keys):
            numbers = self._numbers(keys)
            self._low, high = int(numbers.min()), int(numbers.max())
            if high - self._low < _DENSE * len(keys) + 1024:
                self._table = np.full(high - self._low + 1, NOWHERE, np.int32)
                self._table[numbers - self._low] = np.arange(len(keys), dtype=np.int32)
                self._in_order = len(self._table) == len(keys) and bool((np.diff(numbers) == 1).all())
        if self._table is None:
            self._sort()
        representative = self.rows(keys)
        others = np.flatnonzero(representative != np.arange(len(keys), dtype=np.int32))
        self.doubled = (others, representative[others].astype(np.int64))

    def __len__(self) -> int:
        return len(self.keys)

    def rows(self, keys: pa.Array) -> npt.NDArray[np.int32]:
        """The row of each key, or `NOWHERE`. None of the keys may be missing.

        Raises:
            Unable: these keys are of another kind than those of customers.
        """
        alike = is_text(keys.type) if not self._whole else is_whole(keys.type)
        if not alike or is_uint64(keys.type) != is_uint64(self.keys.type):
            raise Unable(f"keys of type {keys.type} beside keys of customers of type {self.keys.type}")
        if not len(self.keys):
            return np.full(len(keys), NOWHERE, np.int32)
        if self._table is not None:
            numbers = self._numbers(keys)
            if not len(numbers):
                return np.zeros(0, np.int32)
            if numbers.min() >= self._low and numbers.max() < self._low + len(self._table):
                numbers = numbers - self._low
                return numbers.astype(np.int32) if self._in_order else self._table[numbers]
            inside = (numbers >= self._low) & (numbers < self._low + len(self._table))
            found = np.full(len(keys), NOWHERE, np.int32)
            found[inside] = self._table[numbers[inside] - self._low]
            return found
        return self._hashed(keys)

    def _numbers(self, keys: pa.Array) -> npt.NDArray[np.int64]:
        return np.asarray(keys.cast(pa.int64(), safe=False).to_numpy(zero_copy_only=False))

    def _sort(self) -> None:
        """Fingerprints in order, and for their upper bits where those that begin so stand."""
        prints = fingerprints(self.keys)
        self._order = np.argsort(prints, kind="stable").astype(np.int32)
        self._prints = prints[self._order]
        twice = np.flatnonzero(self._prints[1:] == self._prints[:-1])
        if len(twice) and not self._whole:
            before, after = (self.keys.take(pa.array(self._order[twice + step])) for step in (0, 1))
            if not pc.all(pc.equal(before, after)).as_py():
                raise Unable("two keys of customers have one fingerprint")
        bits = max(1, min(30, (2 * len(prints)).bit_length()))
        self._shift = np.uint64(64 - bits)
        ends = np.searchsorted(self._prints >> self._shift, np.arange((1 << bits) + 1, dtype=np.uint64))
        self._begin = ends.astype(np.int32)

    def _hashed(self, keys: pa.Array) -> npt.NDArray[np.int32]:
        prints = fingerprints(keys)
        top = (prints >> self._shift).astype(np.int64)
        at, end = self._begin[top], self._begin[top + 1]
        found = np.full(len(keys), NOWHERE, np.int32)
        left = np.flatnonzero(at < end)
        while len(left):
            same = self._prints[at[left]] == prints[left]
            hit = left[same]
            found[hit] = self._order[at[hit]]
            left = left[~same]
            at[left] += 1
            left = left[at[left] < end[left]]
        if not self._whole:
            known = np.flatnonzero(found != NOWHERE)
            hers, asked = self.keys.take(pa.array(found[known])), keys.cast(pa.large_string()).take(pa.array(known))
            equal = pc.equal(hers, asked)
            found[known[~np.asarray(equal.to_numpy(zero_copy_only=False), dtype=np.bool_)]] = NOWHERE
        return found
