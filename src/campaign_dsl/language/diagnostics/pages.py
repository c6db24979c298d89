"""The pages of the reference of codes, `docs/codes/`, from the catalogue.

`python -m campaign_dsl.language.diagnostics.pages` writes them, `--check` says whether they are what it would write.
"""

from __future__ import annotations

import sys
from pathlib import Path

from campaign_dsl.language.diagnostics.catalogue import CODES, FAMILIES, Code, Kind

_FOLDER = Path(__file__).parents[4] / "docs" / "codes"
_COMMAND = "python -m campaign_dsl.language.diagnostics.pages"
_NOTE = f"<!-- Generated from the catalogue of codes by `{_COMMAND}`. Do not edit. -->\n"
_FOUND_IN: dict[Kind, str] = {
    "campaign": "a campaign file",
    "campaign.yaml": "a campaign file in the YAML spelling",
    "catalog": "`catalog.yaml`",
    "workspace": "`workspace.yaml`",
    "yaml": "any YAML file",
    "run": "a run, not a file of the workspace",
    "tables": "`catalog.yaml`, beside the tables of a target: `campaign check --target NAME` looks",
}


def pages() -> dict[str, str]:
    """Every page, by the name of its file."""
    return {"README.md": _index()} | {f"{code.code}.md": _page(code) for code in CODES.values()}


def _page(code: Code) -> str:
    parts = [
        f"# {code.code}: {code.title}\n",
        _NOTE,
        f"{code.why}\n",
        f"**What to do:** {code.fix}\n",
        f"Found in: {_FOUND_IN[code.kind]}.\n",
    ]
    if code.bad is not None and code.good is not None:
        parts += ["Not so:\n", _fenced(code.kind, code.bad), "But so:\n", _fenced(code.kind, code.good)]
    parts.append("[All codes](README.md)\n")
    return "\n".join(parts)


def _fenced(kind: Kind, example: str) -> str:
    return f"```{'campaign' if kind == 'campaign' else 'yaml'}\n{example}```\n"


def _index() -> str:
    parts = [
        "# Codes\n",
        _NOTE,
        "Every message has a code that never changes its meaning. `campaign check --format json` gives it as `code`.\n",
    ]
    for family, (title, codes) in FAMILIES.items():
        rows = [f"| [{code.code}]({code.code}.md) | {code.title} |" for code in codes]
        parts.append("\n".join((f"## {family}: {title}\n", "| code | meaning |", "|---|---|", *rows)) + "\n")
    return "\n".join(parts)


def stale(folder: Path = _FOLDER) -> list[str]:
    """Names of pages that are missing, differ from what would be written, or have no code any more."""
    wanted = pages()
    there = {path.name: path.read_text("utf-8") for path in folder.glob("*.md")}
    return sorted(name for name in wanted.keys() | there.keys() if wanted.get(name) != there.get(name))


def write(folder: Path = _FOLDER) -> None:
    """Make the folder what `pages` says."""
    folder.mkdir(parents=True, exist_ok=True)
    wanted = pages()
    for path in folder.glob("*.md"):
        if path.name not in wanted:
            path.unlink()
    for name, text in wanted.items():
        (folder / name).write_text(text, "utf-8", newline="\n")


if __name__ == "__main__":
    if "--check" not in sys.argv[1:]:
        write()
    elif found := stale():
        sys.exit(f"docs/codes is out of date ({', '.join(found[:5])}): run `{_COMMAND}`")
