"""A sample workspace to make mistakes in, and sound files around the examples of the catalogue of codes."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from campaign_dsl.language.diagnostics.model import Diagnostic
from campaign_dsl.language.syntax.spec import CAMPAIGN
from campaign_dsl.workspace import Workspace

CAMPAIGNS = Path(__file__).parents[3] / "campaigns"
SAMPLE = ("catalog.yaml", "workspace.yaml", "audiences.campaign", "vip.csv")

BASE = """\
campaign birthday_gift {
  title "Birthday gift"
  kind promotion
  timezone customer else "America/New_York"
  audience {
    where age >= 18
  }
  behavior {
    on anniversary of birth_date, at 09:00
    limit once per year
  }
  outcomes {
    award 500 points to rewards source birthday
    send birthday_note
  }
  message birthday_note external {
    via braze variant birthday_triggered
    settings { braze_campaign_id "a3f9c2d1-birthday" }
    properties {
      first_name  customer.first_name else "friend"
    }
  }
}
"""

YAML_BASE = """\
campaign birthday_gift:
  title: Birthday gift
  kind: promotion
  timezone: customer else "America/New_York"
  audience:
    where: age >= 18
  behavior:
    on: anniversary of birth_date, at 09:00
    limit: once per year
  outcomes:
    award: 500 points to rewards source birthday
    send: birthday_note
  message birthday_note external:
    via: braze variant birthday_triggered
    settings:
      braze_campaign_id: a3f9c2d1-birthday
    properties:
      first_name: customer.first_name else "friend"
"""


def lay_out(folder: Path, files: dict[str, str]) -> Path:
    """The sample catalog, settings and shared audiences, with ``files`` beside or instead of them."""
    for name in SAMPLE:
        shutil.copy(CAMPAIGNS / name, folder / name)
    for name, text in files.items():
        (folder / name).write_text(text, "utf-8", newline="")
    return folder


def check(folder: Path, files: dict[str, str]) -> tuple[Diagnostic, ...]:
    """Everything that is wrong with the sample workspace and ``files``."""
    return Workspace.load(lay_out(folder, files)).check()


def changed(text: str, *changes: tuple[str, str]) -> str:
    """``text`` with other parts; each old part must be there."""
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return text


# --------------------------------------------------------------------------------------------------------- examples

Lines = list[tuple[str, bool]]
"""Lines of a file, and whether they come from an example."""


def completed(example: str, base: str) -> tuple[str, list[tuple[int, int]]]:
    """A whole campaign file: each clause or block of ``example`` stands for the one with its keyword in ``base``.

    Returns:
        the text, and the ranges of it that come from the example.
    """
    if re.match(r"campaign \w+ \{\n.", example, re.DOTALL):
        return example, [(0, len(example))]
    lines: Lines = [(line, False) for line in base.splitlines(keepends=True)]
    chunks: dict[str, str] = {}
    for chunk in _chunks(example):
        keyword = _keyword(chunk)
        chunks[keyword] = chunks.get(keyword, "") + chunk
    for keyword, chunk in chunks.items():
        _put(keyword, chunk, lines)
    text, ranges = "", []
    for line, is_example in lines:
        if is_example:
            ranges.append((len(text), len(text) + len(line)))
        text += line
    return text, ranges


def _chunks(example: str) -> list[str]:
    """The clauses and blocks of an example: each begins at the margin."""
    found: list[str] = []
    for line in example.splitlines(keepends=True):
        if found and line[0] in " }":
            found[-1] += line
        else:
            found.append(line)
    return found


def _keyword(chunk: str) -> str:
    """What a chunk stands for: its keyword; of messages and shared audiences the name too."""
    match = re.match(r"message \w+|audience \w+|\w+", chunk)
    assert match is not None, chunk
    return match[0]


def _put(keyword: str, chunk: str, lines: Lines) -> None:
    """Instead of what it stands for; else at the beginning of the block it belongs to."""
    if keyword.startswith("audience "):
        lines.append((chunk, True))
        return
    for index, (line, _) in enumerate(lines):
        if re.match(rf"\s*{keyword}\b", line):
            end = index + 1 if keyword == "campaign" else _end(index, lines)
            lines[index:end] = [(_indented(chunk, _margin(line)), True)]
            return
    parent = next((name for name, block in CAMPAIGN.blocks.items() if keyword in block.keywords), "campaign")
    start = next(index for index, (line, _) in enumerate(lines) if re.match(rf"\s*{parent}\b", line))
    lines.insert(start + 1, (_indented(chunk, _margin(lines[start][0]) + 2), True))


def _end(index: int, lines: Lines) -> int:
    """Where the clause or block that begins on line ``index`` ends."""
    margin = _margin(lines[index][0])
    end = index + 1
    while end < len(lines) and _margin(lines[end][0]) > margin:
        end += 1
    return end + (end < len(lines) and lines[end][0] == " " * margin + "}\n")


def _margin(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _indented(chunk: str, margin: int) -> str:
    return "".join(" " * margin + line for line in chunk.splitlines(keepends=True))
