"""Input without measure: a located finding or success, never an exception, and time that grows with the text only."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator

import pytest
from texts import codes, try_clause, try_file

from campaign_dsl.language.syntax.blocks import MAX_BLOCKS, MAX_DEPTH
from campaign_dsl.language.syntax.builder import MAX_EXPRESSION_DEPTH, MAX_JOINED


@pytest.fixture(autouse=True)
def little_stack() -> Iterator[None]:
    """Recursion that grows with the input shows at once."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(600)
    yield
    sys.setrecursionlimit(before)
    gc.collect()


TOO_DEEP = {
    "parentheses": "(" * 5_000 + "a" + ")" * 5_000,
    "parentheses that are not closed": "(" * 5_000 + "a",
    "brackets": "[" * 5_000,
    "braces": "{" * 5_000,
    "not": "not " * 5_000 + "a",
    "sums": "a = 1" + " + 1" * 5_000,
    "products": "a = 1" + " * 1" * 5_000,
    "signs before a name": "- " * 5_000 + "a = 1",
    "or in and": "(a and (b or " * 3_000 + "c" + "))" * 3_000,
    "filters": "did p where " * 3_000 + "a" + " ever" * 3_000,
}


@pytest.mark.parametrize("what", TOO_DEEP)
def test_deep_nesting_in_a_clause(what: str) -> None:
    node, problems = try_clause("where_clause", TOO_DEEP[what])
    assert node is None
    assert len(problems) == 1
    assert problems[0].code in ("SYN005", "SYN007", "SYN008")


@pytest.mark.parametrize("what", TOO_DEEP)
@pytest.mark.parametrize("spelling", ["campaign", "campaign.yaml"])
def test_deep_nesting_in_a_file(what: str, spelling: str) -> None:
    text = TOO_DEEP[what]
    whole = f"audience x:\n  where: |\n    {text}\n" if "yaml" in spelling else f"audience x {{\n where {text}\n}}\n"
    _, problems = try_file(whole, f"x.{spelling}")
    assert problems
    assert {each.code for each in problems} <= {"SYN004", "SYN005", "SYN007", "SYN008"}
    assert len(problems) <= 3
    assert all(each.where and 0 <= each.where.span.start <= each.where.span.end <= len(whole) for each in problems)


@pytest.mark.parametrize(
    ("inside", "fine"),
    [
        ("not " * (MAX_EXPRESSION_DEPTH - 1) + "a", True),
        ("not " * MAX_EXPRESSION_DEPTH + "a", False),
        ("(" * MAX_DEPTH + "a" + ")" * MAX_DEPTH, True),
        ("(" * (MAX_DEPTH + 1) + "a" + ")" * (MAX_DEPTH + 1), False),
        ("a" + " and b" * (MAX_JOINED - 1), True),
        ("a" + " and b" * MAX_JOINED, False),
        ("a" + " or b" * 10_000, False),
    ],
    ids=["not", "too many not", "parentheses", "too many parentheses", "and", "too many and", "10,000 or"],
)
def test_where_the_limits_are(inside: str, fine: bool) -> None:
    _, problems = try_file(f"audience x {{\n where {inside}\n}}")
    assert codes(problems) == ([] if fine else [codes(problems)[0]])
    assert all(code in ("SYN005", "SYN014") for code in codes(problems))


LONG = {
    "a list of 10,000 numbers": "a in [" + ", ".join(map(str, range(10_000))) + "]",
    "a list of 10,000 texts": "a in [" + ", ".join(f'"{number}"' for number in range(10_000)) + "]",
    "a long text": 'a = "' + "x" * 20_000 + '"',
    "a text of escapes": 'a = "' + "\\n" * 20_000 + '"',
    "a long name": "a" * 20_000 + " = 1",
    "a long path": "a." * 10_000 + "b = 1",
    "signs before a number": "- " * 20_000 + "1 = a",
    "spaces": "a" + " " * 20_000 + "= 1",
    "line ends": "a" + "\n" * 20_000 + "= 1",
    "a comment": "a # " + "x" * 20_000 + "\n= 1",
    "many comments": "a " + "# x\n" * 20_000 + "= 1",
}


