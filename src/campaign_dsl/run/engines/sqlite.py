"""SQLite as an engine: a file, opened for reading only, by the SQLite that comes with Python."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import quote

from sqlglot import exp

from campaign_dsl.compile.sql.dialects.sqlite import ZONES
from campaign_dsl.language.catalog.zones import zone_names
from campaign_dsl.run.engines.protocol import DECISION_COLUMNS, TOTAL_COLUMNS
from campaign_dsl.run.engines.sqlite_functions import registered
from campaign_dsl.run.engines.sqlite_places import places
from campaign_dsl.run.problems import DataProblem, EnvironmentProblem, tables_differ, unreadable

if TYPE_CHECKING:
    import pyarrow as pa

    from campaign_dsl.language.catalog.engines import EngineSettings
    from campaign_dsl.language.catalog.stored import Inventory

BATCH_ROWS = 20_000
OLDEST = (3, 38, 0)
"""JSON and window functions as queries use them, and CTEs that are computed once."""
PATIENCE_MS = 5_000
"""How long is waited for another process to finish writing."""
_STEPS = 20_000
"""Of SQLite's machine, between two looks at whether somebody has pressed Ctrl-C: some milliseconds."""
_ALLOWED = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE}
_INTEGERS = ("steps", *TOTAL_COLUMNS)
_TEXTS = {name for name in DECISION_COLUMNS if name not in ("customer_id", "occurred_at", *_INTEGERS)}


_COLUMNS = """
SELECT t.name, c.name, c.type, c."notnull" OR (c.pk AND c.type = 'INTEGER' COLLATE NOCASE) AS needed
FROM sqlite_schema AS t JOIN pragma_table_xinfo(t.name) AS c
WHERE t.type IN ('table', 'view') AND SUBSTR(t.name, 1, 7) <> 'sqlite_' AND c.hidden <> 1
ORDER BY t.name, c.cid
"""


class SQLiteEngine:
    """Asks a SQLite file. Nothing in SQL can write, open another file or load an extension.

    Args:
        database: the file.

    Raises:
        EnvironmentProblem: the file is missing, or it is not a SQLite database, or it cannot be read.
    """

    name: ClassVar[str] = "sqlite"
    dialect: ClassVar[str] = "sqlite"

    def __init__(self, database: Path) -> None:
        if sqlite3.sqlite_version_info < OLDEST:
            raise EnvironmentProblem(
                f"this Python has SQLite {sqlite3.sqlite_version}, and the engine `sqlite` needs 3.38 or newer",
                help="use a newer Python, or another engine",
                code="ENV007",
            )
        if not database.is_file():
            raise EnvironmentProblem(
                f"the database `{database}` {'is a folder' if database.is_dir() else 'does not exist'}",
                help="check `engine: database:` in workspace.yaml",
                code="ENV002",
            )
        self._database = database
        try:
            self._connect(_Reader()).close()
        except sqlite3.Error as error:
            raise EnvironmentProblem(
                f"cannot open the database `{database}`: {error}", help="is it a SQLite file?", code="ENV003"
            ) from error

    @classmethod
    def of(cls, settings: EngineSettings, root: Path) -> SQLiteEngine:
        """The engine that ``settings`` describe."""
        assert settings.database is not None
        return cls(root / settings.database)

    def _connect(self, reader: _Reader, relations: Mapping[str, pa.Table] | None = None) -> sqlite3.Connection:
        connection = sqlite3.connect(
            f"file:{quote(str(self._database.absolute()))}?mode=ro", uri=True, check_same_thread=False
        )
        try:
            connection.isolation_level = None
            for name, rows in (relations or {}).items():
                _keep(connection, name, rows)
            for pragma in ("trusted_schema = OFF", f"busy_timeout = {PATIENCE_MS}"):
                connection.execute(f"PRAGMA {pragma}").fetchall()
            connection.execute("SELECT COUNT(*) FROM sqlite_schema").fetchall()  # is it a database at all?
            connection.execute("SELECT 1 FROM JSON_EACH('[]')").fetchall()  # no virtual table can be made later
            connection.execute(f"CREATE TEMP TABLE {ZONES} (name TEXT NOT NULL PRIMARY KEY) WITHOUT ROWID")
            connection.executemany("INSERT INTO _tz_names VALUES (?)", _zone_rows())
            connection.execute("PRAGMA query_only = ON").fetchall()
            connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
            registered(connection, reader.note)
            connection.set_authorizer(_authorized)
            connection.set_progress_handler(lambda: 0, _STEPS)  # a turn of Python, in which Ctrl-C is seen
        except BaseException:
            connection.close()
            raise
        return connection

    def read(self, query: str, relations: Mapping[str, pa.Table] | None = None) -> pa.RecordBatchReader:
        """Run one query and stream its rows. Each has a connection of its own, so that several can be read at once.

        Args:
            relations: temporary tables of that connection, which nobody else sees.

        Raises:
            DataProblem: the tables are not as the catalog says, or a value is not of its declared type.
            EnvironmentProblem: the query failed.
        """
        import pyarrow as pa

        reader = _Reader()
        with self._explained(query, reader):
            connection = self._connect(reader, relations)
            try:
                cursor = connection.execute(query)
                if cursor.description is None:
                    raise EnvironmentProblem("the query failed: it is none that gives rows", code="ENV004")
                cursor.arraysize = BATCH_ROWS
                names = [column[0] for column in cursor.description]
                first = cursor.fetchmany()
            except BaseException:
                connection.close()
                raise
        schema = pa.schema([(name, _type(name, place, first)) for place, name in enumerate(names)])

        def batches() -> Iterator[pa.RecordBatch]:
            rows = first
            try:
                while rows:
                    yield _batch(rows, schema)
                    with self._explained(query, reader):
                        rows = cursor.fetchmany()
            finally:
                connection.close()

        return pa.RecordBatchReader.from_batches(schema, batches())

    def tables(self) -> Inventory:
        """The tables and views of the file. What their columns are declared as is a wish: any value can stand there."""
        from dataclasses import replace

        from campaign_dsl.language.catalog.stored import Inventory, StoredColumn, sayable, tables_of
        from campaign_dsl.run.engines.types import stored_type

        reader = _Reader()
        with self._explained("", reader), closing(self._connect(reader)) as connection:
            connection.set_authorizer(None)  # it lets nobody ask for columns
            rows = connection.execute(_COLUMNS).fetchall()
        found = []
        for table, column, declared, needed in rows:
            names = (table, f"main.{table}") if sayable(table) else ()
            type_ = replace(stored_type(declared, self.dialect), loose=True)
            found.append((names, table, StoredColumn(column, type_, nullable=not needed)))
        return Inventory(tables_of(found), ignores_case=True)

    def close(self) -> None:
        """Nothing stays open between two queries."""

    @contextmanager
    def _explained(self, query: str, reader: _Reader) -> Iterator[None]:
        try:
            yield
        except MemoryError as error:
            raise EnvironmentProblem("the query failed: out of memory", code="ENV004") from error
        except sqlite3.Error as error:
            said = str(error)
            if reader.problem is not None:
                raise self._unreadable(query, *reader.problem) from error
            if said in ("interrupted", "user-defined function raised exception"):
                # Python forgets a KeyboardInterrupt that comes while SQLite calls it.
                raise KeyboardInterrupt from error
            if said.startswith(("no such table", "no such column", "ambiguous column")):
                raise tables_differ(said.replace("`", "")) from error
            if "UTF-8" in said:
                raise unreadable("a text that is not UTF-8") from error
            if "stack overflow" in said or "maximum depth" in said:
                help: str | None = "say it with fewer conditions inside of each other: SQLite's parser takes no more"
            else:
                help = "wait until the other process has finished, then run again" if "locked" in said else None
            raise EnvironmentProblem(f"the query failed: {said}", help=help, code="ENV004") from error

    def _unreadable(self, query: str, function: str, expected: str) -> DataProblem:
        """Says where the value is. The value itself may be personal."""
        place = ""
        with suppress(sqlite3.Error):
            connection = self._connect(_Reader())
            try:
                place = next(places(connection, query, function), "")
            finally:
                connection.close()
        return DataProblem(
            f"a value cannot be read as its declared type: {place or 'a column'} does not hold {expected}",
            help="mend the value, or declare the attribute as what it is; `docs/engines.md` says which forms are read",
            code="DAT003",
        )


