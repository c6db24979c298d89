"""Reading source files: limits, encodings, and characters that hide."""

from __future__ import annotations

import pytest

from campaign_dsl.language.diagnostics.model import Diagnostic
from campaign_dsl.language.source.files import (
    MAX_BYTES,
    MAX_LINE,
    Snippet,
    SourceFile,
    decode,
    read_source,
    refused_character,
    refused_escape,
)

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
FIREFIGHTER = "\U0001f469\U0001f3fd\u200d\U0001f692"
HEART_ON_FIRE = "\u2764\ufe0f\u200d\U0001f525"


def refused(data: bytes) -> Diagnostic:
    result = decode("f", data)
    assert isinstance(result, Diagnostic)
    return result


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        "a\r\nb\r\n",
        "a\tb\n",
        "h\u00e9\r\n\U0001f600\n",
        FAMILY,
        FIREFIGHTER,
        HEART_ON_FIRE,
        "1\ufe0f\u20e3 \u2139\ufe0f \u203c\ufe0f",  # keycap, information, double exclamation mark
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",  # Persian: "I want"
        "\u0915\u094d\u200d\u0937",  # Hindi, half form
        "caf\u0065\u0301 \u00a0 \u20ac",
    ],
)
def test_ordinary_text_is_read(text: str) -> None:
    source = decode("f", text.encode())
    assert isinstance(source, SourceFile)
    assert source.text == text


@pytest.mark.parametrize(
    "hidden",
    [
        *(chr(code) for code in range(0x20) if chr(code) not in "\t\n\r"),
        "\r",
        "\x7f",
        "\x80",
        "\x85",
        "\u00ad",  # soft hyphen
        "\u061c",
        "\u115f",  # Hangul fillers are letters without a shape
        "\u180e",
        "\u200b",
        "\u200c",
        "\u200d",
        "\u200e",
        "\u200f",
        "\u2028",
        "\u2029",
        "\u202a",
        "\u202e",
        "\u2060",
        "\u2066",
        "\u2069",
        "\u2800",
        "\u3164",
        "\ufe0f",
        "\ufeff",
        "\uffa0",
        "\ufff9",
        "\ufffe",
        "\uffff",
        "\U0001fffe",
        "\U0001d173",
        "\U000e0041",  # tag letters spell invisible text
        "\U000e0101",
        "\U0010ffff",
    ],
    ids=lambda char: f"U+{ord(char):04X}",
)
@pytest.mark.parametrize("before", ["ab\n", "\u00e9\U0001f600b\r\n"])
def test_hidden_characters_are_refused_where_they_stand(hidden: str, before: str) -> None:
    found = refused(f"{before}x{hidden}y\n".encode())
    assert found.code == "SRC004"
    assert found.where is not None
    assert (found.where.span.line, found.where.span.column) == (2, 2)
    assert f"U+{ord(hidden):04X}" in found.message


@pytest.mark.parametrize(
    ("text", "offset"),
    [
        ("pay\u200dpal", 3),
        ("\u043f\u200d\u0430", 1),  # Cyrillic needs no joiner
        ("\U0001f600\u200d", 1),
        ("\u200d\U0001f600", 0),
        ("\U0001f600\u200d\u200d\U0001f600", 1),
        ("50\ufe0f", 2),
        ("\U0001f600\ufe0f\ufe0f", 2),
        ("a\r\r\n", 1),
        ("a\r", 1),
        ("\ud83d", 0),
    ],
)
def test_joiners_and_selectors_need_their_neighbours(text: str, offset: int) -> None:
    found = refused_character(SourceFile("f", text))
    assert found is not None
    assert found.where is not None
    assert found.where.span.start == offset


def test_escapes_may_bring_in_what_is_harmless() -> None:
    assert refused_escape("soft\u00adhyphen \u200d\t\n\u00a0") is None
    assert refused_escape("ab\0") == 2
    assert refused_escape("ab\x1b") == 2
    assert refused_escape("\u202e") == 0
    assert refused_escape("\r\n") == 0
    assert refused_escape("\ud83d") == 0


