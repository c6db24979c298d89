"""The sample's campaigns on ClickHouse: what is found, planned and decided is what it is on DuckDB."""

from __future__ import annotations

from pathlib import Path

import pytest
from clickhouse_warehouse import fill
from sample_run import RUNS, campaigns, candidates, decided, elsewhere, sample, tables


@pytest.fixture(scope="module")
def shops(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The same workspace on DuckDB and on ClickHouse."""
    root = sample(tmp_path_factory.mktemp("shops"))
    there = elsewhere(root, {"kind": "clickhouse", "path": "data/warehouse"})
    fill(there / "data" / "warehouse", tables(root))
    return root, there


def test_every_campaign_of_the_sample_finds_the_same_customers(shops: tuple[Path, Path]) -> None:
    here, there = (candidates(root, campaigns(root)) for root in shops)
    assert [name for name in here if here[name] != there[name]] == []
    assert sum(count for _, _, count in here.values()) > 2_000


def test_plans_and_runs_decide_the_same(shops: tuple[Path, Path]) -> None:
    here, there = (decided(root, RUNS) for root in shops)
    assert {what for what in here if here[what] != there[what]} == set()
    assert len(here["decisions"]) > 50
    assert len(here["effects"]) > 50
