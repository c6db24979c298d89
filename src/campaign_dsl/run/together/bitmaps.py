"""Sets of customers as packed bits, the least significant first, as in Arrow; one bit for each row of customers.

Plain numpy, because it measured better than roaring bitmaps here: of five million customers two dense sets are combined
in well under a tenth of the time, the sizes are the same, and comparing counters gives bits without sorting ids.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from campaign_dsl.compile.together.formula import Every, Everyone, Formula, Literal, Nobody, Some

if TYPE_CHECKING:
    import numpy.typing as npt

    Bits = npt.NDArray[np.uint8]


def size(rows: int) -> int:
    """Bytes of a set."""
    return (rows + 7) // 8


def packed(chosen: npt.NDArray[np.bool_]) -> Bits:
    return np.packbits(chosen, bitorder="little")


def of_places(places: npt.NDArray[np.integer], rows: int) -> Bits:
    """The set of these rows."""
    chosen = np.zeros(rows, np.bool_)
    chosen[places] = True
    return packed(chosen)


def places(bits: Bits) -> npt.NDArray[np.intp]:
    """The rows in a set, ascending."""
    # Most sets are small, so only words with a bit in them are unpacked.
    words = np.zeros((len(bits) + 7) // 8, np.uint64)
    words.view(np.uint8)[: len(bits)] = bits
    some = np.flatnonzero(words)
    at = np.flatnonzero(np.unpackbits(words[some].view(np.uint8), bitorder="little").view(np.bool_))
    return np.asarray((some << 6)[at >> 6] + (at & 63))


def count(bits: Bits) -> int:
    """How many are in a set."""
    return int(np.bitwise_count(bits).sum(dtype=np.int64))


def has(bits: Bits, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Which of these rows are in a set."""
    return np.asarray(bits[rows >> 3] & (np.uint8(1) << (rows & 7).astype(np.uint8)), np.bool_)


def copied(bits: Bits, onto: npt.NDArray[np.int64], from_: npt.NDArray[np.int64]) -> None:
    """Give rows the answers of others, in place."""
    if not len(onto):
        return
    answers = has(bits, from_).astype(np.uint8)
    np.bitwise_and.at(bits, onto >> 3, ~(np.uint8(1) << (onto & 7).astype(np.uint8)))
    np.bitwise_or.at(bits, onto >> 3, (answers << (onto & 7).astype(np.uint8)).astype(np.uint8))


@dataclass
class Sets:
    """Sets by number. One with few customers is held as their rows, which take less room than a bit for everybody."""

    rows: int
    _bits: dict[int, Bits] = field(default_factory=dict)
    _few: dict[int, npt.NDArray[np.int32]] = field(default_factory=dict)

    def put(self, number: int, bits: Bits) -> None:
        if count(bits) * np.dtype(np.int32).itemsize < len(bits) // 2:
            self._few[number] = places(bits).astype(np.int32)
        else:
            self._bits[number] = bits

    def get(self, number: int) -> Bits:
        """A set that nobody else holds."""
        if number in self._bits:
            return self._bits[number].copy()
        held = self._few[number]
        bits = np.zeros(size(self.rows), np.uint8)
        np.bitwise_or.at(bits, held >> 3, np.uint8(1) << (held & 7).astype(np.uint8))
        return bits


def combined(formula: Formula, atoms: Sets, everyone: Bits) -> Bits:
    """Those of ``everyone`` for whom a formula holds."""

    def of(node: Formula) -> Bits:
        match node:
            case Everyone():
                return everyone.copy()
            case Nobody():
                return np.zeros_like(everyone)
            case Literal(atom, holds):
                bits = atoms.get(atom)
                return bits if holds else np.bitwise_not(bits, out=bits)
            case Every(parts):
                whole = of(parts[0])
                for part in parts[1:]:
                    np.bitwise_and(whole, of(part), out=whole)
            case Some(parts):
                whole = of(parts[0])
                for part in parts[1:]:
                    np.bitwise_or(whole, of(part), out=whole)
        return whole

    return np.bitwise_and(of(formula), everyone)
