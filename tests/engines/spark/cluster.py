"""A standalone cluster on this machine: one master, two workers with one core each, from the files of pyspark."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pyspark

_HOME = Path(pyspark.__file__).parent
_QUICK = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
_SPACE = {"SPARK_DAEMON_MEMORY": "192m", "SPARK_DAEMON_JAVA_OPTS": _QUICK}
HERE = "127.0.0.1"
SETTINGS = {
    "spark.driver.host": HERE,
    "spark.driver.bindAddress": HERE,
    "spark.driver.memory": "1g",
    "spark.driver.extraJavaOptions": _QUICK,
    "spark.executor.memory": "512m",
    "spark.executor.extraJavaOptions": _QUICK,
    "spark.sql.shuffle.partitions": "2",
}


@contextmanager
def cluster(folder: Path) -> Iterator[str]:
    """The address of its master. All of it has ended at the end."""
    with socket.socket() as free:
        free.bind((HERE, 0))
        port = free.getsockname()[1]
    master = f"spark://{HERE}:{port}"
    with ExitStack() as stack:
        stack.enter_context(_process(folder, "master", "deploy.master.Master", "--port", str(port)))
        _until_it_answers(port)
        for number in (1, 2):
            place = ["--cores", "1", "--memory", "600m", "--work-dir", str(folder / f"work-{number}"), master]
            stack.enter_context(_process(folder, f"worker-{number}", "deploy.worker.Worker", *place))
        yield master


@contextmanager
def _process(folder: Path, name: str, kind: str, *more: str) -> Iterator[None]:
    command = [str(_HOME / "bin" / "spark-class"), f"org.apache.spark.{kind}", "--host", HERE, "--webui-port", "0"]
    environment = {**os.environ, **_SPACE, "SPARK_HOME": str(_HOME), "SPARK_LOCAL_IP": HERE}
    with (folder / f"{name}.log").open("wb") as log:
        process = subprocess.Popen([*command, *more], env=environment, stdout=log, stderr=subprocess.STDOUT)
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _until_it_answers(port: int) -> None:
    until = time.monotonic() + 120
    while True:
        try:
            socket.create_connection((HERE, port), timeout=1).close()
            return
        except OSError:
            assert time.monotonic() < until, "the master does not answer"
            time.sleep(0.2)
