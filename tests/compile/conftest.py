"""Makes the helpers beside importable, and opens the shop."""

from __future__ import annotations

from pathlib import Path

import pytest
from shop import Shop


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    """A workspace without customers."""
    return Shop(tmp_path)
