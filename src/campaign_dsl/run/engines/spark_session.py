"""One Spark session: found a Java for, started in silence, set to what the compiled SQL relies on."""

from __future__ import annotations

import logging
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from campaign_dsl.compile.sql.dialects.spark_writer import SETTINGS
from campaign_dsl.run.problems import EnvironmentProblem

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

OLDEST_JAVA = 17
PORT = 7077
"""Of the master of a cluster, when its address does not say."""
REACHED_WITHIN = 5
"""Seconds in which a master answers."""
OFFERED_WITHIN = 60
"""Seconds in which a cluster gives the first executor."""
_NOWHERE = logging.NullHandler()
_STACK = "-Xss64m"
"""Java's patterns recurse, once for each time that a group repeats. Only what is used of it is memory."""
_SILENT = Path(__file__).with_name("spark_log4j2.properties")
_MINE: Mapping[str, str] = {
    **SETTINGS,
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.runSQLOnFiles": "false",  # no query names a file
    "spark.sql.hive.manageFilesourcePartitions": "false",  # folders such as `day=2026-06-15` are found by listing them
    "spark.sql.execution.arrow.maxRecordsPerBatch": "20000",
    "spark.sql.execution.arrow.useLargeVarTypes": "false",
}
"""What nobody may set otherwise."""
_USUAL: Mapping[str, str] = {"spark.app.name": "campaign", "spark.driver.maxResultSize": "0"}
"""What may be set otherwise. Results arrive in parts, so their sum does not matter."""


def started(master: str, settings: Mapping[str, str]) -> SparkSession:
    """A session of a cluster, or of this machine.

    Raises:
        EnvironmentProblem: there is no Java, or the cluster cannot be reached, or gives no executor.
    """
    _java()
    _reached(master)
    with _without_warnings():
        from pyspark import SparkConf, SparkContext
        from pyspark.sql import SparkSession
    # Both would write every error to the terminal, the second by making a handler where there is none.
    logging.getLogger("SQLQueryContextLogger").disabled = True
    logging.getLogger().addHandler(_NOWHERE)

    chosen = {**_USUAL, **settings, **_MINE, "spark.master": master}
    chosen.setdefault("spark.sql.warehouse.dir", str(_folder()))
    if master.startswith("local"):
        # Nobody else is to talk to it.
        chosen = {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1", **chosen}
    silent = f"-Dlog4j2.configurationFile={_SILENT.as_uri()} -Dlog4j2.StatusLogger.level=OFF"
    for whose, options in (("driver", f"{_STACK} {silent}"), ("executor", _STACK)):
        key = f"spark.{whose}.extraJavaOptions"
        chosen[key] = f"{options} {settings.get(key, '')}".strip()
    configuration = SparkConf(loadDefaults=False).setAll(list(chosen.items()))
    with _its_words() as words, _own_signals(), _without_warnings():
        try:
            gateway = SparkContext._gateway or _launched(configuration, words)
            session = SparkSession(SparkContext(gateway=gateway, conf=SparkConf().setAll(list(chosen.items()))))
        except Exception as error:
            raise _not_started(master, error, words) from error
    _offered(session, master, chosen)
    return session


def ended(session: SparkSession) -> None:
    """Ends a session; its Java process stays for the next one, and ends with this process."""
    from py4j.protocol import Py4JError
    from pyspark import SparkContext

    try:
        session.stop()
    except (Py4JError, OSError):  # Java itself has ended: the next session begins with a new one
        process: Any = getattr(SparkContext._gateway, "proc", None)
        SparkContext._gateway = SparkContext._jvm = SparkContext._active_spark_context = None
        type(session)._instantiatedSession = type(session)._activeSession = None
        if process is not None:
            process.kill()
            process.communicate()


def _launched(configuration: Any, words: IO[bytes]) -> Any:
    """The Java process. What it says goes into a file, not to the user's terminal."""
    from pyspark import java_gateway

    launch: Any = java_gateway.launch_gateway
    return launch(configuration, popen_kwargs={"stdout": words, "stderr": subprocess.STDOUT})


@contextmanager
def _its_words() -> Iterator[IO[bytes]]:
    with tempfile.TemporaryFile() as words:
        yield words


@contextmanager
def _without_warnings() -> Iterator[None]:
    """What is loaded, now and when Java is first spoken to, warns of a new pandas, which is not used here."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@contextmanager
def _own_signals() -> Iterator[None]:
    """Spark takes Ctrl-C for itself; it is given back."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    mine = signal.getsignal(signal.SIGINT)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, mine)


_made: list[Path] = []


def _folder() -> Path:
    """Where databases that only name the tables of a lake lie. Nothing is written to it."""
    if not _made:
        _made.append(Path(tempfile.mkdtemp(prefix="campaign-spark-")))
        import atexit

        atexit.register(shutil.rmtree, _made[0], ignore_errors=True)
    return _made[0]


# ------------------------------------------------------------------------------------------------------ before it


def _java() -> None:
    """Refuses a Java that is not there, or too old."""
    home = os.environ.get("JAVA_HOME")
    command = str(Path(home, "bin", "java")) if home else "java"
    wanted = f"install Java {OLDEST_JAVA} or newer (for example the package openjdk-{OLDEST_JAVA}-jre-headless)"
    try:
        said = subprocess.run([command, "-version"], capture_output=True, text=True, timeout=60, check=False)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired) as error:
        where = f"`JAVA_HOME` is `{home}`, and there is none" if home else "there is no `java` on the PATH"
        raise EnvironmentProblem(
            f"the engine `spark` needs Java, and {where}", help=f"{wanted}, or set JAVA_HOME", code="ENV007"
        ) from error
    found = re.search(r'version "(?:1\.)?(\d+)', said.stderr + said.stdout)
    if found is None or int(found[1]) < OLDEST_JAVA:
        version = found[1] if found else "of an unknown version"
        raise EnvironmentProblem(
            f"the engine `spark` needs Java {OLDEST_JAVA} or newer, and `{command}` is Java {version}",
            help=f"{wanted}, or set JAVA_HOME to one",
            code="ENV007",
        )


