"""One event after another: where each customer's rows of both lie in time, side by side.

A row becomes one number, the customer above and the instant below. In order, the number after that of a first event is
the next event of the same customer, if it is hers. Numbers of 63 bits hold some customers at a time; when not all fit,
they are done in parts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from campaign_dsl.compile.together import queries
from campaign_dsl.compile.together.following import Following
from campaign_dsl.compile.together.following import Rows as Which
from campaign_dsl.compile.together.works import rows_of, widest
from campaign_dsl.run.together import bitmaps
from campaign_dsl.run.together.columns import holds, instants
from campaign_dsl.run.together.keys import NOWHERE, Keys
from campaign_dsl.run.together.reading import read_events
from campaign_dsl.run.together.rows import Beginning
from campaign_dsl.run.together.unable import Unable

if TYPE_CHECKING:
    import numpy.typing as npt
    import pyarrow as pa

    from campaign_dsl.language.ir.nodes import EventSource
    from campaign_dsl.run.together.bitmaps import Bits
    from campaign_dsl.run.together.evaluate import Question

    Places = npt.NDArray[np.int32]
    Numbers = npt.NDArray[np.int64]

BITS = 63
"""Of a number that stands for a row."""
_NEVER = np.iinfo(np.int64).max


def followed_over(question: Question, asked: Mapping[int, Following], keys: Keys) -> dict[int, Bits | Unable]:
    """Who satisfies each of the conditions; or why that cannot be told."""
    found: dict[int, Bits | Unable] = {}
    dated: dict[Which, Dated] = {}
    try:
        for source, several in rows_of(asked.values()).items():
            mine = {atom: each for atom, each in asked.items() if source in (each.first.source, each.then.source)}
            here, repeated = _read(question, source, several, list(mine.values()), keys)
            dated |= here
            if repeated:
                why = Unable("an event that came twice does not follow itself")
                found |= {atom: why for atom, each in mine.items() if each.needs_ids}
        order = Order.of(list(dated.values()), len(keys))
    except Unable as reason:
        return dict.fromkeys(asked, reason)
    left = {atom: each for atom, each in asked.items() if atom not in found}
    return found | _answered(left, dated, order, question.as_of, len(keys))


# ------------------------------------------------------------------------------------------------------------- rows


@dataclass
class Dated:
    """Rows with their customers and their instants; ``factor`` of these are a microsecond, negative the reverse."""

    places: list[Places] = field(default_factory=lambda: [np.zeros(0, np.int32)])
    moments: list[Numbers] = field(default_factory=lambda: [np.zeros(0, np.int64)])
    factor: int | None = None


def _read(
    question: Question, source: EventSource, several: Sequence[Which], asked: Sequence[Following], keys: Keys
) -> tuple[dict[Which, Dated], bool]:
    """The rows of one event; and whether some of its ids may have come twice, when that matters."""
    filters = [each.where for each in several if each.where is not None]
    with_id = any(each.needs_ids for each in asked)
    window = widest([each.start for each in asked])
    query = queries.events(source, window, filters, [], question.catalog, question.dialect, with_id=with_id)

    def take(rows: dict[Which, Dated], batch: pa.RecordBatch) -> None:
        places = keys.rows(batch.column(queries.CUSTOMER_ID))
        moments, factor = instants(batch.column(queries.OCCURRED))
        inside = places != NOWHERE
        for which, dated in rows.items():
            chosen = inside
            if which.where is not None:
                chosen = inside & holds(batch.column(f"{queries.FLAG}{filters.index(which.where)}"))
            dated.places.append(places[chosen])
            dated.moments.append(moments[chosen])
            dated.factor = factor

    expected = question.size(source.table) if with_id else None
    rows, repeated = read_events(question, query, lambda: {each: Dated() for each in several}, take, expected)
    for dated in rows.values():
        dated.places, dated.moments = [np.concatenate(dated.places)], [np.concatenate(dated.moments)]
    return rows, repeated is not None


@dataclass(frozen=True, slots=True)
class Order:
    """How rows become numbers that are in the order of customers, and of the instants of each.

    Attributes:
        lowest: the earliest instant.
        shift: bits of an instant.
        room: bits of a customer; of those with the same bits above them one part is made.
        parts: how many.
    """

    lowest: int
    shift: int
    room: int
    parts: int
    factor: int

    @classmethod
    def of(cls, dated: Sequence[Dated], customers: int) -> Order:
        """The order of all these rows.

        Raises:
            Unable: their instants have different precisions, or are too far apart.
        """
        factors = {each.factor for each in dated if each.factor is not None}
        if len(factors) > 1:
            raise Unable("instants of different precisions")
        moments = [each.moments[0] for each in dated if len(each.moments[0])]
        lowest = min((int(each.min()) for each in moments), default=0)
        shift = (max((int(each.max()) for each in moments), default=0) - lowest).bit_length()
        if shift >= BITS:
            raise Unable("instants too far apart")
        room = BITS - shift
        return cls(lowest, shift, room, max(1, -(-customers >> room)), next(iter(factors), 1))

    def numbers(self, dated: Dated) -> list[Numbers]:
        """Ascending, by part."""
        places, moments = dated.places[0], dated.moments[0] - self.lowest
        if self.parts == 1:
            return [np.sort((places.astype(np.int64) << self.shift) | moments)]
        part = places >> self.room
        order = np.argsort(part, kind="stable")
        ends = np.searchsorted(part[order], np.arange(self.parts + 1))
        whole = ((places & ((1 << self.room) - 1)).astype(np.int64) << self.shift) | moments
        return [np.sort(whole[order[low:high]]) for low, high in pairwise(ends)]

    def units(self, seconds: int) -> int:
        """So many seconds in the unit of the instants."""
        micro = seconds * 1_000_000
        return min(micro * self.factor if self.factor > 0 else micro // -self.factor, _NEVER - 1)


# ---------------------------------------------------------------------------------------------------------- answers


def _answered(
    asked: Mapping[int, Following], dated: Mapping[Which, Dated], order: Order, as_of: datetime, customers: int
) -> dict[int, Bits | Unable]:
    chosen = {atom: np.zeros(customers, np.bool_) for atom in asked}
    numbers = {which: order.numbers(rows) for which, rows in dated.items()}
    pairs: dict[tuple[Which, Which], list[int]] = {}
    for atom, each in asked.items():
        pairs.setdefault((each.first, each.then), []).append(atom)
    for (first, then), atoms in pairs.items():
        for part, (mine, later) in enumerate(zip(numbers[first], numbers[then], strict=True)):
            gaps = _gaps(mine, later, order.shift)
            moments = (mine & ((1 << order.shift) - 1)) + order.lowest
            places = (mine >> order.shift) + (part << order.room if order.parts > 1 else 0)
            for atom in atoms:
                chosen[atom][places[_holding(asked[atom], gaps, moments, order, as_of)]] = True
    return {atom: bitmaps.packed(each) for atom, each in chosen.items()}


def _gaps(mine: Numbers, later: Numbers, shift: int) -> Numbers:
    """From each row to the next of the others that is strictly later, of the same customer."""
    at = np.searchsorted(later, mine, side="right")
    following = np.append(later, _NEVER)[at]
    same = (at < len(later)) & (following >> shift == mine >> shift)
    return np.where(same, following - mine, _NEVER)


def _holding(
    asked: Following, gaps: Numbers, moments: Numbers, order: Order, as_of: datetime
) -> npt.NDArray[np.bool_]:  # fmt: skip
    before = Beginning.of(asked.start.at(as_of), asked.start.inclusive).before(order.factor)
    there = np.asarray(moments > (-_NEVER if before is None else before))
    if asked.seconds is None:
        return np.asarray(there & (gaps != _NEVER))
    long = order.units(asked.seconds)
    if not asked.absent:
        return np.asarray(there & (gaps <= long))
    passed = Beginning.of(as_of - timedelta(seconds=asked.seconds), inclusive=False).before(order.factor)
    assert passed is not None
    return np.asarray(there & (gaps > long) & (moments <= passed))
