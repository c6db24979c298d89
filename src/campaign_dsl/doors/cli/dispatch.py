"""`campaign dispatch`"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from campaign_dsl.doors.cli.common import (
    JsonOption,
    TargetOption,
    UsageProblem,
    WorkspaceOption,
    chosen_target,
    find_root,
    load,
    parse_as_of,
    print_json,
    show_findings,
    stop,
)
from campaign_dsl.doors.cli.exits import Exit
from campaign_dsl.doors.cli.progress import progress
from campaign_dsl.doors.cli.words import counted

if TYPE_CHECKING:
    from campaign_dsl.run.dispatch.dispatcher import DispatchReport


def dispatch(
    as_of: Annotated[
        str | None,
        typer.Option(
            "--as-of", metavar="T", help="Pretend it is T; only for targets that deliver to the sandbox. Default: now."
        ),
    ] = None,
    limit: Annotated[int | None, typer.Option("--limit", min=1, help="Begin at most this many requests.")] = None,
    json: JsonOption = False,
    workspace: WorkspaceOption = None,
    target: TargetOption = None,
) -> None:
    """Send the messages that are due.

    Suppression lists, expiry and quiet hours are checked again at the moment of sending. An attempt ends accepted,
    refused or unknown; what might have been accepted is never sent again where the provider cannot tell.

    With `delivery: sandbox` requests go to `campaign sandbox`; when none is running, one runs for as long as this
    takes, and keeps what it caught.

    Exit code 0; 3 when something needs a look: a provider could not be reached or failed (messages stay queued; run it
    again), or nobody can say whether messages were taken (they are held).

    Examples:

        campaign dispatch

        campaign dispatch --as-of 2026-06-15T20:30Z --json
    """
    from campaign_dsl.run.delivery import open_providers, policies
    from campaign_dsl.run.dispatch.dispatcher import dispatch as send
    from campaign_dsl.run.ledger import Ledger
    from campaign_dsl.run.targets import ledger_place, open_engine, suppressions

    loaded = load(find_root(None, workspace))
    if loaded.settings is None or loaded.catalog is None:
        show_findings(loaded.root, loaded.problems.sorted())
        stop(Exit.FINDINGS)
    _, where = chosen_target(loaded, target)
    if as_of is not None and where.delivery != "sandbox":
        raise UsageProblem(
            "--as-of would bypass quiet hours and expiry, and this target sends for real",
            "leave it out, or choose a target with `delivery: sandbox`",
        )
    now = parse_as_of(as_of, loaded.settings.timezone)[0] if as_of is not None else datetime.now(UTC)
    with (
        Ledger.open(ledger_place(where, loaded.root), create=False) as ledger,
        open_engine(where, loaded.root) as engine,
        open_providers(loaded.settings, where, loaded.root) as providers,
        progress() as report,
    ):
        lists = suppressions(engine, loaded.catalog)
        done = send(
            ledger,
            providers,
            now=now,
            suppressed=lists,
            limit=limit,
            policies=policies(loaded.settings, where),
            progress=report,
        )
    if json:
        print_json(_as_json(done))
    else:
        _show(done)
    if done.interrupted:
        stop(Exit.INTERRUPTED)
    waiting = done.requeued and done.queued
    if done.down or done.stopped or done.unconfigured or done.unknown or done.dead or waiting:
        stop(Exit.ENVIRONMENT)


_STATES = ("accepted", "refused", "unknown", "requeued", "dead", "cancelled", "expired", "queued")


def _as_json(done: DispatchReport) -> dict[str, Any]:
    return {
        **{state: getattr(done, state) for state in _STATES},
        "requests": done.packages,
        "next_at": done.next_at.isoformat() if done.next_at else None,
        "down": list(done.down),
        "stopped": done.stopped,
        "unconfigured": list(done.unconfigured),
        "reasons": done.reasons,
        "interrupted": done.interrupted,
    }


_SAYS = {
    "refused": "refused by the provider; not tried again",
    "unknown": "unknown: nobody can say whether they were taken; held",
    "requeued": "attempts refused for now; tried again later",
    "dead": "given up after the last attempt",
    "cancelled": "cancelled: suppressed since they were queued",
    "expired": "expired: it was too late",
}


def _show(done: DispatchReport) -> None:
    if done.packages:
        print(f"{counted(done.accepted, 'message')} accepted in {counted(done.packages, 'request')}")
    else:
        print("nothing was due")
    for state, words in _SAYS.items():
        if number := getattr(done, state):
            print(f"{number:,} {words}")
    for reason, number in done.reasons.items():
        print(f"  {number:,}: {reason}")
    if done.queued:
        print(f"{done.queued:,} waiting" + (f", the first until {done.next_at.isoformat()}" if done.next_at else ""))
    for name in done.down:
        print(f"provider `{name}` could not be reached; its messages stay queued, run this again")
    for name, reason in done.stopped.items():
        print(f"provider `{name}` refuses everything: {reason}; its messages stay queued")
    for name in done.unconfigured:
        print(f"provider `{name}` is not in workspace.yaml; its messages stay queued")
