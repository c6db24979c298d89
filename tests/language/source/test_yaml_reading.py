"""What the YAML reader returns and what it refuses, and where it points."""

from __future__ import annotations

import pytest

from campaign_dsl.language.source import yaml as reader
from campaign_dsl.language.source.files import SourceFile
from campaign_dsl.language.source.yaml import (
    MAX_DEPTH,
    MAX_PROBLEMS,
    YamlDocument,
    YamlList,
    YamlMap,
    YamlNode,
    YamlScalar,
    read_document,
    read_yaml,
)

pytestmark = pytest.mark.usefixtures("parser")


def read(text: str) -> YamlDocument:
    return read_document(SourceFile("f.yaml", text))


def plain(node: YamlNode | None):
    """The content alone."""
    match node:
        case YamlScalar():
            return node.value
        case YamlList():
            return [plain(item) for item in node.items]
        case YamlMap():
            return {key.value: plain(value) for key, value in node.entries}
    return None


def marked(text: str) -> tuple[str, list[tuple[int, int]]]:
    """``text`` without its markers «», and the ranges they marked."""
    ranges, starts, clean = [], [], ""
    for char in text:
        if char == "«":
            starts.append(len(clean))
        elif char == "»":
            ranges.append((starts.pop(), len(clean)))
        else:
            clean += char
    return clean, ranges


@pytest.mark.parametrize(
    ("text", "content"),
    [
        (
            "a: 1\nb: NO\nc: 012\nd: 1e5\non: 12:30:45\n",
            {"a": "1", "b": "NO", "c": "012", "d": "1e5", "on": "12:30:45"},
        ),
        ("a: ~\nb: null\nc:\nd: ''\n", {"a": "~", "b": "null", "c": "", "d": ""}),
        ("- a\n- [b, 'c d']\n- {e: f}\n", ["a", ["b", "c d"], {"e": "f"}]),
        ("a:\n- b\n- c\nd: e", {"a": ["b", "c"], "d": "e"}),
        ("--- # one document\na: b\n...\n# the end", {"a": "b"}),
        ("[]", []),
        ("{}", {}),
        ("just words\nover lines", "just words over lines"),
        ('"2023-02-29": 2023-02-29', {"2023-02-29": "2023-02-29"}),
        ("a: {b: {c: [d]}}\r\ne: f\r\n", {"a": {"b": {"c": ["d"]}}, "e": "f"}),
        ("a: " + "9" * 5000, {"a": "9" * 5000}),
        ("'<<': a", {"<<": "a"}),
        ("a: x#y\nb: '#'\nc: \"#\"\nd: |\n  # text\n", {"a": "x#y", "b": "#", "c": "#", "d": "# text\n"}),
        ("a: |1\n  x\nb: >2-\n   y\n   z\n", {"a": " x\n", "b": " y\n z"}),
        ("k: |+\n\n\nl: x", {"k": "\n\n", "l": "x"}),
    ],
)
def test_everything_is_text(text: str, content) -> None:
    root, problems = read_yaml(SourceFile("f", text))
    assert problems == ()
    assert plain(root) == content


@pytest.mark.parametrize(
    "text",
    [
        "«a»: «b»\n",
        "«\U0001f600»: «\U0001f600b»  # \U0001f600\n«c»: «'x'»",
        "«a»: «'it''s'»\r\n«b»: «\"x\\\"\"»\r\n",
        "«a»: «|-\n  x\n\n  y»\n\n# comment\n«b»: «>\n  z»\n",
        "«a»: «x\n  y»\n«b»: «'x\n\n  y'»\n",
        "«a»:«»\n«b»:«»   \n«c»: «{«d»:«» , «e»: «f»}»\n",
        "- «a»\n-«»\n- «b»\n",
        "«a»: «[«b», «'c'»]»\n",
        "«a»: «[]»\n«b»: «{}»",
        "«a»: «|+ # note»\n\n\n«b»: «x»",
    ],
)
def test_spans_are_tight(text: str) -> None:
    clean, ranges = marked(text)
    document = read(clean)
    assert document.problems == ()
    spans = set()

    def walk(node: YamlNode) -> None:
        if isinstance(node, YamlMap):
            if node.flow:
                spans.add((node.span.start, node.span.end))
            for key, value in node.entries:
                walk(key)
                walk(value)
        elif isinstance(node, YamlList):
            if node.flow:
                spans.add((node.span.start, node.span.end))
            for item in node.items:
                walk(item)
        else:
            spans.add((node.span.start, node.span.end))

    assert document.root is not None
    walk(document.root)
    assert spans == set(ranges)


