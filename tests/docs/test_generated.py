"""Generated pages are current, and complete: they have all that the tables have."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import typer
from pydantic import BaseModel

from campaign_dsl.doors.cli import COMMANDS, app
from campaign_dsl.doors.cli.exits import Exit
from campaign_dsl.doors.site import commands, entries, quoting, reference
from campaign_dsl.doors.site.tables import code
from campaign_dsl.language.catalog.model import Catalog, WorkspaceSettings
from campaign_dsl.language.content.filters import FILTERS
from campaign_dsl.language.ir import operators as o
from campaign_dsl.language.syntax.forms import CLAUSES, CONDITIONS, VALUES, WINDOWS
from campaign_dsl.language.syntax.spec import MESSAGE_TYPES, every_block


@pytest.mark.parametrize("module", [reference, entries, commands], ids=lambda module: module.__name__)
def test_a_page_is_what_its_generator_writes(module: ModuleType) -> None:
    page: Path = module.PAGE
    assert page.read_text("utf-8") == module.page()


REFERENCE = reference.PAGE.read_text("utf-8")


def test_the_reference_has_every_clause_form_and_operator() -> None:
    forms = [each for table in (*CLAUSES.values(), *CONDITIONS.values(), *VALUES.values(), WINDOWS) for each in table]
    missing = [each.example for each in forms if code(each.example) not in REFERENCE]
    missing += [word for spec in every_block() for word in spec.keywords if f"`{word}" not in REFERENCE]
    missing += [word for word in MESSAGE_TYPES if f"| `{word}` |" not in REFERENCE]
    operators = {
        "{}": (o.COMPARISONS, o.TEXT_TESTS, o.PATTERN_TESTS, o.ARITHMETIC, o.FUNCTIONS),
        "contains {} of": (o.LIST_TESTS,),
        "{} of": (o.QUANTIFIERS, o.AGGREGATES),
        "round {} to": (o.ROUNDINGS,),
    }
    written = [frame.format(each.symbol) for frame, tables in operators.items() for t in tables for each in t.values()]
    missing += [each for each in written if f"| {code(each)} |" not in REFERENCE]
    missing += [each.example for each in FILTERS.values() if code(each.example) not in REFERENCE]
    assert missing == []


def test_the_reference_has_whatever_can_be_quoted() -> None:
    found = {name for name, _, _ in quoting.rows()}
    assert {code(name) for effect in quoting.EFFECTS.values() for name in effect.entries((), None)} <= found
    assert [name for name in found if f"| {name} |" not in REFERENCE] == []


def models(model: type[BaseModel]) -> set[type[BaseModel]]:
    """An entry and all that can stand in it."""
    found: set[type[BaseModel]] = set()
    left = [model]
    while left:
        each = left.pop()
        if each not in found:
            found.add(each)
            left += [inner for field in each.model_fields.values() for _, inner in entries.inner(field.annotation)]
    return found


@pytest.mark.parametrize("model", sorted(models(Catalog) | models(WorkspaceSettings), key=str))
def test_the_catalog_page_says_what_every_key_is_for(model: type[BaseModel]) -> None:
    text = entries.PAGE.read_text("utf-8")
    for name, field in entries.fields(model):
        assert entries.meaning(model, name, field), name
        assert f"| `{name}` | " in text


def test_no_meaning_is_of_a_key_that_is_gone() -> None:
    known = {
        (each.__name__, name)
        for model in models(Catalog) | models(WorkspaceSettings)
        for each in model.__mro__
        if issubclass(each, BaseModel)
        for name, _ in entries.fields(model)
    }
    assert [each for each in entries.OF_AN_ENTRY if each not in known] == []
    assert [each for each in entries.SAME_EVERYWHERE if each not in {name for _, name in known}] == []


CLI = commands.PAGE.read_text("utf-8")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_says_what_it_does_and_how_it_is_typed(command: str) -> None:
    section = CLI.partition(f"\n## `campaign {command}`\n")[2].partition("\n## ")[0]
    assert f"\ncampaign {command}" in section
    examples = re.findall(r"^```sh\n(.*?)^```", section, re.MULTILINE | re.DOTALL)
    assert examples
    for line in re.split(r"\n| && ", "".join(examples).strip()):
        _, name, *words = shlex.split(line.partition(" > ")[0])
        found: Any = typer.main.get_command(app)
        found.get_command(None, name).make_context(name, words)
    rows = re.findall(r"^\| `[^`]+` \| (.*) \|$", section, re.MULTILINE)
    assert all(rows)


def test_every_exit_code_is_there() -> None:
    assert [f"{each.value}" for each in Exit] == [code for code, _ in commands.exit_codes()]
