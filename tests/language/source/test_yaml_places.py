"""Each character of a YAML scalar knows which characters of the file made it, in every style.

Scalars are made at random, read with both parsers of PyYAML, and the claim is checked against the file: the place of
a character holds that character, or the escape, doubled quote or line end that made it; places never go backwards; and
what no character claims is indentation, a quote, an indicator or a folded line end.
"""

from __future__ import annotations

import re

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from campaign_dsl.language.source import yaml as reader
from campaign_dsl.language.source.files import SourceFile
from campaign_dsl.language.source.yaml import YamlList, YamlMap, YamlNode, YamlScalar, read_document

LOADERS = [loader for loader in (getattr(yaml, "CSafeLoader", None), yaml.SafeLoader) if loader is not None]


# The parsers do not agree on `[a:]` and `[a?]`: one of them reads it, the other refuses it. The C parser's word counts.
DIFFERENT = re.compile(r":[\[\]{},]|\?")


def scalars(node: YamlNode):
    if isinstance(node, YamlScalar):
        yield node
    elif isinstance(node, YamlList):
        for item in node.items:
            yield from scalars(item)
    elif isinstance(node, YamlMap):
        for key, value in node.entries:
            yield key
            yield from scalars(value)


def made_by(char: str, piece: str, style: str) -> bool:
    """Whether ``piece`` of a file makes ``char`` in a scalar of ``style``, asked of PyYAML for escapes."""
    if piece == char:
        return True
    if piece in ("\n", "\r\n"):
        return char == "\n" or (char == " " and style != "literal")
    if style == "single":
        return piece == "''" and char == "'"
    return style == "double" and piece.startswith("\\") and yaml.safe_load(f'"{piece}"') == char


def check(scalar: YamlScalar, text: str) -> None:
    places = [scalar.snippet.span(index, index + 1) for index in range(len(scalar.value))]
    assert scalar.snippet.text == scalar.value
    at = scalar.span.start
    unclaimed = ""
    for char, place in zip(scalar.value, places, strict=True):
        assert at <= place.start < place.end, (scalar, place)
        assert made_by(char, text[place.start : place.end], scalar.style), (scalar, char, place)
        unclaimed += text[at : place.start]
        at = place.end
    end = scalar.snippet.span(len(scalar.value), len(scalar.value)).start
    assert end >= at
    unclaimed += text[at : max(at, scalar.span.end)]
    if scalar.style in ("literal", "folded"):
        header, _, rest = unclaimed.partition("\n")
        assert header[:1] in ("|", ">")
        assert rest.strip(" \r\n") == ""
    else:
        marks = unclaimed.replace("\\\r\n", "").replace("\\\n", "")
        quote = {"plain": "", "single": "''", "double": '""'}[scalar.style]
        assert marks.translate(dict.fromkeys(map(ord, " \t\r\n"))) == quote


def check_text(text: str) -> int:
    """Check each scalar of ``text`` with each parser; the number of scalars."""
    source = SourceFile("f", text)
    documents = []
    for loader in LOADERS:
        events = reader._events
        try:
            reader._events = lambda text, loader=loader: yaml.parse(text, Loader=loader)
            documents.append(read_document(source))
        finally:
            reader._events = events
    found = 0
    for document in documents:
        if document.root is not None:
            for scalar in scalars(document.root):
                check(scalar, text)
                found += 1
            for span, comment in document.comments:
                assert comment.startswith("#")
                assert text[span.start : span.end] == comment
    if DIFFERENT.search(text):
        return found
    shown = {(repr(document.root), document.comments) for document in documents}
    assert len(shown) == 1, shown
    return found


WORDS = st.sampled_from(
    ["a", "bc", "é", "\U0001f600", "x y", "#", "'", '"', "\\", ":", "-", "1", "{", "]", ",", "|", "…", "\u00a0"]
)
ESCAPES = st.sampled_from(
    [
        "\\n",
        "\\t",
        '\\"',
        "\\\\",
        "\\/",
        "\\x41",
        "\\u00e9",
        "\\U0001F600",
        "\\ ",
        "\\_",
        "\\u00AD",
        "\\\n",
        "\\\n   \n ",
    ]
)
BLANKS = st.sampled_from([" ", "  ", "\n", "\n  ", "\n\n", " \n \n  ", "\n   "])
LINES = st.lists(
    st.tuples(st.integers(0, 4), st.lists(WORDS | st.sampled_from([" ", "\t"]), max_size=5).map("".join)).map(
        lambda pair: " " * pair[0] + pair[1]
    ),
    max_size=6,
)


def in_lines(pieces: list[str]) -> str:
    """Continuation lines are indented, so that they belong to the scalar."""
    return "".join(pieces).replace("\n", "\n    ")


