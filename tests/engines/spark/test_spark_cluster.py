"""Campaigns on a cluster: one master, two workers; customers and events in a database of Spark's catalog."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import sample_shop
from cluster import SETTINGS, cluster
from expecting import problem, read
from sample_shop import Shop

from campaign_dsl.run.engines import spark_session
from campaign_dsl.run.engines.spark import SparkEngine
from campaign_dsl.run.targets import open_engine
from campaign_dsl.workspace import Workspace
from conftest import alone


@pytest.fixture(scope="module")
def master(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    alone()
    with cluster(tmp_path_factory.mktemp("cluster")) as address:
        yield address


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Settings of a catalog that outlives its sessions: Hive's, in a folder."""
    root = tmp_path_factory.mktemp("catalog")
    return {
        "spark.sql.catalogImplementation": "hive",
        "spark.sql.warehouse.dir": str(root / "warehouse"),
        "spark.hadoop.javax.jdo.option.ConnectionURL": f"jdbc:derby:;databaseName={root / 'metastore'};create=true",
    }


@pytest.fixture(scope="module")
def database(catalog: dict[str, str], shop: Shop) -> str:
    """A database with the tables of the sample."""
    alone()
    engine = SparkEngine("local[1]", lake=str(shop.lake), settings={**SETTINGS, **catalog})
    session = engine._session
    # Java runs already when other tests came first, and takes no options any more.
    log = Path(catalog["spark.sql.warehouse.dir"]).with_name("derby.log")
    session._jvm.java.lang.System.setProperty("derby.stream.error.file", str(log))
    session.sql("CREATE DATABASE stride")
    for folder in sorted(shop.lake.iterdir()):
        session.catalog.createTable(f"stride.{folder.name}", str(folder), "parquet")
    engine.close()
    return "stride"


def test_campaigns_decide_on_two_workers_as_on_duckdb(
    master: str, catalog: dict[str, str], database: str, shop: Shop
) -> None:
    engine = SparkEngine(master, database=database, settings={**SETTINGS, **catalog})
    try:
        both_at_work(engine)
        assert "customers" in {table.name for table in engine.tables().tables}
        assert read(engine, "SELECT COUNT(*) AS n FROM stride.customers").to_pylist()[0]["n"] > 2_000
        with open_engine(shop.target("local"), shop.root) as local:
            for name in ("birthday_gift", "abandoned_cart"):
                assert shop.answer(engine, name) == shop.answer(local, name)
    finally:
        engine.close()


def both_at_work(engine: SparkEngine) -> None:
    until = time.monotonic() + 60
    while engine._session.sparkContext._jsc.sc().getExecutorMemoryStatus().size() < 3:  # the driver is one
        assert time.monotonic() < until, "there is one executor only"
        time.sleep(0.1)


def test_a_campaign_runs_there(master: str, shop: Shop) -> None:
    shop.set_target("cluster", {"kind": "spark", "master": master, "lake": "data/lake", "settings": SETTINGS})
    assert sample_shop.decisions(shop, "cluster", ["run"]) == sample_shop.decisions(shop, "local")


def test_a_cluster_that_has_nothing_free(master: str, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spark_session, "OFFERED_WITHIN", 3)
    with problem("ENV003", "gave no executor", "spark.executor.memory"):
        SparkEngine(master, lake=str(shop.lake), settings={**SETTINGS, "spark.executor.memory": "64g"})
    assert Workspace.load(shop.root).check() == ()
