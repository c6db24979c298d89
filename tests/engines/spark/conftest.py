"""A lake of Parquet files, and one engine for the tests of a module: Spark has one session in a process."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import warehouse
from sample_shop import Shop, shop_in
from spark_warehouse import SETTINGS

from campaign_dsl.run.engines.spark import SparkEngine

MORNING = datetime(2026, 6, 15, 8, 0, 0, 1, tzinfo=UTC)
CUSTOMERS = pa.table(
    {
        "id": pa.array(["a", "b"]),
        "points": pa.array([1, None], pa.int32()),
        "big": pa.array([2**63 - 1, 0]),
        "spent": pa.array([Decimal("12.50"), None], pa.decimal128(12, 2)),
        "born": pa.array([date(2000, 2, 29), None]),
        "seen": pa.array([MORNING, None], pa.timestamp("us", "UTC")),
        "naive": pa.array([MORNING.replace(tzinfo=None), None], pa.timestamp("us")),
        "vip": pa.array([True, None]),
        "ratio": pa.array([0.5, None]),
        "likes": pa.array([["tea", None], []], pa.list_(pa.string())),
        "home": pa.array(
            [{"city": "Köln", "floor": 3}, None], pa.struct([("city", pa.string()), ("floor", pa.int32())])
        ),
        "number": pa.array(["7", "seven"]),
    }
)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Spark's own tests run with `--engine spark`: a session takes long to begin."""
    return True if collection_path.suffix == ".py" and config.getoption("--engine") != "spark" else None


@pytest.fixture(scope="session")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`customers`, `crm.orders`, and `events` in a folder for each day."""
    root = tmp_path_factory.mktemp("lake")
    put(root / "customers", CUSTOMERS)
    put(root / "crm" / "orders", pa.table({"owner": ["a", "a", "b"], "total": [1, 2, 3]}))
    for day in ("2026-06-14", "2026-06-15"):
        put(root / "events" / f"day={day}", pa.table({"customer_id": ["a", "b"], "event_id": [f"{day}/1", f"{day}/2"]}))
    (root / "_SUCCESS").touch()
    (root / "empty").mkdir()
    return root


def put(folder: Path, rows: pa.Table, name: str = "part-0.parquet") -> None:
    """Rows as a file of a table."""
    folder.mkdir(parents=True, exist_ok=True)
    pq.write_table(rows, folder / name)


def alone() -> None:
    """Closes what tests of other modules have open."""
    if warehouse.warehouse.cache_info().currsize and warehouse.CHOSEN[0] == "spark":
        warehouse.warehouse().close()  # type: ignore[attr-defined]
        warehouse.warehouse.cache_clear()
        warehouse._latest.clear()


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """The sample's workspace."""
    return shop_in(tmp_path_factory.mktemp("sample") / "shop")


@pytest.fixture(scope="module")
def engine(lake: Path) -> Iterator[SparkEngine]:
    """Asks the lake."""
    alone()
    opened = SparkEngine("local[2]", lake=str(lake), settings=SETTINGS)
    yield opened
    opened.close()
