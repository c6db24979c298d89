"""Where tests keep rows and ask SQL about them: the engine that `pytest --engine NAME` chooses, DuckDB by default.

To add an engine, write `NAME_warehouse.py` beside this file, with a class `Warehouse` like the one below.
"""

from __future__ import annotations

import atexit
import importlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, Protocol

import pyarrow as pa
import pytest

from campaign_dsl.compile.sql.dialects.protocol import Dialect
from campaign_dsl.compile.sql.dialects.registry import DIALECTS
from campaign_dsl.compile.sql.features import Feature, in_node
from campaign_dsl.language.catalog.types import Kind

CHOSEN = ["duckdb"]
"""The engine that is asked; `conftest.py` writes what the command line says."""


class Warehouse(Protocol):
    """A database of tests.

    It may have a true attribute ``asks_slowly``: then tests put many questions into one query where they can.
    """

    def load(self, tables: Mapping[str, pa.Table]) -> None:
        """These tables with these rows and no others; any of them there was before is replaced."""
        ...

    def ask(self, query: str, relations: Mapping[str, pa.Table] | None = None) -> pa.Table:
        """What a query gives that may read ``relations``, too; through the engine's own `read`."""
        ...


@cache
def warehouse() -> Warehouse:
    """The one of the chosen engine. It is opened once: that takes longer than asking it."""
    atexit.register(warehouse.cache_clear)  # databases are closed before the interpreter is taken apart
    found: Warehouse = importlib.import_module(f"{CHOSEN[0]}_warehouse").Warehouse()
    return found


def dialect() -> Dialect:
    """How the chosen engine says what engines say differently."""
    return DIALECTS[CHOSEN[0]]


def gap(node: Any) -> str | None:
    """Why the chosen engine cannot do what typed nodes ask for, as its dialect declares; None when it can."""
    lacks = dialect().lacks
    return next((f"{each.value}: {lacks[each].reason}" for each in in_node(node) if each in lacks), None)


def left_out_if_lacking(node: Any) -> None:
    """Ends a test of what the chosen engine is declared to lack. The engine's own tests prove that it is refused."""
    if (reason := gap(node)) is not None:
        pytest.skip(f"declared: {reason}")


def no_number() -> float:
    """What is no number, for engines that can hold it; for others another value that is no place on the map."""
    module = importlib.import_module(f"{CHOSEN[0]}_warehouse")
    return float(getattr(module, "NO_NUMBER", "nan"))


def lists_can_be_missing() -> bool:
    """Whether rows may have a missing list; on engines that hold none an empty one stands in its place."""
    return Feature.MISSING_LISTS not in dialect().lacks


def nul() -> str:
    """The character NUL, for engines whose texts can hold it; for others the next one."""
    module = importlib.import_module(f"{CHOSEN[0]}_warehouse")
    return str(getattr(module, "NUL", "\0"))


def ask(query: str) -> list[dict[str, Any]]:
    """The rows a query gives, as the interpreter has them: lengths of time exact, instants in UTC."""
    return [{name: plain(value) for name, value in row.items()} for row in warehouse().ask(query).to_pylist()]


def as_kind(found: Any, kind: Kind) -> Any:
    """A value that `ask` gave, as that kind.

    Some engines have fewer types than there are kinds; their warehouses have a method `as_kind` that knows them.
    """
    made = getattr(warehouse(), "as_kind", None)
    return found if made is None or found is None else made(found, kind)


_latest: list[Any] = []


def load(columns: Mapping[str, Mapping[str, pa.DataType]], rows: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
    """Rows by the names of their columns; a table without rows is empty. Rows that are there are not loaded again."""
    if _latest and _latest[0] is rows:
        return
    _latest[:] = [rows]
    tables = {}
    for table, kinds in columns.items():
        here = rows.get(table, ())
        arrays = [pa.array([row.get(name) for row in here], kind) for name, kind in kinds.items()]
        tables[table] = pa.table(arrays, names=list(kinds))
    warehouse().load(tables)


def plain(value: Any) -> Any:
    """A value of Arrow as the interpreter has it."""
    if isinstance(value, pa.MonthDayNano):
        assert value.months == 0
        return timedelta(days=value.days, microseconds=value.nanoseconds // 1000)
    return value.astimezone(UTC) if isinstance(value, datetime) else value
