"""How expressions group: precedence, words that are names elsewhere, filters that go on as far as they can."""

from __future__ import annotations

import re

import pytest
from texts import codes, predicate, try_clause

from campaign_dsl.language.syntax import tree as t
from campaign_dsl.language.syntax.writing import written


def grouped(node: t.Expression) -> str:
    """The text of an expression with every group in parentheses."""
    match node:
        case t.AnyOf(items):
            return "(" + " or ".join(map(grouped, items)) + ")"
        case t.AllOf(items):
            return "(" + " and ".join(map(grouped, items)) + ")"
        case t.Not(item):
            return f"(not {grouped(item)})"
        case t.Compare(op, left, right):
            return f"({grouped(left)} {op} {grouped(right)})"
        case t.Arithmetic(op, left, right):
            return f"({grouped(left)} {op} {grouped(right)})"
        case t.Between(value, low, high, negated):
            word = "not between" if negated else "between"
            return f"({grouped(value)} {word} {grouped(low)} and {grouped(high)})"
        case t.InList(value, items, negated):
            return f"({grouped(value)} {'not in' if negated else 'in'} [{', '.join(map(grouped, items))}])"
        case t.Did(event, where, _, _, _):
            return f"(did {event.text}" + (f" where {grouped(where)})" if where else ")")
        case t.Aggregate(function, event, _, where, _):
            return f"({function} of {event.text}" + (f" where {grouped(where)})" if where else ")")
    return written(node)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("a or b and c", "(a or (b and c))"),
        ("a and b or c", "((a and b) or c)"),
        ("(a or b) and c", "((a or b) and c)"),
        ("a or b or c", "(a or b or c)"),
        ("a or (b or c)", "(a or (b or c))"),
        ("not a and b", "((not a) and b)"),
        ("not (a and b)", "(not (a and b))"),
        ("not not a", "(not (not a))"),
        ("not a = b", "(not (a = b))"),
        ("not a in [b]", "(not (a in [b]))"),
        ("a = b and c != d", "((a = b) and (c != d))"),
        ("a + b = c - d", "((a + b) = (c - d))"),
        ("a + b * c = d", "((a + (b * c)) = d)"),
        ("(a + b) * c = d", "(((a + b) * c) = d)"),
        ("a - b - c = d", "(((a - b) - c) = d)"),
        ("a - (b - c) = d", "((a - (b - c)) = d)"),
        ("a * b * c = d", "(((a * b) * c) = d)"),
        ("-a + b = 1", "(((0 - a) + b) = 1)"),
        ("-a * b = 1", "(((0 - a) * b) = 1)"),
        ("- - 5 = a", "(5 = a)"),
        ("a - -5 = b", "((a - -5) = b)"),
        ("+5 = a", "(5 = a)"),
        ("a between 1 and 2 and c", "((a between 1 and 2) and c)"),
        (
            "a between 1 and 2 or b not between c and d and e",
            "((a between 1 and 2) or ((b not between c and d) and e))",
        ),
        ("a between b + 1 and c * 2", "(a between (b + 1) and (c * 2))"),
        ("a in [1, 2] and b not in [c]", "((a in [1, 2]) and (b not in [c]))"),
        ("a in [1, 2,]", "(a in [1, 2])"),
        ("did p ever and a", "((did p) and a)"),
        ("did p where x = 1 and y or z ever and a", "((did p where (((x = 1) and y) or z)) and a)"),
        ("(did p where x ever) and a", "((did p where x) and a)"),
        ("did p where not x at least 2 times ever or a", "((did p where (not x)) or a)"),
        ("did p where x between 1 and 2 in last 3 days and a", "((did p where (x between 1 and 2)) and a)"),
        ("count of p where a or b ever + 1 = 2", "(((count of p where (a or b)) + 1) = 2)"),
        ("1 < count of p ever and a", "((1 < (count of p)) and a)"),
        ("sum of p.q ever * 2 = average of p.q since 2026-01-01", "(((sum of p) * 2) = (average of p))"),
    ],
)
def test_groups(text: str, wanted: str) -> None:
    assert grouped(predicate(text)) == wanted


