"""Sets of customers as packed bits, the least significant first, as in Arrow; one bit for each row of customers.

Plain numpy, because it measured better than roaring bitmaps here: of five million customers two dense sets are combined
in well under a tenth of the time, the sizes are the same, and comparing counters gives bits without sorting ids.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
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


def places(bits: Bits, rows: int) -> npt.NDArray[np.intp]:
    """The rows in a set, ascending."""
    return np.flatnonzero(np.unpackbits(bits, count=rows, bitorder="little"))


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


def combined(formula: Formula, atoms: Mapping[int, Bits] | Callable[[int], Bits], everyone: Bits) -> Bits:
    """Those of ``everyone`` for whom a formula holds."""
    find = atoms if callable(atoms) else atoms.__getitem__

    def of(node: Formula) -> Bits:
        match node:
            case Everyone():
                return everyone
            case Nobody():
                return np.zeros_like(everyone)
            case Literal(atom, holds):
                return find(atom) if holds else np.bitwise_not(find(atom))
            case Every(parts):
                whole = of(parts[0]).copy()
                for part in parts[1:]:
                    np.bitwise_and(whole, of(part), out=whole)
            case Some(parts):
                whole = of(parts[0]).copy()
                for part in parts[1:]:
                    np.bitwise_or(whole, of(part), out=whole)
        return whole

    return np.bitwise_and(of(formula), everyone)
