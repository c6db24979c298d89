"""ClickHouse as an engine: a folder, embedded through chdb, or a server. Asked for reading only."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Protocol

from campaign_dsl.run.engines.clickhouse_session import COLUMNS, checked, inventory, no_database
from campaign_dsl.run.problems import DataProblem, EnvironmentProblem
from campaign_dsl.run.secrets import secret

if TYPE_CHECKING:
    import pyarrow as pa

    from campaign_dsl.language.catalog.engines import EngineSettings
    from campaign_dsl.language.catalog.stored import Inventory


_ASKS = re.compile(r"(\s|--[^\n]*\n|/\*.*?\*/)*(SELECT|WITH)\b", re.DOTALL)


class Source(Protocol):
    """Where a ClickHouse is asked."""

    def read(self, query: str, relations: Mapping[str, pa.Table]) -> pa.RecordBatchReader: ...

    def close(self) -> None: ...


class ClickHouseEngine:
    """Asks a ClickHouse, wherever it is.

    Args:
        source: a folder or a server.
        database: the tables of which database.

    Raises:
        EnvironmentProblem: it is too old, or has no such database.
    """

    name: ClassVar[str] = "clickhouse"
    dialect: ClassVar[str] = "clickhouse"

    def __init__(self, source: Source, database: str = "default") -> None:
        self._source = source
        try:
            answer = self.read("SELECT version() AS version, currentDatabase() AS database").read_all().to_pylist()[0]
            checked(answer["version"])
            if answer["database"] != database:
                raise no_database(database)
        except DataProblem as error:
            source.close()
            raise no_database(database) from error
        except BaseException:
            source.close()
            raise

    @classmethod
    def of(cls, settings: EngineSettings, root: Path) -> ClickHouseEngine:
        """The engine that ``settings`` describe."""
        database = settings.database or "default"
        if settings.path is not None:
            from campaign_dsl.run.engines.clickhouse_embedded import Folder

            return cls(Folder(root / settings.path, database, settings.timeout_seconds, settings.memory_mb), database)
        from campaign_dsl.run.engines.clickhouse_server import Server

        assert settings.host is not None
        return cls(
            Server(
                settings.host,
                port=settings.port,
                database=database,
                user=settings.user,
                password=None if settings.password is None else secret(settings.password, "engine.password", root),
                secure=settings.secure or False,
                timeout_seconds=settings.timeout_seconds,
                memory_mb=settings.memory_mb,
            ),
            database,
        )

    def read(self, query: str, relations: Mapping[str, pa.Table] | None = None) -> pa.RecordBatchReader:
        """Run one query and stream its rows.

        Args:
            relations: temporary tables of this query, which nobody else sees.

        Raises:
            DataProblem: the tables are not as the catalog says, or a value is not of its declared type.
            EnvironmentProblem: the query failed.
        """
        if not _ASKS.match(query):
            # What `readonly` lets through all the same: `INSERT INTO FUNCTION file(...)`, and temporary tables.
            raise EnvironmentProblem("the query failed: it is none that gives rows", code="ENV004")
        return self._source.read(query, relations or {})

    def tables(self) -> Inventory:
        """The tables and views of all databases that may be read."""
        return inventory(self.read(COLUMNS))

    def close(self) -> None:
        """Close the folder, or the connections to the server."""
        self._source.close()