def _reached(master: str) -> None:
    """Refuses a master that does not answer. Spark itself would try for a minute, and say nothing."""
    if not master.startswith("spark://"):
        return
    hosts = [each.rpartition(":") for each in master.removeprefix("spark://").split(",")]
    for host, colon, port in hosts:
        with suppress(OSError, ValueError):
            place = (host, int(port)) if colon else (port, PORT)
            socket.create_connection(place, timeout=REACHED_WITHIN).close()
            return
    raise EnvironmentProblem(
        f"cannot reach the Spark master `{master}`",
        help="is the cluster running, and is `engine: master:` in workspace.yaml its address?",
        code="ENV003",
    )


def _offered(session: SparkSession, master: str, chosen: Mapping[str, str]) -> None:
    """Waits for an executor. A cluster without a free worker would keep a query waiting for ever."""
    if master.startswith("local") or chosen.get("spark.dynamicAllocation.enabled") == "true":
        return
    until = time.monotonic() + OFFERED_WITHIN
    while session.sparkContext._jsc.sc().getExecutorMemoryStatus().size() < 2:  # the driver is one
        if time.monotonic() > until:
            session.stop()
            raise EnvironmentProblem(
                f"the Spark cluster `{master}` gave no executor in {OFFERED_WITHIN} seconds",
                help="has it a free worker, with the memory that `spark.executor.memory` asks for? `engine: settings:`"
                " in workspace.yaml can ask for less",
                code="ENV003",
            )
        time.sleep(0.1)


def _not_started(master: str, error: Exception, words: IO[bytes]) -> EnvironmentProblem:
    from campaign_dsl.run.engines.spark_errors import first_line

    words.seek(0)
    lines = [line.strip() for line in words.read().decode("utf-8", "replace").splitlines() if line.strip()]
    said = next((line for line in lines if "rror" in line or "xception" in line), None)
    return EnvironmentProblem(
        f"Spark cannot start a session of `{master}`: {said or first_line(error)}",
        help="check `engine: master:` and `engine: settings:` in workspace.yaml",
        code="ENV003",
    )
