"""A ClickHouse server, asked over HTTP through clickhouse-connect."""

from __future__ import annotations

import logging
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from campaign_dsl.run.engines.clickhouse_session import (
    NO_RIGHT_TO_SETTINGS,
    SESSION,
    UNKNOWN_DATABASE,
    as_stream,
    code_of,
    columns,
    memory,
    no_database,
    problem,
)
from campaign_dsl.run.problems import EnvironmentProblem

if TYPE_CHECKING:
    import pyarrow as pa

# What it logs is raised, too. Without a handler Python would print it.
logging.getLogger("clickhouse_connect").addHandler(logging.NullHandler())

CONNECT_SECONDS = 10
_NO_LIMIT = 86_400
_PATIENCE = 30
"""Seconds beside the query's own time before the connection counts as lost."""


class Server:
    """Every query is sent on a connection of its own, with all settings it needs; nothing is left on the server.

    Args:
        database: the tables of which database.
        timeout_seconds: how long a query may take.
        memory_mb: how much memory it may take; None leaves that to the server.

    Raises:
        EnvironmentProblem: nobody answers there, or the user is refused.
    """

    def __init__(
        self,
        host: str,
        *,
        port: int | None = None,
        database: str = "default",
        user: str | None = None,
        password: str | None = None,
        secure: bool = False,
        timeout_seconds: int | None = None,
        memory_mb: int | None = None,
    ) -> None:
        import clickhouse_connect

        self._where = f"{host}:{port or (8443 if secure else 8123)}"
        with self._explained(database):
            self._client: Any = clickhouse_connect.get_client(
                host=host,
                port=port or (8443 if secure else 8123),
                database=database,
                username=user,
                password=password or "",
                secure=secure,
                connect_timeout=CONNECT_SECONDS,
                send_receive_timeout=(timeout_seconds or _NO_LIMIT) + _PATIENCE,
                autogenerate_session_id=False,  # one session runs one query at a time
                client_name="campaign-dsl",
                settings={
                    **SESSION,
                    "readonly": 2,  # reads, and takes the settings that are part of a query's text
                    "max_execution_time": timeout_seconds or 0,
                    **memory(memory_mb),
                    "cancel_http_readonly_queries_on_client_close": 1,
                    "wait_end_of_query": 1,  # an error comes instead of an answer, never in the middle of one
                },
            )

    def read(self, query: str, relations: Mapping[str, pa.Table]) -> pa.RecordBatchReader:
        """Run one query and stream its rows. Relations are sent along with it."""
        import pyarrow as pa
        from clickhouse_connect.driver.external import ExternalData

        sent = ExternalData()
        for name, rows in relations.items():
            structure = [f"{column} {type_}" for column, type_ in columns(rows)]
            sent.add_file(file_name=name, data=as_stream(rows), fmt="ArrowStream", structure=structure)
        with self._explained():
            body = self._client.raw_stream(query, fmt="ArrowStream", external_data=sent if relations else None)
            try:
                opened = pa.ipc.open_stream(body)
            except BaseException:
                body.close()
                raise

        def batches() -> Iterator[pa.RecordBatch]:
            try:
                with self._explained():
                    yield from opened
            finally:
                body.close()

        return pa.RecordBatchReader.from_batches(opened.schema, batches())

    @contextmanager
    def _explained(self, database: str | None = None) -> Iterator[None]:
        from clickhouse_connect.driver.exceptions import ClickHouseError, ProgrammingError
        from pyarrow import ArrowInvalid
        from urllib3.exceptions import HTTPError

        try:
            yield
        except (ClickHouseError, ArrowInvalid, HTTPError, OSError) as error:
            said = str(error)
            if isinstance(error, ProgrammingError) and said.endswith("is readonly"):
                raise EnvironmentProblem(
                    "ClickHouse refuses: its user may not change settings", help=NO_RIGHT_TO_SETTINGS, code="ENV003"
                ) from None
            if database is not None and code_of(said) == UNKNOWN_DATABASE:
                raise no_database(database) from None
            if code_of(said):
                raise problem(said) from None  # its own text names the host, and the address of the request
            raise self._unreachable(error) from None

    def _unreachable(self, error: BaseException | None) -> EnvironmentProblem:
        what, help = (
            "does not answer as one",
            "check `host`, `port` and `secure` in workspace.yaml, and whether it runs",
        )
        while error is not None:
            if isinstance(error, socket.gaierror):
                what, help = "cannot be found: its host is not known here", "check `host` in workspace.yaml"
            elif isinstance(error, ConnectionRefusedError):
                what, help = (
                    "refuses the connection",
                    "does it run, and are `host` and `port` in workspace.yaml its own?",
                )
            error = error.__cause__ or error.__context__
        return EnvironmentProblem(f"the ClickHouse server at {self._where} {what}", help=help, code="ENV003")

    def close(self) -> None:
        """Close the connections."""
        self._client.close()
