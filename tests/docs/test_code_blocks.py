"""Every block of the documentation is of a kind that is checked, and is what it says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import sqlglot
from pages import Block, bare_workspace, blocks

from campaign_dsl.language.catalog.loading import load_workspace_settings
from campaign_dsl.language.diagnostics.model import Problems
from campaign_dsl.language.source.files import SourceFile
from campaign_dsl.language.syntax.printing.formatting import formatted
from campaign_dsl.workspace import Workspace

CHECKED = {
    "campaign",
    "campaign.yaml",
    "campaign-error",
    "predicate",
    "console",
    "catalog.yaml",
    "workspace.yaml",
    "targets",
}
ELSEWHERE = {"states": "tests/run/ledger/test_ledger_page.py"}
NOT_RUN = {"text", "sh", "sql", "json"}


def test_every_block_is_of_a_known_kind() -> None:
    known = CHECKED | NOT_RUN | ELSEWHERE.keys()
    assert [f"{each} {each.kind}" for each in blocks() if each.kind not in known] == []


def test_there_are_examples_of_every_kind() -> None:
    assert {each.kind for each in blocks()} >= CHECKED


def findings(block: Block, root: Path) -> list[str]:
    """The codes of everything that is wrong with a file, in its order."""
    kind = "campaign.yaml" if block.kind == "campaign.yaml" else "campaign"
    (bare_workspace(root) / f"x.{kind}").write_text(block.body, "utf-8")
    return [f"{each.code}: {each.message}" for each in Workspace.load(root).check()]


@pytest.mark.parametrize("block", blocks("campaign", "campaign.yaml"), ids=str)
def test_a_campaign_is_sound(block: Block, tmp_path: Path) -> None:
    assert findings(block, tmp_path / "w") == []


@pytest.mark.parametrize("block", blocks("campaign", "campaign.yaml"), ids=str)
def test_a_campaign_has_the_canonical_layout(block: Block) -> None:
    assert formatted(SourceFile(f"x.{block.kind}", block.body), Problems()) == block.body


@pytest.mark.parametrize("block", blocks("campaign-error"), ids=str)
def test_a_campaign_with_mistakes_has_those_that_its_first_line_names(block: Block, tmp_path: Path) -> None:
    codes = [each.partition(":")[0] for each in findings(block, tmp_path / "w")]
    assert codes
    assert sorted(codes) == sorted(block.comment.replace(",", " ").split())


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return bare_workspace(tmp_path_factory.mktemp("sample") / "w")


@pytest.mark.parametrize("block", blocks("predicate"), ids=str)
def test_a_predicate_has_a_type(block: Block, sample: Path) -> None:
    workspace = Workspace.load(sample)
    for line in block.body.strip().split("\n\n"):
        assert workspace.expression(line) is not None, (line, workspace.check())


@pytest.mark.parametrize("block", blocks("catalog.yaml", "workspace.yaml"), ids=str)
def test_a_catalog_and_settings_are_sound(block: Block, tmp_path: Path) -> None:
    for each in blocks("catalog.yaml", "workspace.yaml", page=block.page):
        (tmp_path / each.kind).write_text(each.body, "utf-8")
    workspace = Workspace.load(tmp_path)
    assert workspace.check() == ()
    assert workspace.catalog is not None
    assert workspace.settings is not None


@pytest.mark.parametrize("block", blocks("targets"), ids=str)
def test_targets_stand_for_those_of_the_sample(block: Block, tmp_path: Path) -> None:
    root = bare_workspace(tmp_path / "w")
    text = (root / "workspace.yaml").read_text("utf-8")
    before, _, rest = text.partition("default_target: local\n")
    first = block.body.splitlines()[1].strip().removesuffix(":")
    settings = f"{before}default_target: {first}\n{block.body}\nproviders:{rest.partition('providers:')[2]}"
    found, _, problems = load_workspace_settings(SourceFile("workspace.yaml", settings))
    assert problems == ()
    assert found is not None
    assert list(found.targets) == [first]


@pytest.mark.parametrize("block", blocks("sql", "json"), ids=str)
def test_sql_and_json_can_be_read(block: Block) -> None:
    assert sqlglot.parse(block.body, dialect="sqlite") if block.kind == "sql" else json.loads(block.body)


def test_the_two_spellings_of_the_overview_say_the_same(tmp_path: Path) -> None:
    page = next(each.page for each in blocks("campaign.yaml"))
    root = bare_workspace(tmp_path / "w")
    for kind in ("campaign", "campaign.yaml"):
        (root / f"x.{kind}").write_text(blocks(kind, page=page)[0].body, "utf-8")
    workspace = Workspace.load(root)
    assert workspace.check() == ()
    assert workspace.spellings
