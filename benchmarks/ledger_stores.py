"""From decisions to ledger and outbox on both stores, beside plain copies of the same rows."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from floors import HERE
from measuring import Case, measure, write

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "warehouses"))

from postgres_server import Server

NOTES = (
    "Decisions come as Arrow, made part by part; each gives points, an offer, a tag, a message: 4 effects, and a row "
    "each in the tables of transfers, offers, tags and messages. A new ledger each time.",
    "`copy`: the same rows of a finished ledger with `INSERT ... SELECT` into tables without keys and guards, in "
    "one transaction, on the same store. `stream`: the decisions alone, by ADBC into one such table.",
    "Memory is that of the client. Both commit durably (`synchronous = FULL`; `fsync`, `synchronous_commit` on). "
    "The PostgreSQL server runs on the same processors, with 256 MB of shared buffers.",
)


class Durable(Server):
    """The tests' server, but as one that is to be trusted."""

    def start(self) -> None:
        options = f"-h '' -k {self.host} -p {self.port} -c shared_buffers=256MB -c max_wal_size=4GB"
        self._run("pg_ctl", "-w", "-D", str(self._data), "-l", str(self.host / "log"), "-o", options, "start")


def cases(count: int, scratch: Path, server: Server) -> list[Case]:
    """Each store's run, and its floors."""
    program = [sys.executable, HERE / "ledgers.py"]
    schema = f"{server.host}/campaign"

    def forget_files() -> None:
        for path in scratch.glob("*.sqlite*"):
            path.unlink()

    def forget(*schemas: str) -> Callable[[], None]:
        def drop() -> None:
            with server.connect("ledgers") as connection:
                connection.execute("DROP TABLE IF EXISTS streamed")
                for each in schemas:
                    connection.execute(f"DROP SCHEMA IF EXISTS {each} CASCADE".encode())
                connection.execute("CHECKPOINT")

        return drop

    runs = forget("campaign", "campaign_staging")
    return [
        Case("copy, sqlite", [*program, "copy", scratch / "done" / "ledger.sqlite"], None, lambda: _unlink(scratch)),
        Case("stream, sqlite", [*program, "stream", scratch / "s.sqlite", str(count)], None, forget_files),
        Case("run, sqlite", [*program, "run", scratch / "r.sqlite", str(count)], "copy, sqlite", forget_files),
        Case("copy, postgres", [*program, "copy", f"{server.host}/finished"], None, forget("copied")),
        Case("stream, postgres", [*program, "stream", schema, str(count)], None, forget()),
        Case("run, postgres", [*program, "run", schema, str(count)], "copy, postgres", runs),
    ]


def _unlink(scratch: Path) -> None:
    (scratch / "done" / "copy.sqlite").unlink(missing_ok=True)


def main(rounds: int = 3, count: int = 1_000_000) -> None:

    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        (scratch / "done").mkdir()
        server = Durable()
        try:
            server.database("ledgers")
            program = [sys.executable, str(HERE / "ledgers.py"), "run"]
            for done in (str(scratch / "done" / "ledger.sqlite"), f"{server.host}/finished"):
                subprocess.run([*program, done, str(count)], check=True)
            chosen = cases(count, scratch, server)
            times = measure(chosen, rounds, warm=False)
        finally:
            server.end()
    write("ledger_stores", f"{count:,} decisions into a ledger", chosen, times, NOTES, (count, "decisions"))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
