"""Writes Lark's tables down as plain tuples, which Python loads in a millisecond: `_driver_tables.py`.

`python -m campaign_dsl.language.syntax.driver_tables` rewrites the file, `--check` says whether it is current.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

from lark.lexer import _create_unless
from lark.parse_tree_builder import maybe_create_child_filter
from lark.parsers.lalr_analysis import Shift

from campaign_dsl.language.syntax.driver import fingerprint, grammar_text
from campaign_dsl.language.syntax.grammar import build

_FILE = Path(__file__).with_name("_driver_tables.py")
Kept = tuple[int | None, ...]


def generate() -> str:
    """The source of `_driver_tables.py` for the grammar as it stands."""
    text = grammar_text()
    parser: Any = build(text)
    table, lexers = parser.parser.parser._parse_table, parser.parser.lexer.lexers
    ignored = parser.ignore_tokens
    rules = sorted(parser.rules, key=lambda rule: (rule.origin.name, rule.order, str(rule)))
    rule_numbers = {rule: number for number, rule in enumerate(rules)}
    numbers = _numbered(table)

    used: dict[Any, int] = {}
    states = []
    for state in numbers:
        tried = _tried(lexers[state], ignored)
        actions = [
            (symbol, numbers[to] if action is Shift else ~rule_numbers[to])
            for symbol, (action, to) in sorted(table.states[state].items())
        ]
        is_terminal = {symbol for symbol, _ in actions if symbol.isupper() or symbol == "$END"}
        states.append(
            (
                used.setdefault(tried, len(used)),
                tuple(each for each in actions if each[0] in is_terminal),
                tuple(each for each in actions if each[0] not in is_terminal),
            )
        )
    patterns = {terminal.name: terminal.pattern.to_regexp() for terminal in parser.terminals}
    parts = {
        "FINGERPRINT": fingerprint(text),
        "IGNORED": "(?:" + "|".join(patterns[name] for name in sorted(ignored)) + ")*",
        "TERMINALS": {name: patterns[name] for name in sorted(patterns) if name not in ignored},
        "LEXERS": tuple(used),
        "STATES": tuple(states),
        "STARTS": tuple(
            (start, numbers[table.start_states[start]], numbers[table.end_states[start]])
            for start in sorted(table.start_states)
        ),
        "RULES": tuple(_rule(rule) for rule in rules),
    }
    lines = [f"{name}: Any = {value!r}" for name, value in parts.items()]
    return "\n".join(
        [
            '"""Generated from grammar/campaign.lark by `make generate`. Do not edit."""',
            "",
            "from typing import Any",
            "",
            *lines,
            "",
        ]
    )


def _numbered(table: Any) -> dict[Any, int]:
    """States numbered in the order in which they are reached, since Lark's numbers differ from process to process."""
    numbers: dict[Any, int] = {}
    waiting = [table.start_states[start] for start in sorted(table.start_states)]
    while waiting:
        state = waiting.pop(0)
        if state not in numbers:
            numbers[state] = len(numbers)
            waiting += [to for _, (action, to) in sorted(table.states[state].items()) if action is Shift]
    return numbers


def _tried(lexer: Any, ignored: list[str]) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """The terminals that Lark tries in a state, in its order.

    Each comes with the words that are terminals of their own, though it would take them too.
    """
    kept, unless = _create_unless(lexer.terminals, lexer.g_regex_flags, re, False)  # type: ignore[no-untyped-call]
    words = {
        name: tuple((word.pattern.value, word.name) for word in each.scanner.terminals) for name, each in unless.items()
    }
    return tuple((each.name, words.get(each.name, ())) for each in kept if each.name not in ignored)


def _rule(rule: Any) -> tuple[int, str, str, bool, Kept | None]:
    """How many parts a rule has, what it makes, who is called for it, whether not for one part, with which parts."""
    size = len(rule.expansion)
    callback = rule.alias or rule.origin.name
    filtered = maybe_create_child_filter(
        rule.expansion, rule.options.keep_all_tokens, False, rule.options.empty_indices
    )
    kept: list[int | None] | None = None
    if filtered is not None:
        kept = []
        included, *nones = filtered.args
        for index, expand, *missing in included:
            kept += [None] * sum(missing)
            kept.append(~index if expand else index)
        kept += [None] * sum(nones)
    single = bool(rule.options.expand1 and not rule.alias)
    return size, str(rule.origin.name), str(callback), single, None if kept is None else tuple(kept)


if __name__ == "__main__":
    current = _FILE.read_text(encoding="utf-8") if _FILE.is_file() else ""
    fresh = generate()
    if "--check" in sys.argv[1:]:
        sys.exit(0 if current == fresh else "the driver's tables are out of date: run `make generate`")
    _FILE.write_text(fresh, encoding="utf-8")
