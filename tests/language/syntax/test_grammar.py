"""The grammar, its generated tables, and the parser that comes of either."""

from __future__ import annotations

import re
import re._constants as constants
import re._parser as regex_parser
import subprocess
import sys
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from lark import Lark, Tree
from lark.exceptions import UnexpectedInput

from campaign_dsl.language.catalog.types import WEEKDAYS
from campaign_dsl.language.ir.operators import (
    AGGREGATES,
    ARITHMETIC,
    COMPARISONS,
    FUNCTIONS,
    LIST_TESTS,
    PATTERN_TESTS,
    QUANTIFIERS,
    ROUNDINGS,
    TEXT_TESTS,
)
from campaign_dsl.language.syntax import _tables, grammar
from campaign_dsl.language.syntax.builder import Builder
from campaign_dsl.language.syntax.spec import STARTS, ClauseSpec, every_block

TEXT = (grammar.grammar_dir() / "campaign.lark").read_text("utf-8")
BUILT = grammar.build(TEXT)


def clauses() -> Iterator[tuple[str, ClauseSpec]]:
    for spec in every_block():
        yield from spec.clauses.items()


def name_of(value: object) -> str:
    return value if isinstance(value, str) else ""


def test_the_tables_are_current() -> None:
    module = "campaign_dsl.language.syntax.grammar"
    done = subprocess.run([sys.executable, "-m", module, "--check"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_tables_are_used() -> None:
    assert grammar.fingerprint(TEXT) == _tables.FINGERPRINT


@pytest.mark.parametrize(("name", "spec"), list(clauses()), ids=name_of)
def test_the_tables_are_the_parser_of_the_grammar(name: str, spec: ClauseSpec) -> None:
    if spec.start is not None:
        loaded = grammar.load_parser()
        assert loaded.parse(spec.example, start=spec.start) == BUILT.parse(spec.example, start=spec.start)
        with pytest.raises(UnexpectedInput) as first:
            loaded.parse(spec.example + " ]", start=spec.start)
        with pytest.raises(UnexpectedInput) as second:
            BUILT.parse(spec.example + " ]", start=spec.start)
        assert first.value.interactive_parser.accepts() == second.value.interactive_parser.accepts()


@pytest.mark.parametrize("seed", ["0", "1", "77"])
def test_generating_gives_the_same_bytes_every_time(seed: str) -> None:
    code = "from campaign_dsl.language.syntax.grammar import generate; print(generate(), end='')"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"PYTHONHASHSEED": seed}
    )
    assert done.stdout == grammar.generate()


def test_tables_of_another_grammar_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_tables, "FINGERPRINT", "of another one")
    monkeypatch.setattr(_tables, "DATA", None)
    tree = grammar.load_parser().parse("once per year", start="limit_clause")
    assert isinstance(tree, Tree)


def test_every_start_symbol_is_a_rule_and_belongs_to_a_clause() -> None:
    starts = {each for spec in every_block() for each in (spec.head, spec.entry)}
    starts |= {each.start for _, each in clauses()}
    assert starts - {None} == set(STARTS)
    assert set(STARTS) <= {str(rule.origin.name) for rule in BUILT.rules}


def test_every_rule_has_its_builder() -> None:
    wanted = {rule.alias or str(rule.origin.name) for rule in BUILT.rules if not str(rule.origin.name).startswith("__")}
    inlined = {str(rule.origin.name) for rule in BUILT.rules if rule.options.expand1}
    assert {name for name in wanted - inlined if not hasattr(Builder, name)} == set()


# ----------------------------------------------------------------------------------------------------------- terminals


def patterns(parser: Lark) -> dict[str, str]:
    return {terminal.name: terminal.pattern.to_regexp() for terminal in parser.terminals}


