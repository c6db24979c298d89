"""Dialects whose SQL is compiled and never run here: what they write is read back, and says nothing in another's words.

Reading back proves less than running: that the text is one statement of the dialect, as sqlglot reads it; that its
literals are the texts that were meant; that it calls no function the vendor does not document.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import sqlglot
from drawn import scenes
from happenings import CATALOG as HAPPENINGS
from happenings import T, campaign
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from small_world import CATALOG as SMALL
from small_world import quoted, typed
from sqlglot import exp
from test_candidates_oracle import campaigns
from test_literals import ATTACKS
from test_primitives import CASES, COLUMNS, ROW, Case
from test_signed_sql import said_by, workspace
from test_triggers_oracle import CONTEXT, KINDS, triggers
from warehouse import CHOSEN, gap
from wide_world import sql

from campaign_dsl.compile.plan.build import render
from campaign_dsl.compile.sql import build as b
from campaign_dsl.compile.sql.binding import bind
from campaign_dsl.compile.sql.campaign import audience_query, campaign_query
from campaign_dsl.compile.sql.dialects.registry import DIALECTS
from campaign_dsl.compile.sql.features import Feature
from campaign_dsl.compile.sql.occurrences import occurrences
from campaign_dsl.language.catalog.types import Type
from campaign_dsl.language.ir import campaign as ir
from campaign_dsl.language.ir.campaign import ZoneRule

COMPILED = [name for name, each in DIALECTS.items() if not each.runs]
FUNCTIONS = Path(__file__).parent / "functions"
DAYS = [date(2026, 6, 1), date(2026, 6, 15), date(2026, 6, 21)]
EXAMPLES = int(os.environ.get("CAMPAIGN_EXAMPLES", "25"))
drawing = settings(suppress_health_check=list(HealthCheck), max_examples=EXAMPLES)
each_dialect = pytest.mark.parametrize("dialect", COMPILED)


@contextmanager
def chosen(dialect: str) -> Iterator[None]:
    """Makes it the one that helpers write SQL for."""
    before, CHOSEN[0] = CHOSEN[0], dialect
    try:
        yield
    finally:
        CHOSEN[0] = before


# ------------------------------------------------------------------------------------------------------ reading back

QUOTED = re.compile(r"'(?:\\.|''|[^'\\])*'|\"[^\"]*\"|`[^`]*`|/\*.*?\*/", re.DOTALL)
BRACKETED = re.compile(r"\[[^\]\[(),]*\]")
CALL = re.compile(r"(?<![\w.])((?:SAFE\.)?[A-Z][A-Z_0-9]*)\(")
GRAMMAR = frozenset(
    {"ALL", "AND", "AS", "BY", "COLUMNS", "EXISTS", "IN", "NOT", "ON", "OPTION", "OR", "OVER", "THEN", "WHEN"}
)
TYPES = frozenset({"BIGNUMERIC", "DATETIME", "DATETIMEOFFSET", "DECIMAL", "NUMBER", "NVARCHAR", "TIME", "TIMESTAMP"})
TYPES |= {"ARRAY", "VARCHAR"}


FOREIGN = {
    "snowflake": ("UNNEST", "APPLY", "ILIKE"),
    "bigquery": ("LATERAL", "APPLY", "VALUES", "TEXT", "VARCHAR"),
    "trino": ("LATERAL", "APPLY", "TEXT", "STRING", "DIV"),
    "tsql": ("LATERAL", "TRUE", "FALSE", "RECURSIVE", "BOOLEAN", "TEXT", "EXTRACT", "INTERVAL", "USING"),
    "mysql": ("LATERAL", "APPLY", "TEXT", "BIGINT", "BOOLEAN", "UNNEST"),
    "redshift": ("LATERAL", "APPLY", "VALUES", "UNNEST", "TEXT"),
    "databricks": ("APPLY", "UNNEST", "TEXT", "VARCHAR"),
}
"""Words of the grammar, and types, that other dialects have in the places of this one's."""
NOWHERE_FOREIGN = ("MATERIALIZED", "LIKE", "ILIKE", "LIMIT")
SIGNS = {"tsql": ("||", "::"), "mysql": ("||", "::")}


def read_back(text: str, dialect: str) -> exp.Expr:
    """The one statement of a text. Fails on what cannot be read, and on functions the dialect does not have."""
    (statement,) = sqlglot.parse(text, dialect=dialect, error_level=sqlglot.ErrorLevel.RAISE)
    assert isinstance(statement, exp.Query), text
    assert not list(statement.find_all(exp.Command)), text
    strange = called(text) - functions(dialect)
    assert not strange, (sorted(strange), text)
    said = bare(text)
    words = set(re.findall(r"\b[A-Z_]+\b", said)) & {*FOREIGN[dialect], *NOWHERE_FOREIGN}
    assert not words, (sorted(words), text)
    assert not [sign for sign in SIGNS.get(dialect, ("::",)) if sign in said], text
    assert not re.search(r"'[A-Z]", said), text  # a word that is not set off from what stands before it
    return statement


def bare(text: str) -> str:
    """A text without what stands in its literals, names and comments."""
    return BRACKETED.sub("''", QUOTED.sub("''", text))


