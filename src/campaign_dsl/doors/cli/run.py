"""`campaign run`"""

from __future__ import annotations

from typing import Annotated

import typer

from campaign_dsl.doors.cli.common import AsOfOption, JsonOption, TargetOption, WorkspaceOption, print_json
from campaign_dsl.doors.cli.evaluation import evaluate


def run(
    campaign: Annotated[str, typer.Argument(help="Name of the campaign, or its file.")],
    as_of: AsOfOption = None,
    json: JsonOption = False,
    workspace: WorkspaceOption = None,
    target: TargetOption = None,
) -> None:
    """Decide for everyone who is due, award, and put the messages into the outbox. Once.

    Decisions are frozen before anything is given. Stopped at any moment and run again, it ends in the same state; run
    twice, it changes nothing. Messages leave with `campaign dispatch`.

    The run is for the calendar day of --as-of. To make up for a day on which nobody ran, give that day.

    Exit code 0; 1 when the campaign has errors or a gate says no; 3 when a database is missing, locked or full.

    Examples:

        campaign run birthday_gift --as-of 2026-06-15

        campaign run birthday_gift --target production --json
    """
    from campaign_dsl.doors.cli.views import result_json, show_result

    done = evaluate(campaign, as_of, workspace, target, write=True)
    if json:
        print_json(result_json(done))
    else:
        show_result(done, planned=False)
