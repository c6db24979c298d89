"""Rows that were delivered more than once: each id of a customer counts once, and of several values the smallest.

A walk counts every row. Which ids came more than once is noticed while rows stream by: where ids ascend, as numbers in
sequence do, only one that is not above all before it can have come before; else a table of bits tells. These few rows
are then asked for again, with their ids, and what was counted too much is taken back at the right step: of the
rows of one id that pass a filter only the newest counts, and a sum changes by what the smallest value so far changes.

A bit may be set by another id. Then a row that was not repeated is asked for again, and nothing is taken back.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from campaign_dsl.compile.together.queries import CUSTOMER_ID, FLAG, ID, OCCURRED, VALUE
from campaign_dsl.run.together.columns import exact, holds, instants
from campaign_dsl.run.together.fingerprints import is_text, is_whole, spread
from campaign_dsl.run.together.keys import NOWHERE, Keys
from campaign_dsl.run.together.unable import Unable

if TYPE_CHECKING:
    import numpy.typing as npt

    from campaign_dsl.run.together.rows import Rows

    Numbers = npt.NDArray[np.int64]

MOST_REPEATED = 4_000_000
"""Ids that may have come twice. Of more than these it is better to ask the engine."""
MOST_STRAYS = 10_000
"""Ids below one that came before, beside two in a hundred, that are still few."""
_SMALLEST, _LARGEST = 20, 30
"""Bits of the table, as a power of two."""


class Disorder(Exception):
    """Ids do not ascend."""


class InOrder:
    """Which ids may have come more than once, when most are above all that came before them.

    Raises:
        Disorder: that is not so; the rows have to be read again, with a table.
    """

    def __init__(self) -> None:
        self._highest: int | None = None
        self._again: list[pa.Array] = []
        self._strays = self._count = 0

    def take(self, ids: pa.Array) -> None:
        """The ids of one more batch, none missing."""
        if not is_whole(ids.type):
            raise Disorder
        # Any order of all numbers will do, so those beyond 63 bits may become negative.
        numbers = np.asarray(ids.cast(pa.int64(), safe=False).to_numpy(zero_copy_only=False))
        above = np.ones(len(numbers), np.bool_)
        np.greater(numbers[1:], numbers[:-1], out=above[1:])
        above[0] = self._highest is None or numbers[0] > self._highest
        if not above.all():
            highest = np.maximum.accumulate(numbers)
            if self._highest is not None:
                highest = np.maximum(highest, self._highest)
            above[1:] = numbers[1:] > highest[:-1]
            strays = np.flatnonzero(~above)
            self._again.append(ids.take(pa.array(strays)))
            self._strays += len(strays)
        self._count += len(numbers)
        if self._strays > MOST_STRAYS + self._count // 50:
            raise Disorder
        last = int(numbers.max())
        self._highest = last if self._highest is None else max(last, self._highest)

    def ids(self) -> pa.Table | None:
        """The relation to ask for their rows with; None when every id came once."""
        return _different(self._again)


class Noticed:
    """Which ids may have come more than once, in whatever order they come.

    Args:
        expected: how many rows are expected; a table that is too small only makes more work later.
    """

    def __init__(self, expected: int) -> None:
        bits = min(max((32 * max(expected, 1)).bit_length(), _SMALLEST), _LARGEST)
        self._shift = np.uint64(64 - bits)
        self._table = np.zeros(1 << (bits - 3), np.uint8)
        self._last = np.zeros(1 << _SMALLEST, np.int32)
        self._again: list[pa.Array] = []
        self._count = 0

    def take(self, ids: pa.Array) -> None:
        """The ids of one more batch, none missing.

        Raises:
            Unable: ids are neither integers nor texts, or so many are repeated that this does not pay.
        """
        if not is_whole(ids.type) and not is_text(ids.type):
            raise Unable(f"ids of events are of type {ids.type}")
        slots = (spread(ids) >> self._shift).astype(np.int64)
        byte, bit = slots >> 3, np.uint8(1) << (slots & 7).astype(np.uint8)
        before = (self._table[byte] & bit) != 0
        before[self._in_batch(slots)] = True
        np.bitwise_or.at(self._table, byte, bit)
        again = np.flatnonzero(before)
        if len(again):
            self._again.append(ids.take(pa.array(again)))
            self._count += len(again)
        if self._count > MOST_REPEATED:
            raise Unable("too many events came more than once")

    def _in_batch(self, slots: Numbers) -> npt.NDArray[np.intp]:
        """Rows with the bit of another row of the batch. Only those that look alike are put in order to find out."""
        small = slots & (len(self._last) - 1)
        mine = np.arange(len(slots), dtype=np.int32)
        self._last[small] = mine
        alike = np.flatnonzero(self._last[small] != mine)
        if not len(alike):
            return alike
        alike = np.union1d(alike, self._last[small[alike]])
        alike = alike[np.argsort(slots[alike], kind="stable")]
        return np.asarray(alike[1:][slots[alike[1:]] == slots[alike[:-1]]])

    def ids(self) -> pa.Table | None:
        """The relation to ask for their rows with; None when every id came once."""
        return _different(self._again)


def _different(ids: list[pa.Array]) -> pa.Table | None:
    return pa.table({ID: pc.unique(pa.chunked_array(ids))}) if ids else None


@dataclass
class Mends:
    """What has to be added to counters and sums, by step, because of rows that were repeated.

    Args:
        table: their rows, each with its id.
    """

    rows: Rows
    table: pa.Table
    keys: Keys

    def __post_init__(self) -> None:
        table = self.table.combine_chunks()
        column = {name: _only(table.column(name)) for name in table.column_names}
        places = self.keys.rows(column[CUSTOMER_ID]).astype(np.int64)
        ids = np.asarray(column[ID].dictionary_encode().indices.to_numpy(zero_copy_only=False)).astype(np.int64)
        step = np.zeros(len(places), np.int64)
        bounds = self.rows.bounds
        if len(bounds):
            step = len(bounds) - np.searchsorted(bounds, instants(column[OCCURRED])[0])
        order = np.lexsort((step, ids, places))
        order = order[places[order] != NOWHERE]
        self._places, self._step = places[order], step[order]
        new = np.ones(len(order), np.bool_)
        new[1:] = (places[order[1:]] != places[order[:-1]]) | (ids[order[1:]] != ids[order[:-1]])
        self._group = np.cumsum(new)
        shape = self.rows.shape
        self._flags = [holds(column[f"{FLAG}{number}"])[order] for number in range(shape.filters)]
        self._values: dict[int, tuple[Numbers, npt.NDArray[np.bool_]]] = {}
        for number in range(shape.values):
            if number not in self.rows.refused:
                numbers, known, _ = exact(column[f"{VALUE}{number}"], self.rows.scales[number])
                self._values[number] = numbers[order], known[order]
        self._made: dict[tuple[int | None, int | None], tuple[Numbers, Numbers, Numbers]] = {}

    def counts(self, chosen: int | None, step: int) -> tuple[Numbers, npt.NDArray[np.int32]]:
        """Places, and what to add to the number of rows that pass a filter: -1 for each but the newest of its id."""
        if (chosen, None) not in self._made:
            passing = self._passing(chosen)
            again = passing[self._follows(passing)]
            self._keep((chosen, None), again, np.full(len(again), -1, np.int64))
        places, amounts = self._of(chosen, None, step)
        return places, amounts.astype(np.int32)

    def sums(self, chosen: int | None, value: int, step: int) -> tuple[Numbers, Numbers]:
        """Places, and what to add to the sums of a value."""
        if (chosen, value) not in self._made:
            numbers, known = self._values[value]
            passing = self._passing(chosen)
            passing = passing[known[passing]]
            mine, follows = numbers[passing], self._follows(passing)
            least = _least_so_far(mine, np.cumsum(~follows))
            change = np.where(follows, least - np.roll(least, 1), least) - mine
            some = change != 0
            self._keep((chosen, value), passing[some], change[some])
        return self._of(chosen, value, step)

    def _passing(self, chosen: int | None) -> npt.NDArray[np.intp]:
        return np.arange(len(self._places)) if chosen is None else np.flatnonzero(self._flags[chosen])

    def _follows(self, passing: npt.NDArray[np.intp]) -> npt.NDArray[np.bool_]:
        """Which of the rows have the id of the one before."""
        group = self._group[passing]
        follows = np.zeros(len(group), np.bool_)
        follows[1:] = group[1:] == group[:-1]
        return follows

    def _keep(self, what: tuple[int | None, int | None], at: npt.NDArray[np.intp], amounts: Numbers) -> None:
        order = np.argsort(self._step[at], kind="stable")
        self._made[what] = self._step[at][order], self._places[at][order], amounts[order]

    def _of(self, chosen: int | None, value: int | None, step: int) -> tuple[Numbers, Numbers]:
        steps, places, amounts = self._made[chosen, value]
        first, last = np.searchsorted(steps, (step, step + 1))
        return places[first:last], amounts[first:last]


def _least_so_far(numbers: Numbers, group: Numbers) -> Numbers:
    """The smallest number of its group up to each one. Groups are numbered upward and lie side by side."""
    if not len(numbers):
        return numbers
    different, rank = np.unique(numbers, return_inverse=True)
    # Later groups lie lower, so what was smallest in an earlier one never reaches into them.
    lowered = rank.astype(np.int64) - group * len(different)
    least = np.minimum.accumulate(lowered) + group * len(different)
    return np.asarray(different[least])


def _only(column: pa.ChunkedArray) -> pa.Array:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