def test_collections_span_their_content() -> None:
    text = "# c\na:\n  - b\n  - c: d  # e\nf:\n  g: h\n"
    root = read(text).root
    assert isinstance(root, YamlMap)

    def of(node: YamlNode | None) -> str:
        assert node is not None
        return text[node.span.start : node.span.end]

    assert of(root) == text[4:-1]
    assert of(root.get("a")) == "- b\n  - c: d"
    assert of(root.get("f")) == "g: h"
    assert root.get("x") is None
    assert root.key("f") == root.entries[1][0]
    assert root.key("x") is None
    assert not root.flow


def test_comments_are_kept_with_their_places() -> None:
    text = (
        "# one\r\n--- #two\r\na: b   # three\r\nc: 'x # no'\r\nd: | # four\r\n  # no\r\n  text\r\n# five\r\n"
        "e: [f, # six\r\n  g]\r\nh: x#no\r\n...\r\n# seven"
    )
    document = read(text)
    assert [comment for _, comment in document.comments] == [
        "# one",
        "#two",
        "# three",
        "# four",
        "# five",
        "# six",
        "# seven",
    ]
    assert all(text[span.start : span.end] == comment for span, comment in document.comments)


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("YML001", "«»"),
        ("YML001", "«»# only\n# comments\n"),
        ("YML001", "«»---\n...\n"),
        ("YML002", "a:\n«\t»b: c\n"),
        ("YML002", "a:«\t»b\n"),
        ("YML002", "a: b«\t»c\n"),
        ("YML002", "a: b«\t»# c\n"),
        ("YML002", "a: [b,«\t»c]\n"),
        ("YML002", "a: |«\t»\n  b\n"),
        ("YML002", "a: |\n  «\t»b\n"),
        ("YML003", "a: b\n«c»\n"),
        ("YML003", "a: b\n«c:d»   # e\n"),
        ("YML003", "- a\n«b»\n"),
        ("YML003", "- a\n«b c» # d\n"),
        ("YML003", "a: b\n«'c»\n  d': e\n"),
        ("YML003", "a: b\n«" + "c" * 1100 + ": d»\n"),
        ("YML004", "a: b«:» c\n"),
        ("YML004", "a: 'b'«:» c\n"),
        ("YML004", "a\nb«:» c\n"),
        ("YML005", "a:\n  b: c\n «d: e»\n"),
        ("YML005", "a:\n  - b\n «- c»\n"),
        ("YML005", "a: «-» b\n"),
        ("YML006", "a: «'»b\nc: d\n"),
        ("YML006", 'a: b\nc: «"»d\n'),
        ("YML006", "a: 'b' «c»\n"),
        ("YML006", 'a: "50%" «off everything»\n'),
        ("YML006", "a: [b] «c»\n"),
        ("YML007", "a: «[»b\nc: d\n"),
        ("YML007", "a: «{»b: c\n"),
        ("YML007", "a: ['b' «'»c']\n"),
        ("YML007", "a: [b]«]»\n"),
        ("YML007", "a: [«,» b]\n"),
        ("YML007", "«}»\n"),
        ("YML008", "a: «@»b\n"),
        ("YML008", "a: «`»b`\n"),
        ("YML008", "a: «%»b\n"),
        ("YML009", 'a: "b«\\q»"\n'),
        ("YML009", 'a: "b«\\x1»"\n'),
        ("YML009", 'a: "b«\\ud83d»"\n'),
        ("YML009", 'a: "b«\\UFFFFFFFF»"\n'),
        ("YML009", 'a: "b«\\0»"\n'),
        ("YML009", 'a: "b«\\u202e»"\n'),
        ("YML009", 'a: "b«\\e»[2J"\n'),
        ("YML009", 'a: "b«\\N»"\n'),
        ("YML010", "a: |«x»\n  y\n"),
        ("YML010", "a: |«0»\n  y\n"),
        ("YML010", "a: >«#»\n  y\n"),
        ("YML011", "«%YAML 1.1»\n---\na: b\n"),
        ("YML011", "# c\n«%YAML 9.9»\n---\na: b\n"),
        ("YML011", "«%TAG ! tag:x,2000:»\n---\na: b\n"),
        ("YML011", "«%FOO»\n---\na: b\n"),
        ("YML012", "a: b\n«---»\nc: d\n"),
        ("YML012", "a: b\n...\n«---»\nc: d\n"),
        ("YML013", "a: «&x» b\n"),
        ("YML013", "a: «&»\n"),
        ("YML013", "a: «*» b\n"),
        ("YML013", "a: [«&x»]\n"),
        ("YML014", "a: «!!python/object:os.system» b\n"),
        ("YML014", "a: «!» b\n"),
        ("YML014", "«!t» {a: b}\n"),
        ("YML014", "a: «!!int» 5\n"),
        ("YML015", "«<<»: {a: b}\n"),
        ("YML015", "a: {«<<»: [b, c]}\n"),
        ("YML016", "a: b\nc: {d: e, «d»: f}\n"),
        ("YML016", "a: b\n«'a'»: c\n"),
        ("YML017", "? «[»a]\n: b\n"),
        ("YML017", "? «a»\n: b\n"),
        ("YML017", "? «a»\n"),
        ("YML017", "«:» a\n"),
        ("YML017", "{«:» a}\n"),
        ("YML017", "a: «{{» name }}\n"),
        ("YML017", "«[»a]: b\n"),
        ("YML018", "[" * MAX_DEPTH + "«[»" + "]" * (MAX_DEPTH + 1)),
    ],
)
def test_one_finding_at_the_tight_place(code: str, text: str) -> None:
    clean, ranges = marked(text)
    document = read(clean)
    assert [problem.code for problem in document.problems] == [code]
    problem = document.problems[0]
    assert problem.where is not None
    assert (problem.where.span.start, problem.where.span.end) == (ranges[0] if ranges else (0, 0))
    assert problem.help
    assert problem.message[0] not in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    assert not any(word in problem.message for word in ("scalar", "token", "mapping", "parsing", "scanning"))
    if code != "YML016":
        assert document.root is None


