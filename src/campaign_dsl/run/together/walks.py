"""One walk over the events of a kind: the rows are read once, and every condition about them is answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from campaign_dsl.compile.together import queries
from campaign_dsl.compile.together.trailing import Trailing
from campaign_dsl.compile.together.works import filters_of, values_of, widest
from campaign_dsl.run.together.keys import Keys
from campaign_dsl.run.together.reading import read_events
from campaign_dsl.run.together.repeats import Mends
from campaign_dsl.run.together.rows import MAX_BITS, Beginning, Rows, Shape
from campaign_dsl.run.together.unable import Unable
from campaign_dsl.run.together.walk import Question as Asked
from campaign_dsl.run.together.walk import walked

if TYPE_CHECKING:
    from campaign_dsl.run.together.bitmaps import Bits
    from campaign_dsl.run.together.evaluate import Question


def walk_over(question: Question, asked: Mapping[int, Trailing], keys: Keys, expected: int) -> dict[int, Bits | Unable]:
    """Who satisfies each of the conditions, all about one kind of event; or why that cannot be told.

    Args:
        expected: how many rows there may be.
    """
    found: dict[int, Bits | Unable] = {}
    for part in _parts(asked):
        try:
            found |= _walk(question, part, keys, expected)
        except Unable as reason:
            found |= dict.fromkeys(part, reason)
    return found


def _parts(asked: Mapping[int, Trailing]) -> Sequence[dict[int, Trailing]]:
    """As many conditions at a time as a row has bits for; those with one filter stay together."""
    parts: list[dict[int, Trailing]] = []
    ordered = sorted(asked, key=lambda atom: (repr(asked[atom].where), repr(asked[atom].value), atom))
    for atom in ordered:
        extended = {**parts[-1], atom: asked[atom]} if parts else {}
        chosen = list(extended.values())
        if not parts or len(filters_of(chosen)) + len(values_of(chosen)) > MAX_BITS:
            parts.append({atom: asked[atom]})
        else:
            parts[-1] = extended
    return parts


def _walk(question: Question, asked: Mapping[int, Trailing], keys: Keys, expected: int) -> dict[int, Bits | Unable]:
    chosen = list(asked.values())
    source, filters, values = chosen[0].source, filters_of(chosen), values_of(chosen)
    timed = source.occurred_column is not None
    window = widest([each.start for each in chosen]) if timed else None
    questions = {
        atom: Asked(
            Beginning.of(each.start.at(question.as_of), each.start.inclusive),
            None if each.where is None else filters.index(each.where),
            None if each.value is None else values.index(each.value),
            each.op,
            each.bound,
        )
        for atom, each in asked.items()
    }
    beginnings = tuple(dict.fromkeys(each.beginning for each in questions.values()))
    shape = Shape(beginnings, len(filters), len(values), timed)
    once = any(each.counts_each_id for each in chosen)
    catalog, dialect = question.catalog, question.dialect
    query = queries.events(source, window, filters, values, catalog, dialect, with_id=once)
    rows, repeated = read_events(
        question, query, lambda: Rows(shape, len(keys)), lambda rows, batch: rows.take(batch, keys),
        expected if once else None,
    )  # fmt: skip
    mends = None
    if repeated is not None:
        query = queries.events(source, window, filters, values, catalog, dialect, with_id=True, repeated=True)
        mends = Mends(rows, question.read(query, {queries.REPEATED: repeated}).read_all(), keys)
    answers = walked(rows, list(dict.fromkeys(questions.values())), len(keys), mends)
    return {atom: _own(answers[each]) for atom, each in questions.items()}


def _own(answer: Bits | Unable) -> Bits | Unable:
    """Two atoms may ask the same of a walk, and each gets a set that it may change."""
    return answer if isinstance(answer, Unable) else answer.copy()
