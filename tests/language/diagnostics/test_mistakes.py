"""What is said about mistakes that people make, word by word.

Run as a program it writes the answers anew: `python tests/language/diagnostics/test_mistakes.py`.
"""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pytest
from styles import well_styled
from workspaces import CAMPAIGNS, check

from campaign_dsl.language.diagnostics.model import Diagnostic
from campaign_dsl.language.syntax.spec import every_block

FILE_OF_CASES = Path(__file__).parent / "mistakes" / "mistakes.txt"


@dataclass(frozen=True)
class Mistake:
    title: str
    file: str
    new: str
    old: str
    answer: tuple[str, ...]

    def text(self) -> str:
        """The file with the mistake."""
        sound = (CAMPAIGNS / self.file).read_text("utf-8")
        assert self.old in sound, self.title
        return sound.replace(self.old, self.new, 1)


def mistakes() -> list[Mistake]:
    found = []
    for paragraph in FILE_OF_CASES.read_text("utf-8").split("\n\n")[1:]:
        title, *rest = paragraph.strip("\n").splitlines()
        named = {line[:5].strip(): line[7:] for line in rest[:3]}
        found.append(Mistake(title, named["in"], json.loads(named["write"]), json.loads(named["for"]), tuple(rest[3:])))
    return found


MISTAKES = mistakes()


def findings(mistake: Mistake, folder: Path) -> tuple[Diagnostic, ...]:
    return check(folder, {mistake.file: mistake.text()})


def answer(items: tuple[Diagnostic, ...]) -> tuple[str, ...]:
    """Findings as the file of cases shows them."""
    lines = []
    for item in items:
        assert item.where is not None
        span = item.where.span
        end = span.source.line_column(span.end)
        lines.append(f"{item.code} {span.line}:{span.column}-{end[0]}:{end[1]} {escaped(item.message)}")
        lines.append(f"       help: {escaped(item.help or '')}")
    return tuple(lines)


def escaped(text: str) -> str:
    """Text with what cannot be seen written out."""
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.title)
def test_what_is_said(mistake: Mistake, tmp_path: Path) -> None:
    assert answer(findings(mistake, tmp_path)) == mistake.answer


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.title)
def test_each_mistake_is_found_and_something_can_be_done(mistake: Mistake, tmp_path: Path) -> None:
    items = findings(mistake, tmp_path)
    assert items
    assert len(items) <= 3
    for item in items:
        well_styled(item)


def test_there_are_enough_and_no_two_are_alike() -> None:
    assert len(MISTAKES) >= 60
    assert len({mistake.title for mistake in MISTAKES}) == len(MISTAKES)
    assert len({(mistake.file, mistake.old, mistake.new) for mistake in MISTAKES}) == len(MISTAKES)


def keywords() -> set[str]:
    return set().union(*(spec.keywords for spec in every_block()))


def _misspelt() -> list[tuple[int, str, str]]:
    """Each keyword at the beginning of a line of the sample, with one letter left out."""
    found = []
    known = keywords()
    for number, line in enumerate((CAMPAIGNS / "birthday_gift.campaign").read_text("utf-8").splitlines()):
        word = line.split()[0] if line.split() else ""
        if word in known and len(word) > 3:
            middle = len(word) // 2
            found.append((number, word, word[:middle] + word[middle + 1 :]))
    return found


@pytest.mark.parametrize(("number", "word", "slip"), _misspelt(), ids=lambda value: str(value))
def test_every_keyword_misspelt_leads_back(number: int, word: str, slip: str, tmp_path: Path) -> None:
    lines = (CAMPAIGNS / "birthday_gift.campaign").read_text("utf-8").splitlines(keepends=True)
    lines[number] = lines[number].replace(word, slip, 1)
    (item,) = check(tmp_path, {"birthday_gift.campaign": "".join(lines)})
    assert item.where is not None
    assert item.where.span.line == number + 1
    assert item.help is not None
    assert f"`{word}`" in item.help


def rewrite() -> None:
    """Write what is said now into the file of cases."""
    paragraphs = [FILE_OF_CASES.read_text("utf-8").split("\n\n")[0]]
    for mistake in MISTAKES:
        with tempfile.TemporaryDirectory() as folder:
            said = answer(findings(mistake, Path(folder)))
        new, old = (_visible(text) for text in (mistake.new, mistake.old))
        paragraphs.append("\n".join((mistake.title, f"in     {mistake.file}", f"write  {new}", f"for    {old}", *said)))
    FILE_OF_CASES.write_text("\n\n".join(paragraphs) + "\n", "utf-8", newline="\n")


def _visible(text: str) -> str:
    return "".join(
        char if char.isprintable() else f"\\u{ord(char):04x}" for char in json.dumps(text, ensure_ascii=False)
    )


if __name__ == "__main__":
    rewrite()
