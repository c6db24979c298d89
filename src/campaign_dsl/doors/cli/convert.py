"""`campaign convert`"""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from campaign_dsl.doors.cli.common import UsageProblem, show_findings, stop
from campaign_dsl.doors.cli.exits import Exit


class Spelling(StrEnum):
    DSL = "dsl"
    YAML = "yaml"


def convert(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A campaign file, in either spelling.")],
    to: Annotated[Spelling, typer.Option("--to", metavar="dsl|yaml", help="The spelling that is printed.")],
) -> None:
    """Print a campaign file in the other spelling, comments included.

    Both spellings say the same; what comes out is in the canonical layout, and converting it back gives what
    `campaign fmt` makes of the file. The file itself is left as it is.

    Examples:

        campaign convert birthday_gift.campaign --to yaml

        campaign convert birthday_gift.campaign.yaml --to dsl > birthday_gift.campaign
    """
    from campaign_dsl.language.diagnostics.model import Diagnostic, Problems
    from campaign_dsl.language.source.files import read_source
    from campaign_dsl.language.syntax.printing.formatting import formatted
    from campaign_dsl.workspace import DSL, YAML

    if not file.name.endswith((DSL, YAML)):
        raise UsageProblem(f"`{file}` is not a campaign file", "campaign files end in .campaign or .campaign.yaml")
    problems = Problems()
    source = read_source(file, str(file))
    if isinstance(source, Diagnostic):
        problems.extend((source,))
        text = None
    else:
        text = formatted(source, problems, yaml=to is Spelling.YAML)
    show_findings(Path.cwd(), problems.sorted())
    if text is None:
        stop(Exit.FINDINGS)
    sys.stdout.write(text)
