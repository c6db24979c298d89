"""The sample's campaigns on ClickHouse: what is found, planned and decided is what it is on DuckDB."""

from __future__ import annotations

from pathlib import Path

import pytest
from clickhouse_warehouse import fill
from sample_run import elsewhere, same_customers, same_decisions, sample, tables


@pytest.fixture(scope="module")
def shops(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The same workspace on DuckDB and on ClickHouse."""
    root = sample(tmp_path_factory.mktemp("shops"))
    there = elsewhere(root, {"kind": "clickhouse", "path": "data/warehouse"})
    fill(there / "data" / "warehouse", tables(root))
    return root, there


def test_every_campaign_of_the_sample_finds_the_same_customers(shops: tuple[Path, Path]) -> None:
    same_customers(shops)


def test_plans_and_runs_decide_the_same(shops: tuple[Path, Path]) -> None:
    same_decisions(shops)
