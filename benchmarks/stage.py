"""Takes every campaign of a workspace through one stage: STAGE WORKSPACE."""

from __future__ import annotations

import sys
from pathlib import Path

from campaign_dsl.doors.cli.common import only_growing
from campaign_dsl.language.diagnostics.model import Problems
from campaign_dsl.language.source.files import SourceFile
from campaign_dsl.workspace import Workspace, campaign_files


def main(stage: str, root: Path) -> None:
    if stage == "format":
        from campaign_dsl.language.syntax.printing.formatting import formatted

        for path in campaign_files(root):
            assert formatted(SourceFile(str(path), path.read_text("utf-8")), Problems()) is not None
        return
    workspace = Workspace.load(root)
    if stage == "parse":
        return
    assert not [each for each in workspace.check() if each.severity == "error"]
    if stage == "compile":
        for name in workspace.campaigns:
            assert workspace.plan(name) is not None


with only_growing():
    main(sys.argv[1], Path(sys.argv[2]))
