"""The walk from the newest event to the oldest: a counter for each customer, read off where a window begins.

For each filter in turn the rows of a step are added to the counters; when the rows of a window are all in, comparing
the counters with a number gives the set of customers at once. What it costs hardly depends on how many ask.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from campaign_dsl.compile.together.trailing import threshold
from campaign_dsl.run.together import bitmaps
from campaign_dsl.run.together.rows import Beginning, Rows
from campaign_dsl.run.together.unable import Unable

if TYPE_CHECKING:
    from decimal import Decimal

    import numpy.typing as npt

    from campaign_dsl.run.together.bitmaps import Bits
    from campaign_dsl.run.together.repeats import Mends
    from campaign_dsl.run.together.rows import Codes

_LEAST, _MOST = -(2**63) + 1, 2**63 - 1


@dataclass(frozen=True, slots=True)
class Question:
    """One condition about the rows of a walk.

    Attributes:
        filter: the number of its filter; None when all rows count.
        value: the number of the value that is added up; None when rows are counted.
    """

    beginning: Beginning
    filter: int | None
    value: int | None
    op: str
    bound: int | Decimal


def walked(
    rows: Rows, questions: Sequence[Question], customers: int, mends: Mends | None
) -> dict[Question, Bits | Unable]:
    """Who satisfies each question; or why that cannot be told."""
    found: dict[Question, Bits | Unable] = {}
    groups: dict[tuple[int | None, int | None], list[Question]] = {}
    for each in questions:
        groups.setdefault((each.filter, each.value), []).append(each)
    for (chosen, value), group in groups.items():
        if value is not None and value in rows.refused:
            found |= dict.fromkeys(group, Unable(rows.refused[value]))
        elif not rows.count:
            found |= {each: np.zeros(bitmaps.size(customers), np.uint8) for each in group}
        elif value is None:
            found |= _counted(rows, chosen, group, customers, mends)
        else:
            found |= _summed(rows, chosen, value, group, customers, mends)
    return found


def _counted(
    rows: Rows, chosen: int | None, group: list[Question], customers: int, mends: Mends | None
) -> dict[Question, Bits | Unable]:
    found: dict[Question, Bits | Unable] = {}
    once = all(each.bound == 1 for each in group)
    counters: npt.NDArray[Any] = np.zeros(customers, np.bool_ if once else np.int32)
    for step, ending in _steps(rows, group):
        for block in rows.blocks():
            part = slice(int(block.ends[step]), int(block.ends[step + 1]))
            here = block.places[part]
            if chosen is not None:
                here = here[_has(block.codes[part], chosen)]
            if once:
                counters[here] = True
            else:
                np.add.at(counters, here, counters.dtype.type(1))
        if mends is not None and not once:
            np.add.at(counters, *mends.counts(chosen, step))
        for each in ending:
            found[each] = bitmaps.packed(counters if once else counters >= _clipped(each.bound))
    return found


def _summed(
    rows: Rows, chosen: int | None, value: int, group: list[Question], customers: int, mends: Mends | None
) -> dict[Question, Bits | Unable]:
    found: dict[Question, Bits | Unable] = {}
    totals, known = np.zeros(customers, np.int64), np.zeros(customers, np.bool_)
    scale = rows.scales[value] or 0
    for step, ending in _steps(rows, group):
        for block in rows.blocks():
            part = slice(int(block.ends[step]), int(block.ends[step + 1]))
            counts = _has(block.codes[part], rows.shape.filters + value)
            if chosen is not None:
                counts &= _has(block.codes[part], chosen)
            here, numbers = block.places[part], block.values[value][part]
            if not counts.all():
                here, numbers = here[counts], numbers[counts]
            known[here] = True
            np.add.at(totals, here, numbers.astype(np.int64))
        if mends is not None:
            np.add.at(totals, *mends.sums(chosen, value, step))
        for each in ending:
            compared = threshold(each.op, each.bound, scale)
            if compared is None:
                found[each] = np.zeros(bitmaps.size(customers), np.uint8)
            else:
                found[each] = bitmaps.packed(_COMPARE[compared[0]](totals, _clipped(compared[1])) & known)
    return found


def _steps(rows: Rows, group: list[Question]) -> Iterable[tuple[int, list[Question]]]:
    """The steps up to the last that anyone asks about, each with the questions it answers."""
    ending: dict[int, list[Question]] = {}
    for each in group:
        ending.setdefault(rows.order[each.beginning], []).append(each)
    for number in range(max(ending) + 1):
        yield number, ending.get(number, [])


def _has(code: Codes, bit: int) -> npt.NDArray[np.bool_]:
    return np.asarray((code & code.dtype.type(1 << bit)) != 0)


def _clipped(bound: int | Decimal) -> int:
    """No counter and no sum comes near the ends of 64 bits, so a bound beyond them is as good as one of the ends."""
    return min(max(int(bound), _LEAST), _MOST)


_COMPARE: dict[str, Any] = {">=": np.greater_equal, "<=": np.less_equal, "=": np.equal, "!=": np.not_equal}
