"""Makes `worlds` and `children` importable for the tests in the folders below, and starts the helper once."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
import stores
from children import Children
from children import children as started


def pytest_configure(config: pytest.Config) -> None:
    os.environ.setdefault(stores.CHOSEN, config.getoption("--ledger"))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Tests of what only one store has are tests of the other one no more than of the weather."""
    left_out = [each for each in items if any(mark.args[0] != stores.chosen() for mark in each.iter_markers("store"))]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [each for each in items if each not in left_out]


@pytest.fixture(scope="session")
def children() -> Iterator[Children]:
    if stores.chosen() == "postgres":
        stores.socket()
    with started() as helper:
        yield helper
