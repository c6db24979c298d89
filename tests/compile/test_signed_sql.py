"""SQL that a data engineer would sign, of every sample and in every dialect that can say it.

Names say what things are, comments lead to the line of the clause, nothing selects `*`, and the text is the same
whoever makes it.
"""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache

import pytest
import sqlglot
from shop import SAMPLE
from sqlglot import exp

from campaign_dsl.compile.plan.build import render
from campaign_dsl.compile.sql.campaign import campaign_query
from campaign_dsl.compile.sql.dialects.registry import DIALECTS
from campaign_dsl.compile.sql.features import asked
from campaign_dsl.language.diagnostics.model import Span
from campaign_dsl.language.ir import campaign as ir
from campaign_dsl.workspace import Workspace

PLACE = re.compile(r"([\w/.-]+\.campaign(?:\.yaml)?):(\d+)")
SPEAKING = re.compile(r"[a-z][a-z]+(?:_[a-z0-9]+)*\Z")


@cache
def workspace() -> Workspace:
    found = Workspace.load(SAMPLE)
    assert found.check() == ()
    return found


def samples() -> Iterator[ir.Campaign]:
    for name in sorted(workspace().campaigns):
        typed = workspace().typed(name)
        assert typed is not None
        yield typed


def said_by(dialect: str) -> list[ir.Campaign]:
    """The samples that ask for nothing the dialect lacks."""
    return [each for each in samples() if not asked(each).keys() & DIALECTS[dialect].lacks.keys()]


@cache
def tree(name: str, dialect: str) -> exp.Select:
    typed, catalog = workspace().typed(name), workspace().catalog
    assert typed is not None
    assert catalog is not None
    return campaign_query(typed, catalog, DIALECTS[dialect])


@cache
def text(name: str, dialect: str) -> str:
    return render(tree(name, dialect), dialect)


def clauses(typed: ir.Campaign) -> Iterator[Span]:
    """Where everything stands that a query puts into effect."""
    yield typed.audience_span
    parts = (typed.excludes, typed.suppression, typed.segments, typed.arms, typed.triggers)
    yield from (each.span for group in parts for each in group if each.span is not None)
    yield from (each.tail.span for each in typed.outcomes)
    if typed.holdout_span is not None:
        yield typed.holdout_span


@pytest.mark.parametrize("dialect", DIALECTS)
def test_most_samples_can_be_said(dialect: str) -> None:
    assert len(said_by(dialect)) > len(list(samples())) // 2


@pytest.mark.parametrize("dialect", DIALECTS)
def test_names_say_what_things_are(dialect: str) -> None:
    for typed in said_by(dialect):
        names = [each.alias for each in tree(typed.name, dialect).find_all(exp.CTE)]
        assert [name for name in names if not SPEAKING.match(name) or len(name) > 63] == [], typed.name
        assert len({name.casefold() for name in names}) == len(names), typed.name


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_cte_says_what_it_is_and_where_it_comes_from(dialect: str) -> None:
    for typed in said_by(dialect):
        for cte in tree(typed.name, dialect).find_all(exp.CTE):
            assert cte.comments, (typed.name, cte.alias)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_comments_lead_to_the_line_of_the_clause(dialect: str) -> None:
    for typed in said_by(dialect):
        named = set(PLACE.findall(text(typed.name, dialect)))
        for path, line in named:
            written = (SAMPLE / path).read_text("utf-8").splitlines()
            assert written[int(line) - 1].strip(), (typed.name, path, line)
        expected = {(span.source.path, str(span.line)) for span in clauses(typed)}
        assert expected <= named, (typed.name, expected - named)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_it_is_one_statement_that_names_its_columns(dialect: str) -> None:
    for typed in said_by(dialect):
        (statement,) = sqlglot.parse(text(typed.name, dialect), dialect=dialect)
        assert isinstance(statement, exp.Query), typed.name
        for star in statement.find_all(exp.Star):
            assert isinstance(star.parent, exp.Count), typed.name


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_text_value_of_a_day_or_an_instant_has_a_type(dialect: str) -> None:
    """A text that looks like a day stands in a cast, or in the rows of occurrences, which are text."""
    looks = re.compile(r"\d{4}-\d\d-\d\d(?:[ T].*\S)?\Z")  # what ends in a space goes on
    for typed in said_by(dialect):
        for literal in tree(typed.name, dialect).find_all(exp.Literal):
            if literal.is_string and looks.match(literal.this):
                assert isinstance(literal.parent, exp.Cast), (typed.name, literal.this)


def test_the_text_is_the_same_in_every_process() -> None:
    code = "import test_signed_sql as t; print(t.digest())"
    seed = "2" if os.environ.get("PYTHONHASHSEED") == "1" else "1"
    paths = os.pathsep.join(path for path in sys.path if path)
    environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": paths}
    ran = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert ran.stdout == f"{digest()}\n"


def digest() -> str:
    """Of all texts of all samples in all dialects."""
    made = hashlib.sha256()
    for dialect in DIALECTS:
        for typed in said_by(dialect):
            made.update(text(typed.name, dialect).encode())
    return made.hexdigest()
