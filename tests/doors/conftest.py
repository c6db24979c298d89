"""A sample workspace with a small world, and the command line called in this process."""

from __future__ import annotations

import io
import json
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from campaign_dsl.doors.cli import main
from campaign_dsl.run.sample import generate_world
from campaign_dsl.run.sample.layout import sample_dir


@dataclass(frozen=True)
class Done:
    """What a command did."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def call(*arguments: object) -> Done:
    """Run `campaign` with these arguments."""
    out, err = io.StringIO(), io.StringIO()
    before, code = sys.argv, 0
    sys.argv = ["campaign", *map(str, arguments)]
    try:
        with redirect_stdout(out), redirect_stderr(err):
            main()
    except SystemExit as end:
        code = int(end.code or 0)
    finally:
        sys.argv = before
    return Done(code, out.getvalue(), err.getvalue())


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sample workspace; copy it before writing to it."""
    root = tmp_path_factory.mktemp("sample") / "shop"
    shutil.copytree(sample_dir(), root, ignore=shutil.ignore_patterns("data"))
    generate_world(root / "data" / "warehouse.duckdb", customers=6_000, events=40_000)
    return root


@pytest.fixture
def shop(world: Path, tmp_path: Path) -> Path:
    """A sample workspace of one's own."""
    root = tmp_path / "shop"
    shutil.copytree(world, root)
    return root


@pytest.fixture
def campaign(shop: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Done]]:
    """`campaign` called inside the workspace."""
    monkeypatch.chdir(shop)
    yield call
