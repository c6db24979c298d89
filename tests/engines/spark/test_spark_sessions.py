"""How a session begins and ends: without Java, without a cluster, without a lake; and when Java itself ends."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest
from expecting import LONG, problem, read
from spark_warehouse import SETTINGS

from campaign_dsl.run.engines.spark import SparkEngine
from campaign_dsl.run.engines.spark_session import started
from conftest import alone


@pytest.fixture
def nobody() -> None:
    """No session is open."""
    alone()


def java(folder: Path, says: str) -> Path:
    """A command `java` that says its version and can do no more."""
    made = folder / "bin" / "java"
    made.parent.mkdir(parents=True)
    made.write_text(f"#!/bin/sh\necho '{says}' >&2\n", "utf-8")
    made.chmod(0o755)
    return folder


def test_java_that_is_missing_or_too_old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JAVA_HOME", str(tmp_path / "nowhere"))
    with problem("ENV007", "JAVA_HOME", "Java 17"):
        started("local[1]", {})
    monkeypatch.setenv("JAVA_HOME", str(java(tmp_path / "old", 'java version "1.8.0_412"')))
    with problem("ENV007", "is Java 8", "Java 17"):
        started("local[1]", {})
    monkeypatch.delenv("JAVA_HOME")
    monkeypatch.setenv("PATH", str(tmp_path))
    with problem("ENV007", "no `java` on the PATH", "openjdk"):
        started("local[1]", {})


def test_a_master_that_does_not_answer() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    begun = time.monotonic()
    with problem("ENV003", f"spark://127.0.0.1:{port}", "workspace.yaml"):
        started(f"spark://127.0.0.1:{port}", {})
    assert time.monotonic() - begun < 30


def test_a_lake_a_database_or_a_master_that_is_none(nobody: None, tmp_path: Path) -> None:
    with problem("ENV002", "does not exist", "engine: lake:"):
        SparkEngine("local[1]", lake=str(tmp_path / "nowhere"))
    with problem("ENV002", "`shop`", "engine: database:"):
        SparkEngine("local[1]", database="shop", settings=SETTINGS)
    with problem("ENV003", "mesos://x", "engine: master:"):
        SparkEngine("mesos://x", lake=str(tmp_path), settings=SETTINGS)
    with problem("ENV003", "Size must be specified", "engine: settings:"):
        SparkEngine("local[1]", lake=str(tmp_path), settings={**SETTINGS, "spark.executor.memory": "much"})


def opened(lake: Path) -> closing[SparkEngine]:
    return closing(SparkEngine("local[1]", lake=str(lake), settings=SETTINGS))


def test_java_that_ends_during_a_query_and_a_new_one(nobody: None, lake: Path) -> None:
    from pyspark import SparkContext

    with opened(lake) as engine:
        gateway = SparkContext._gateway
        assert gateway is not None
        threading.Timer(2, gateway.proc.kill).start()
        with problem("ENV004", "Java process has ended", "memory"):
            read(engine, LONG)
        gateway.proc.wait()
    with opened(lake) as again:
        assert read(again, "SELECT COUNT(*) AS n FROM customers").to_pylist() == [{"n": 2}]


def test_a_query_that_needs_more_memory_than_there_is(nobody: None, lake: Path) -> None:
    """On this machine it takes Spark's Java process with it."""
    with opened(lake) as engine, problem("ENV004", "memory", "spark.driver.memory"):
        read(engine, "SELECT LENGTH(ARRAY_JOIN(COLLECT_LIST(REPEAT('x', 1000000)), '')) AS n FROM RANGE(2000)")
    with opened(lake) as again:
        assert read(again, "SELECT COUNT(*) AS n FROM customers").to_pylist() == [{"n": 2}]