FORMS = [
    ("a.b.c = d", "a.b.c = d"),
    ("a is known", "a is known"),
    ("a + 1 is missing", "a + 1 is missing"),
    ('a contains "x"', 'a contains "x"'),
    ('a does  not\ncontain "x" ignoring  case', 'a does not contain "x" ignoring case'),
    ('a starts with "x"', 'a starts with "x"'),
    ("a ends with b", "a ends with b"),
    ("in audience employees", "in audience employees"),
    ("everyone", "everyone"),
    ("did p ever", "did p ever"),
    ("did not p where x ever", "did not p where x ever"),
    ("did p at least 1 time ever", "did p at least 1 time ever"),
    ("did p at  most 3 times ever", "did p at most 3 times ever"),
    ("did p exactly 0 times in last 1 day", "did p exactly 0 times in last 1 day"),
    ("did p in last 90 days", "did p in last 90 days"),
    ("did p in last 3 calendar weeks", "did p in last 3 calendar weeks"),
    ("did p since 2026-01-31", "did p since 2026-01-31"),
    ("did p after 2026-01-31 09:00", "did p after 2026-01-31 09:00"),
    ("did p until 2026-01-31T09:00:30", "did p until 2026-01-31 09:00:30"),
    ("did p before 2026-01-31 09:00-05:00", "did p before 2026-01-31 09:00-05:00"),
    ("did p before 2026-01-31T09:00Z", "did p before 2026-01-31 09:00+00:00"),
    ("count of p ever > 1", "count of p ever > 1"),
    ("smallest of p.q where r ever = largest of p.q ever", "smallest of p.q where r ever = largest of p.q ever"),
    ("a = 1_000.50", "a = 1000.50"),
    ("a = 007", "a = 7"),
    ("a = true and false = b", "a = true and false = b"),
    (r'a = "\"\\\n\t"', r'a = "\"\\\n\t"'),
    ("a in []", "a in []"),
]


@pytest.mark.parametrize(("text", "wanted"), FORMS, ids=[text for text, _ in FORMS])
def test_forms(text: str, wanted: str) -> None:
    node = predicate(text)
    assert written(node) == wanted
    assert predicate(wanted) == node


RESERVED = ("in", "not", "true", "false", "everyone", "did")
"""Words that begin a test themselves, so that nothing else can be called by them."""
WORDS = re.findall(
    r"\w+",
    """and or is known missing between contains starts ends with ignoring case where ever last calendar day days week
    month year hours before after since until at least most exactly time times count sum average smallest largest of
    audience segment when as expires points offers from to per once customer source variant offer otherwise""",
)


@pytest.mark.parametrize("word", WORDS)
def test_a_keyword_is_a_name_where_it_cannot_be_confused(word: str) -> None:
    assert predicate(f"{word} = 1 and {word} is known") == predicate("x = 1 and x is known".replace("x", word))
    assert grouped(predicate(f"not {word}")) == f"(not {word})"
    assert grouped(predicate(f"did {word} where {word} = {word} ever")) == f"(did {word} where ({word} = {word}))"
    assert grouped(predicate(f"a in [{word}, b.{word}]")) == f"(a in [{word}, b.{word}])"


@pytest.mark.parametrize("word", RESERVED)
def test_a_reserved_word_is_no_name_at_the_start_of_a_value(word: str) -> None:
    node, _ = try_clause("where_clause", f"a = 1 and {word} > 1")
    assert node is None or t.Path not in map(type, (node.items[1], getattr(node.items[1], "left", None)))
    assert predicate(f"a.{word} = 1").left.text == f"a.{word}"


@pytest.mark.parametrize(
    "text",
    [
        "a = 1 order = 3",
        "a = 1 andb",
        "a = 1 orb",
        "a isknown",
        "a is known2",
        "a notin [1]",
        "a inlist",
        "a betweenb and c",
        "did p at least 3times ever",
        "did p in last 90days",
        "did p everyday",
        "did p since2026-01-01",
        "a = 13and b",
        "a = 2026-01-01and b",
        "a = trueand b",
        "a contains2",
    ],
)
def test_words_stand_apart(text: str) -> None:
    node, problems = try_clause("where_clause", text)
    assert node is None
    assert codes(problems) == ["SYN007"]


@pytest.mark.parametrize(
    "text",
    [
        "a < b < c",
        "a = b = c",
        "a between 1 and 2 and",
        "a b",
        "a in 1",
        "did ever",
        "did p",
        "did p where ever",
        "did p at least 2 ever",
        "sum of p ever = 1",
        "count of p.q ever = 1",
        "count of p = 1",
        "a and",
        "or a",
        "()",
        "(a",
        "a)",
        "a in [1",
        "a in [,]",
        "a in [1,,2]",
        "a.",
        ".a",
        "a = 1.",
        "a = .5",
        "a = 1e5",
        "a = 0x10",
        "a = 1,000",
        "a = 'x'",
        "a; b",
        "did p in last 90",
        "did p in last days",
        "did p in last 1.5 days",
    ],
)
def test_what_is_not_an_expression_is_one_finding_inside_it(text: str) -> None:
    node, problems = try_clause("where_clause", text)
    assert node is None
    assert len(problems) == 1
    assert problems[0].code in ("SYN007", "SYN008", "SYN012")
    span = problems[0].where.span  # type: ignore[union-attr]
    assert 0 <= span.start <= span.end <= len(text)
