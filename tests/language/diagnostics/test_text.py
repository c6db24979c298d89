"""Findings as people and programs see them."""

from __future__ import annotations

import json
import re
import unicodedata
from pathlib import Path

import pytest
from typer.testing import CliRunner
from workspaces import BASE, changed, lay_out

from campaign_dsl.doors.cli import app
from campaign_dsl.doors.cli.common import wants_colour
from campaign_dsl.language.diagnostics.json import as_json
from campaign_dsl.language.diagnostics.model import Diagnostic, Label, Severity
from campaign_dsl.language.diagnostics.text import printable, show_text
from campaign_dsl.language.source.files import SourceFile


def label(text: str, marked: str, note: str = "", path: str = "x.campaign") -> Label:
    """The first place of ``marked`` in a file."""
    start = text.index(marked)
    return Label(SourceFile(path, text).span(start, start + len(marked)), note)


def finding(where: Label | None, **more: object) -> Diagnostic:
    fields = {"code": "SYN007", "message": "unexpected `x`", "help": "delete it"} | more
    return Diagnostic(where=where, **fields)


def marks(text: str, marked: str) -> tuple[str, str]:
    """The line that is shown, and the line with carets below it, both without the gutter."""
    lines = show_text([finding(label(text, marked))]).splitlines()
    source = next(index for index, line in enumerate(lines) if re.match(r" *\d+ \|", line))
    return lines[source].partition("|")[2][1:], lines[source + 1].partition("|")[2][1:]


def width(text: str) -> int:
    """Columns of a terminal."""
    return sum(
        0 if unicodedata.category(char) in ("Mn", "Me") else 2 if unicodedata.east_asian_width(char) in "WF" else 1
        for char in text
    )


def test_a_finding_with_everything() -> None:
    text = "campaign gift {\n  kind promo\n}\n"
    item = finding(label(text, "promo"), why="nobody knows it", see_also=(label(text, "gift", "in this campaign"),))
    assert show_text([item]) == (
        "error[SYN007]: unexpected `x`\n"
        " --> x.campaign:2:8\n"
        "  |\n"
        "2 |   kind promo\n"
        "  |        ^^^^^\n"
        " ::: x.campaign:1:10\n"
        "  |\n"
        "1 | campaign gift {\n"
        "  |          ---- in this campaign\n"
        "  = why: nobody knows it\n"
        "  = help: delete it\n"
    )


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("  kind promo\n", "promo"),
        ('  title "誕生日のギフト" promo\n', "promo"),
        ('  title "誕生日のギフト" promo\n', "誕生日"),
        ('  title "cafe\u0301 e\u0301te\u0301" promo\n', "promo"),
        ('  title "\u0939\u093f\u0928\u094d\u0926\u0940" promo\n', "promo"),
        ('  title "☺\ufe0f" promo\n', "promo"),
        ('  title "🎁🎂" promo\n', "promo"),
        ('  title "🎁🎂" promo\n', "🎂"),
        ("\tkind\tpromo\n", "promo"),
        ("\t\t  kind\tpromo\n", "kind\tpromo"),
        ("  kind\u00a0promo\n", "promo"),
        ("  kind\u00a0promo\n", "\u00a0"),
        ("  kind \u202epromo\n", "promo"),
        ("x" * 500 + " promo " + "y" * 500, "promo"),
        ("誕" * 500 + " promo " + "y" * 500, "promo"),
        ("\t" * 50 + "promo " + "y" * 500, "promo"),
        ("x" * 500 + " promo", "promo"),
        ("promo " + "y" * 500, "promo"),
    ],
)
def test_carets_stand_below_what_they_mean(text: str, marked: str) -> None:
    shown, below = marks(text, marked)
    word = (
        "".join(" " * 4 if char == "\t" else printable(char) for char in marked)
        if "\t" in marked
        else printable(marked)
    )
    if "\t" in marked:
        word = shown[shown.index("kind") : shown.index("promo") + 5]
    assert width(shown[: shown.index(word)]) == len(below) - len(below.lstrip(" "))
    assert below.strip() == "^" * width(word)
    assert "\t" not in shown


def test_an_accent_is_marked_with_its_letter() -> None:
    shown, below = marks("cafe\u0301 x\n", "\u0301")
    assert shown == "cafe\u0301 x"
    assert below == "   ^"


def test_a_long_line_is_cut_around_the_caret() -> None:
    shown, below = marks("a" * 1000 + "promo" + "b" * 1000, "promo")
    assert shown.startswith("...a")
    assert shown.endswith("b...")
    assert len(shown) < 200
    assert below.strip() == "^^^^^"
    shown, _ = marks("promo" + "b" * 1000, "promo")
    assert shown.startswith("promob")
    assert shown.endswith("b...")
    shown, _ = marks("a" * 1000 + "promo", "promo")
    assert shown.startswith("...a")
    assert shown.endswith("apromo")
    shown, below = marks("a" * 100 + "p" * 5000, "p" * 5000)
    assert len(below) <= len(shown)


@pytest.mark.parametrize(
    "char", ["\x00", "\x1b", "\x07", "\x7f", "\x85", "\u202e", "\u2066", "\u200b", "\u2028", "\ue000"]
)
def test_nothing_of_a_file_steers_the_terminal(char: str) -> None:
    item = finding(
        label(f"kind {char}promo\n", "promo", f"a{char}b", f"x{char}.campaign"),
        message=f"unexpected `{char}`",
        help=f"delete {char}",
        why=f"it is {char}",
    )
    shown = show_text([item])
    assert char not in shown
    assert shown.count(char.encode("unicode_escape").decode()) == 6


