"""The sample workspace, made once."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

import campaign_dsl.run.sample as sample

sys.path.insert(0, str(Path(__file__).parents[1] / "doors"))


@pytest.fixture(scope="session")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data of the sample workspace, all of them: the pages show what is in there."""
    made = tmp_path_factory.mktemp("warehouse") / "warehouse.duckdb"
    sample.generate_world(made)
    return made


@pytest.fixture
def quick_sample(warehouse: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`campaign init --sample` takes its data from the one that was made."""

    def copied(database: Path, **_: Any) -> None:
        database.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(warehouse, database)

    monkeypatch.setattr(sample, "generate_world", copied)
