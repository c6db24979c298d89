"""DuckDB as an engine: embedded, read only, locked down."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from campaign_dsl.run.engines.waiting import interruptible
from campaign_dsl.run.problems import EnvironmentProblem, tables_differ, unreadable

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

    from campaign_dsl.language.catalog.engines import EngineSettings
    from campaign_dsl.language.catalog.stored import Inventory

BATCH_ROWS = 100_000


class DuckDBEngine:
    """Opens a DuckDB file for reading, with no way from SQL to files, networks or Python variables.

    Args:
        database: the file.
        threads: how many threads a query may use; None leaves it to DuckDB.
        memory_mb: how much memory it may use, what it keeps of the file included; None leaves it to DuckDB.

    Raises:
        EnvironmentProblem: the file is missing, locked by another process, or not a DuckDB file.
    """

    name: ClassVar[str] = "duckdb"
    dialect: ClassVar[str] = "duckdb"

    def __init__(self, database: Path, threads: int | None = None, memory_mb: int | None = None) -> None:
        if not database.is_file():
            raise EnvironmentProblem(
                f"the database `{database}` {'is a folder' if database.is_dir() else 'does not exist'}",
                help="check `engine: database:` in workspace.yaml; `campaign init DIR --sample` lays out one with data",
                code="ENV002",
            )
        self._database = database
        # From the beginning, not after it is open: a file of another kind would have DuckDB fetch what reads it.
        self._config: dict[str, str | bool | int | float | list[str]] = {
            "enable_external_access": False,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
        if threads is not None:
            self._config["threads"] = threads
        if memory_mb is not None:
            self._config["memory_limit"] = f"{memory_mb}MB"
        self._disabled: tuple[str, ...] = ()
        self._connection = self._connect()

    @classmethod
    def of(cls, settings: EngineSettings, root: Path) -> DuckDBEngine:
        """The engine that ``settings`` describe."""
        assert settings.database is not None
        return cls(root / settings.database, settings.threads, settings.memory_mb)

    def _connect(self) -> duckdb.DuckDBPyConnection:
        import duckdb

        try:
            connection = duckdb.connect(str(self._database), read_only=True, config=self._config)
        except duckdb.Error as error:
            said = str(error).lower()
            locked, other = "could not set lock" in said, "extension" in said
            what = "another process is writing to it" if locked else "it is of another kind" if other else _first(error)
            raise EnvironmentProblem(
                f"cannot open the database `{self._database}`: {what}",
                help="wait until the other process has finished, then run again" if locked else "is it a DuckDB file?",
                code="ENV003",
            ) from error
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute("SET disabled_optimizers = '" + ",".join(self._disabled) + "'")
        connection.execute("SET lock_configuration = true")
        return connection

    def read(self, query: str, relations: Mapping[str, pa.Table] | None = None) -> pa.RecordBatchReader:
        """Run one query and stream its rows.

        Args:
            relations: registered as views of the connection, until their query has been read. DuckDB reads them where
                they are.

        Raises:
            DataProblem: the tables are not as the catalog says.
            EnvironmentProblem: the engine ran out of something, or was interrupted.
        """
        import duckdb
        import pyarrow as pa

        with _explained():
            try:
                reader = self._run(query, relations)
            except duckdb.InternalException:
                # Some joins trip DuckDB 2.0's optimizer (duckdb/duckdb#24807). The database is unusable after that:
                # open it again, and keep the joins in the order they are written.
                self._connection.close()
                self._disabled = ("join_order", "build_side_probe_side")
                self._connection = self._connect()
                reader = self._run(query, relations)
        return pa.RecordBatchReader.from_batches(reader.schema, self._guarded(reader, relations or {}))

    def _run(self, query: str, relations: Mapping[str, pa.Table] | None) -> pa.RecordBatchReader:
        """The beginning of an answer. DuckDB does not see Ctrl-C while it works, so it works in a thread of its own."""
        for name, rows in (relations or {}).items():
            self._connection.register(name, rows)
        return interruptible(
            lambda: self._connection.sql(query).to_arrow_reader(BATCH_ROWS), lambda: self._connection.interrupt()
        )

    def tables(self) -> Inventory:
        """The tables and views of the file."""
        from campaign_dsl.language.catalog.stored import Inventory, StoredColumn, sayable, tables_of
        from campaign_dsl.run.engines.types import stored_type

        rows = self.read(
            "SELECT database_name, schema_name, table_name, column_name, data_type, is_nullable,"
            " schema_name = current_schema() AS home FROM duckdb_columns()"
            " WHERE NOT internal AND database_name = current_database()"
            " ORDER BY schema_name, table_name, column_index"
        )
        found = []
        for database, schema, table, column, type_, nullable, home in _rows(rows):
            parts: list[tuple[str, ...]] = [(table,)] if home else []
            parts += [(schema, table), (database, schema, table)]
            names = tuple(".".join(each) for each in parts if sayable(*each))
            found.append((names, f"{schema}.{table}", StoredColumn(column, stored_type(type_, self.dialect), nullable)))
        return Inventory(tables_of(found), ignores_case=True)

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def _guarded(self, reader: pa.RecordBatchReader, relations: Iterable[str]) -> Iterator[pa.RecordBatch]:
        """The batches of a stream; what breaks half-way is explained as what breaks at once."""
        with _explained():
            yield from reader
            for name in relations:
                self._connection.unregister(name)


def _rows(reader: pa.RecordBatchReader) -> Iterator[tuple[Any, ...]]:
    for batch in reader:
        yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)


@contextmanager
def _explained() -> Iterator[None]:
    import duckdb

    try:
        yield
    except (duckdb.CatalogException, duckdb.BinderException) as error:
        raise tables_differ(_first(error)) from error
    except (duckdb.ConversionException, duckdb.InvalidInputException) as error:
        raise unreadable(_first(error)) from error
    except duckdb.InterruptException as error:
        raise KeyboardInterrupt from error
    except (duckdb.Error, OSError) as error:
        raise EnvironmentProblem("the query failed: " + _first(error), code="ENV004") from error
    except RuntimeError as error:
        # The Python client reports Ctrl-C during a query as a plain RuntimeError.
        if "interrupt" in str(error).lower():
            raise KeyboardInterrupt from error
        raise


def _first(error: Exception) -> str:
    """The first line of DuckDB's message, without its category."""
    line = str(error).strip().split("\n", 1)[0]
    return line.partition("Error: ")[2] or line
