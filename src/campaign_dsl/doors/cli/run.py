"""`campaign run`"""

from __future__ import annotations

from campaign_dsl.doors.cli.common import (
    AsOfOption,
    CampaignsArgument,
    JsonOption,
    TargetOption,
    WorkspaceOption,
    stop,
)
from campaign_dsl.doors.cli.evaluation import Evaluations


def run(
    campaigns: CampaignsArgument = None,
    as_of: AsOfOption = None,
    json: JsonOption = False,
    workspace: WorkspaceOption = None,
    target: TargetOption = None,
) -> None:
    """Decide for everyone who is due, award, and put the messages into the outbox. Once.

    Decisions are frozen before anything is given. Stopped at any moment and run again, it ends in the same state; run
    twice, it changes nothing. Messages leave with `campaign dispatch`.

    The run is for the calendar day of --as-of. To make up for a day on which nobody ran, give that day.

    Several campaigns, or all when none is named, come by priority and then by name, and what their audiences have in
    common is found once. One that cannot run does not keep the others from it.

    Exit code 0; 1 when a campaign has errors or a gate says no; 3 when a database is missing, locked or full. Of
    several campaigns, the worst.

    Examples:

        campaign run birthday_gift --as-of 2026-06-15

        campaign run birthday_gift --target production --json

        campaign run --as-of 2026-06-15
    """
    from campaign_dsl.doors.cli.views import show_each

    evaluations = Evaluations(campaigns or (), as_of, workspace, target)
    stop(show_each(evaluations, write=True, explain=False, json=json))
