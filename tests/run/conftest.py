"""Makes `worlds` and `children` importable for the tests in the folders below, and starts the helper once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from children import Children
from children import children as started


@pytest.fixture(scope="session")
def children() -> Iterator[Children]:
    with started() as helper:
        yield helper
