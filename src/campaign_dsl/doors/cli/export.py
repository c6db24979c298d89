"""`campaign export`"""

from __future__ import annotations

import json
from typing import Annotated

import typer

from campaign_dsl.doors.cli.common import (
    TargetOption,
    WorkspaceOption,
    chosen_target,
    find_root,
    load,
    show_findings,
    stop,
)
from campaign_dsl.doors.cli.exits import Exit


def export(
    campaign: Annotated[str | None, typer.Argument(help="Name of a campaign. Default: all of them.")] = None,
    after: Annotated[
        int, typer.Option("--after", metavar="N", min=0, help="Only changes with a greater `number`.")
    ] = 0,
    workspace: WorkspaceOption = None,
    target: TargetOption = None,
) -> None:
    """Print the changes that other systems have to carry out, one JSON object a line.

    New values of attributes and tiers, subscriptions, rewards, codes and recorded events. Apply each `id` once, and not
    before its `at`. The last line's `number` is where the next export goes on.

    Examples:

        campaign export

        campaign export birthday_gift --after 1200
    """
    from campaign_dsl.run.ledger import Ledger
    from campaign_dsl.run.report.changes import requested_changes
    from campaign_dsl.run.targets import ledger_place

    loaded = load(find_root(None, workspace))
    if loaded.settings is None:
        show_findings(loaded.root, loaded.problems.sorted())
        stop(Exit.FINDINGS)
    _, where = chosen_target(loaded, target)
    with Ledger.open(ledger_place(where, loaded.root), create=False) as ledger:
        for change in requested_changes(ledger, campaign, after):
            print(json.dumps(change, ensure_ascii=False))
