"""`campaign report` for people."""

from __future__ import annotations

from typing import Any

from campaign_dsl.doors.cli.views import funnel_text, given_text
from campaign_dsl.doors.cli.words import counted


def show_report(target: str, found: dict[str, Any]) -> None:
    """Print what the ledger says, campaign by campaign."""
    print(f"report of target {target}, as of {found['now']}")
    if not found["campaigns"]:
        print("no campaign has run yet")
    for each in found["campaigns"]:
        _campaign(each)


def _campaign(each: dict[str, Any]) -> None:
    print(f"\n{each['campaign']}: {counted(each['decisions'], 'decision')} in {counted(len(each['runs']), 'run')}")
    if each["runs"]:
        last = each["runs"][-1]
        print(f"\nlatest run, for {last['run_day']} as of {last['as_of']} by {last['actor']}: {last['state']}")
        if last["funnel"]:
            print(funnel_text(last["funnel"]))
    print("\ngiven")
    for kind, given in each["outcomes"].items():
        print(f"  {given_text(kind, given['count'], given['sum'])}")
    for name, segment in each["segments"].items():
        points = segment["outcomes"].get("points")
        print(
            f"  segment {name}: {segment['decisions']:,} decisions" + (f", {points['sum']:,} points" if points else "")
        )
    for name, decisions in each["arms"].items():
        print(f"  variant {name}: {decisions:,} decisions")
    if each["changes"]:
        print("\nasked of other systems (campaign export)")
        for name, count in each["changes"].items():
            print(f"  {name}: {count:,}")
    print("\nstill owed")
    for account, points in each["points"].items():
        print(f"  {points['liability']:,} of {points['awarded']:,} points in {account}")
    for offer, state in each["offers"].items():
        print(f"  {state['issued'] - state['expired']:,} of {state['issued']:,} offers {offer}")
    print("\nmessages")
    for name, states in each["messages"].items():
        print(f"  {name}: " + ", ".join(f"{number:,} {state}" for state, number in states.items()))
