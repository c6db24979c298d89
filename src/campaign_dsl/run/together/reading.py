"""Rows of events as they stream by, and which of their ids may have come twice."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from campaign_dsl.compile.together.queries import ID
from campaign_dsl.run.together.repeats import Disorder, InOrder, Noticed

if TYPE_CHECKING:
    import pyarrow as pa
    from sqlglot import exp

    from campaign_dsl.run.together.evaluate import Question

Taker = TypeVar("Taker")


def read_events(
    question: Question,
    query: exp.Select,
    begin: Callable[[], Taker],
    take: Callable[[Taker, pa.RecordBatch], None],
    expected: int | None,
) -> tuple[Taker, pa.Table | None]:
    """What took the rows, and the ids that may have come twice, as a relation; None: every id came once.

    Args:
        begin: makes what takes the rows, once more when they have to be read again.
        expected: how many rows there may be; None: ids are not looked at, and the query has none.
    """
    ways: list[InOrder | Noticed | None] = [None] if expected is None else [InOrder(), Noticed(expected)]
    for noticed in ways:
        taker = begin()
        try:
            for batch in question.read(query):
                if batch.num_rows:
                    if noticed is not None:
                        noticed.take(batch.column(ID))
                    take(taker, batch)
        except Disorder:
            continue
        return taker, None if noticed is None else noticed.ids()
    raise AssertionError("the second way takes ids in any order")
