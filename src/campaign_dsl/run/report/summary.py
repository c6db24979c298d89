"""Results of campaigns, computed from ledger rows alone, so that sums reconcile with it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from campaign_dsl.compile.plan.model import BUDGETED
from campaign_dsl.language.diagnostics.suggest import did_you_mean
from campaign_dsl.run.ledger.instants import instant, micros, rfc3339
from campaign_dsl.run.ledger.store import Ledger
from campaign_dsl.run.problems import EnvironmentProblem

UNSEGMENTED = "(none)"
"""What a report calls customers outside every segment."""


def report(ledger: Ledger, campaign: str | None = None, *, now: datetime | None = None) -> dict[str, Any]:
    """Results of every campaign, or of one, as a JSON-able value.

    Its keys: ``now``, and ``campaigns``, a list with for each campaign

    - ``campaign``: its name now;
    - ``runs``: oldest first, each with ``as_of``, ``run_day``, ``state``, ``digest``, ``actor``, ``started_at``,
      ``finished_at`` and ``funnel`` (None while the run is unfinished);
    - ``decisions``: decisions of finished runs;
    - ``outcomes``: by kind, ``count`` and ``sum`` (points; equal to ``count`` for the others);
    - ``segments``: by segment, ``decisions`` and ``outcomes``; they add up to the two above;
    - ``points``: by account, ``awarded`` and ``liability``, what of it has not expired at ``now``;
    - ``offers``: by offer, how many are ``issued`` and ``expired``;
    - ``tags``: by tag, how many profiles carry it at ``now``, whoever set it;
    - ``arms``: by arm of the A/B test, ``decisions``; empty without one;
    - ``changes``: by kind and name, e.g. ``attribute tier``, how many changes other systems were asked for;
    - ``messages``: by name, how many are in each state;
    - ``budgets``: by unit, ``used`` and ``ceiling`` (None: no budget);
    - ``discrepancies``: sentences about sums that do not agree. The list is empty, or the ledger was tampered with.

    Args:
        campaign: a name it has or had.
        now: the instant at which points, offers and tags count as expired; default: ``as_of`` of the latest run.

    Raises:
        EnvironmentProblem: no such campaign has run, or the ledger cannot be read.
    """
    with ledger.reading():
        at = micros(now) if now is not None else ledger.value("latest_as_of")
        chosen = ledger.rows("every_campaign") if campaign is None else [named(ledger, campaign)]
        return {
            "now": None if at is None else rfc3339(instant(at)),
            "campaigns": [_campaign(ledger, identity, name, at) for identity, name in chosen],
        }


def named(ledger: Ledger, name: str) -> Any:
    """The id and the present name of the campaign that has or had ``name``.

    Raises:
        EnvironmentProblem: there is none.
    """
    found = ledger.row("find_campaign", name=name)
    if found is None:
        names = [known for (known,) in ledger.rows("every_campaign_name")]
        raise EnvironmentProblem(
            f"no campaign `{name}` has run on this ledger", help=did_you_mean(name, names, "campaigns"), code="LED012"
        )
    return found[:2]


def _campaign(ledger: Ledger, campaign: int, name: str, at: int) -> dict[str, Any]:
    segments: dict[str, dict[str, Any]] = {}

    def segment(of: str | None) -> dict[str, Any]:
        return segments.setdefault(of or UNSEGMENTED, {"decisions": 0, "outcomes": {}})

    for which, count in ledger.rows("campaign_decisions", campaign=campaign):
        segment(which)["decisions"] += count
    for which, kind, _, count in ledger.rows("campaign_effects", campaign=campaign):
        given = segment(which)["outcomes"].setdefault(kind, {"count": 0, "sum": 0})
        given["count"] += count
        given["sum"] += count if kind != "points" else 0
    points: dict[str, dict[str, int]] = {}
    for which, _, account, awarded, unexpired in ledger.rows("campaign_points", campaign=campaign, now=at):
        segment(which)["outcomes"]["points"]["sum"] += awarded
        held = points.setdefault(account, {"awarded": 0, "liability": 0})
        held["awarded"] += awarded
        held["liability"] += unexpired
    messages: dict[str, dict[str, int]] = {}
    for message, _, state, count in ledger.rows("campaign_messages", campaign=campaign):
        states = messages.setdefault(message, {})
        states[state] = states.get(state, 0) + count
    offers: dict[str, dict[str, int]] = {}
    for offer, state, count in ledger.rows("campaign_offers", campaign=campaign, now=at):
        offers.setdefault(offer, {"issued": 0, "expired": 0})[state] = count
    budgets = {
        unit: {"used": used, "ceiling": ceiling}
        for unit, used, ceiling in ledger.rows("campaign_budgets", campaign=campaign)
    }
    runs = [_run(row) for row in ledger.rows("campaign_runs", campaign=campaign)]
    result = {
        "campaign": name,
        "runs": runs,
        "decisions": sum(each["decisions"] for each in segments.values()),
        "outcomes": _total(segments),
        "segments": segments,
        "points": points,
        "offers": offers,
        "tags": dict(ledger.rows("campaign_tags", campaign=campaign, now=at)),
        "arms": dict(ledger.rows("campaign_arms", campaign=campaign)),
        "changes": dict(ledger.rows("campaign_changes", campaign=campaign)),
        "messages": messages,
        "budgets": budgets,
    }
    return result | {"discrepancies": _discrepancies(result)}


def _run(row: Any) -> dict[str, Any]:
    _, as_of, run_day, state, digest, actor, started_at, finished_at, funnel = row
    return {
        "as_of": rfc3339(instant(as_of)),
        "run_day": run_day,
        "state": state,
        "digest": digest,
        "actor": actor,
        "started_at": rfc3339(instant(started_at).astimezone(UTC)),
        "finished_at": None if finished_at is None else rfc3339(instant(finished_at)),
        "funnel": None if funnel is None else json.loads(funnel),
    }


def _total(segments: dict[str, dict[str, Any]]) -> dict[str, dict[str, int]]:
    total: dict[str, dict[str, int]] = {}
    for each in segments.values():
        for kind, given in each["outcomes"].items():
            held = total.setdefault(kind, {"count": 0, "sum": 0})
            held["count"] += given["count"]
            held["sum"] += given["sum"]
    return total


def _discrepancies(result: dict[str, Any]) -> list[str]:
    """The same number, counted from different tables."""
    given = {kind: result["outcomes"].get(kind, {"count": 0, "sum": 0}) for kind in BUDGETED}
    pairs = (
        (
            "decisions",
            result["decisions"],
            "funnels",
            sum(run["funnel"]["decided"] for run in result["runs"] if run["funnel"]),
        ),
        ("points transferred", given["points"]["sum"], "points counted", result["budgets"]["points"]["used"]),
        ("offer effects", given["offer"]["count"], "offers counted", result["budgets"]["offers"]["used"]),
        ("offer effects", given["offer"]["count"], "offers in wallets", _sum(result["offers"])),
        ("code effects", given["code"]["count"], "codes counted", result["budgets"]["codes"]["used"]),
        ("message effects", given["message"]["count"], "messages counted", result["budgets"]["messages"]["used"]),
        ("message effects", given["message"]["count"], "messages in the outbox", _sum(result["messages"])),
    )
    return [f"{left}: {a:,}; {right}: {b:,}" for left, a, right, b in pairs if a != b]


def _sum(counts: dict[str, dict[str, int]]) -> int:
    return sum(sum(states.values()) for states in counts.values())
