"""DuckDB as an engine: embedded, read only, locked down."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from campaign_dsl.run.problems import DataProblem, EnvironmentProblem

if TYPE_CHECKING:
    import pyarrow as pa

BATCH_ROWS = 100_000


class DuckDBEngine:
    """Opens a DuckDB file for reading, with no way from SQL to files, networks or Python variables.

    Args:
        database: the file.
        threads: how many threads a query may use; None leaves it to DuckDB.

    Raises:
        EnvironmentProblem: the file is missing, locked by another process, or not a DuckDB file.
    """

    name: ClassVar[str] = "duckdb"
    dialect: ClassVar[str] = "duckdb"

    def __init__(self, database: Path, threads: int | None = None) -> None:
        import duckdb

        if not database.is_file():
            raise EnvironmentProblem(
                f"the database `{database}` does not exist",
                help="check `engine: database:` in workspace.yaml; `campaign init DIR --sample` lays out one with data",
                code="ENV002",
            )
        config: dict[str, str | int] = {} if threads is None else {"threads": threads}
        try:
            self._connection = duckdb.connect(str(database), read_only=True, config=config)
        except duckdb.Error as error:
            locked = "lock" in str(error).lower()
            raise EnvironmentProblem(
                f"cannot open the database `{database}`: " + ("another process is writing to it" if locked else _first(error)),
                help="wait until the other process has finished, then run again" if locked else "is it a DuckDB file?",
                code="ENV003",
            ) from error
        self._connection.execute("SET TimeZone = 'UTC'")
        self._connection.execute("SET enable_external_access = false")
        self._connection.execute("SET lock_configuration = true")

    def read(self, query: str) -> pa.RecordBatchReader:
        """Run one query and stream its rows.

        Raises:
            DataProblem: the tables are not as the catalog says.
            EnvironmentProblem: the engine ran out of something, or was interrupted.
        """
        import duckdb

        try:
            relation = self._connection.sql(query)
            return relation.to_arrow_reader(BATCH_ROWS)
        except (duckdb.CatalogException, duckdb.BinderException) as error:
            raise DataProblem(
                "the tables are not as the catalog says: " + _first(error),
                help="compare catalog.yaml with the tables of this target",
                code="DAT002",
            ) from error
        except (duckdb.ConversionException, duckdb.InvalidInputException) as error:
            raise DataProblem("a value cannot be read as its declared type: " + _first(error), code="DAT003") from error
        except duckdb.Error as error:
            raise EnvironmentProblem("the query failed: " + _first(error), code="ENV004") from error

    def close(self) -> None:
        self._connection.close()


def _first(error: Exception) -> str:
    """The first line of DuckDB's message, without its category."""
    line = str(error).strip().split("\n", 1)[0]
    return line.partition("Error: ")[2] or line
