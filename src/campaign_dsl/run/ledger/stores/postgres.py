"""The ledger in a schema of PostgreSQL: several machines can run and dispatch at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from campaign_dsl.run.ledger.place import PostgresPlace
from campaign_dsl.run.ledger.statements import named, split, statements_of
from campaign_dsl.run.ledger.store import GUARDS, SCRIPT, Ledger, missing, refuse_other_version
from campaign_dsl.run.ledger.stores import postgres_text
from campaign_dsl.run.ledger.stores.postgres_errors import explained, unreachable
from campaign_dsl.run.ledger.stores.postgres_json import PostgresJson
from campaign_dsl.run.problems import EnvironmentProblem

if TYPE_CHECKING:
    import psycopg
    import pyarrow as pa

    from campaign_dsl.run.ledger.result import Progress

PATIENCE_SECONDS = 10
"""How long to wait for a connection."""

OLDEST = 150_000
MARK = "a campaign ledger"
"""The comment on the table `meta`, which tells a ledger from other tables of that name."""

_MANY = 20_000
_LOCK = 0x43444C31 << 32
"""Our advisory locks: this, and the number of the ledger's schema below it."""


class PostgresLedger(Ledger):
    """See `Ledger`.

    Runs of one ledger freeze and give one after the other, under a lock of their own: budgets and limits are judged on
    what was really given, ids rise in the order in which rows become visible (`campaign export --after` depends on it),
    and they have no gaps, as in SQLite. Finding audiences, dispatching, reading and previewing go on meanwhile.
    """

    json = PostgresJson()
    place: PostgresPlace

    def __init__(self, place: PostgresPlace, busy_timeout: float) -> None:
        self.place = place
        self.busy_timeout = busy_timeout
        self.staging = f"{place.schema}_staging"
        self.connection: psycopg.Connection[Any] = self._connected()
        self.is_staging = False
        """Whether temporary relations stand for rows outside of the ledger: a new connection would not have them."""

    @classmethod
    def at(cls, place: PostgresPlace, create: bool, busy_timeout: float) -> PostgresLedger:
        """See `Ledger.open`."""
        ledger = cls(place, busy_timeout)
        try:
            with explained(place):
                ledger._prepare(create)
        except BaseException:
            ledger.close()
            raise
        return ledger

    def close(self) -> None:
        self.connection.close()

    @contextmanager
    def writing(self, *, beside_others: bool = False) -> Iterator[None]:
        with explained(self.place):
            self._connect_again()
            try:
                self.connection.execute("BEGIN")
                if not beside_others:
                    self._alone()
                yield
                done = self.connection.execute("COMMIT").statusmessage
                assert done == "COMMIT", "a failed transaction was not rolled back"
            except BaseException:
                self._back()
                raise

    @contextmanager
    def reading(self) -> Iterator[None]:
        with explained(self.place):
            self._connect_again()
            self.connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            try:
                yield
            finally:
                self._back()

    def explained(self) -> AbstractContextManager[None]:
        return explained(self.place)

    def run(self, name: str, values: Mapping[str, Any]) -> psycopg.Cursor[Any]:
        return self.connection.execute(_texts()[name], values)

    def run_each(self, name: str, rows: Iterable[Mapping[str, Any]]) -> None:
        with self.connection.cursor() as cursor:
            cursor.executemany(_texts()[name], rows)

    @contextmanager
    def streamed(self, name: str, values: Mapping[str, Any], at_once: int) -> Iterator[psycopg.ServerCursor[Any]]:
        """The rows of a named query in parts, inside `reading`."""
        with self.connection.cursor(f"part_of_{name}") as cursor:
            cursor.itersize = at_once
            cursor.execute(_texts()[name], values)
            yield cursor

    def run_text(self, statement: str) -> None:
        self.connection.execute(statement.encode())

    def grown(self, rows: int, *tables: str) -> None:
        """Without this, the planner would take new rows in an old table for few."""
        if rows >= _MANY:
            with explained(self.place):
                for table in tables:
                    self.connection.execute(f"ANALYZE {table}".encode())

    def staged(
        self,
        table: str,
        columns: Mapping[str, str],
        read: Callable[[], pa.RecordBatchReader],
        progress: Progress,
        index: Sequence[str] = (),
    ) -> AbstractContextManager[int]:
        from campaign_dsl.run.ledger.stores.postgres_staging import staged

        return staged(self, table, columns, read, progress, index)

    def remove_stale(self) -> None:
        from campaign_dsl.run.ledger.stores.postgres_staging import remove_stale

        with explained(self.place):
            remove_stale(self)

    # --------------------------------------------------------------------------------------------- connections

    def _connected(self) -> psycopg.Connection[Any]:
        import psycopg

        place = self.place
        try:
            connection = psycopg.connect(
                host=place.host, port=place.port, dbname=place.database, user=place.user, password=place.password,
                sslmode=place.sslmode, connect_timeout=PATIENCE_SECONDS, application_name="campaign",
                client_encoding="UTF8", autocommit=True,
            )  # fmt: skip
        except psycopg.Error as error:
            raise unreachable(str(error), place) from None
        try:
            self._set_up(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _set_up(self, connection: psycopg.Connection[Any]) -> None:
        from psycopg.sql import Identifier

        from campaign_dsl.run.ledger.stores.postgres_values import Whole

        with explained(self.place):
            version = connection.info.server_version
            encoding = connection.info.parameter_status("server_encoding")
            if version < OLDEST:
                raise EnvironmentProblem(
                    f"the server is PostgreSQL {version // 10_000}; the ledger needs {OLDEST // 10_000} or newer",
                    help="use a newer server",
                    code="LED004",
                )
            if encoding != "UTF8":
                raise EnvironmentProblem(
                    f"the database is in {encoding}, and a ledger holds texts of all the world: {self.place}",
                    help="use a database that was made with ENCODING 'UTF8'",
                    code="LED004",
                )
            schema = Identifier(self.place.schema).as_string(connection)
            settings = {
                # What is committed survives a power cut. Losing "about to send" would mean sending twice.
                "synchronous_commit": "on",
                "default_transaction_isolation": "read committed",
                "lock_timeout": f"{max(1, round(self.busy_timeout * 1000))}ms",
                "idle_in_transaction_session_timeout": "0",
                # Nothing that lies about in other schemas, or is temporary, stands before the ledger's own.
                "search_path": f"{schema}, pg_temp",
                "TimeZone": "UTC",
                "DateStyle": "ISO",
                "jit": "off",  # compiling costs more than these statements take
                "work_mem": "64MB",
                "client_min_messages": "warning",
            }
            for each in settings.items():
                connection.execute("SELECT set_config(%s, %s, false)", each)
            connection.adapters.register_loader("numeric", Whole)

    def _connect_again(self) -> None:
        """After a lost connection, for those whose next transaction needs nothing of the one before: dispatchers."""
        if self.connection.closed and not self.is_staging:
            self.connection = self._connected()

    def _back(self) -> None:
        import psycopg

        with suppress(psycopg.Error):  # without a connection there is no transaction either
            self.connection.execute("ROLLBACK")

    def _alone(self) -> None:
        """Wait until no other run writes, and let ids go on from the last one there is."""
        self.connection.execute(
            "SELECT pg_advisory_xact_lock(%s + oid::bigint) FROM pg_namespace WHERE nspname = %s",
            (_LOCK, self.place.schema),
        )
        # A run that failed has used ids up, which its successor is to have: sequences do not roll back.
        self.connection.execute(_texts()["go_on_with_ids"])

    # ------------------------------------------------------------------------------------------------ the schema

    def _prepare(self, create: bool) -> None:
        from psycopg.sql import SQL, Composed, Identifier

        if not self._tables():
            if not create:
                raise missing(self.place)
            self._create()
        mark = self.connection.execute(_MARK, (self.place.schema,)).fetchone()
        if mark is None or mark[0] != MARK:
            raise EnvironmentProblem(
                f"there are tables of something else in {self.place}",
                help="give another `ledger: schema:` in workspace.yaml",
                code="LED002",
            )
        # By its whole name: without rights on its schema, it would not be found by the other one.
        meta = Identifier(self.place.schema, "meta")
        version = Composed([SQL("SELECT value FROM "), meta, SQL(" WHERE key = 'schema_version'")])
        row = self.connection.execute(version).fetchone()
        refuse_other_version(self.place, None if row is None else row[0])

    def _tables(self) -> int:
        row = self.connection.execute(_TABLES, (self.place.schema,)).fetchone()
        assert row is not None
        return int(row[0])

    def _create(self) -> None:
        from psycopg.sql import SQL, Composed, Identifier

        self.connection.execute("BEGIN")
        try:
            # Another process may create it at the same time; there is no schema yet by which to tell ledgers apart.
            self.connection.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
            if not self._tables():
                for schema in (self.place.schema, self.staging):
                    self.connection.execute(Composed([SQL("CREATE SCHEMA IF NOT EXISTS "), Identifier(schema)]))
                for statement in creation():
                    self.connection.execute(statement.encode())
            self.connection.execute("COMMIT")
        except BaseException:
            self._back()
            raise


def creation() -> Iterator[str]:
    """What makes a ledger in an empty schema that is first on the search path."""
    import re

    folder = files("campaign_dsl.run.ledger")

    def text(name: str) -> str:
        return folder.joinpath(name).read_text(encoding="utf-8")

    # Functions whose body has semicolons of its own are told apart by the empty line between statements.
    yield from (part for part in re.split(r";\n\n", text("stores/postgres.sql").rstrip().rstrip(";")) if part.strip())
    for statement in split(text(SCRIPT)):
        yield postgres_text.table(statement)
    for guard in named(text(GUARDS)):
        yield from postgres_text.triggers(guard)
    yield f"COMMENT ON TABLE meta IS '{MARK}'"


@cache
def _texts() -> dict[str, bytes]:
    return {name: postgres_text.statement(each.sql).encode() for name, each in statements_of("postgres").items()}


_TABLES = "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = %s"
_MARK = """
SELECT obj_description(c.oid, 'pg_class')
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = %s AND c.relname = 'meta'
"""
