"""The driver reads what Lark reads, as Lark reads it, and nothing else."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lark.exceptions import UnexpectedInput
from texts import SAMPLE, clause

from campaign_dsl.language.diagnostics.model import Problems, Span
from campaign_dsl.language.source.files import Snippet, SourceFile
from campaign_dsl.language.syntax import _driver_tables, driver, driver_tables, grammar, parsing
from campaign_dsl.language.syntax.builder import Builder, GluedWords
from campaign_dsl.language.syntax.driver import UNREAD, Driver
from campaign_dsl.language.syntax.spec import every_block
from campaign_dsl.workspace import Workspace

LARK_BUILDER = Builder()
LARK = grammar.build(driver.grammar_text(), LARK_BUILDER)
"""Not from any tables."""
BUILDER = Builder()
DRIVER = Driver(BUILDER, _driver_tables)


def whole(node: Any) -> Any:
    """A node with all its places, which nodes leave out of comparisons."""
    if isinstance(node, Span):
        return node.start, node.end
    if isinstance(node, tuple | list):
        return [whole(item) for item in node]
    if is_dataclass(node):
        return type(node).__name__, [(each.name, whole(getattr(node, each.name))) for each in fields(node)]
    return node


def by_lark(start: str, text: str) -> Any:
    problems = Problems()
    LARK_BUILDER.begin(Snippet.of(SourceFile("x", text), 0, len(text)), problems)
    try:
        node = LARK.parse(text, start=start)
    except (UnexpectedInput, GluedWords):
        return UNREAD
    return whole(node), [(each.code, each.message, whole(each.where.span)) for each in problems.sorted()]  # type: ignore[union-attr]


def by_driver(start: str, text: str) -> Any:
    problems = Problems()
    BUILDER.begin(Snippet.of(SourceFile("x", text), 0, len(text)), problems)
    node = DRIVER.read(start, text)
    if node is UNREAD:
        return UNREAD
    return whole(node), [(each.code, each.message, whole(each.where.span)) for each in problems.sorted()]  # type: ignore[union-attr]


def examples() -> Iterator[tuple[str, str]]:
    for spec in every_block():
        yield from ((each.start, each.example) for each in spec.clauses.values() if each.start is not None)


PREDICATES = [
    'status = good and (tier >= gold or country in ["US", "CA",]) and not is_employee',
    'did purchase where amount > 1_0.50 and not (sku = "a") at least 3 times in last 30 days or did not check_in ever',
    "count of purchase since 2026-01-31 + 2 * -3 <= sum of purchase.amount in last 2 calendar months",
    'name does  not\ncontain "a\\"b" ignoring case # and so on\n  and day not between 2000-02-30 and 2026-01-01 09:00',
    "everyone",
    "in audience buyers or customer.first_name is missing",
    "(((a)))",
    "did app_open before 2026-01-31 at most 2 times ever",
]
EXAMPLES = sorted({*examples(), *(("where_clause", each) for each in PREDICATES)})
STARTS = sorted({start for start, _ in EXAMPLES} | set(dict.fromkeys(start for start, *_ in _driver_tables.STARTS)))
WORDS = sorted(
    {word for _, text in EXAMPLES for word in text.split()}
    | {terminal.pattern.value for terminal in LARK.terminals if terminal.pattern.type == "str"}
    | {
        "",
        " ",
        "\n",
        "#",
        "x",
        "9",
        "2026-01-31",
        "2026-01-31T09:00Z",
        "09:00",
        '"a"',
        '"',
        "days",
        "day",
        "dayss",
        "é",
        "²",
    }
)


@pytest.mark.parametrize(("start", "text"), EXAMPLES)
def test_examples(start: str, text: str) -> None:
    assert by_driver(start, text) == by_lark(start, text)


def test_the_sample_never_needs_lark(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "campaign_dsl.language.syntax.unread", raising=False)
    assert Workspace.load(SAMPLE).check() == ()
    assert "campaign_dsl.language.syntax.unread" not in sys.modules


@given(st.sampled_from(STARTS), st.lists(st.sampled_from(WORDS), max_size=14), st.sampled_from(("", " ", "\n  ")))
def test_any_words(start: str, words: list[str], between: str) -> None:
    text = between.join(words)
    assert by_driver(start, text) == by_lark(start, text)


@given(st.sampled_from(STARTS), st.text(max_size=40))
def test_any_text(start: str, text: str) -> None:
    assert by_driver(start, text) == by_lark(start, text)


@given(st.sampled_from(EXAMPLES), st.data())
def test_examples_with_something_changed(example: tuple[str, str], data: st.DataObject) -> None:
    start, text = example
    for _ in range(data.draw(st.integers(1, 3), "changes")):
        first = data.draw(st.integers(0, len(text)), "from")
        last = data.draw(st.integers(first, min(len(text), first + 12)), "to")
        text = text[:first] + data.draw(st.sampled_from(WORDS) | st.text(max_size=2), "instead") + text[last:]
    assert by_driver(start, text) == by_lark(start, text)


@given(st.sampled_from(STARTS), st.sampled_from(EXAMPLES))
def test_examples_of_other_clauses(start: str, example: tuple[str, str]) -> None:
    assert by_driver(start, example[1]) == by_lark(start, example[1])


# -------------------------------------------------------------------------------------------------------------- tables


def test_the_tables_are_current() -> None:
    module = "campaign_dsl.language.syntax.driver_tables"
    done = subprocess.run([sys.executable, "-m", module, "--check"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("seed", ["0", "1", "77"])
def test_generating_gives_the_same_bytes_every_time(seed: str) -> None:
    code = "from campaign_dsl.language.syntax.driver_tables import generate; print(generate(), end='')"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"PYTHONHASHSEED": seed}
    )
    assert done.stdout == driver_tables.generate()


def test_nothing_begins_with_what_is_ignored() -> None:
    """The driver passes over blanks and comments before it tries any terminal."""
    for name, pattern in _driver_tables.TERMINALS.items():
        matches = driver.re.compile(pattern).match
        assert not any(matches(first + rest) for first in " \t\r\n#" for rest in ("", " ", "x", "#", "\n")), name


def test_tables_of_another_grammar_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_driver_tables, "FINGERPRINT", "of another one")
    with pytest.raises(LookupError):
        Driver(BUILDER, _driver_tables)
    parsing._driver.cache_clear()
    try:
        assert whole(clause("limit_clause", "once per year")) == by_lark("limit_clause", "once per year")[0]
    finally:
        parsing._driver.cache_clear()
