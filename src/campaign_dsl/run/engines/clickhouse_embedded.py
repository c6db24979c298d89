"""A folder with data of ClickHouse, asked in this process through chdb."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import wait
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlencode

from sqlglot import exp

from campaign_dsl.run.engines.clickhouse_session import (
    SESSION,
    UNKNOWN_DATABASE,
    as_stream,
    code_of,
    columns,
    explained,
    memory,
    no_database,
)
from campaign_dsl.run.engines.waiting import begun
from campaign_dsl.run.problems import Abandoned, EnvironmentProblem

if TYPE_CHECKING:
    import pyarrow as pa

T = TypeVar("T")
BLOCK_ROWS = 8_192
"""So many rows at a time. Results come as large as the blocks are, and several are on their way at once."""
_OCCUPIED = 36
STOP_SECONDS = 2
"""So long a query has to end after Ctrl-C. ClickHouse does not look up from a single long computation."""
_abandoned: list[Any] = []
"""What belongs to queries that have not ended. Closing it, or forgetting it, would wait for them."""


class Folder:
    """The folder is open until it is closed; only one process at a time can use it, and a process only one folder.

    Args:
        path: where chdb, or `clickhouse local`, keeps its data.
        database: the tables of which database.
        timeout_seconds: how long a query may take.
        memory_mb: how much memory it may take; None leaves that to ClickHouse.

    Raises:
        EnvironmentProblem: the folder is missing, or another process uses it, or this process uses another one.
    """

    def __init__(
        self, path: Path, database: str = "default", timeout_seconds: int | None = None, memory_mb: int | None = None
    ) -> None:
        if not (path / "metadata").is_dir():
            raise EnvironmentProblem(
                f"the folder `{path}` is not there, or ClickHouse has no data in it",
                help="check `engine: path:` in workspace.yaml",
                code="ENV002",
            )
        settings = {
            "mode": "ro",
            "database": database,
            **SESSION,
            "max_execution_time": timeout_seconds or 0,
            **memory(memory_mb),
        }
        self._path, self._database = path, database
        self._place = f"{path}?{urlencode(settings)}"
        self._first = self._session()  # keeps the folder open between two queries

    def _session(self) -> Any:
        from chdb.session import Session

        try:
            return Session(self._place)  # type: ignore[no-untyped-call]
        except RuntimeError as error:
            if code_of(str(error)) == UNKNOWN_DATABASE:
                raise no_database(self._database) from error
            if code_of(str(error)) == _OCCUPIED and "different path" in str(error):
                why, help = "this process already uses another folder", "close the other one first"
            else:
                why = "another process may be using it"
                help = "wait until the other process has finished, then run it again; is it a folder of ClickHouse?"
            raise EnvironmentProblem(f"cannot open `{self._path}`: {why}", help=help, code="ENV003") from error

    def read(self, query: str, relations: Mapping[str, pa.Table]) -> pa.RecordBatchReader:
        """Run one query and stream its rows. Each has a session of its own, so that several can be read at once."""
        import pyarrow as pa

        session = self._session()
        try:
            with explained():
                session.query(f"SET max_block_size = {BLOCK_ROWS}")  # chdb takes no heed of it among the settings
                for name, rows in relations.items():
                    _keep(session, name, rows)
                stream = self._interruptible(lambda: session.send_query(query, "Arrow"), query)
                chunk = self._interruptible(stream.fetch, query)
                if chunk is None:  # of no rows a stream does not even say the names of the columns
                    bare = self._interruptible(lambda: session.query(query, "Arrow"), query)
                    session.close()
                    return pa.ipc.open_file(bare.bytes()).read_all().to_reader()
            opened = pa.ipc.open_file(chunk.bytes())
        except Abandoned:
            _abandoned.append(session)
            raise
        except BaseException:
            session.close()
            raise

        def batches() -> Iterator[pa.RecordBatch]:
            here = opened
            try:
                while True:
                    for place in range(here.num_record_batches):
                        yield here.get_batch(place)
                    with explained():
                        following = self._interruptible(stream.fetch, query)
                    if following is None:
                        return
                    here = pa.ipc.open_file(following.bytes())
            except Abandoned:
                _abandoned.extend((session, stream))
                raise
            finally:
                if session not in _abandoned:
                    stream.close()
                    session.close()

        return pa.RecordBatchReader.from_batches(opened.schema, batches())

    def _interruptible(self, asked: Callable[[], T], query: str) -> T:
        """What ``asked`` gives. While chdb works Python sees no Ctrl-C, so it works in another thread.

        Raises:
            Abandoned: Ctrl-C was pressed, and the query did not end soon, or it was pressed again.
        """
        waiting = begun(asked)
        try:
            return waiting.result()
        except KeyboardInterrupt:
            begun(lambda: self._stop(query))
            with suppress(KeyboardInterrupt):
                wait([waiting], STOP_SECONDS)
            if waiting.done():
                raise
            _abandoned.extend((self._first, asked))
            raise Abandoned from None

    def _stop(self, query: str) -> None:
        from chdb.session import Session

        with Session(str(self._path)) as session:  # type: ignore[no-untyped-call]
            session.query("KILL QUERY WHERE query = {query:String} ASYNC", params={"query": query})

    def close(self) -> None:
        """Close the folder."""
        if self._first not in _abandoned:
            self._first.close()


def _keep(session: Any, name: str, rows: pa.Table) -> None:
    """Rows of our own as a temporary table of a session."""
    table = exp.Table(this=exp.to_identifier(name, quoted=True))
    described = exp.Schema(
        this=table,
        expressions=[
            exp.ColumnDef(this=exp.to_identifier(column, quoted=True), kind=exp.DataType.build(type_, "clickhouse"))
            for column, type_ in columns(rows)
        ],
    )
    temporary = exp.Properties(expressions=[exp.TemporaryProperty()])
    made = exp.Create(this=described, kind="TABLE", properties=temporary)
    session.query(made.sql("clickhouse"))
    with session.send_insert(exp.Insert(this=table.copy()).sql("clickhouse"), "ArrowStream") as inserted:
        inserted.append(as_stream(rows))
        inserted.finish()
