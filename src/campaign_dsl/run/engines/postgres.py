"""PostgreSQL as an engine: asked by ADBC, which answers in Arrow; everything one engine reads is of one moment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from campaign_dsl.compile.sql.dialects.postgres_writer import SETTINGS
from campaign_dsl.run.engines.postgres_errors import explained, refuse_unsuitable, unreachable
from campaign_dsl.run.engines.postgres_types import columns, exact, stored
from campaign_dsl.run.engines.waiting import interruptible
from campaign_dsl.run.secrets import secret

if TYPE_CHECKING:
    import pyarrow as pa

    from campaign_dsl.language.catalog.engines import EngineSettings
    from campaign_dsl.language.catalog.stored import Inventory

PATIENCE_SECONDS = 10
"""How long to wait for a connection."""

_SERVER = (
    "SELECT current_setting('server_version_num')::integer AS version, current_setting('server_encoding') AS encoding"
)
_TABLES = r"""
SELECT n.nspname::text AS schema, c.relname::text AS table, a.attname::text AS column,
    format_type(a.atttypid, a.atttypmod) AS type, NOT a.attnotnull AS nullable, t.typtype::text AS kind,
    e.typtype::text AS element, COALESCE(NOT o.collisdeterministic, FALSE) AS loose, pg_table_is_visible(c.oid) AS here
FROM pg_class AS c
JOIN pg_namespace AS n ON n.oid = c.relnamespace
JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
JOIN pg_type AS t ON t.oid = a.atttypid
LEFT JOIN pg_type AS e ON e.oid = t.typelem AND t.typcategory = 'A'
LEFT JOIN pg_collation AS o ON o.oid = a.attcollation
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname NOT IN ('pg_catalog', 'information_schema')
    AND n.nspname NOT LIKE 'pg\_%' AND has_table_privilege(c.oid, 'SELECT')
