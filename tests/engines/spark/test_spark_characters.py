"""Every character of Unicode, beside the interpreter: its lower case, and which patterns it fits in another case.

Characters that this Python's Unicode does not know yet have no case there.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import Any

import pyarrow as pa
import pytest
from sqlglot import exp
from table import T

from campaign_dsl.compile.plan.build import render
from campaign_dsl.compile.sql import build as b
from campaign_dsl.compile.sql.dialects.registry import DIALECTS
from campaign_dsl.language.catalog.types import Kind, Type
from campaign_dsl.language.ir import nodes as ir
from campaign_dsl.language.ir.campaign import ZoneRule
from campaign_dsl.review.reference.judge import members
from campaign_dsl.review.reference.values import lower
from campaign_dsl.review.reference.world import Clock, World
from campaign_dsl.run.engines.spark import SparkEngine

SPARK = DIALECTS["spark"]


@cache
def characters() -> list[str]:
    """All that there are: no surrogates, nothing unassigned."""
    return [each for each in map(chr, range(1, 0x110000)) if unicodedata.category(each) not in ("Cs", "Cn", "Co")]


@cache
def cased() -> list[str]:
    """Those that have another case."""
    return [each for each in characters() if len({each, each.lower(), each.upper(), each.title()}) > 1]


def asked(engine: SparkEngine, value: exp.Expr, texts: list[str]) -> list[Any]:
    query = exp.select(b.column("place", "t"), b.named(value, "value")).from_(b.table("texts", "t"))
    given = pa.table({"place": range(len(texts)), "text": texts})
    rows = engine.read(render(query, "spark"), {"texts": given}).read_all().sort_by("place")
    return list(rows.column("value").to_pylist())


def test_lower_case(engine: SparkEngine) -> None:
    texts = characters()
    found = asked(engine, exp.Lower(this=b.column("text", "t")), texts)
    wrong = {each: made for each, made in zip(texts, found, strict=True) if made != lower(each)}
    assert wrong == {}


def test_lower_case_does_not_look_at_neighbours(engine: SparkEngine) -> None:
    texts = [f"a{each}" for each in cased()] + [f"{each}." for each in cased()]
    assert asked(engine, exp.Lower(this=b.column("text", "t")), texts) == [lower(each) for each in texts]


@pytest.mark.parametrize("pattern", ["^[a-z]$", "^[^a-z]$", "[à-þ]", "ß", "σ", "i", "ı", "k", "[0-9]", "^.$", "a$"])
@pytest.mark.parametrize("ignoring_case", [True, False])
def test_patterns(engine: SparkEngine, pattern: str, ignoring_case: bool) -> None:
    texts = [*cased(), *"09_- \n\t", "a\n", "😀", "\u2028", "\x85"]
    matches = SPARK.matches(b.column("text", "t"), pattern, ignoring_case)
    found = {each for each, fits in zip(texts, asked(engine, matches, texts), strict=True) if fits}
    assert found == fitting(texts, pattern, ignoring_case)


def fitting(texts: list[str], pattern: str, ignoring_case: bool) -> set[str]:
    """As the interpreter says."""
    note = ir.Attribute("note", "note", Type(Kind.TEXT, True))
    world = World("id", [{"id": each, "note": each} for each in texts], {})
    clock = Clock(T, ZoneRule(None, "UTC"), "feb_28")
    return set(members(ir.Matches(note, pattern, ignoring_case, False), world, clock))


def test_every_character_fits_its_other_case(engine: SparkEngine) -> None:
    """One pattern for each of them: the dialect's own, with the character put in where an `x` stood."""
    pairs = sorted({(one, other) for one in cased() for other in (one.lower(), one.upper()) if len(other) == 1})
    made = {other: pattern_of(SPARK.matches(b.column("one", "p"), f"^{other}$", True)) for _, other in pairs}
    given = pa.table({"one": [one for one, _ in pairs], "pattern": [made[other] for _, other in pairs]})
    matches = SPARK.matches(b.column("one", "p"), "x", True)
    matches.set("expressions", [matches.expressions[0], b.column("pattern", "p")])
    query = exp.select(b.column("one", "p"), b.column("pattern", "p")).from_(b.table("pairs", "p"))
    rows = engine.read(render(query.where(exp.Not(this=matches)), "spark"), {"pairs": given}).read_all().to_pylist()
    found = {tuple(row.values()) for row in rows}
    assert found == {(one, made[other]) for one, other in pairs if not fitting([one], f"^{other}$", True)}


def pattern_of(matches: exp.Expr) -> str:
    return str(matches.expressions[1].this)


@pytest.mark.parametrize("pattern", ["^[A-z]$", "^[!-Z]$", "[ẞ]", "[Σx]", "\\\\", "[\\]A]", "^[\\^a-c]$", "A{2}|^b$"])
def test_ranges_and_escapes_in_another_case(engine: SparkEngine, pattern: str) -> None:
    texts = [*map(chr, range(32, 127)), "ß", "ẞ", "ς", "aa", "AA"]
    found = asked(engine, SPARK.matches(b.column("text", "t"), pattern, True), texts)
    assert {each for each, fits in zip(texts, found, strict=True) if fits} == fitting(texts, pattern, True)


def test_long_texts(engine: SparkEngine) -> None:
    """Java's patterns recurse: a group that repeats needs a deep stack for a long text."""
    text = "ab" * 10_000
    for pattern, wanted in (("^(?:a|b)*$", True), ("(?:ab)+c", False), ("^(?:[a-z]|b)+$", True)):
        assert asked(engine, SPARK.matches(b.column("text", "t"), pattern, False), [text]) == [wanted]
