"""Claims on the ledger, without a network: exact instants, leases, fences."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from servers import Server, eager
from worlds import MESSAGE, OFFER, crowd, open_ledger, plan, run, sql

from campaign_dsl.run.dispatch import DispatchReport
from campaign_dsl.run.dispatch.claims import Claims
from campaign_dsl.run.dispatch.retry import Verdict
from campaign_dsl.run.ledger import Ledger

DUE = datetime(2026, 11, 21, 14, 0, tzinfo=UTC)
TICK = timedelta(microseconds=1)
LEASE = timedelta(seconds=5 + 60 + 60)  # the policy's timeout, the ledger's, and a minute


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with open_ledger(tmp_path / "ledger.sqlite") as opened:
        yield opened


def claims(ledger: Ledger) -> Claims:
    server = Server(port=1)
    providers = {"braze": server.braze(), "middleware": server.webhook()}
    return Claims(ledger, providers, dict.fromkeys(providers, eager()), lambda: DUE, DispatchReport())


ROOM = {"braze": 9, "middleware": 9}
WEBHOOK = plan(steps=[OFFER, MESSAGE | {"provider": "middleware", "settings": {}}])


@pytest.mark.parametrize(("now", "begun"), [(DUE - TICK, 0), (DUE, 1), (DUE + timedelta(days=3) - TICK, 1)])
def test_a_window_begins_and_ends_to_the_microsecond(ledger: Ledger, now: datetime, begun: int) -> None:
    run(ledger, crowd(2))
    assert len(claims(ledger).exchange([], ROOM, None, now)) == begun


def test_at_the_instant_of_expiry_it_is_over(ledger: Ledger) -> None:
    run(ledger, crowd(2))
    ours = claims(ledger)
    assert ours.exchange([], ROOM, None, DUE + timedelta(days=3)) == []
    assert ours.report.expired == 2


def test_a_claim_is_committed_before_anybody_sends(ledger: Ledger) -> None:
    run(ledger, crowd(2))
    (claim,) = claims(ledger).exchange([], ROOM, None, DUE)
    with open_ledger(ledger.place) as other:
        assert sql(other, "SELECT state, fence, attempts FROM package") == [("sending", 1, 1)]
        assert claims(other).exchange([], ROOM, None, DUE) == []
    assert claim.attempt.messages == 2


def test_a_lease_protects_until_it_ends(ledger: Ledger) -> None:
    run(ledger, crowd(2))
    claims(ledger).exchange([], ROOM, None, DUE)
    second = claims(ledger)
    second.exchange([], ROOM, None, DUE + LEASE - TICK)
    assert sql(ledger, "SELECT state FROM package") == [("sending",)]
    second.exchange([], ROOM, None, DUE + LEASE)
    assert sql(ledger, "SELECT state, ambiguous, lease_until FROM package") == [("unknown", 1, None)]
    assert second.report.unknown == 2


def test_a_zombie_changes_nothing(ledger: Ledger) -> None:
    """Its lease ended, and the package, which may be sent again, is another's now."""
    run(ledger, crowd(1), WEBHOOK)
    zombie = claims(ledger)
    (old,) = zombie.exchange([], ROOM, None, DUE)
    heir = claims(ledger)
    (new,) = heir.exchange([], ROOM, None, DUE + LEASE)
    assert (old.attempt.fence, new.attempt.fence) == (1, 2)
    assert old.request.headers["webhook-id"] == new.request.headers["webhook-id"]
    zombie.settle([(old.attempt, Verdict("refused", "too late"))])
    assert sql(ledger, "SELECT state, result FROM package") == [
        ("sending", "the sender was gone before an answer came")
    ]
    assert zombie.report.refused == 0
    heir.settle([(new.attempt, Verdict("accepted", None, "d1"))])
    assert sql(ledger, "SELECT state, reference, attempts FROM package") == [("accepted", "d1", 2)]
    zombie.settle([(old.attempt, Verdict("refused", "much too late"))])
    assert sql(ledger, "SELECT state FROM package") == [("accepted",)]


def test_nobody_decides_about_a_provider_he_does_not_know(ledger: Ledger) -> None:
    run(ledger, crowd(1))
    claims(ledger).exchange([], ROOM, None, DUE)
    stranger = Claims(ledger, {}, {}, lambda: DUE, DispatchReport())
    stranger.exchange([], {}, None, DUE + LEASE)
    assert sql(ledger, "SELECT state FROM package") == [("sending",)]
