"""What the pages type can be typed, one line after the other, and prints what they show.

A page's campaigns are files of its workspace, under the name of the campaign; each is there when the page has come to
it. In what is shown, a line `...` stands for any number of lines. A command ends with code 0, or with the one that a
comment behind it names. `pytest --update-golden` writes into the pages what the commands print now.
"""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from commandline import call
from pages import ROOT, Block, blocks

STEP = re.compile(r"^\$ (.*)\n((?:(?!\$ ).*\n?)*)", re.MULTILINE)
ENDS = re.compile(r"# exit code (\d+)$")
VARIES = re.compile(r"^(target \S+, plan sha256|latest run, ).*$", re.MULTILINE)
"""Lines that are others on another day or for somebody else."""
NAME = re.compile(r"^campaign (\w+)", re.MULTILINE)
WITH_CONSOLES = sorted({each.page for each in blocks("console")})


@pytest.mark.parametrize("page", WITH_CONSOLES, ids=lambda page: str(page.relative_to(ROOT)))
@pytest.mark.usefixtures("quick_sample")
def test_the_commands_of_a_page(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, update_golden: bool
) -> None:
    monkeypatch.chdir(tmp_path)
    text = page.read_text("utf-8")
    for block in blocks("campaign", "campaign-error", "campaign.yaml", "console", page=page):
        if block.kind == "console":
            text = text.replace(block.body, run(block, monkeypatch, update_golden), 1)
        elif (named := NAME.search(block.body)) and Path("workspace.yaml").exists():
            ending = "campaign.yaml" if block.kind == "campaign.yaml" else "campaign"
            Path(f"{named[1]}.{ending}").write_text(block.body, "utf-8")
    if update_golden:
        page.write_text(text, "utf-8")


def run(block: Block, monkeypatch: pytest.MonkeyPatch, update: bool) -> str:
    """Type every line of a block; the block as it would be with what is printed now."""
    steps = STEP.findall(block.body)
    assert steps, block
    made = []
    for command, shown in steps:
        words = shlex.split(command, comments=True)
        if words[0] == "cd":
            monkeypatch.chdir(Path.cwd() / words[1])
            made.append(f"$ {command}\n")
            continue
        assert words[0] == "campaign", (block, command)
        done = call(*words[1:])
        ends = ENDS.search(command)
        assert done.code == (int(ends[1]) if ends else 0), (block, command, done.out, done.err)
        printed = (done.err + done.out).strip("\n")
        fits = like(shown, printed)
        if not update:
            assert fits, f"{block}: {command}\n{printed}\n\nand not\n\n{shown}"
        made.append(f"$ {command}\n" + (shown if fits else VARIES.sub("...", printed) + "\n"))
    return "".join(made)


def like(shown: str, printed: str) -> bool:
    """Whether what is printed is what is shown, `...` being any number of lines."""
    lines = [
        r"(?:.*\n)*?" if line == "..." else re.escape(line.rstrip()) + r"[ ]*\n"
        for line in shown.strip("\n").split("\n")
    ]
    return (
        re.fullmatch("".join(lines), "\n".join([*printed.split("\n"), ""])) is not None or not shown.strip() + printed
    )


def test_dots_stand_for_any_number_of_lines() -> None:
    assert like("a\n...\nd\n", "a\nb\nc\nd")
    assert like("a\n...\n", "a")
    assert like("", "")
    assert not like("a\n...\nd\n", "a\nb")
    assert not like("", "a")
