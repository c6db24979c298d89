"""Files made to crash, hang or fool a reader of YAML: each is a located finding, and quickly."""

from __future__ import annotations

import pytest

from campaign_dsl.language.diagnostics.model import Diagnostic
from campaign_dsl.language.source.files import SourceFile, decode
from campaign_dsl.language.source.yaml import read_yaml


def findings(data: bytes) -> tuple[Diagnostic, ...]:
    source = decode("hostile.yaml", data)
    return (source,) if isinstance(source, Diagnostic) else read_yaml(source)[1]


def alias_bomb() -> str:
    return "a: &a [x, x]\n" + "".join(f"{b}: &{b} [*{a}, *{a}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True))


def merge_bomb() -> str:
    return "a: &a {x: y}\n" + "".join(
        f"{b}: &{b} {{<<: [{', '.join(['*' + a] * 20)}]}}\n" for a, b in zip("abcde", "bcdef", strict=True)
    )


PACK: dict[str, tuple[str, bytes]] = {
    "200 kB of [ on short lines": ("YML018", b"[\n" * 100_000),
    "200 kB of [": ("SRC005", b"[" * 200_000),
    "10 kB of [": ("YML018", b"[" * 10_000),
    "10 kB of {": ("YML017", b"{" * 10_000),
    "10 kB of - ": ("YML018", b"- " * 5_000),
    "10 kB of ? ": ("YML017", b"? " * 5_000),
    "10 kB of k: on nested lines": ("YML018", "\n".join(" " * depth + "k:" for depth in range(140)).encode()),
    "10 kB of !": ("YML014", b"!" * 10_000),
    "10 kB of &": ("YML013", b"&" * 10_000),
    "alias bomb": ("YML013", alias_bomb().encode()),
    "merge bomb": ("YML013", merge_bomb().encode()),
    "itself": ("YML013", b"a: &a [*a]\n"),
    "ten megabytes on a line": ("SRC005", b"a: " + b"x" * 10_000_000),
    "ten megabytes on many lines": ("SRC002", b"a: x\n" * 2_000_000),
    "a megabyte of keys": ("YML019", b"".join(b"k%d: v\n" % n for n in range(80_000))),
    "a megabyte of equal keys": ("YML016", b"k: v\n" * 40_000),
    "a megabyte without sense": ("YML003", b"a: b\n" + b"x\n" * 400_000),
    "a megabyte of quotes": ("YML006", b"a: '" + b"x\n" * 400_000),
    "a megabyte of commas": ("YML007", b"[\n" + b",\n" * 400_000),
    "an endless folded text before a mistake": ("YML005", b"a:\n  b: >\n" + b"    x\n\n" * 100_000 + b" c: d\n"),
    "NUL": ("SRC004", b"a: b\0c\n"),
    "ESC": ("SRC004", b"a: \x1b[2J\n"),
    "DEL": ("SRC004", b"a: b\x7f\n"),
    "invalid UTF-8": ("SRC003", b"a: \xff\n"),
    "overlong UTF-8": ("SRC003", b"a: \xc0\xaf\n"),
    "UTF-16": ("SRC003", "a: b\n".encode("utf-16")),
    "UTF-16 without a mark": ("SRC004", "a: b\n".encode("utf-16-le")),
    "U+2028 in a comment": ("SRC004", "a: b # c\u2028d: e\n".encode()),
    "U+0085 in a comment": ("SRC004", "a: b # c\u0085d: e\n".encode()),
    "bare CR in a comment": ("SRC004", b"a: b # c\rd: e\n"),
    "bidi in a comment": ("SRC004", "a: b # \u202e c\n".encode()),
    "zero width space in a key": ("SRC004", "a\u200b: b\n".encode()),
    "noncharacter": ("SRC004", "a: \ufffe\n".encode()),
    "noncharacter beyond the BMP": ("SRC004", "a: \U0001ffff\n".encode()),
    "tabs as indentation": ("YML002", b"a:\n\tb: c\n"),
    "empty": ("YML001", b""),
    "only line ends": ("YML001", b"\r\n\r\n"),
    "only comments": ("YML001", b"# a\n# b"),
    "only a document start": ("YML001", b"---\n"),
    "an unhashable key": ("YML017", b"? [a]: b\n"),
    "an unhashable flow key": ("YML017", b"{[a]: b}\n"),
    "a mapping as a key": ("YML017", b"? {a: b}\n: c\n"),
    "python object": ("YML014", b"!!python/object/apply:os.system [ls]\n"),
    "python name": ("YML014", b"a: !!python/name:os.system\n"),
    "binary": ("YML014", b"a: !!binary aGk=\n"),
    "escaped NUL": ("YML009", b'a: "\\0"\n'),
    "escaped surrogate": ("YML009", b'a: "\\ud83d\\ude00"\n'),
    "escaped bidi": ("YML009", b'a: "\\u202E"\n'),
    "escaped key": ("YML009", b'"\\x1b": b\n'),
    "directive": ("YML011", b"%YAML 1.2\n---\na: b\n"),
    "two documents": ("YML012", b"a: b\n--- c\n"),
}


@pytest.mark.parametrize("name", PACK)
def test_hostile_files(name: str) -> None:
    code, data = PACK[name]
    found = findings(data)
    assert found
    assert {finding.code for finding in found} <= {code, "YML015"}
    assert all(finding.where is not None or finding.path is not None for finding in found)


@pytest.mark.parametrize(
    "text",
    [
        "a: " + "1:" * 5_000 + "1",
        "a: 2023-02-29\nb: 0000-00-00T00:00:00+99:99\n",
        "a: " + "9" * 5_000,
        "NO: 012\non: 1e5\n",
        "a: " + "x" * 19_000,
        "a: '" + "''" * 9_000 + "'",
        'a: "' + "\\n" * 9_000 + '"',
        "a: |\n" + "  b\n" * 100_000,
        "a: >\n" + "  b\n\n" * 100_000,
        "a: b\n" + "  c\n" * 100_000,
        "a: '\n" + "  c\n\n" * 100_000 + "'\n",
        "".join(f"k{n}: |\n  x\n" for n in range(20_000)),
        "#\n" * 300_000 + "a: b",
    ],
    ids=range(13),
)
def test_harmless_where_nothing_is_guessed(text: str) -> None:
    root, problems = read_yaml(SourceFile("f", text))
    assert problems == ()
    assert root is not None


def test_the_python_parser_would_not_crash_either(parser: str) -> None:
    for name, (code, data) in PACK.items():
        if len(data) <= 10_000:
            assert {finding.code for finding in findings(data)} <= {code, "YML015"}, (name, parser)
