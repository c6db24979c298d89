"""A sample workspace with a small world, and the command line called inside it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from commandline import Done, call

from campaign_dsl.language.ir import campaign as ir
from campaign_dsl.run.sample import generate_world
from campaign_dsl.run.sample.layout import sample_dir
from campaign_dsl.workspace import Workspace

Edit = Callable[[ir.Campaign], ir.Campaign]


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
def campaign(shop: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Done]:
    """`campaign` called inside the workspace."""
    monkeypatch.chdir(shop)
    return call


@pytest.fixture
def edited(monkeypatch: pytest.MonkeyPatch) -> Callable[[Edit], None]:
    """Makes the sample's birthday campaign one that is typed otherwise, whatever its file says."""
    typed = Workspace.typed

    def edit(change: Edit) -> None:
        def instead(workspace: Workspace, name: str) -> ir.Campaign | None:
            found = typed(workspace, name)
            return found and change(found) if name == "birthday_gift" else found

        monkeypatch.setattr(Workspace, "typed", instead)

    return edit
