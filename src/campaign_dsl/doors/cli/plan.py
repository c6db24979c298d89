"""`campaign plan`"""

from __future__ import annotations

from typing import Annotated

import typer

from campaign_dsl.doors.cli.common import AsOfOption, JsonOption, TargetOption, WorkspaceOption, print_json, stop
from campaign_dsl.doors.cli.evaluation import evaluate
from campaign_dsl.doors.cli.exits import Exit


def plan(
    campaign: Annotated[str, typer.Argument(help="Name of the campaign, or its file.")],
    as_of: AsOfOption = None,
    json: JsonOption = False,
    workspace: WorkspaceOption = None,
    target: TargetOption = None,
) -> None:
    """Show on real data what a run would do: funnel, outcomes, messages. Nothing is written or sent.

    The same statements as `campaign run` compute it, and are undone, so that the two cannot differ.

    Exit code 0; 1 when the campaign has errors or the run would be stopped at a gate.

    Examples:

        campaign plan birthday_gift --as-of 2026-06-15

        campaign plan birthday_gift --as-of 2026-06-15T09:00-04:00 --json
    """
    from campaign_dsl.doors.cli.views import result_json, show_result

    done = evaluate(campaign, as_of, workspace, target, write=False)
    if json:
        print_json(result_json(done))
    else:
        show_result(done, planned=True)
    stop(Exit.SOUND)