def test_a_place_over_several_lines_is_marked_on_its_first() -> None:
    shown, below = marks("where a\n  and b\n", "where a\n  and b")
    assert shown == "where a"
    assert below == "^^^^^^^"


def test_places_at_the_edges_of_a_file() -> None:
    text = "campaign x {\n"
    for offset, line, column in ((len(text), 2, 1), (len(text) - 1, 1, 13), (0, 1, 1)):
        span = SourceFile("x.campaign", text).span(offset, offset)
        shown = show_text([finding(Label(span))])
        assert f" --> x.campaign:{line}:{column}\n" in shown
        assert shown.splitlines()[4].strip().strip("|").strip() == "^"
        assert not any(text.endswith(" ") for text in shown.splitlines())
    empty = SourceFile("x.campaign", "")
    assert "x.campaign:1:1\n" in show_text([finding(Label(empty.span(0, 0)))])


def test_windows_line_ends_are_not_shown() -> None:
    shown, below = marks("kind promo\r\nowner\r\n", "promo")
    assert shown == "kind promo"
    assert below == "     ^^^^^"
    shown, below = marks("kind promo\r\nowner\r\n", "promo\r\nowner")
    assert below == "     ^^^^^"


def test_a_file_without_a_place_and_a_finding_without_a_file() -> None:
    assert show_text([finding(None, path="no.campaign")]) == (
        "error[SYN007]: unexpected `x`\n --> no.campaign:1:1\n  = help: delete it\n"
    )
    assert show_text([finding(None)]) == "error[SYN007]: unexpected `x`\n  = help: delete it\n"
    assert show_text([]) == ""


def test_colours_only_when_asked_and_nothing_else_changes() -> None:
    text = "kind promo\n"
    for severity, colour in ((Severity.ERROR, "1;31"), (Severity.WARNING, "1;33"), (Severity.NOTE, "1;36")):
        item = finding(label(text, "promo"), severity=severity, see_also=(label(text, "kind", "here"),))
        plain, coloured = show_text([item]), show_text([item], colour=True)
        assert "\x1b" not in plain
        assert plain.startswith(f"{severity.value}[SYN007]: ")
        assert f"\x1b[{colour}m{severity.value}[SYN007]\x1b[0m" in coloured
        assert f"\x1b[{colour}m^^^^^\x1b[0m" in coloured
        assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain


def test_paths_are_shown_as_asked() -> None:
    assert " --> there/x.campaign:1:1\n" in show_text(
        [finding(label("kind", "kind"))], rename=lambda path: f"there/{path}"
    )


def test_who_wants_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    class Stream:
        def __init__(self, terminal: bool) -> None:
            self.isatty = lambda: terminal

    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    assert wants_colour(Stream(True))
    assert not wants_colour(Stream(False))
    monkeypatch.setenv("TERM", "dumb")
    assert not wants_colour(Stream(True))
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("NO_COLOR", "1")
    assert not wants_colour(Stream(True))


# ------------------------------------------------------------------------------------------------------- as JSON


def test_the_fields_for_programs() -> None:
    text = '# 🎁\n  title "é" promo\nkind\n'
    other = label(text, "kind", "see")
    assert as_json(finding(label(text, "promo\nki"), why="so", see_also=(other,)), lambda path: f"a/{path}") == {
        "code": "SYN007",
        "severity": "error",
        "message": "unexpected `x`",
        "path": "a/x.campaign",
        "line": 2,
        "column": 13,
        "end_line": 3,
        "end_column": 3,
        "help": "delete it",
        "why": "so",
        "related": [{"path": "a/x.campaign", "line": 3, "column": 1, "end_line": 3, "end_column": 5, "message": "see"}],
    }


def test_columns_count_characters_not_bytes_or_halves() -> None:
    found = as_json(finding(label("🎁é誕 promo\n", "promo")))
    assert (found["line"], found["column"], found["end_line"], found["end_column"]) == (1, 5, 1, 10)


def test_a_file_as_a_whole_is_its_beginning() -> None:
    found = as_json(finding(None, path="no.campaign"))
    assert (found["path"], found["line"], found["column"], found["end_line"], found["end_column"]) == (
        "no.campaign",
        1,
        1,
        1,
        1,
    )


def test_check_prints_the_fields(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lay_out(tmp_path, {"x.campaign": changed(BASE, ("kind promotion", 'owner "誕"\n  kind promo'))})
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(app, ["check", "--format", "json"])
    assert done.exit_code == 1
    (found,) = json.loads(done.stdout)["diagnostics"]
    assert {key: found[key] for key in found if key not in ("why", "related")} == {
        "code": "CMP001",
        "severity": "error",
        "message": "`promo` is not a kind of campaign",
        "path": "x.campaign",
        "line": 4,
        "column": 8,
        "end_line": 4,
        "end_column": 13,
        "help": "did you mean `promotion`?",
    }
    done = CliRunner().invoke(app, ["check"])
    assert "\x1b" not in done.output
    assert "4 |   kind promo\n  |        ^^^^^\n" in done.output


def test_of_a_line_as_long_as_a_file_only_a_piece_is_shown_and_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at: list[str] = []

    def note(given: str) -> str:
        looked_at.append(given)
        return "?"

    monkeypatch.setattr("campaign_dsl.language.diagnostics.text.printable", note)
    source = SourceFile("x.csv", "\0" * 100_000)
    lines = show_text((finding(Label(source.span(50_000, 50_001))),)).splitlines()
    assert lines[3].count("?") == 160
    assert lines[4].index("^") - lines[4].index("|") == 2 + len("...") + 80
    assert len(looked_at) < 1_000