@pytest.mark.parametrize("what", LONG)
def test_long_but_sound(what: str) -> None:
    node, problems = try_clause("where_clause", LONG[what])
    assert problems == ()
    assert node is not None


WRONG = {
    "a long number": ("where_clause", "a = " + "1" * 20_000),
    "a long decimal": ("where_clause", "a = 1." + "1" * 20_000),
    "a number of underscores": ("where_clause", "a = 1" + "_" * 20_000),
    "a long integer": ("integer_clause", "9" * 20_000),
    "a text of broken escapes": ("text_clause", '"' + "\\q" * 2_000 + '"'),
    "a text that is not closed": ("text_clause", '"' + "x" * 20_000),
    "text without spaces": ("where_clause", "a=1and" * 3_000),
    "operators": ("where_clause", "<" * 20_000),
    "quotes": ("where_clause", '"' * 20_001),
    "letters of another script": ("where_clause", "ж" * 20_000),
    "emoji": ("where_clause", "😀" * 20_000),
    "a long word where a keyword stands": ("limit_clause", "once per " + "y" * 20_000),
    "a share": ("holdout_clause", "5"),
}


@pytest.mark.parametrize("what", WRONG)
def test_long_and_wrong(what: str) -> None:
    start, text = WRONG[what]
    node, problems = try_clause(start, text)
    assert node is None
    assert problems
    for each in problems:
        assert each.where is not None
        assert 0 <= each.where.span.start <= each.where.span.end <= len(text)
        assert len(each.message) < 300
        assert len(each.help or "") < 500


@pytest.mark.parametrize(
    "text",
    [
        "campaign x {\n" * 5_000,
        "}" * 20_000,
        "campaign x {\n" + "  audience {\n" * 5_000,
        "x\n" * 5_000,
        '"\n' * 20_000,
        "campaign x { }\n" * 5_000,
        "campaign x {\n" + "  titel\n" * 2_000 + "}",
        "campaign x {\n" + "  formerly a\n" * 5_000 + "}",
        "campaign " + "x " * 10_000 + "{\n}",
    ],
    ids=["blocks", "closing braces", "audiences", "words", "quotes", "campaigns", "typos", "clauses", "a head"],
)
def test_long_files(text: str) -> None:
    _, problems = try_file(text)
    assert all(each.where and each.where.span.end <= len(text) for each in problems)


def _groups(levels: int, spelling: str) -> str:
    """A behavior with so many groups inside each other; the behavior and its campaign are two blocks more."""
    if spelling == "campaign":
        inside = "all of {\npurchase\n" * levels + "}\n" * levels
        return f"campaign x {{\nbehavior {{\n{inside}}}\n}}\n"
    lines = ["campaign x:", "  behavior:"]
    for level in range(levels):
        lines += ["  " * (level + 2) + "- all of:", "  " * (level + 3) + "- purchase"]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("spelling", ["campaign", "campaign.yaml"])
@pytest.mark.parametrize(("levels", "expected"), [(MAX_BLOCKS - 2, []), (MAX_BLOCKS - 1, ["SYN005"])])
def test_blocks_inside_each_other(levels: int, expected: list[str], spelling: str) -> None:
    _, problems = try_file(_groups(levels, spelling), f"x.{spelling}")
    assert codes(problems) == expected


def test_thousands_of_blocks_inside_each_other_are_one_problem() -> None:
    _, problems = try_file(_groups(5_000, "campaign"))
    assert codes(problems) == ["SYN005"]
    assert problems[0].where is not None
    assert problems[0].where.span.line == 2 + 2 * (MAX_BLOCKS - 2) + 1
