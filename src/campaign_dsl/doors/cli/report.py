"""`campaign report`"""

from __future__ import annotations

from typing import Annotated

import typer

from campaign_dsl.doors.cli.common import (
    JsonOption,
    TargetOption,
    WorkspaceOption,
    chosen_target,
    find_root,
    load,
    print_json,
    show_findings,
    stop,
)
from campaign_dsl.doors.cli.exits import Exit


def report(
    campaign: Annotated[str | None, typer.Argument(help="Name of a campaign. Default: all of them.")] = None,
    json: JsonOption = False,
    workspace: WorkspaceOption = None,
    target: TargetOption = None,
) -> None:
    """Show what happened: runs and their funnels, what was given, what is still owed, where messages are.

    Every number is computed from the ledger; sums reconcile with its rows.

    Examples:

        campaign report birthday_gift

        campaign report --json
    """
    from campaign_dsl.doors.cli.report_view import show_report
    from campaign_dsl.run.ledger import Ledger
    from campaign_dsl.run.report.summary import report as summarise
    from campaign_dsl.run.targets import ledger_place

    loaded = load(find_root(None, workspace))
    if loaded.settings is None:
        show_findings(loaded.root, loaded.problems.sorted())
        stop(Exit.FINDINGS)
    name, where = chosen_target(loaded, target)
    with Ledger.open(ledger_place(where, loaded.root), create=False) as ledger:
        found = summarise(ledger, campaign)
    if json:
        print_json(found)
    else:
        show_report(name, found)