class _Reader:
    """What the functions of one query could not read."""

    def __init__(self) -> None:
        self.problem: tuple[str, str] | None = None

    def note(self, function: str, expected: str) -> None:
        self.problem = self.problem or (function, expected)


def _keep(connection: sqlite3.Connection, name: str, rows: pa.Table) -> None:
    """Rows of our own as a temporary table."""
    columns = [exp.to_identifier(each, quoted=True) for each in rows.column_names]
    table = exp.Table(this=exp.to_identifier(name, quoted=True), db=exp.to_identifier("temp"))
    made = exp.Create(this=exp.Schema(this=table, expressions=columns), kind="TABLE")
    row = exp.Tuple(expressions=[exp.Placeholder() for _ in columns])
    put = exp.insert(exp.Values(expressions=[row]), table.copy())
    connection.execute(made.sql(dialect="sqlite"))
    for batch in rows.to_batches():
        values = zip(*(each.to_pylist() for each in batch.columns), strict=True)
        connection.executemany(put.sql(dialect="sqlite"), values)


@cache
def _zone_rows() -> list[tuple[str]]:
    return [(name,) for name in sorted(zone_names())]


def _authorized(action: int, one: str | None, two: str | None, *_: str | None) -> int:
    if action not in _ALLOWED or (action == sqlite3.SQLITE_FUNCTION and (two or "").lower() == "load_extension"):
        return sqlite3.SQLITE_DENY
    return sqlite3.SQLITE_OK


def _type(name: str, place: int, rows: list[tuple[Any, ...]]) -> pa.DataType:
    """SQLite has no types of columns: those of a campaign's query are known, of others the first value says it."""
    import pyarrow as pa

    if name == "occurred_at":
        return pa.timestamp("us", "UTC")
    if name in _INTEGERS:
        return pa.int64()
    if name in _TEXTS:
        return pa.string()
    value = next((row[place] for row in rows if row[place] is not None), "")
    return {int: pa.int64(), float: pa.float64(), bytes: pa.binary()}.get(type(value), pa.string())


def _batch(rows: list[tuple[Any, ...]], schema: pa.Schema) -> pa.RecordBatch:
    import pyarrow as pa

    arrays = []
    for field, values in zip(schema, zip(*rows, strict=True), strict=True):
        try:
            arrays.append(pa.array(values, field.type))
        except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError) as error:
            raise DataProblem(
                f"a value cannot be read as its declared type: `{field.name}` holds other values than {field.type}",
                help="a column of SQLite may hold values of several types; mend those that are not of the declared one",
                code="DAT003",
            ) from error
    return pa.record_batch(arrays, schema=schema)
