"""Audiences found together, on the engine under test, in each of the ways there are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

import pyarrow as pa
from warehouse import dialect, warehouse

from campaign_dsl.compile.together.atoms import Asked
from campaign_dsl.compile.together.planner import Forced
from campaign_dsl.language.catalog.model import Catalog
from campaign_dsl.run.together.evaluate import Members, Question, members, plan_together

WAYS = list(Forced)


class UnderTest:
    """The warehouse of the tests as an engine. Rows come a few at a time."""

    name: ClassVar[str] = "under test"

    def __init__(self, rows_at_a_time: int = 3) -> None:
        self.dialect = dialect().name
        self._rows = rows_at_a_time

    def read(self, query: str, relations: Mapping[str, pa.Table] | None = None) -> pa.RecordBatchReader:
        found = warehouse().ask(query, relations)
        return pa.RecordBatchReader.from_batches(found.schema, found.to_batches(self._rows))

    def close(self) -> None: ...


def question(catalog: Catalog, as_of: datetime) -> Question:
    """What is loaded in the warehouse, to be asked about."""
    return Question(UnderTest(), catalog, as_of)  # type: ignore[arg-type]


def found(
    catalog: Catalog, as_of: datetime, asked: Sequence[Asked], forced: Forced, memory: int | None = None
) -> dict[str, list[Any]]:
    """The ids of each audience, in order."""
    about = question(catalog, as_of)
    plan = plan_together(about, asked, forced, memory)
    return {each.name: ids(each) for each in members(about, plan)}


def ids(each: Members) -> list[Any]:
    return sorted(each.ids.to_pylist())
