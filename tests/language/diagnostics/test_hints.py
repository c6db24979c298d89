"""Explaining a mistake in a clause: whatever stands there, something is said at its place, in one style."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from styles import well_styled

from campaign_dsl.language.diagnostics.model import Diagnostic, Problems
from campaign_dsl.language.source.files import Snippet, SourceFile
from campaign_dsl.language.syntax.hints.keywords import instead_of
from campaign_dsl.language.syntax.hints.stop import slug
from campaign_dsl.language.syntax.parsing import parse_clause
from campaign_dsl.language.syntax.spec import STARTS, BlockSpec, named_blocks

TEXT = """
    and or not is known missing in between did did_not where when segment audience at least most times last days month
    per year once ever customer else from until to source points offers offer for after before expires as of anniversary
    count sum age status good birth_date purchase amount gold 1 5% 09:00 2026-01-01 1,000 2M 9am 31/12/2026 "text"
    'text' “text” = == => >= <> && || ! ( ) [ ] { } {{x}} , ; : . - -- // / * % ’ … é а AND Where null three
    a an the like over
"""
WORDS = TEXT.split()


def problems(start: str, text: str, path: str = "x.campaign") -> tuple[Diagnostic, ...]:
    found = Problems()
    source = SourceFile(path, text)
    parse_clause(start, Snippet.of(source, 0, len(text)), found, "`some`")
    return found.sorted()


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(STARTS), st.lists(st.sampled_from(WORDS), max_size=9), st.sampled_from((" ", "", "\n  ")))
def test_whatever_stands_there_something_is_said(start: str, words: list[str], space: str) -> None:
    text = space.join(words)
    for path in ("x.campaign", "x.campaign.yaml"):
        for item in problems(start, text, path):
            well_styled(item)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(STARTS), st.text(max_size=40))
def test_any_text_at_all(start: str, text: str) -> None:
    for item in problems(start, text):
        assert item.help
        assert item.where is not None
        assert 0 <= item.where.span.start <= item.where.span.end <= len(text)


@pytest.mark.parametrize("end", ["over 3", "=> 3", "3 years", "and", "in (1, 2)"])
def test_long_clauses_are_explained_more_simply(end: str) -> None:
    for count in (10, 300, 900):
        (item,) = problems("where_clause", " and ".join(["age >= 18"] * count) + f" or age {end}")
        assert item.help


def test_a_file_full_of_mistakes_gets_an_answer_for_each() -> None:
    found = Problems()
    for _ in range(300):
        text = "status is good"
        parse_clause("where_clause", Snippet.of(SourceFile("x", text), 0, len(text)), found, "`where`")
    assert all(item.help for item in found.sorted())


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Birthday Gift", "birthday_gift"),
        ("birthday-gift!", "birthday_gift"),
        ("2026 Birthday", "birthday_2026"),
        ("50% off", "off_50"),
        ("Été à Paris", "ete_a_paris"),
        ("誕生日", ""),
        ("2026", ""),
        ("", ""),
    ],
)
def test_names_made_of_text(text: str, name: str) -> None:
    assert slug(text) == name


@pytest.mark.parametrize(("name", "spec"), named_blocks(), ids=lambda value: value if isinstance(value, str) else "")
def test_every_unknown_word_gets_an_answer(name: str, spec: BlockSpec) -> None:
    for word in ("zzz", "give", "trigger", "tite", "hold-out", "when", "campaign", "holdout", "points", "x" * 500):
        help = instead_of(word, spec, name)
        assert help
        assert not help.endswith(".")
