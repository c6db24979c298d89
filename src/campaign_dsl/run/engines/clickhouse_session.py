"""What the embedded ClickHouse and a server have in common: settings of a session, and what their errors mean."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from campaign_dsl.run.problems import EnvironmentProblem, tables_differ, unreadable

if TYPE_CHECKING:
    import pyarrow as pa

    from campaign_dsl.language.catalog.stored import Inventory

OLDEST = (26, 9)
"""Days before 1900, records that are missing, and common tables that are computed once."""
_LARGE = 1_000_000_000
SESSION: Mapping[str, int | str] = {
    # Queries may be as large as the language allows campaigns to be.
    "max_query_size": _LARGE,
    "max_ast_elements": _LARGE,
    "max_expanded_ast_elements": _LARGE,
    "max_ast_depth": 100_000,
    "max_parser_depth": 100_000,
    "max_parser_backtracks": _LARGE,
    "max_subquery_depth": 1_000,
    # Where a limit of the server is reached the query fails: rows are never left out silently.
    "read_overflow_mode": "throw",
    "group_by_overflow_mode": "throw",
    "sort_overflow_mode": "throw",
    "result_overflow_mode": "throw",
    "distinct_overflow_mode": "throw",
    "join_overflow_mode": "throw",
    "set_overflow_mode": "throw",
    "timeout_overflow_mode": "throw",
}
"""Settings that change no meaning: those are part of each query's text (`dialects/clickhouse_writer.py`)."""

COLUMNS = """
SELECT database, table, name, type, database = currentDatabase() AS home
FROM system.columns
WHERE database NOT IN ('system', 'information_schema', 'INFORMATION_SCHEMA')
ORDER BY database, table, position
"""
UNKNOWN_DATABASE = 81
_TABLES = {8, 10, 16, 36, 43, 44, 47, 53, 60, 70, 81, 386}
"""Unknown tables, columns and databases; types that do not go together."""
_VALUES = {6, 26, 27, 38, 41, 69, 72, 321, 349, 376, 407, 467, 691}
"""What cannot be parsed, or does not fit."""
_RIGHTS = {192, 193, 194, 497, 516}
_CANCELLED = 394
NO_RIGHT_TO_SETTINGS = "the user must be allowed to change settings: `readonly = 2`, not 1"
_HELP = {
    159: "allow more with `timeout_seconds` in workspace.yaml, or ask for less",
    160: "allow more with `timeout_seconds` in workspace.yaml, or ask for less",
    241: "allow more with `memory_mb` in workspace.yaml, or on the server, or ask for less",
    164: NO_RIGHT_TO_SETTINGS,
    115: "this ClickHouse is too old: 26.9 is needed",
    210: "check `host`, `port` and `secure` in workspace.yaml",
}
_SAID = {159: "it took too long", 160: "it took too long", 241: "out of memory"}


def memory(megabytes: int | None) -> Mapping[str, int]:
    """Settings for a query that may take so much memory. What is sorted or grouped goes to disk from the half on."""
    return {} if megabytes is None else {"max_memory_usage": megabytes << 20}


def no_database(name: str) -> EnvironmentProblem:
    """The database of the target is not there."""
    return EnvironmentProblem(
        f"there is no database `{name}`", help="check `engine: database:` in workspace.yaml", code="ENV002"
    )


@contextmanager
def explained() -> Iterator[None]:
    """Errors of ClickHouse as problems, with what to do about them."""
    try:
        yield
    except (RuntimeError, OSError) as error:
        raise problem(str(error)) from error


def problem(said: str) -> BaseException:
    """What an error of ClickHouse means."""
    code = code_of(said)
    if code == _CANCELLED:
        return KeyboardInterrupt()
    if code in _TABLES:
        return tables_differ(first(said))
    if code in _VALUES:
        return unreadable(_value(said))
    if code in _RIGHTS:
        return EnvironmentProblem(
            "ClickHouse refuses: " + first(said).partition(": ")[2] if code == 497 else "ClickHouse refuses the user",
            help="check `user` and `password` in workspace.yaml, and what the user may read",
            code="ENV003",
        )
    return EnvironmentProblem(
        f"the query failed: {_SAID.get(code) or first(said)}", help=_HELP.get(code), code="ENV004"
    )


