"""What is written down about a code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["campaign", "campaign.yaml", "catalog", "workspace", "yaml", "run", "tables"]


@dataclass(frozen=True, slots=True)
class Code:
    """One kind of finding.

    Args:
        code: letters for the family and a number.
        title: one line, lower case.
        why: why it is refused.
        fix: what to do.
        bad: an example that has the problem, for a file of ``kind``; of a catalog, a workspace or a campaign the part
            that matters: what it says stands for the part with the same keyword or key in a sound file.
        good: the same without the problem.
        kind: the file that has to be changed; `yaml` for any YAML file, `run` when it is no file of the workspace,
            `tables` when the catalog and the tables of a target contradict each other.
    """

    code: str
    title: str
    why: str
    fix: str
    bad: str | None
    good: str | None
    kind: Kind

    @property
    def family(self) -> str:
        """The letters in front: `SYN` of `SYN007`."""
        return self.code.rstrip("0123456789")