def test_the_first_of_two_equal_keys_stays_and_is_shown() -> None:
    document = read("a: b\nc: d\na: e\na: f\n")
    assert plain(document.root) == {"a": "b", "c": "d"}
    assert [problem.code for problem in document.problems] == ["YML016", "YML016"]
    assert [problem.see_also[0].span.start for problem in document.problems] == [0, 0]


def test_not_every_one_of_a_thousand_problems_is_reported() -> None:
    assert len(read("a: b\n" * 1000).problems) == MAX_PROBLEMS


def test_the_number_of_nodes_is_limited(monkeypatch) -> None:
    monkeypatch.setattr(reader, "MAX_NODES", 100)
    assert read("[" + "a,\n" * 99 + "]").problems == ()
    document = read("[" + "a,\n" * 100 + "]")
    assert [problem.code for problem in document.problems] == ["YML019"]


def test_a_text_that_is_too_long_is_not_parsed() -> None:
    assert [problem.code for problem in read("a: b\n" * 200_001).problems] == ["YML019"]


def test_hidden_characters_are_refused_whoever_made_the_source() -> None:
    for text in ("a: b # \u2028c: d\n", "a: b\rc: d\n", "a: \ud83d\n", "a: \0\n", "\ufeffa: b"):
        assert [problem.code for problem in read(text).problems] == ["SRC004"]


def test_invisible_characters_may_be_escaped() -> None:
    assert plain(read('a: "co\\u00ADop \\u200d \\_\\t\\/"').root) == {"a": "co\u00adop \u200d \u00a0\t/"}


def test_an_unclosed_bracket_shows_how_far_it_was_read() -> None:
    (problem,) = read("a: [b,\nc: d\ne: f\n").problems
    assert problem.where is not None
    assert problem.where.span.column == 4
    assert problem.see_also[0].span.line in (2, 3)