def called(text: str) -> set[str]:
    """The functions a text calls."""
    return set(CALL.findall(bare(text))) - GRAMMAR - TYPES


@cache
def functions(dialect: str) -> frozenset[str]:
    """What the vendor's reference lists, as far as it is needed here."""
    lines = (FUNCTIONS / f"{dialect}.txt").read_text("utf-8").splitlines()
    return frozenset(name for line in lines if not line.startswith("#") for name in line.split())


def texts(statement: exp.Expr) -> list[str]:
    """The text literals of a statement; in T-SQL they begin with N."""
    found = statement.find_all(exp.Literal, exp.National)
    return [each.name for each in found if isinstance(each, exp.National) or each.is_string]


def test_each_has_a_list_of_functions() -> None:
    assert {file.stem for file in FUNCTIONS.glob("*.txt")} == set(COMPILED)


def test_what_is_not_in_the_list_is_seen() -> None:
    """The check would catch words of DuckDB."""
    assert called("SELECT LIST_FILTER(x, y), 'MD5(' || \"LEN(\" /* TRY( */ FROM t WHERE (a) AND (b)") == {"LIST_FILTER"}
    with pytest.raises(AssertionError):
        read_back("SELECT REGEXP_MATCHES(a, 'b') FROM t", "snowflake")


@each_dialect
def test_samples(dialect: str) -> None:
    catalog = workspace().catalog
    assert catalog is not None
    for each in said_by(dialect):
        query = campaign_query(each, catalog, DIALECTS[dialect])
        for rows in (occurrences(each.triggers, DAYS, each.leap_day), ()):
            bound = bind(query, T, rows, T, {"lapsed": ["a", "O'Neil"]})
            read_back(render(bound, dialect), dialect)


def of_patterns(case: Case) -> bool:
    return case.name.startswith(("fits", "a dot is", "the end is", "the begin is", "does not fit"))


@each_dialect
@pytest.mark.parametrize("number", range(len(CASES)), ids=lambda number: CASES[number].name)
def test_primitives(dialect: str, number: int) -> None:
    """What `test_primitives.py` runs on engines that are here."""
    case, here = CASES[number], DIALECTS[dialect]
    if of_patterns(case) and Feature.REGULAR_EXPRESSIONS in here.lacks:
        return
    names = [f"c{number}_{place}" for place in range(len(case.given))]
    given = [here.stored(b.column(name, ROW), Type(COLUMNS[name][1], True)) for name in names]
    with chosen(dialect):
        query = exp.select(b.named(case.build(*given), "answer")).from_(b.table(ROW, ROW))
        read_back(render(query, dialect), dialect)


@each_dialect
@drawing
@given(drawn=scenes())
def test_random_predicates(dialect: str, drawn: Any) -> None:
    scene, predicates = drawn
    with chosen(dialect):
        for each in predicates:
            if gap(each) is None:
                read_back(sql(each, scene.clock), dialect)


@each_dialect
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@settings(suppress_health_check=list(HealthCheck), max_examples=max(5, EXAMPLES // len(KINDS)))
@given(data=st.data())
def test_random_triggers(dialect: str, kind: type[ir.Trigger], data: st.DataObject) -> None:
    made = campaign(data.draw(triggers(kind)), event_context=CONTEXT)
    with chosen(dialect):
        assume(gap(made) is None)
        read_back(asked_at(made, dialect), dialect)


@each_dialect
@drawing
@given(made=campaigns())
def test_random_campaigns(dialect: str, made: ir.Campaign) -> None:
    with chosen(dialect):
        assume(gap(made) is None)
        read_back(asked_at(made, dialect), dialect)


def asked_at(made: ir.Campaign, dialect: str) -> str:
    assert HAPPENINGS is not None
    query = campaign_query(made, HAPPENINGS, DIALECTS[dialect])
    rows = occurrences(made.triggers, DAYS, made.leap_day)
    return render(bind(query, T, rows, T, {"lapsed": ["a", "b"]}), dialect)


@each_dialect
@pytest.mark.parametrize("text", ATTACKS, ids=lambda text: repr(text[:30]))
def test_a_value_stays_one_literal(dialect: str, text: str) -> None:
    written = quoted(text).replace("\n", "\\n").replace("\t", "\\t")
    for test in ("note = {}", "note in [{}]", "note contains {}", "note >= {} and note <= {}"):
        predicate, problems = typed(test.replace("{}", written))
        assert predicate is not None, problems
        query = audience_query(predicate, ZoneRule(None, "UTC"), "feb_28", SMALL, DIALECTS[dialect])
        statement = read_back(render(bind(query, datetime(2026, 6, 15, tzinfo=UTC), ()), dialect), dialect)
        assert text in texts(statement)


@each_dialect
def test_what_nobody_spelled_is_an_error(dialect: str) -> None:
    """Nothing is handed to what sqlglot takes for the dialect's word."""
    for node in (exp.Initcap(this=exp.column("a")), exp.cast(exp.column("a"), exp.DType.UUID)):
        with pytest.raises(TypeError, match="no spelling"):
            exp.select(node).sql(dialect=DIALECTS[dialect].writer)