@pytest.mark.parametrize(
    ("data", "line", "column", "byte"),
    [
        (b"\xff", 1, 1, "0xff"),
        (b"ab\ncd\xe9f\n", 2, 3, "0xe9"),
        (b"\xef\xbb\xbfab\xe9", 1, 3, "0xe9"),
        ("é\n".encode() * 3 + b"x\xc0\xaf", 4, 2, "0xc0"),
        (b"\xed\xa0\xbd", 1, 1, "0xed"),  # a surrogate
        (b"a\xe2\x82", 1, 2, "0xe2"),  # the file ends inside a character
    ],
)
def test_other_encodings_are_refused_at_the_byte(data: bytes, line: int, column: int, byte: str) -> None:
    found = refused(data)
    assert found.code == "SRC003"
    assert byte in found.message
    assert found.where is not None
    assert (found.where.span.line, found.where.span.column) == (line, column)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be"])
def test_utf_16_is_named(encoding: str) -> None:
    bom = b"" if encoding == "utf-16" else b"\xfe\xff"
    assert "UTF-16" in refused(bom + "naïve".encode(encoding)).message


def test_a_byte_order_mark_is_dropped() -> None:
    source = decode("f", b"\xef\xbb\xbfname: x\n")
    assert isinstance(source, SourceFile)
    assert source.text == "name: x\n"
    assert refused(b"\xef\xbb\xbf\xef\xbb\xbfx").code == "SRC004"  # a second one is not one


def test_a_file_of_ten_megabytes_on_one_line_is_one_finding(tmp_path) -> None:
    path = tmp_path / "long.yaml"
    path.write_bytes(b"a" * 10_000_000)
    found = read_source(path)
    assert isinstance(found, Diagnostic)
    assert found.code == "SRC005"
    assert found.where is not None
    assert (found.where.span.line, found.where.span.column) == (1, MAX_LINE + 1)


def test_a_file_that_is_too_large_is_refused_where_reading_stops() -> None:
    assert isinstance(decode("f", b"a\n" * (MAX_BYTES // 2)), SourceFile)
    found = refused(b"a\n" * (MAX_BYTES // 2) + b"b")
    assert found.code == "SRC002"
    assert f"{MAX_BYTES:,}" in found.message
    assert found.where is not None
    assert found.where.span.line == MAX_BYTES // 2 + 1


def test_long_lines_are_refused() -> None:
    assert isinstance(decode("f", b"x" * MAX_LINE + b"\n" + b"y" * MAX_LINE), SourceFile)
    found = refused(b"short\n" + b"x" * (MAX_LINE + 1) + b"\n")
    assert found.code == "SRC005"
    assert found.where is not None
    assert (found.where.span.line, found.where.span.column) == (2, MAX_LINE + 1)


def test_files_that_cannot_be_opened(tmp_path) -> None:
    for path, words in [(tmp_path, "is a folder"), (tmp_path / "none", "does not exist"), (tmp_path / "a\0b", "")]:
        found = read_source(path, "shown")
        assert isinstance(found, Diagnostic)
        assert (found.code, found.path) == ("SRC001", "shown")
        assert words in found.message


def test_lines_and_columns() -> None:
    source = SourceFile("f", "a\r\n\U0001f600b\n\nc")
    assert [source.line_column(offset) for offset in (0, 2, 3, 4, 5, 6, 7, 8, 99)] == [
        (1, 1),
        (1, 3),
        (2, 1),
        (2, 2),
        (2, 3),
        (3, 1),
        (4, 1),
        (4, 2),
        (4, 2),
    ]
    assert [source.line_text(line) for line in (1, 2, 3, 4)] == ["a", "\U0001f600b", "", "c"]


def test_snippets_know_where_each_character_ends() -> None:
    source = SourceFile("f", r'"a\u00e9b"')
    snippet = Snippet(source, "aéb", 1, [1, 2, 8, 9], [2, 8, 9])
    assert (snippet.span(1, 2).start, snippet.span(1, 2).end) == (2, 8)
    assert (snippet.whole.start, snippet.whole.end) == (1, 9)
    assert (snippet.span(3, 3).start, snippet.span(3, 3).end) == (9, 9)
    assert Snippet(source, "aé", 1, [1, 2, 8]).span(0, 2).end == 3
    assert Snippet.of(source, 2, 4).whole.start == 2
