"""Loads the grammar into Lark: from generated tables, so that the first mistake does not pay for building them.

The tables in `_tables.py` are used when they belong to this grammar text and this Lark; otherwise the parser is built
from `grammar/campaign.lark`, which takes about 150 ms and gives the same parser. `python -m
campaign_dsl.language.syntax.grammar` rewrites the tables, `--check` says whether they are current.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, ClassVar

from lark import Lark, Token
from lark import __version__ as lark_version

from campaign_dsl.language.syntax import driver
from campaign_dsl.language.syntax.builder import Builder
from campaign_dsl.language.syntax.driver import grammar_dir, grammar_text
from campaign_dsl.language.syntax.spec import STARTS

__all__ = ["build", "fingerprint", "generate", "grammar_dir", "load_parser"]

_TABLES = Path(__file__).with_name("_tables.py")
_SHIFT = 0
"""How Lark's tables spell the action of going on; the other one names a rule."""


def fingerprint(text: str) -> str:
    """What the tables depend on: the grammar, its start symbols and the version of Lark."""
    return driver.fingerprint(text, lark_version)


class Guide:
    """Lets Lark call a `Builder` as its transformer and post-lexer: with each rule's children, and with every token."""

    always_accept: ClassVar[tuple[str, ...]] = ()

    def __init__(self, builder: Builder) -> None:
        self._builder = builder

    def __getattr__(self, rule: str) -> Callable[[list[Any]], Any]:
        method = getattr(self._builder, rule)
        return lambda children: method(*children)

    def process(self, stream: Iterator[Token]) -> Iterator[Token]:
        """Show the builder each token before the parser has it."""
        for token in stream:
            self._builder.see(token)
            yield token


def load_parser(builder: Builder | None = None) -> Lark:
    """The parser for all clauses, which builds trees of ours with ``builder``, otherwise its own."""
    text = grammar_text()
    try:
        from campaign_dsl.language.syntax import _tables
    except ImportError:
        return build(text, builder)
    if fingerprint(text) != _tables.FINGERPRINT:
        return build(text, builder)
    # The same call that Lark's standalone generator makes; only the data is ours.
    guide = None if builder is None else Guide(builder)
    parser: Lark = Lark._load_from_dict(  # type: ignore[no-untyped-call]
        _tables.DATA, _tables.MEMO, transformer=guide, postlex=guide
    )
    return parser


def build(text: str, builder: Builder | None = None) -> Lark:
    """The parser, built from grammar text."""
    guide: Any = None if builder is None else Guide(builder)
    return Lark(
        text,
        parser="lalr",
        lexer="contextual",
        start=list(STARTS),
        maybe_placeholders=True,
        transformer=guide,
        postlex=guide,
    )


def generate() -> str:
    """The source of `_tables.py` for the grammar as it stands."""
    from lark.grammar import Rule
    from lark.lexer import TerminalDef

    text = grammar_text()
    data, memo = _numbered(*build(text).memo_serialize([TerminalDef, Rule]))
    return (
        '"""Generated from grammar/campaign.lark by `make generate`. Do not edit."""\n\n'
        "from typing import Any\n\n"
        f'FINGERPRINT = "{fingerprint(text)}"\n'
        f"DATA: Any = {_stable(data)}\n"
        f"MEMO: Any = {_stable(memo)}\n"
    )


def _numbered(data: Any, memo: dict[int, Any]) -> tuple[Any, dict[int, Any]]:
    """The same tables with rules, tokens and states numbered in an order of their own.

    Lark numbers them as it happens to meet them in sets, which differs from process to process.
    """
    order = sorted(memo, key=lambda number: _stable(memo[number]))
    renumbered = {old: new for new, old in enumerate(order)}
    data = _with_numbers(data, renumbered)
    tables = data["parser"]["parser"]
    names = sorted(tables["tokens"].values())
    token = {old: names.index(name) for old, name in tables["tokens"].items()}
    actions = {
        state: sorted((token[old], action) for old, action in row.items()) for state, row in tables["states"].items()
    }
    numbers: dict[int, int] = {}
    waiting = [tables["start_states"][start] for start in sorted(tables["start_states"])]
    while waiting:
        state = waiting.pop(0)
        if state not in numbers:
            numbers[state] = len(numbers)
            waiting += [target for _, (kind, target) in actions[state] if kind == _SHIFT]
    tables["tokens"] = dict(enumerate(names))
    tables["states"] = {
        numbers[state]: {old: (kind, numbers[to] if kind == _SHIFT else to) for old, (kind, to) in actions[state]}
        for state in numbers
    }
    for ends in ("start_states", "end_states"):
        tables[ends] = {start: numbers[state] for start, state in tables[ends].items()}
    return data, {renumbered[old]: memo[old] for old in order}


def _with_numbers(value: Any, renumbered: dict[int, int]) -> Any:
    if isinstance(value, dict):
        if value.keys() == {"@"}:
            return {"@": renumbered[value["@"]]}
        return {key: _with_numbers(item, renumbered) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(_with_numbers(item, renumbered) for item in value)
    return value


def _stable(value: Any) -> str:
    """`repr` with dictionary keys and sets in a fixed order, so that generating twice gives the same bytes."""
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: (type(key).__name__, key))
        return "{" + ", ".join(f"{key!r}: {_stable(value[key])}" for key in keys) + "}"
    if isinstance(value, (set, frozenset)):
        return "[" + ", ".join(sorted(_stable(item) for item in value)) + "]"
    if isinstance(value, (list, tuple)):
        inner = ", ".join(_stable(item) for item in value)
        if isinstance(value, list):
            return f"[{inner}]"
        return f"({inner},)" if len(value) == 1 else f"({inner})"
    return repr(value)


if __name__ == "__main__":
    current = _TABLES.read_text(encoding="utf-8") if _TABLES.is_file() else ""
    fresh = generate()
    if "--check" in sys.argv[1:]:
        sys.exit(0 if current == fresh else "the parser tables are out of date: run `make generate`")
    _TABLES.write_text(fresh, encoding="utf-8")