def parts(parsed: Any) -> Iterator[tuple[Any, Any]]:
    """Every operation of a parsed regular expression, with its argument."""
    if isinstance(parsed, regex_parser.SubPattern):
        for op, argument in parsed:
            yield op, argument
            yield from parts(argument)
    elif isinstance(parsed, list | tuple):
        if len(parsed) == 2 and isinstance(parsed[0], constants._NamedIntConstant):
            yield parsed[0], parsed[1]  # an item of a character class
        for inner in parsed:
            yield from parts(inner)


@pytest.mark.parametrize(("name", "pattern"), patterns(BUILT).items(), ids=lambda each: each)
def test_terminals_are_ascii_only(name: str, pattern: str) -> None:
    for op, argument in parts(regex_parser.parse(pattern)):
        assert op is not constants.CATEGORY, f"{name}: a class that takes letters and digits of every script"
        assert op is not constants.ANY, f"{name}: `.` takes line separators"
        if op is constants.LITERAL:
            assert argument < 128, name
        if op is constants.RANGE:
            assert argument[1] < 128, name


@pytest.mark.parametrize(("name", "pattern"), patterns(BUILT).items(), ids=lambda each: each)
def test_terminals_have_no_nested_quantifiers(name: str, pattern: str) -> None:
    unbounded = [
        argument[2]
        for op, argument in parts(regex_parser.parse(pattern))
        if op in (constants.MAX_REPEAT, constants.MIN_REPEAT) and argument[1] is constants.MAXREPEAT
    ]
    for inner in unbounded:
        nested = [
            op
            for op, argument in parts(inner)
            if op in (constants.MAX_REPEAT, constants.MIN_REPEAT) and argument[1] is constants.MAXREPEAT
        ]
        assert nested == [], name


def test_the_checks_above_would_find_something() -> None:
    assert any(op is constants.CATEGORY for op, _ in parts(regex_parser.parse(r"[a-z\d]+")))
    assert sum(op is constants.MAX_REPEAT for op, _ in parts(regex_parser.parse(r"(?:[a-z]+)*;"))) == 2


# ----------------------------------------------------------------------------------------------------------- operators


def says(name: str, text: str) -> bool:
    pattern = next(each.pattern for each in BUILT.terminals if each.name == name)
    return re.fullmatch(pattern.to_regexp(), text) is not None


@pytest.mark.parametrize("symbol", COMPARISONS)
def test_comparisons_are_those_of_the_operator_table(symbol: str) -> None:
    assert says("COMPARE", symbol)
    assert COMPARISONS[symbol].symbol == symbol


def words(terminal: str) -> set[str]:
    """Every word in a terminal of alternatives."""
    pattern = next(each.pattern.value for each in BUILT.terminals if each.name == terminal)
    return set(re.findall(r"[a-z]{2,}|[=<>!]+", pattern.replace(r"[ \t\r\n]", "").replace("(?!", "")))


@pytest.mark.parametrize(
    ("terminals", "table"),
    [
        (("COMPARE",), COMPARISONS),
        (("TEXT_TEST",), TEXT_TESTS),
        (("AGGREGATE_OF", "COUNT_OF", "RECENCY_OF"), [f"{name} of" for name in AGGREGATES]),
        (("MATCHES",), PATTERN_TESTS),
        (("LIST_TEST",), [f"contains {name} of" for name in LIST_TESTS]),
        (("QUANTIFIER",), [f"{name} of" for name in QUANTIFIERS]),
        (("ROUND",), [f"round {name}" for name in ROUNDINGS]),
        (("FUNCTION_OF",), FUNCTIONS),
        (("WEEKDAY",), (*WEEKDAYS, "weekday")),
    ],
    ids=name_of,
)
def test_the_operator_table_is_the_grammar(terminals: tuple[str, ...], table: Iterable[str]) -> None:
    for symbol in table:
        assert any(says(name, symbol) for name in terminals), symbol
    assert set().union(*(words(name) for name in terminals)) == {word for symbol in table for word in symbol.split()}


def test_the_symbols_of_arithmetic_are_those_of_the_operator_table() -> None:
    assert {symbol for symbol in "+-*/%^" if says("SIGN", symbol) or says("TIMES_SIGN", symbol)} == set(ARITHMETIC)
