"""The pages of the documentation, cut into what can be checked."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from campaign_dsl.run.sample.layout import sample_dir

ROOT = Path(__file__).parents[2]
PAGES = [
    ROOT / "README.md",
    ROOT / "benchmarks/README.md",
    ROOT / "campaigns/README.md",
    *sorted((ROOT / "docs").glob("*.md")),
    *sorted((ROOT / "docs/language").glob("*.md")),
]
"""All pages but those of the codes, whose examples the tests of the diagnostics run."""

FENCE = re.compile(r"^```([^\n]*)\n(.*?)^```[ ]*$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Block:
    """A fenced block.

    Attributes:
        kind: the word behind the fence.
        line: of the fence, from 1.
    """

    page: Path
    kind: str
    body: str
    line: int

    def __str__(self) -> str:
        return f"{self.page.relative_to(ROOT)}:{self.line}"

    @property
    def comment(self) -> str:
        """What the first line says, when it is a comment."""
        first = self.body.partition("\n")[0]
        return first.lstrip("# ") if first.startswith("#") else ""


def blocks(*kinds: str, page: Path | None = None) -> list[Block]:
    """The blocks of some kinds, in the order in which they are read; of all kinds when none is named."""
    found = []
    for each in PAGES if page is None else [page]:
        text = each.read_text("utf-8")
        for match in FENCE.finditer(text):
            if not kinds or match[1] in kinds:
                found.append(Block(each, match[1], match[2], text.count("\n", 0, match.start()) + 1))
    return found


def bare_workspace(root: Path) -> Path:
    """The sample workspace with its catalog and audiences, but without data and campaigns."""
    root.mkdir(parents=True)
    for name in ("workspace.yaml", "catalog.yaml", "audiences.campaign", "vip.csv"):
        shutil.copy(sample_dir() / name, root / name)
    return root
