"""Which test proves which row of the seed checklist, read from rows.yaml and from the markers in the tests' source."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]
TESTS = ROOT / "tests"
ROWS = Path(__file__).with_name("rows.yaml")
PAGE = ROOT / "docs" / "coverage.md"

BEGINNING = """\
# Coverage of the seeds

Each row is something that the documents at the origin of this project ask for, and names the tests that prove it. This
page is generated from `tests/seeds/rows.yaml` and the marker `seed` in the tests: `python -m pytest
tests/seeds/test_coverage.py --update-golden` writes it. A test fails when a row has no test.

Where a note stands, it says what of the row is there today, and what is not; tests prove no more than that.
"""


@dataclass(frozen=True)
class Row:
    """One row of the checklist."""

    id: str
    item: str
    later: str | None = None


@dataclass(frozen=True, order=True)
class Proof:
    """One test that bears the marker `seed`.

    Attributes:
        path: below the root, with forward slashes.
        line: of the function.
    """

    path: str
    name: str
    line: int
    rows: tuple[str, ...]


def parts() -> list[tuple[int, str, list[Row]]]:
    """Number, title and rows of each part."""
    found = yaml.safe_load(ROWS.read_text("utf-8"))
    return [
        (each["part"], each["title"], [Row(str(name), **about) for name, about in each["rows"].items()])
        for each in found
    ]


def proofs() -> list[Proof]:
    """Every marked test, in the order of files and lines."""
    found: list[Proof] = []
    for path in sorted(TESTS.rglob("test_*.py")):
        text = path.read_text("utf-8")
        if "mark.seed(" in text:
            found += _marked(ast.parse(text), path.relative_to(ROOT).as_posix())
    return sorted(found, key=lambda each: (each.path, each.line))


def _marked(tree: ast.AST, path: str, inside: str = "") -> Iterator[Proof]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.ClassDef):
            yield from _marked(node, path, f"{inside}{node.name}::")
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            rows = tuple(row for each in node.decorator_list for row in _rows(each))
            if rows:
                yield Proof(path, inside + node.name, node.lineno, rows)


def _rows(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.seed":
        for each in node.args:
            if not isinstance(each, ast.Constant) or not isinstance(each.value, str):
                raise TypeError(f"line {each.lineno}: rows are written as texts")
            yield each.value


def page() -> str:
    """The page as it should be."""
    found = proofs()
    lines = [BEGINNING]
    for number, title, rows in parts():
        lines += [f"## {number} {title}" if number else f"## {title}", "", "| Row | Item | Tests | Note |"]
        lines += ["|---|---|---|---|"]
        for row in rows:
            tests = "<br>".join(_link(each) for each in found if row.id in each.rows)
            lines.append(f"| {row.id} | {_cell(row.item)} | {tests} | {_cell(row.later or '')} |")
        lines.append("")
    return "\n".join(lines).rstrip("\n") + "\n"


def _link(proof: Proof) -> str:
    short = proof.path.removeprefix("tests/")
    return f"[{short}::{proof.name}](../{proof.path})"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
