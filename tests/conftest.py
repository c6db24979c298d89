"""Options of all tests, and how hard the generated ones try.

`CAMPAIGN_EXAMPLES=5000 pytest tests/compile` tries 5,000 examples of each property instead of a hundred or so.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from hypothesis import settings

sys.path.insert(0, str(Path(__file__).parent / "warehouses"))

# No deadline: other processes on the machine decide how long an example takes.
settings.register_profile("project", deadline=None, max_examples=int(os.environ.get("CAMPAIGN_EXAMPLES", "100")))
settings.load_profile("project")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden", action="store_true", help="write what the compiler makes now as what it should make"
    )
    parser.addoption("--ledger", default="sqlite", help="in which store ledgers of tests are: sqlite or postgres")
    parser.addoption("--engine", default="duckdb", help="whose SQL the tests of meaning run: duckdb, sqlite, ...")


def pytest_configure(config: pytest.Config) -> None:
    from warehouse import CHOSEN

    CHOSEN[0] = config.getoption("--engine")


@pytest.fixture
def update_golden(request: pytest.FixtureRequest) -> bool:
    """Whether golden files are to be rewritten."""
    return bool(request.config.getoption("--update-golden"))
