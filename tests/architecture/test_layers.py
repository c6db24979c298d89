"""The architecture is what pyproject.toml and docs/architecture.md say it is."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "architecture.md"
IN_THE_TREE = re.compile(r"(?:src|grammar|tests|docs|campaigns|benchmarks)/\S*|[\w.]+\.toml|Makefile")


def test_imports_point_down() -> None:
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as run; run()"]
    done = subprocess.run([*command, "--no-cache", "--no-logo"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def rows() -> list[tuple[str, str]]:
    """Each row of the table of `Where to add things`: what to add, and the row."""
    section = PAGE.read_text(encoding="utf-8").partition("## Where to add things")[2].partition("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("| a")]
    return [(line.split("|")[1].strip(), line) for line in lines]


@pytest.mark.parametrize(("what", "row"), rows(), ids=[what for what, _ in rows()])
def test_the_page_points_at_what_exists(what: str, row: str) -> None:
    paths = [path for path in re.findall(r"`([^`]+)`", row) if IN_THE_TREE.fullmatch(path)]
    assert paths, f"the row of {what} names no path"
    for path in paths:
        # `engines/<name>.py` stands for any file beside those there are.
        pattern = re.sub(r"<[^>]+>", "*", path).rstrip("/")
        assert list(ROOT.glob(pattern)), f"{path} does not exist"


def test_the_page_has_the_table() -> None:
    assert len(rows()) >= 5


def test_the_page_knows_every_wing() -> None:
    text = PAGE.read_text(encoding="utf-8")
    wings = [path for path in (ROOT / "src" / "campaign_dsl").iterdir() if (path / "__init__.py").is_file()]
    assert [path.name for path in wings if f"`{path.name}/`" not in text] == []


def test_make_runs_every_generator() -> None:
    source = ROOT / "src"
    modules = {
        ".".join(path.relative_to(source).with_suffix("").parts)
        for path in source.rglob("*.py")
        if re.search(r'"--check" (?:not )?in sys.argv', path.read_text(encoding="utf-8"))
    }
    listed = (ROOT / "Makefile").read_text(encoding="utf-8").partition("GENERATORS :=")[2].partition("\n\n")[0]
    assert set(listed.replace("\\", "").split()) == modules


def test_test_modules_have_names_of_their_own() -> None:
    """pytest imports them by their bare names, so a second one of a name would not run."""
    names = [path.name for path in (ROOT / "tests").rglob("test_*.py")]
    assert sorted({name for name in names if names.count(name) > 1}) == []
