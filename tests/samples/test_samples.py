"""The sample campaigns as files: sound, laid out as `fmt` does it, the same in both spellings, each with its reason."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
import yaml
from persona_world import HERE, ROOT, persona_files, workspace

from campaign_dsl.language.diagnostics.model import Problems
from campaign_dsl.language.source.files import SourceFile
from campaign_dsl.language.syntax.printing.formatting import formatted
from campaign_dsl.language.syntax.spec import MESSAGE_TYPES
from campaign_dsl.workspace import DSL, YAML, campaign_files, parse

FILES = campaign_files(ROOT)


@cache
def source(path: Path) -> SourceFile:
    return SourceFile(path.name, path.read_text(encoding="utf-8"))


def in_spelling(path: Path, yaml: bool) -> SourceFile:
    """A file in a spelling, as `convert` writes it."""
    problems = Problems()
    text = formatted(source(path), problems, yaml=yaml)
    assert text is not None, problems.sorted()
    return SourceFile(f"converted{YAML if yaml else DSL}", text)


def test_nothing_is_found() -> None:
    assert [(each.path, each.code, each.message) for each in workspace().problems.sorted()] == []


def test_there_are_enough_and_each_has_personas() -> None:
    assert len(workspace().campaigns) >= 25
    assert sorted(workspace().campaigns) == persona_files()


@pytest.mark.parametrize("name", persona_files())
def test_personas_are_a_few(name: str) -> None:
    people = yaml.safe_load((HERE / f"{name}.yaml").read_text(encoding="utf-8"))["personas"].values()

    assert len(people) >= 4
    assert any("gets" in each for each in people)
    assert any("lost" in each for each in people)


def test_the_index_names_each() -> None:
    lines = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
    rows = [re.match(r"\| \[(\w+)\]\(([^)]+)\) \| \S", line) for line in lines]
    named = {row[1]: row[2] for row in rows if row is not None}

    assert sorted(named) == sorted(workspace().campaigns)
    assert all((ROOT / path).is_file() for path in named.values())


def test_both_spellings_are_used() -> None:
    spelled = [path.name.endswith(YAML) for path in FILES]

    assert sum(spelled) >= 6
    assert len(spelled) - sum(spelled) >= 20


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_comment_says_why(path: Path) -> None:
    lines = source(path).text.splitlines()
    above = lines[: next(number for number, line in enumerate(lines) if not line.startswith("#"))]

    assert 1 <= len(above) <= 6


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_layout_is_canonical(path: Path) -> None:
    assert in_spelling(path, path.name.endswith(YAML)).text == source(path).text


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_other_spelling_says_the_same(path: Path) -> None:
    other = in_spelling(path, not path.name.endswith(YAML))
    problems = Problems()

    assert parse(other, problems) == parse(source(path), Problems())
    assert not problems.sorted()
    assert formatted(other, problems, yaml=path.name.endswith(YAML)) == source(path).text


@pytest.mark.parametrize("name", persona_files())
def test_there_is_a_plan(name: str) -> None:
    plan = workspace().plan(name)

    assert plan is not None
    assert plan.campaign == name
    assert plan.digest


def test_every_type_of_message_is_shown() -> None:
    typed = [workspace().typed(name) for name in workspace().campaigns]
    used = {message.type for campaign in typed if campaign is not None for message in campaign.messages}

    assert used == set(MESSAGE_TYPES)


def test_every_form_of_closed_loop_offer_is_shown() -> None:
    catalog = workspace().catalog
    assert catalog is not None
    typed = [workspace().typed(name) for name in workspace().campaigns]
    steps = [outcome for campaign in typed if campaign is not None for outcome in campaign.outcomes]
    issued = {each.offer for each in steps if hasattr(each, "offer")}

    assert {catalog.offers[name].form for name in issued} == {each.form for each in catalog.offers.values()}
    assert len({each.form for each in catalog.offers.values()}) == 5