ORDER BY n.nspname, c.relname, a.attnum
"""


class PostgresEngine:
    """Asks a PostgreSQL server, read only. Whatever is asked sees the tables as they were when it was opened.

    Args:
        host: address of the server, or the folder of its socket.
        timeout_seconds: after which the server cancels a query.

    Raises:
        EnvironmentProblem: the server cannot be reached, or refuses us, or cannot be asked what campaigns ask.
    """

    name: ClassVar[str] = "postgres"
    dialect: ClassVar[str] = "postgres"

    def __init__(
        self,
        host: str,
        database: str,
        port: int | None = None,
        user: str | None = None,
        password: str | None = None,
        sslmode: str | None = None,
        timeout_seconds: int | None = None,
    ) -> None:
        from psycopg.conninfo import make_conninfo

        self._place = f"`{database}` on `{host}`"
        self._timeout = timeout_seconds
        self._where = make_conninfo(
            host=host, port=port, dbname=database, user=user, password=password, sslmode=sslmode,
            connect_timeout=PATIENCE_SECONDS, application_name="campaign", client_encoding="UTF8",
        )  # fmt: skip
        self._connection: Any = None
        self._stream: _Stream | None = None
        self._begin()

    @classmethod
    def of(cls, settings: EngineSettings, root: Path) -> PostgresEngine:
        """The engine that ``settings`` describe."""
        assert settings.host is not None
        assert settings.database is not None
        return cls(
            settings.host,
            settings.database,
            settings.port,
            settings.user,
            None if settings.password is None else secret(settings.password, "engine.password", root),
            settings.sslmode,
            settings.timeout_seconds,
        )

    def _begin(self) -> None:
        """Connect, and begin the one transaction in which everything is read."""
        import adbc_driver_manager
        from adbc_driver_postgresql import dbapi

        try:
            # The driver would not let us go back to a savepoint, if it began the transaction itself.
            self._connection = dbapi.connect(self._where, autocommit=True)
        except adbc_driver_manager.Error as error:
            raise unreachable(str(error), self._place) from None
        settings = {**SETTINGS, "default_transaction_read_only": "on", "idle_in_transaction_session_timeout": "0"}
        if self._timeout is not None:
            settings["statement_timeout"] = f"{self._timeout}s"
        try:
            with explained(), self._connection.cursor() as cursor:
                cursor.execute(_SERVER)
                refuse_unsuitable(*cursor.fetchone())
                cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ WRITE")
                for each in settings.items():
                    cursor.execute("SELECT set_config($1, $2, TRUE)", each)
                cursor.execute("SAVEPOINT question")
        except BaseException:
            self.close()
            raise

    def read(self, query: str, relations: Mapping[str, pa.Table] | None = None) -> pa.RecordBatchReader:
        """Run one query and stream its rows. It ends the stream of the query before, if that is not read to its end.

        Args:
            relations: temporary tables of the connection, until their query has been read.

        Raises:
            DataProblem: the tables are not as the catalog says, or a value cannot be read.
            EnvironmentProblem: the query failed, or took too long, or the connection is lost.
        """
        import pyarrow as pa

        self._finish()
        if self._connection is None:
            self._begin()
        with explained(self._timeout):
            stream = self._stream = self._asked(query, relations or {})
            schema = exact(stream.schema)
        return pa.RecordBatchReader.from_batches(schema, self._batches(stream, schema))

    def _asked(self, query: str, relations: Mapping[str, pa.Table]) -> _Stream:
        cursor = self._connection.cursor()
        try:
            # Rows of our own are all that is ever written, and that only before the query can be.
            for name, rows in relations.items():
                cursor.adbc_ingest(name, rows, mode="create", temporary=True)
            cursor.execute("SET TRANSACTION READ ONLY")
            interruptible(lambda: cursor.execute(query), cursor.adbc_cancel)
            return _Stream(cursor)
        except BaseException:
            cursor.close()
            self._back()
            raise

    def _batches(self, stream: _Stream, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        try:
            with explained(self._timeout):
                while (batch := stream.next()) is not None:
                    yield columns(batch, schema)
        finally:
            if stream is self._stream:
                self._finish()

    def _finish(self) -> None:
        """End the stream that is being read."""
        if self._stream is not None:
            stream, self._stream = self._stream, None
            stream.close()
            self._back()

    def _back(self) -> None:
        """To where the next question can be asked; without a connection, if it is lost."""
        import adbc_driver_manager

        try:
            with self._connection.cursor() as cursor:
                cursor.execute("ROLLBACK TO SAVEPOINT question")
        except adbc_driver_manager.Error:
            self.close()

    def tables(self) -> Inventory:
        """The tables and views that may be read."""
        from campaign_dsl.language.catalog.stored import Inventory, StoredColumn, sayable, tables_of

        found = []
        rows = [row for batch in self.read(_TABLES) for row in zip(*(each.to_pylist() for each in batch), strict=True)]
        for schema, table, column, type_, nullable, kind, element, loose, here in rows:
            parts: list[tuple[str, ...]] = [(table,)] if here else []
            names = tuple(".".join(each) for each in (*parts, (schema, table)) if sayable(*each))
            made = StoredColumn(column, stored(type_, kind, element, loose), nullable)
            found.append((names, f"{schema}.{table}", made))
        return Inventory(tables_of(found), ignores_case=False)

    def close(self) -> None:
        """Close the connection, and let go of what it sees."""
        if self._stream is not None:
            stream, self._stream = self._stream, None
            stream.close()
        if self._connection is not None:
            connection, self._connection = self._connection, None
            with suppress(Exception):  # there may be none any more
                connection.close()


class _Stream:
    """The answer of a query, and what has to be closed when nobody reads it any more."""

    def __init__(self, cursor: Any) -> None:
        self._cursor = cursor
        self._reader = cursor._results.reader  # the one that anybody may have loses the codes of what goes wrong
        self._is_read = False
        self.schema: pa.Schema = self._reader.schema

    def next(self) -> pa.RecordBatch | None:
        """The next part; None after the last."""
        try:
            return interruptible(self._reader.read_next_batch, self._cursor.adbc_cancel)
        except StopIteration:
            self._is_read = True
            return None

    def close(self) -> None:
        """Cancel what is not read, and close it; there may be no connection any more."""
        if not self._is_read:
            with suppress(Exception):
                self._cursor.adbc_cancel()
        for each in (self._reader, self._cursor):
            with suppress(Exception):
                each.close()
