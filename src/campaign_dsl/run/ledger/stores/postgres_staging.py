"""Staging in PostgreSQL: rows from an engine, in a table of their own without a log, read through a temporary view."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from campaign_dsl.run.ledger.place import PostgresPlace
from campaign_dsl.run.ledger.result import Progress
from campaign_dsl.run.ledger.staging import shaped
from campaign_dsl.run.ledger.stores.postgres_errors import explained, problem_of, said, unreachable
from campaign_dsl.run.problems import DataProblem, EnvironmentProblem

if TYPE_CHECKING:
    import pyarrow as pa

    from campaign_dsl.run.ledger.stores.postgres import PostgresLedger

_AT_ONCE = 50_000
"""Rows that go to the server in one COPY: engines give parts of all sizes."""

_LOCKS = 0x43444C53


@contextmanager
def staged(
    ledger: PostgresLedger,
    table: str,
    columns: Mapping[str, str],
    read: Callable[[], pa.RecordBatchReader],
    progress: Progress,
    index: Sequence[str],
) -> Iterator[int]:
    """Put what ``read`` yields into a table in the staging schema, and show it to this session as ``table``.

    ADBC writes it over a connection of its own, straight from Arrow; that is why it cannot be a temporary table. The
    name has a number in it, and this session holds the lock of that number for as long as it lives, so whoever comes
    later knows which tables nobody needs any more. See `Ledger.staged`.
    """
    number = secrets.randbelow(2**31)
    name = f"{ledger.staging}.{table}_{number:08x}"
    connection = ledger.connection
    fields = ", ".join(f"{column} {'BIGINT' if kind == 'INTEGER' else _TEXT}" for column, kind in columns.items())
    with explained(ledger.place):
        connection.execute("SELECT pg_advisory_lock(%s, %s)", (_LOCKS, number))
        connection.execute(f"CREATE UNLOGGED TABLE {_quoted(name)} ({fields})".encode())
    try:
        rows = _ingest(ledger, f"{table}_{number:08x}", columns, read, progress)
        with explained(ledger.place):
            if index:
                connection.execute(f"CREATE INDEX ON {_quoted(name)} ({', '.join(index)})".encode())
            connection.execute(f"ANALYZE {_quoted(name)}".encode())
            connection.execute(f"CREATE TEMP VIEW {table} AS SELECT * FROM {_quoted(name)}".encode())
        ledger.is_staging = True
        yield rows
    finally:
        ledger.is_staging = False
        import psycopg

        with suppress(psycopg.Error):  # without a connection, whoever comes next removes it
            connection.execute(f"DROP VIEW IF EXISTS pg_temp.{table}".encode())
            connection.execute(f"DROP TABLE {_quoted(name)}".encode())
            connection.execute("SELECT pg_advisory_unlock(%s, %s)", (_LOCKS, number))


_TEXT = 'TEXT COLLATE "C"'


def remove_stale(ledger: PostgresLedger) -> None:
    """Drop the tables of sessions that are gone."""
    connection = ledger.connection
    for (name,) in connection.execute(_STAGED, (ledger.staging,)).fetchall():
        number = int(name.rpartition("_")[2], 16)
        free = connection.execute("SELECT pg_try_advisory_lock(%s, %s)", (_LOCKS, number)).fetchone()
        if free is not None and free[0]:
            # After a crash of the server, not even the view of its session is gone yet.
            connection.execute(f"DROP TABLE IF EXISTS {_quoted(f'{ledger.staging}.{name}')} CASCADE".encode())
            connection.execute("SELECT pg_advisory_unlock(%s, %s)", (_LOCKS, number))


_STAGED = r"""
SELECT c.relname
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = %s AND c.relkind = 'r' AND c.relname ~ '_[0-9a-f]{8}$' AND pg_has_role(c.relowner, 'USAGE')
"""


def _quoted(name: str) -> str:
    schema, _, table = name.rpartition(".")
    doubled = schema.replace('"', '""')
    return f'"{doubled}"."{table}"'


def _ingest(
    ledger: PostgresLedger,
    name: str,
    columns: Mapping[str, str],
    read: Callable[[], pa.RecordBatchReader],
    progress: Progress,
) -> int:
    import adbc_driver_manager
    from adbc_driver_postgresql import dbapi

    place = ledger.place
    try:
        connection = dbapi.connect(_address(place), autocommit=True)
    except adbc_driver_manager.Error as error:
        raise unreachable(str(error), place) from None
    rows = 0
    with connection, connection.cursor() as cursor, read() as reader:
        for part in _parts(reader, columns):
            try:
                cursor.adbc_ingest(name, part, mode="append", db_schema_name=ledger.staging)
            except adbc_driver_manager.Error as error:
                raise _refused(error, place) from error
            rows += part.num_rows
            progress("stage", rows, None)
    return rows


def _parts(reader: pa.RecordBatchReader, columns: Mapping[str, str]) -> Iterator[pa.Table]:
    """The rows in parts that are worth a COPY."""
    import pyarrow as pa

    held: list[Any] = []
    for batch in reader:
        held.append(shaped(batch, columns))
        if sum(each.num_rows for each in held) >= _AT_ONCE:
            yield pa.Table.from_batches(held)
            held = []
    if held:
        yield pa.Table.from_batches(held)


def _refused(error: Any, place: PostgresPlace) -> EnvironmentProblem:
    state, text = error.sqlstate or "", str(error)
    if state[:2] == "22":
        return DataProblem(
            f"a text of the engine's cannot be kept: {said(text)}",
            help="PostgreSQL keeps every text but those with zero characters",
            code="DAT010",
        )
    known = problem_of(state, text, place)
    return known or EnvironmentProblem(
        f"the rows of the engine cannot be written: {place} ({said(text)})",
        help="nothing was written to the ledger; run the same command again",
        code="LED015",
    )


def _address(place: PostgresPlace) -> str:
    """The same server in libpq's own notation."""
    from psycopg.conninfo import make_conninfo

    from campaign_dsl.run.ledger.stores.postgres import PATIENCE_SECONDS

    return make_conninfo(
        host=place.host, port=place.port, dbname=place.database, user=place.user, password=place.password,
        sslmode=place.sslmode, connect_timeout=PATIENCE_SECONDS, application_name="campaign", client_encoding="UTF8",
        options="-c synchronous_commit=off",
    )  # fmt: skip
