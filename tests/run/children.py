"""Processes that run or dispatch and can be killed on the way.

One helper process imports everything once and forks a child for each piece of work, so that hundreds of kills cost
little. The helper itself has no threads and opens no ledger.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import worlds

HERE = Path(__file__).parent


class Children:
    """The test's side: start pieces of work, kill them, and learn how they ended."""

    def __init__(self, helper: subprocess.Popen[str]) -> None:
        self._helper = helper

    def start(self, **work: Any) -> int:
        """Begin a piece of work (see `_work`) in a process of its own, and say its id."""
        return int(self._ask(work))

    def wait(self, pid: int) -> tuple[int, dict[str, Any]]:
        """How the process ended (negative: the signal that killed it), and what it answered."""
        code, answer = self._ask({"wait": pid})
        return code, answer

    def run(self, **work: Any) -> tuple[int, dict[str, Any]]:
        return self.wait(self.start(**work))

    def _ask(self, command: dict[str, Any]) -> Any:
        assert self._helper.stdin is not None
        assert self._helper.stdout is not None
        self._helper.stdin.write(json.dumps(command) + "\n")
        self._helper.stdin.flush()
        return json.loads(self._helper.stdout.readline())


@contextmanager
def children() -> Iterator[Children]:
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(HERE), str(HERE / "dispatch"), *sys.path])}
    with subprocess.Popen(
        [sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
    ) as helper:
        yield Children(helper)
        assert helper.stdin is not None
        helper.stdin.close()


# ------------------------------------------------------------------------------------------------- the helper's side


def _serve() -> None:
    import adbc_driver_sqlite.dbapi
    import psycopg
    import sqlglot.dialects

    assert psycopg
    assert adbc_driver_sqlite.dbapi
    assert sqlglot.dialects
    answers: dict[int, int] = {}
    for line in sys.stdin:
        command = json.loads(line)
        if "wait" in command:
            pid = command["wait"]
            code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
            with os.fdopen(answers.pop(pid)) as pipe:
                text = pipe.read()
            print(json.dumps([code, json.loads(text) if text else {}]), flush=True)
            continue
        reading, writing = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(reading)
            _child(command, writing)
        os.close(writing)
        answers[pid] = reading
        print(pid, flush=True)


def _child(command: dict[str, Any], writing: int) -> None:
    code = 0
    try:
        answer = _work(**command)
    except BaseException as error:
        code = 1
        answer = {"error": type(error).__name__, "code": getattr(error, "code", None), "message": str(error)}
    os.write(writing, json.dumps(answer).encode())
    os._exit(code)


def _work(
    path: str,
    action: str = "run",
    rows: list[dict[str, Any]] | int = 0,
    plan: dict[str, Any] | None = None,
    as_of: str | None = None,
    kill_at: int | None = None,
    biggest_file: int | None = None,
    user: int | None = None,
    busy_timeout: float = 30.0,
    endpoint: int = 0,
) -> dict[str, Any]:
    """Run or dispatch.

    Args:
        rows: candidates, or how many of them.
        kill_at: kill this process with SIGKILL at the n-th SQL statement, from 1.
        biggest_file: bytes a file may have; a larger one fails as on a full disk.
        user: id of the user to become.
        endpoint: port of the server that dispatch sends to.
    """
    if biggest_file is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (biggest_file, biggest_file))
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    if user is not None:
        os.setuid(user)
    counted = _count_statements(kill_at)
    moment = worlds.AS_OF if as_of is None else datetime.fromisoformat(as_of)
    with worlds.open_ledger(Path(path), busy_timeout=busy_timeout) as ledger:
        if action == "dispatch":
            import servers

            from campaign_dsl.run.dispatch import dispatch

            server = servers.Server(port=endpoint)
            providers = {"braze": server.braze(), "middleware": server.webhook()}
            policies = dict.fromkeys(providers, servers.eager())
            done = dispatch(ledger, providers, now=moment, policies=policies, patience_seconds=1)
            return {"accepted": done.accepted, "interrupted": done.interrupted, "statements": counted()}
        candidates = worlds.crowd(rows) if isinstance(rows, int) else rows
        result = worlds.run(ledger, candidates, worlds.plan(**(plan or {})), moment)
        return {
            "decided": result.funnel["decided"],
            "already_done": result.already_done,
            "resumed": result.resumed,
            "statements": counted(),
        }


def _count_statements(kill_at: int | None) -> Callable[[], int]:
    import psycopg

    from campaign_dsl.run.ledger.stores import sqlite

    seen = 0

    def count(*_: Any) -> None:
        nonlocal seen
        seen += 1
        if seen == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)

    connect = sqlite.connect

    def watched(*arguments: Any) -> Any:
        connection = connect(*arguments)
        connection.set_trace_callback(count)
        return connection

    def counted(ask: Callable[..., Any]) -> Callable[..., Any]:
        def asked(*arguments: Any, **options: Any) -> Any:
            count()
            return ask(*arguments, **options)

        return asked

    sqlite.connect = watched
    for name in ("execute", "executemany"):
        setattr(psycopg.Cursor, name, counted(getattr(psycopg.Cursor, name)))
    return lambda: seen


if __name__ == "__main__":
    _serve()
