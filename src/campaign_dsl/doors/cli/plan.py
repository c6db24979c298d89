"""`campaign plan`"""

from __future__ import annotations

from typing import Annotated

import typer

from campaign_dsl.doors.cli.common import (
    AsOfOption,
    CampaignsArgument,
    JsonOption,
    TargetOption,
    WorkspaceOption,
    stop,
)
from campaign_dsl.doors.cli.evaluation import Evaluations


def plan(
    campaigns: CampaignsArgument = None,
    as_of: AsOfOption = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Show how audiences are found together, what they share, and why.")
    ] = False,
    json: JsonOption = False,
    workspace: WorkspaceOption = None,
    target: TargetOption = None,
) -> None:
    """Show on real data what a run would do: funnel, outcomes, messages. Nothing is written or sent.

    The same statements as `campaign run` compute it, and are undone, so that the two cannot differ.

    Several campaigns, or all when none is named, come by priority and then by name, and what their audiences have in
    common is found once.

    Exit code 0; 1 when a campaign has errors or its run would be stopped at a gate. Of several campaigns, the worst.

    Examples:

        campaign plan birthday_gift --as-of 2026-06-15

        campaign plan birthday_gift --as-of 2026-06-15T09:00-04:00 --json

        campaign plan --as-of 2026-06-15 --explain
    """
    from campaign_dsl.doors.cli.views import show_each

    evaluations = Evaluations(campaigns or (), as_of, workspace, target)
    stop(show_each(evaluations, write=False, explain=explain, json=json))
