"""The rows of one kind of event, as small as a walk over them needs: where the customer stands, when, what they are.

Rows are kept by steps: first those that lie in the narrowest window, then those that lie in the next but not in that,
and so on.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from campaign_dsl.compile.together.queries import CUSTOMER_ID, FLAG, OCCURRED, VALUE
from campaign_dsl.run.ledger.instants import micros
from campaign_dsl.run.together.columns import exact, holds, instants
from campaign_dsl.run.together.keys import NOWHERE, Keys
from campaign_dsl.run.together.unable import Unable

if TYPE_CHECKING:
    from datetime import datetime

    import numpy.typing as npt

    Places = npt.NDArray[np.int32]
    Codes = npt.NDArray[Any]
    Numbers = npt.NDArray[np.int64]

MAX_BITS = 60
"""Conditions and known values of one scan."""
BLOCK_ROWS = 2_000_000


@dataclass(frozen=True, slots=True)
class Beginning:
    """Where a window begins, in microseconds since 1970; None: it has no beginning."""

    micros: int | None
    inclusive: bool

    @classmethod
    def of(cls, moment: datetime | None, inclusive: bool) -> Beginning:
        return cls(None if moment is None else micros(moment), inclusive)

    def before(self, factor: int) -> int | None:
        """The latest number of the column's unit that lies before the window."""
        if self.micros is None:
            return None
        if factor > 0:
            return self.micros * factor - self.inclusive
        return (self.micros - self.inclusive) // -factor


@dataclass(frozen=True)
class Shape:
    """What is looked at in each row.

    Attributes:
        beginnings: of all windows.
        filters, values: how many.
        timed: whether rows have an instant.
    """

    beginnings: tuple[Beginning, ...]
    filters: int
    values: int
    timed: bool

    @property
    def code(self) -> np.dtype[Any]:
        """Bits: one for each filter that holds, then one for each value that is known."""
        bits = self.filters + self.values
        return np.dtype(f"u{next(size for size in (1, 2, 4, 8) if bits <= 8 * size)}")


@dataclass(frozen=True)
class Block:
    """Some of the rows: those of a step side by side, in it those of neighbouring customers near each other.

    Counters are then in the processor's cache when they are needed.

    Attributes:
        ends: where each step begins, and where the last one ends.
    """

    ends: Numbers
    places: Places
    codes: Codes
    values: tuple[Codes, ...]


@dataclass
class Rows:
    """Rows by steps, the newest first.

    Attributes:
        customers: how many there are.
        order: the step after which a window is complete, by its beginning.
        scales: of each value the digits after the point; None when nothing is known of it yet.
        refused: values that cannot be added up exactly, and why not.
    """

    shape: Shape
    customers: int
    order: dict[Beginning, int] = field(default_factory=dict)
    scales: list[int | None] = field(default_factory=list)
    refused: dict[int, str] = field(default_factory=dict)
    count: int = 0
    _blocks: list[Block] = field(default_factory=list)
    _bounds: Numbers | None = None
    _largest: list[int] = field(default_factory=list)
    _pieces: list[list[Any]] = field(default_factory=list)
    _waiting: int = 0

    @property
    def bounds(self) -> Numbers:
        """The latest instant before each window, ascending, as numbers of the column's unit."""
        return np.zeros(0, np.int64) if self._bounds is None else self._bounds

    def take(self, batch: pa.RecordBatch, keys: Keys) -> None:
        """One more batch. Rows of nobody we know are left out.

        Raises:
            Unable: keys or instants are of a kind that cannot be compared exactly here.
        """
        if self._bounds is None:
            self._begin(batch)
        places = keys.rows(batch.column(CUSTOMER_ID))
        inside = places != NOWHERE
        if not inside.all():
            batch, places = batch.filter(pa.array(inside)), places[inside]
        if not len(places):
            return
        self.count += len(places)
        assert self._bounds is not None
        step = np.zeros(len(places), np.uint16)
        if self.shape.timed:
            moments, _ = instants(batch.column(OCCURRED))
            step = (len(self._bounds) - np.searchsorted(self._bounds, moments)).astype(np.uint16)
        code, values = self._read(batch)
        for pieces, piece in zip(self._pieces, (step, places, code, *values), strict=True):
            pieces.append(piece)
        self._waiting += len(places)
        if self._waiting >= BLOCK_ROWS:
            self._close()

    def blocks(self) -> list[Block]:
        """All rows that have been taken."""
        if self._waiting:
            self._close()
        return self._blocks

    def _close(self) -> None:
        step, places, codes, *values = (_whole(pieces) for pieces in self._pieces)
        steps = len(self.bounds) + 1
        near = 0 if steps >= 2**15 else 16 - (steps - 1).bit_length()
        far = max(0, (self.customers - 1).bit_length() - near)
        order = np.argsort((step << np.uint16(near)) | (places >> far).astype(np.uint16), kind="stable")
        ends = np.concatenate([[0], np.cumsum(np.bincount(step, minlength=steps))])
        self._blocks.append(Block(ends, places[order], codes[order], tuple(each[order] for each in values)))
        self._waiting = 0

    def _begin(self, batch: pa.RecordBatch) -> None:
        factor = instants(batch.column(OCCURRED).slice(0, 0))[1] if self.shape.timed else 1
        last = {each: each.before(factor) for each in self.shape.beginnings}
        bounds = sorted({bound for bound in last.values() if bound is not None})
        self._bounds = np.array(bounds, np.int64)
        self.order = {
            each: len(bounds) if bound is None else len(bounds) - 1 - bounds.index(bound)
            for each, bound in last.items()
        }
        self._pieces = [[] for _ in range(3 + self.shape.values)]
        self.scales = [None] * self.shape.values
        self._largest = [0] * self.shape.values

    def _read(self, batch: pa.RecordBatch) -> tuple[Codes, list[Codes]]:
        kind = self.shape.code
        code = np.zeros(batch.num_rows, kind)
        for number in range(self.shape.filters):
            code |= holds(batch.column(f"{FLAG}{number}")).astype(kind) << kind.type(number)
        values: list[Codes] = []
        for number in range(self.shape.values):
            numbers = np.zeros(batch.num_rows, np.int64)
            if number not in self.refused:
                try:
                    numbers, known, self.scales[number] = exact(batch.column(f"{VALUE}{number}"), self.scales[number])
                    code |= known.astype(kind) << kind.type(self.shape.filters + number)
                    self._fits(number, numbers)
                except Unable as reason:
                    self.refused[number] = str(reason)
            values.append(numbers.astype(np.int32) if self._largest[number] < 2**31 else numbers)
        return code, values

    def _fits(self, number: int, numbers: Numbers) -> None:
        """No sum of these rows may leave 64 bits, whichever of them are in it."""
        largest = max(abs(int(numbers.max(initial=0))), abs(int(numbers.min(initial=0))), self._largest[number])
        self._largest[number] = largest
        if largest * self.count >= 2**62:
            raise Unable("sums that may not fit into 64 bits")


def _whole(pieces: list[Any]) -> Any:
    """The pieces in one; they are let go."""
    whole = np.concatenate(pieces)
    pieces.clear()
    return whole
