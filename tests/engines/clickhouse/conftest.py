"""What tests of this folder share: a process uses one folder of ClickHouse at a time."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
import warehouse

for folder in (Path(__file__).parents[2] / "doors", Path(__file__).parent):
    sys.path.insert(0, str(folder))


@pytest.fixture(autouse=True, scope="module")
def alone() -> None:
    """Closes what tests of other folders have open."""
    if warehouse.warehouse.cache_info().currsize and warehouse.CHOSEN[0] == "clickhouse":
        warehouse.warehouse().close()  # type: ignore[attr-defined]
        warehouse.warehouse.cache_clear()
        warehouse._latest.clear()
