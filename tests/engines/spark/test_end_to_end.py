"""The sample's campaigns on Spark: its world as files of a lake, the same decisions as on DuckDB."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sample_shop import Shop, decisions

from campaign_dsl.run.engines.protocol import Engine
from campaign_dsl.run.targets import open_engine
from conftest import alone

NAMES = ["win_back", "abandoned_cart", "fifth_coffee", "weekly_special", "fathers_day", "top_customers", "welcome"]
"""Campaigns of every kind of behavior; `campaigns/` has more like them."""


def test_plan_and_run_decide_as_on_duckdb(shop: Shop, capfd: pytest.CaptureFixture[str]) -> None:
    alone()
    assert decisions(shop, "spark") == decisions(shop, "local")
    assert tuple(capfd.readouterr()) == ("", ""), "Spark says nothing on the terminal"


@pytest.fixture(scope="module")
def engines(shop: Shop) -> Iterator[tuple[Engine, Engine]]:
    """DuckDB and Spark."""
    alone()
    with open_engine(shop.target("local"), shop.root) as one, open_engine(shop.target("spark"), shop.root) as other:
        yield one, other


@pytest.mark.parametrize("name", NAMES)
def test_its_answer_is_that_of_duckdb(shop: Shop, engines: tuple[Engine, Engine], name: str) -> None:
    expected, found = (shop.answer(engine, name) for engine in engines)
    assert found == expected
    assert found["totals"]["customers"] > 2_000