PLAIN = st.lists(st.sampled_from(["a", "b#", "é", "\U0001f600", "c:d", "-", "'", "\\"]) | BLANKS, min_size=1).map(
    lambda pieces: "p" + in_lines(pieces) + "q"
)
SINGLE = st.lists(WORDS.map(lambda word: word.replace("'", "''")) | BLANKS | st.just("\t")).map(
    lambda pieces: "'" + in_lines(pieces) + "'"
)
DOUBLE = st.lists(
    WORDS.map(lambda word: word.replace("\\", "\\\\").replace('"', '\\"')) | BLANKS | ESCAPES | st.just("\t")
).map(lambda pieces: '"' + in_lines(pieces) + '"')
HEADERS = st.tuples(
    st.sampled_from("|>"),
    st.sampled_from(["", "-", "+", "2", "2-", "-2", "+1", "3+"]),
    st.sampled_from(["", " ", "  # note", " #"]),
).map("".join)
BLOCK = st.tuples(HEADERS, LINES).map(lambda pair: "\n".join([pair[0], *("    " + line for line in pair[1])]))
PARTLY_BLANK_BLOCK = st.tuples(HEADERS, LINES).map(
    lambda pair: "\n".join([pair[0], *(("   " + line) if line.strip() else line for line in pair[1])])
)
SCALAR = PLAIN | SINGLE | DOUBLE | BLOCK | PARTLY_BLANK_BLOCK
FRAMES = st.sampled_from(
    ["k: {}", "- {}", "k:\n  - {}\n  - x", "a:\n  b: {}\n\n# c\nd: e", "- - {}\n- f", "{}", "[{}, a]"]
)


@given(FRAMES, SCALAR, st.booleans(), st.sampled_from(["", "\n", "\n\n", "   "]))
@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_character_has_its_place(frame: str, scalar: str, crlf: bool, end: str) -> None:
    text = frame.replace("{}", scalar) + end
    check_text(text.replace("\n", "\r\n") if crlf else text)


PIECES = [
    *("a", "b", " ", "  ", "\n", "\r\n", "'", '"', "\\", ":", ": ", "#", " #", "-", "- ", "|", ">", "|-", ">+", "|2"),
    *(",", "[", "]", "{", "}", "é", "\U0001f600", "\\n", "\\u00e9", "''", "\t", "---", "...", "%", "&", "*", "!", "<<"),
    *("k: ", "\n  ", "\n    ", "\n - ", "\n  k: "),
]


@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join), st.sampled_from(["", "k: "]))
@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_text_is_read_alike_by_both_parsers(text: str, start: str) -> None:
    check_text(start + text)


@pytest.mark.parametrize(
    ("text", "value", "pieces"),
    [
        ("a b", "a b", ["a", " ", "b"]),
        ("a  \n   b", "a b", ["a", "\n", "b"]),
        ("a\n\n\n  b", "a\n\nb", ["a", "\n", "\n", "b"]),
        ("'it''s'", "it's", ["i", "t", "''", "s"]),
        ("'a \r\n\r\n b'", "a\nb", ["a", "\r\n", "b"]),
        ("' a\n '", " a ", [" ", "a", "\n"]),
        (r'"\x41\u00e9\U0001F600\n\\"', "Aé\U0001f600\n\\", [r"\x41", r"\u00e9", r"\U0001F600", r"\n", r"\\"]),
        ('"a\\\n   b"', "ab", ["a", "b"]),
        ('"a \\\n\n\n  \\ b"', "a \n\n b", ["a", " ", "\n", "\n", "\\ ", "b"]),
        ("|\n  a\n   b\n", "a\n b\n", ["a", "\n", " ", "b", "\n"]),
        ("|-\n  a", "a", ["a"]),
        ("|+\n  a\n\n", "a\n\n", ["a", "\n", "\n"]),
        ("|2-\n   a", " a", [" ", "a"]),
        (">\n  a\n  b\n\n  c\n   d\n  e\n", "a b\nc\n d\ne\n", list("a\nb\nc\n d\ne\n")),
        (">-\n\n  \U0001f600\r\n  é", "\n\U0001f600 é", ["\n", "\U0001f600", "\r\n", "é"]),
        ("|", "", []),
        ("''", "", []),
    ],
)
@pytest.mark.usefixtures("parser")
def test_places(text: str, value: str, pieces: list[str]) -> None:
    root = read_document(SourceFile("f", text)).root
    assert isinstance(root, YamlScalar)
    check(root, text)
    assert root.value == value
    spans = [root.snippet.span(index, index + 1) for index in range(len(value))]
    assert [text[span.start : span.end] for span in spans] == pieces


def test_the_same_word_in_every_style_points_to_its_line_and_column() -> None:
    text = (
        "plain: one\n  two bad\n"
        "single: 'it''s\n  bad'\n"
        'double: "\\u00e9\\\n  \U0001f600 bad"\n'
        "literal: |2-\n    first\n\n   bad\n"
        "folded: >+\n  first\n  bad\n"
        "list:\n- - >\n    bad"
    )
    root = read_document(SourceFile("f", text)).root
    assert root is not None
    places = []
    for scalar in scalars(root):
        at = scalar.value.find("bad")
        if at >= 0:
            span = scalar.snippet.span(at, at + 3)
            assert text[span.start : span.end] == "bad"
            places.append((span.line, span.column))
    assert places == [(2, 7), (4, 3), (6, 5), (10, 4), (13, 3), (16, 5)]


def test_in_production_a_disagreement_costs_precision_only(monkeypatch) -> None:
    def wrong(*_):
        raise ValueError("not such a scalar")

    monkeypatch.undo()
    monkeypatch.setattr(reader, "decode_flow", wrong)
    root = read_document(SourceFile("f", "'it''s'")).root
    assert isinstance(root, YamlScalar)
    assert root.value == "it's"
    for start, end in ((0, 1), (1, 3), (0, 4)):
        span = root.snippet.span(start, end)
        assert (span.start, span.end) == (0, 7)
