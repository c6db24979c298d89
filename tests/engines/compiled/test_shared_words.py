"""What compiled dialects share, where an engine that is here can run it: DuckDB says whether it means what is meant."""

from __future__ import annotations

import math
import re
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP, Decimal
from typing import Any

import duckdb
import pytest
from drawn import scenes
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlglot import exp
from warehouse import ask, dialect
from wide_world import CATALOG

from campaign_dsl.compile.plan.build import render
from campaign_dsl.compile.sql.binding import bind
from campaign_dsl.compile.sql.campaign import audience_query
from campaign_dsl.compile.sql.dialects.common import Common, bounded, call, part_is, years_of_a_day
from campaign_dsl.compile.sql.dialects.patterns import ending_there
from campaign_dsl.compile.sql.dialects.registry import DIALECTS
from campaign_dsl.compile.sql.dialects.speller import unions
from campaign_dsl.compile.sql.dialects.truths import as_conditions_and_bits

quick = settings(suppress_health_check=list(HealthCheck), max_examples=60)


def answer(value: exp.Expr) -> Any:
    with duckdb.connect() as connection:
        (found,) = connection.execute(exp.select(value).sql("duckdb")).fetchone() or (None,)
    return found


@quick
@given(drawn=scenes())
def test_conditions_and_bits_mean_the_same(drawn: Any) -> None:
    """A condition as a bit that is asked for is the condition, whatever is NULL."""
    scene, predicates = drawn
    scene.load()
    for each in predicates:
        query = audience_query(each, scene.clock.zone, scene.clock.leap_day, CATALOG, dialect())
        bound = bind(query, scene.clock.as_of, ())
        plain, mended = (render(form, dialect().name) for form in (bound, as_conditions_and_bits(bound)))
        assert ask(mended) == ask(plain), mended


MODES = {"half up": ROUND_HALF_UP, "half even": ROUND_HALF_EVEN, "down": ROUND_DOWN, "up": ROUND_UP}


@quick
@given(
    number=st.decimals(-9999, 9999, allow_nan=False, allow_infinity=False, places=4)
    | st.sampled_from([Decimal(text) for text in ("0.5", "1.5", "2.5", "-0.5", "-2.5", "0.125", "0.375", "1", "0")]),
    mode=st.sampled_from(list(MODES)),
    digits=st.integers(0, 3),
)
def test_rounding(number: Decimal, mode: str, digits: int) -> None:
    value = exp.Cast(this=exp.Literal.string(str(number)), to=exp.DataType.build("DECIMAL(18, 4)"))
    found = answer(Common().rounded(value, mode, digits))
    assert Decimal(str(found)) == number.quantize(Decimal(1).scaleb(-digits), MODES[mode])


@pytest.mark.parametrize("number", [0, 5, -5, 2**63 - 1, -(2**63), 2**63, -(2**63) - 1, 2**64, -(2**70), None])
def test_integers_of_64_bits(number: int | None) -> None:
    written = exp.null() if number is None else exp.Literal.string(str(number))
    found = answer(bounded(exp.Cast(this=written, to=exp.DataType.build("DECIMAL(38, 0)"))))
    fits = number is not None and -(2**63) <= number < 2**63
    assert found == (number if fits else None)


@pytest.mark.parametrize(
    ("name", "value", "wanted", "holds"),
    [
        ("LEFT", "abc", "ab", True),
        ("LEFT", "a ", "a ", True),
        ("LEFT", "ab", "a ", False),
        ("LEFT", "a", "ab", False),
        ("LEFT", "a", "", True),
        ("RIGHT", "abc", "bc", True),
        ("RIGHT", "c", "bc", False),
    ],
)
def test_the_end_of_a_text(name: str, value: str, wanted: str, holds: bool) -> None:
    assert answer(part_is(name, exp.Literal.string(value), exp.Literal.string(wanted))) is holds


@pytest.mark.parametrize(("day", "known"), [("0001-01-01", True), ("9999-12-31", True), ("10000-01-01", False)])
def test_years(day: str, known: bool) -> None:
    moment = exp.cast(exp.Literal.string(day), exp.DType.DATE)
    year = exp.Extract(this=exp.Var(this="YEAR"), expression=moment.copy())
    assert (answer(exp.Is(this=years_of_a_day(moment, year), expression=exp.null(), negate=True))) is known


@pytest.mark.parametrize("pattern", ["a$", "^a$", "[$]$", r"\$$", "(a|b$)", "[^$]a$", r"\\$", "a", "$"])
@pytest.mark.parametrize("text", ["a", "a\n", "$", "b", "ba", "\\", "", "\n"])
def test_the_end_is_the_end(pattern: str, text: str) -> None:
    """Python's `$` stands before a last line break, too, and its `\\Z` does not."""
    strict = re.compile(ending_there(pattern).replace("\\z", "\\Z"), re.DOTALL)
    with duckdb.connect() as connection:
        row = connection.execute("SELECT regexp_matches(?, ?, 's')", [text, pattern]).fetchone()
    assert row is not None
    assert bool(strict.search(text)) is row[0]


def test_rows_as_selects() -> None:
    alias = exp.TableAlias(this=exp.to_identifier("r"), columns=[exp.to_identifier(name) for name in ("a", "b")])
    rows = [exp.Tuple(expressions=[exp.Literal.number(number), exp.Literal.string("x")]) for number in (1, 2)]
    made = unions(exp.Values(expressions=rows, alias=alias))
    with duckdb.connect() as connection:
        found = connection.execute(exp.select("r.a", "r.b").from_(made).sql("duckdb")).fetchall()
    assert found == [(1, "x"), (2, "x")]


def test_radians_where_there_is_no_such_function() -> None:
    """What stands inside is one thing, however it is put together."""
    degrees = exp.Sub(this=exp.Literal.number(270), expression=exp.Literal.number(90))
    said = DIALECTS["bigquery"].writer().generate(exp.select(call("RADIANS", degrees)))
    with duckdb.connect() as connection:
        (found,) = connection.execute(said).fetchone() or (None,)
    assert found == pytest.approx(math.pi)