def code_of(said: str) -> int:
    """ClickHouse's number of an error; 0 when it has none."""
    found = re.findall(r"Code: (\d+)\.", said)
    return int(found[-1]) if found else 0


def first(said: str) -> str:
    """The sentence of a message, without what the server adds about the query."""
    sentence = re.split(r"DB::Exception: ", said)[-1]
    sentence = re.split(r":? In scope |: while executing |: [Ww]hile |\. \([A-Z_]+\)| \(version ", sentence)[0]
    return sentence.strip().split("\n", 1)[0].rstrip(".")


def _value(said: str) -> str:
    """What cannot be read as what. The value itself may be personal."""
    columns = dict.fromkeys(re.findall(r"__table\d+\.([^ ,)]+)", said))
    where = ", ".join(f"`{name}`" for name in columns) or "a column"
    return f"{where} {_no_such(said) or 'does not hold what the catalog says'}"


def _no_such(said: str) -> str | None:
    """Of what type it is not. Only names of types are repeated: all else in the message may be from the value."""
    from campaign_dsl.run.engines.types import stored_type

    for written in re.findall(r"'((?:[^'\\]|\\.)+)'_String|' as ([A-Z]\w*(?:\([\d, ]+\))?): ", said):
        inner = re.fullmatch(r"Nullable\((.*)\)", written[0] or written[1])
        type_ = stored_type(inner[1] if inner else written[0] or written[1], "clickhouse")
        if type_.kind is not None:
            return f"holds what is no {type_.kind.value} ({type_.written})"
    return None


def inventory(rows: pa.RecordBatchReader) -> Inventory:
    """The tables whose columns are in ``rows``, the answer to `COLUMNS`."""
    from campaign_dsl.language.catalog.stored import Inventory, StoredColumn, sayable, tables_of
    from campaign_dsl.run.engines.types import stored_type

    found = []
    for row in (row for batch in rows for row in batch.to_pylist()):
        database, table = row["database"], row["table"]
        parts = [(table,), (database, table)] if row["home"] else [(database, table)]
        names = tuple(".".join(each) for each in parts if sayable(*each))
        # Lists cannot be NULL, which is no promise that there is one for everybody.
        nullable = row["type"].startswith(("Nullable(", "LowCardinality(Nullable(", "Array("))
        found.append(
            (names, f"{database}.{table}", StoredColumn(row["name"], stored_type(row["type"], "clickhouse"), nullable))
        )
    return Inventory(tables_of(found), ignores_case=False)


def columns(rows: pa.Table) -> list[tuple[str, str]]:
    """The columns of a relation, with the types that ClickHouse has for them."""
    return [(field.name, f"Nullable({_type(field.type)})") for field in rows.schema]


def _type(kind: pa.DataType) -> str:
    import pyarrow.types as types

    if types.is_integer(kind):
        return "Int64"
    if types.is_date(kind):
        return "Date32"
    if types.is_decimal(kind):
        return f"Decimal({kind.precision}, {kind.scale})"
    if types.is_timestamp(kind):
        return "DateTime64(6, 'UTC')"
    if types.is_boolean(kind):
        return "Bool"
    return "String"


def as_stream(rows: pa.Table) -> bytes:
    """The rows of a relation in the format `ArrowStream`."""
    import pyarrow as pa

    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, rows.schema) as writer:
        writer.write_table(rows)
    found: bytes = sink.getvalue().to_pybytes()
    return found


def checked(version: str) -> None:
    """Refuses a ClickHouse that would answer differently.

    Raises:
        EnvironmentProblem: it is too old.
    """
    parts = tuple(int(each) for each in re.findall(r"\d+", version)[:2])
    if parts < OLDEST:
        raise EnvironmentProblem(
            f"this is ClickHouse {version}, and campaigns need 26.9 or newer: older ones have other days and no "
            "missing records",
            help="update it, or use another target",
            code="ENV007",
        )
