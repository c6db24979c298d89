"""The README and the documentation are true: their commands run, their examples are checked."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest

from campaign_dsl.run.sample.layout import sample_dir
from campaign_dsl.workspace import Workspace

ROOT = Path(__file__).parents[2]
FENCE = re.compile(r"^```(\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(path: Path, kind: str) -> list[str]:
    return [body for language, body in FENCE.findall(path.read_text("utf-8")) if language == kind]


LANGUAGE = ROOT / "docs/language.md"


@pytest.mark.parametrize("kind", ["campaign", "campaign.yaml"])
def test_examples_of_campaigns_are_sound(tmp_path: Path, kind: str) -> None:
    found = blocks(LANGUAGE, kind)
    assert found
    for number, body in enumerate(found):
        root = tmp_path / str(number)
        shutil.copytree(sample_dir(), root, ignore=shutil.ignore_patterns("data", "birthday_gift.*"))
        (root / f"x.{kind}").write_text(body, "utf-8")
        assert Workspace.load(root).check() == ()


def test_the_two_spellings_say_the_same(tmp_path: Path) -> None:
    shutil.copytree(sample_dir(), tmp_path / "w", ignore=shutil.ignore_patterns("data", "birthday_gift.*"))
    for kind in ("campaign", "campaign.yaml"):
        (tmp_path / f"w/x.{kind}").write_text(blocks(LANGUAGE, kind)[0], "utf-8")
    assert Workspace.load(tmp_path / "w").check() == ()


def test_examples_of_predicates_have_types() -> None:
    found = blocks(LANGUAGE, "predicate")
    assert len(found) > 3
    for body in found:
        workspace = Workspace.load(sample_dir())
        assert workspace.expression(body.strip()) is not None, workspace.check()


def test_every_clause_and_every_value_is_described() -> None:
    from campaign_dsl.language.content import context as c
    from campaign_dsl.language.ir.operators import AGGREGATES, COMPARISONS, TEXT_TESTS
    from campaign_dsl.language.semantics.messages.quoting import EFFECTS
    from campaign_dsl.language.syntax.spec import every_block

    text = LANGUAGE.read_text("utf-8")

    words = [word for spec in every_block() for word in spec.keywords]
    for word in {*words, *COMPARISONS, *TEXT_TESTS, *(f"{name} of" for name in AGGREGATES)}:
        assert f"`{word}" in text or f"{word}`" in text or f" {word} " in text, word
    known = c.context_of(
        *(effect.entries((), None) for effect in EFFECTS.values()),
        c.campaign_entries({}),
        c.occurrence_entries(),
        c.goal_entries(),
        c.choice_entries("a", "b", "c"),
        c.wallet_entries(()),
    )
    for source in known.entries:
        assert f"`{source}`" in text or f"`.{source.rpartition('.')[2]}`" in text, source


def test_the_readme_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every `$ campaign` line of the README works, one after the other, as a newcomer would type them."""
    import sys

    sys.path.insert(0, str(ROOT / "tests/doors"))
    from commandline import call

    monkeypatch.chdir(tmp_path)
    text = "\n".join(blocks(ROOT / "README.md", "console"))
    steps = re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n?)*)", text, re.MULTILINE)
    assert len(steps) > 5
    for command, shown in steps:
        words = shlex.split(command)
        if words[0] == "cd":
            monkeypatch.chdir(Path.cwd() / words[1])
            continue
        assert words[0] == "campaign"
        done = call(*words[1:])
        assert done.code == 0, (command, done.err)
        if shown.strip() != "...":
            assert done.out.strip() == shown.strip()


def test_links_lead_somewhere() -> None:
    for page in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]:
        for target in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text("utf-8")):
            if "://" not in target:
                assert (page.parent / target).exists(), (page, target)
