"""Spark as an engine: a session of this machine or of a cluster, that asks a lake of Parquet files or a database."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from campaign_dsl.run.engines.spark_errors import explained, first_line
from campaign_dsl.run.engines.spark_lake import Lake
from campaign_dsl.run.engines.spark_parts import Parts, apart
from campaign_dsl.run.engines.spark_session import ended, started
from campaign_dsl.run.problems import EnvironmentProblem

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame, SparkSession

    from campaign_dsl.language.catalog.engines import EngineSettings
    from campaign_dsl.language.catalog.stored import Inventory

_URL = re.compile(r"[a-z][a-z0-9+.-]+:")
_QUOTED = re.compile(r"`((?:[^`]|``)*)`")
_open: list[SparkEngine] = []


class SparkEngine:
    """Asks Spark. What it is asked are queries: everything else is refused.

    Spark has one session in a process, so there is one engine at a time.

    Args:
        master: `local[*]`, or the cluster.
        lake: folder or URL with a folder of Parquet files for each table; of `schema.table` in a folder of the schema.
        database: the database of Spark's catalog, when there is no lake.
        settings: configuration of the session.

    Raises:
        EnvironmentProblem: there is no Java, the cluster cannot be reached, the lake or database does not exist.
    """

    name: ClassVar[str] = "spark"
    dialect: ClassVar[str] = "spark"

    def __init__(
        self,
        master: str,
        lake: str | None = None,
        database: str | None = None,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        if _open:
            raise EnvironmentProblem(
                "Spark has one session in a process, and another one is open",
                help="ask one target after the other",
                code="ENV003",
            )
        if lake is not None and not _URL.match(lake) and not Path(lake).is_dir():
            raise EnvironmentProblem(
                f"the lake `{lake}` does not exist", help="check `engine: lake:` in workspace.yaml", code="ENV002"
            )
        self._session: SparkSession = started(master, settings or {})
        self._lake = None if lake is None else Lake(self._session, lake)
        _open.append(self)
        try:
            with explained():
                self._enter(database)
        except BaseException:
            self.close()
            raise

    @classmethod
    def of(cls, settings: EngineSettings, root: Path) -> SparkEngine:
        """The engine that ``settings`` describe."""
        assert settings.master is not None
        lake = settings.lake
        if lake is not None and not _URL.match(lake):
            lake = str((root / lake).absolute())
        return cls(settings.master, lake, settings.database, settings.settings)

    def _enter(self, database: str | None) -> None:
        if database is None:
            return
        try:
            self._session.catalog.setCurrentDatabase(database)
        except Exception as error:
            raise EnvironmentProblem(
                f"the database `{database}` cannot be used: {first_line(error)}",
                help="check `engine: database:` in workspace.yaml; `engine: settings:` says where Spark's catalog is",
                code="ENV002",
            ) from error

    def read(self, query: str, relations: Mapping[str, pa.Table] | None = None) -> pa.RecordBatchReader:
        """Run one query and stream its rows, a part of the result after the other.

        Args:
            relations: views of the session, until the query is planned: its plan holds their rows.

        Raises:
            DataProblem: the tables are not as the catalog says, or a value cannot be read.
            EnvironmentProblem: the query failed, or was no query.
        """
        import pyarrow as pa
        from pyspark.sql.pandas.types import to_arrow_schema

        def run() -> tuple[pa.Schema, Parts]:
            self._session._jsparkSession.sessionState().sqlParser().parseQuery(query)
            frame = self._planned(query, relations or {})
            return to_arrow_schema(frame.schema, timezone="UTC"), Parts(self._session, frame)

        with explained():
            schema, parts = apart(self._session, run)
        return pa.RecordBatchReader.from_batches(schema, parts.batches(schema))

    def _planned(self, query: str, relations: Mapping[str, pa.Table]) -> DataFrame:
        for name, rows in relations.items():
            self._session.createDataFrame(rows).createOrReplaceTempView(name)
        try:
            return self._analysed(query)
        finally:
            for name in relations:
                self._session.catalog.dropTempView(name)

    def _analysed(self, query: str) -> DataFrame:
        """The query, when the tables it names are known; those of a lake become known when they are first asked for."""
        from pyspark.errors import AnalysisException

        met: set[str] = set()
        while True:
            try:
                return self._session.sql(query)
            except AnalysisException as error:
                name = (error.getMessageParameters() or {}).get("relationName", "")
                missing = error.getCondition() == "TABLE_OR_VIEW_NOT_FOUND"
                if self._lake is None or not missing or name in met:
                    raise
                met.add(name)
                self._lake.enter([part.replace("``", "`") for part in _QUOTED.findall(name)])

    def tables(self) -> Inventory:
        """The tables and views of the lake or of the database."""
        from campaign_dsl.language.catalog.stored import Inventory, StoredColumn, sayable, tables_of
        from campaign_dsl.run.engines.types import stored_type

        found = []
        with explained():
            for parts, frame in self._frames():
                called = [parts, parts[-1:]] if self._lake is None else [parts]
                names = tuple(".".join(each) for each in reversed(called) if sayable(*each))
                for field in frame.schema.fields:
                    type_ = stored_type(field.dataType.simpleString(), self.dialect)
                    found.append((names, ".".join(parts), StoredColumn(field.name, type_, field.nullable)))
        return Inventory(tables_of(found), ignores_case=True)

    def _frames(self) -> Iterator[tuple[tuple[str, ...], DataFrame]]:
        if self._lake is not None:
            yield from self._lake.tables()
            return
        catalog = self._session.catalog
        database = catalog.currentDatabase()
        for table in catalog.listTables(database):
            if not table.isTemporary:
                name = ".".join(f"`{part.replace('`', '``')}`" for part in (database, table.name))
                yield (database, table.name), self._session.table(name)

    def close(self) -> None:
        """End the session."""
        if self in _open:
            _open.remove(self)
            ended(self._session)
