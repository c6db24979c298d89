"""Dispatch against real HTTP servers: what reaches them, and what the ledger then says."""

from __future__ import annotations

import json
import socket
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from servers import Server, accept, eager, first, hang, reset, serving, status
from worlds import MESSAGE, OFFER, crowd, execute, open_ledger, plan, run

from campaign_dsl.compile.plan.model import Plan
from campaign_dsl.run.dispatch import DispatchReport, dispatch
from campaign_dsl.run.ledger import Ledger, Suppressions
from campaign_dsl.run.ledger.instants import micros

DUE = datetime(2026, 11, 21, 14, 0, tzinfo=UTC)  # 09:00 in New York
NIGHT = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)  # 22:00 in New York


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with open_ledger(tmp_path / "ledger.sqlite") as opened:
        yield opened


def webhook_plan(**changes: Any) -> Plan:
    step = MESSAGE | {"provider": "middleware", "settings": {}} | changes
    return plan(steps=[OFFER, step])


def send(ledger: Ledger, server: Server, now: datetime = DUE, **options: Any) -> DispatchReport:
    policy = options.pop("policy", None) or eager()
    providers = options.pop("providers", None) or {"braze": server.braze(), "middleware": server.webhook()}
    policies = dict.fromkeys(providers, policy)
    options = {"patience_seconds": 5.0} | options
    return dispatch(ledger, providers, now=now, policies=policies, **options)


def states(ledger: Ledger) -> dict[str, int]:
    return dict(execute(ledger, "SELECT state, count(*) FROM outbox GROUP BY state").fetchall())


def package(ledger: Ledger, **columns: Any) -> Any:
    names = ", ".join(columns)
    return execute(ledger, f"SELECT {names} FROM package").fetchone()


def test_everyone_is_reached_once_in_full_packages(ledger: Ledger) -> None:
    run(ledger, crowd(120))
    with serving() as server:
        report = send(ledger, server)
        assert (report.accepted, report.packages, report.queued) == (120, 3, 0)
        again = send(ledger, server, now=DUE + timedelta(hours=1))
    assert Counter(server.recipients) == {f"C{n:06d}": 1 for n in range(120)}
    assert sorted(len(json.loads(body)["recipients"]) for body in server.bodies) == [20, 50, 50]
    assert states(ledger) == {"accepted": 120}
    assert again.packages == 0
    references = {row[0] for row in execute(ledger, "SELECT reference FROM package")}
    assert references == {"d0", "d1", "d2"}


def test_nothing_leaves_before_it_is_due(ledger: Ledger) -> None:
    run(ledger, crowd(3))
    with serving() as server:
        report = send(ledger, server, now=DUE - timedelta(seconds=1), patience_seconds=0)
    assert (report.packages, report.queued, report.next_at) == (0, 3, DUE)
    assert server.bodies == []


def test_many_requests_are_under_way_at_once_but_the_first_goes_alone(ledger: Ledger) -> None:
    run(ledger, crowd(60), webhook_plan())
    seen: list[int] = []

    async def slow(number: int, request: Any, body: bytes) -> Any:
        import asyncio

        seen.append(server._open)
        await asyncio.sleep(0.05)
        return accept(number, request, body)

    with serving(slow) as server:
        report = send(ledger, server)
    assert report.accepted == 60
    assert seen[0] == 1
    assert 8 < server.most_at_once <= 16


def test_a_limit_is_the_most_requests(ledger: Ledger) -> None:
    run(ledger, crowd(10), webhook_plan())
    with serving() as server:
        report = send(ledger, server, limit=4)
        assert (report.packages, report.accepted, report.queued) == (4, 4, 6)
    assert len(server.bodies) == 4


def test_refused_for_good_is_not_tried_again(ledger: Ledger) -> None:
    run(ledger, crowd(2))
    with serving(status(400)) as server:
        report = send(ledger, server)
        assert (report.refused, report.packages) == (2, 1)
        assert send(ledger, server, now=DUE + timedelta(hours=2)).packages == 0
    assert states(ledger) == {"refused": 2}
    assert any("400" in reason for reason in report.reasons)


def test_refused_for_now_is_tried_again(ledger: Ledger) -> None:
    run(ledger, crowd(2))
    with serving(first(status(503), status(500))) as server:
        report = send(ledger, server)
    assert (report.accepted, report.requeued, report.packages) == (2, 4, 3)
    assert package(ledger, state=1, attempts=1) == ("accepted", 3)


def test_a_wait_beyond_our_patience_is_left_to_another_dispatch(ledger: Ledger) -> None:
    run(ledger, crowd(2), webhook_plan())
    with serving(first(status(429, retry_after="120"))) as server:
        report = send(ledger, server)
        assert (report.packages, report.requeued, report.queued) == (1, 1, 2)
        assert report.next_at is not None
        # The whole account was asked to wait, not only that package.
        early = send(ledger, server, now=DUE + timedelta(seconds=60))
        assert early.accepted == 1
        late = send(ledger, server, now=DUE + timedelta(seconds=130))
        assert late.accepted == 1
    assert states(ledger) == {"accepted": 2}


@pytest.mark.parametrize("asked", ["0", "-5", "soon", "10000000000000"])
def test_a_nonsensical_wait_is_bounded(ledger: Ledger, asked: str) -> None:
    run(ledger, crowd(1), webhook_plan())
    with serving(first(status(429, retry_after=asked))) as server:
        send(ledger, server, patience_seconds=0)
        (next_at,) = package(ledger, next_at=1)
        assert micros(DUE) <= next_at <= micros(DUE + timedelta(seconds=3700))


def test_it_gives_up_after_the_last_attempt(ledger: Ledger) -> None:
    run(ledger, crowd(2))
    with serving(status(503)) as server:
        report = send(ledger, server, policy=eager(max_attempts=3))
    assert (report.packages, report.dead, report.requeued) == (3, 2, 4)
    assert states(ledger) == {"dead": 2}


@pytest.mark.parametrize("fault", [hang, reset])
def test_unknown_is_held_where_the_provider_cannot_tell(ledger: Ledger, fault: Any) -> None:
    run(ledger, crowd(2))
    with serving(fault) as server:
        report = send(ledger, server, policy=eager(timeout_seconds=0.3))
        assert (report.unknown, report.packages) == (2, 1)
        assert send(ledger, server, now=DUE + timedelta(hours=3)).packages == 0
    assert states(ledger) == {"unknown": 2}
    assert len(server.bodies) == 1


@pytest.mark.parametrize("fault", [hang, reset])
@pytest.mark.seed("S3-34", "S0-15")
def test_unknown_is_asked_again_with_the_same_id_where_the_provider_can_tell(ledger: Ledger, fault: Any) -> None:
    run(ledger, crowd(1), webhook_plan())
    with serving(first(fault)) as server:
        report = send(ledger, server, policy=eager(timeout_seconds=0.3))
    assert (report.accepted, report.unknown, report.packages) == (1, 0, 2)
    assert len(set(server.webhook_ids)) == 1
    assert len(set(server.bodies)) == 1
    (kept,) = execute(ledger, "SELECT message_id FROM message").fetchone()
    assert set(server.webhook_ids) == {kept}


def test_what_may_have_been_accepted_never_ends_as_refused(ledger: Ledger) -> None:
    run(ledger, crowd(1), webhook_plan())
    with serving(first(reset, status(503), status(400))) as server:
        report = send(ledger, server)
    assert (report.refused, report.unknown, report.packages) == (0, 1, 3)
    assert states(ledger) == {"unknown": 1}


def test_what_may_have_been_accepted_never_ends_as_expired(ledger: Ledger) -> None:
    run(ledger, crowd(1), webhook_plan())
    with serving(reset) as server:
        send(ledger, server, patience_seconds=0)
        assert states(ledger) == {"queued": 1}
        report = send(ledger, server, now=DUE + timedelta(days=4))
    assert (report.expired, report.unknown) == (0, 1)


def test_a_wrong_key_stops_the_provider_and_costs_nothing(ledger: Ledger) -> None:
    run(ledger, crowd(230))
    with serving(status(401)) as server:
        report = send(ledger, server)
        assert list(report.stopped) == ["braze"]
        assert (report.packages, report.queued, report.refused) == (1, 230, 0)
        assert execute(ledger, "SELECT sum(attempts) FROM package").fetchone() == (0,)
    with serving() as server:
        assert send(ledger, server, now=DUE + timedelta(minutes=1)).accepted == 230


def test_a_missing_key_stops_the_provider_before_anything_is_sent(ledger: Ledger) -> None:
    from campaign_dsl.run.problems import EnvironmentProblem

    run(ledger, crowd(3))

    def no_key(name: str) -> str:
        raise EnvironmentProblem("the variable BRAZE_API_KEY is not set")

    with serving() as server:
        provider = server.braze()
        provider._secrets = no_key
        report = send(ledger, server, providers={"braze": provider})
    assert report.stopped == {"braze": "the variable BRAZE_API_KEY is not set"}
    assert (states(ledger), server.bodies) == ({"queued": 3}, [])
    assert package(ledger, attempts=1) == (0,)


def test_a_dead_host_costs_no_attempts_and_is_reported(ledger: Ledger) -> None:
    run(ledger, crowd(120))
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening: connections are refused
        down = Server(port=taken.getsockname()[1])
        report = send(ledger, down)
    assert report.down == ("braze",)
    assert report.queued == 120
    assert execute(ledger, "SELECT sum(attempts), min(next_at) > :due FROM package", {"due": 0}).fetchone()[0] == 0
    with serving() as server:
        assert send(ledger, server, now=DUE + timedelta(hours=1)).accepted == 120


def test_a_dead_host_does_not_hold_up_the_others(ledger: Ledger) -> None:
    run(ledger, crowd(60))
    run(ledger, crowd(5), webhook_plan().model_copy(update={"campaign": "other"}))
    with socket.socket() as taken, serving() as server:
        taken.bind(("127.0.0.1", 0))
        down = Server(port=taken.getsockname()[1])
        report = send(ledger, server, providers={"braze": down.braze(), "middleware": server.webhook()})
    assert report.down == ("braze",)
    assert (report.accepted, report.queued) == (5, 60)


def test_a_provider_that_keeps_failing_is_left_alone(ledger: Ledger) -> None:
    run(ledger, crowd(100), webhook_plan())
    with serving(status(500)) as server:
        report = send(ledger, server)
    assert report.down == ("middleware",)
    assert 20 <= len(server.bodies) <= 36  # twenty in a row, and those under way then
    assert report.queued == 100


@pytest.mark.seed("S2-05", "S0-12")
def test_suppressed_after_queueing_is_dropped(ledger: Ledger) -> None:
    run(ledger, crowd(3))
    with serving() as server:
        report = send(ledger, server, suppressed=Suppressions.of({"global_suppression": ["c000001@example.com"]}))
    assert (report.accepted, report.cancelled) == (2, 1)
    assert server.recipients == ["C000000", "C000002"]
    assert states(ledger) == {"accepted": 2, "cancelled": 1}


def test_a_list_the_message_does_not_obey_does_not_matter(ledger: Ledger) -> None:
    run(ledger, crowd(2))
    with serving() as server:
        report = send(ledger, server, suppressed=Suppressions.of({"sms_stop": ["c000001@example.com"]}))
    assert (report.accepted, report.cancelled) == (2, 0)


def test_an_emptied_package_is_cancelled(ledger: Ledger) -> None:
    run(ledger, crowd(2))
    everyone = Suppressions.of({"global_suppression": ["c000000@example.com", "c000001@example.com"]})
    with serving() as server:
        report = send(ledger, server, suppressed=everyone)
        assert (report.cancelled, report.packages) == (2, 0)
        assert package(ledger, state=1) == ("cancelled",)
        # Coming off the list later does not bring back what was cancelled.
        assert send(ledger, server, suppressed=Suppressions.of({"global_suppression": []})).packages == 0
    assert server.bodies == []


@pytest.mark.seed("S2-17b")
def test_expired_is_not_sent(ledger: Ledger) -> None:
    run(ledger, crowd(2))
    with serving() as server:
        report = send(ledger, server, now=DUE + timedelta(days=3))
    assert (report.expired, report.packages) == (2, 0)
    assert states(ledger) == {"expired": 2}


def test_the_last_instant_before_expiry_is_in_time(ledger: Ledger) -> None:
    run(ledger, crowd(2), plan(steps=[MESSAGE | {"quiet": None}]), max_items={})
    with serving() as server:
        report = send(ledger, server, now=DUE + timedelta(days=3, seconds=-1), limit=1)
    assert report.accepted == 1


def test_at_night_messages_wait_for_the_morning(ledger: Ledger) -> None:
    run(
        ledger,
        crowd(70) + [dict(row, customer_id="P" + row["customer_id"], zone="America/Los_Angeles") for row in crowd(70)],
    )
    with serving() as server:
        report = send(ledger, server, now=NIGHT)
        assert report.accepted == 70  # 19:00 in Los Angeles
        assert report.next_at == datetime(2026, 11, 22, 13, 0, tzinfo=UTC)
        assert all(name.startswith("P") for name in server.recipients)
        assert (
            send(ledger, server, now=datetime(2026, 11, 22, 12, 59, 50, tzinfo=UTC), patience_seconds=0).packages == 0
        )
        assert send(ledger, server, now=datetime(2026, 11, 22, 13, 0, tzinfo=UTC)).accepted == 70


def test_a_message_the_provider_can_never_take_does_not_stop_the_others(ledger: Ledger) -> None:
    rows = crowd(3)
    rows[1]["context"] = json.dumps({"first_name": "x" * 60_000})
    run(ledger, rows)
    with serving() as server:
        report = send(ledger, server)
    assert (report.accepted, report.refused) == (2, 1)
    assert states(ledger) == {"accepted": 2, "refused": 1}
    (why,) = execute(ledger, "SELECT why FROM outbox WHERE state = 'refused'").fetchone()
    assert "50 KB" in why


def test_a_package_that_cannot_be_sent_is_refused(ledger: Ledger) -> None:
    broken = plan(steps=[MESSAGE | {"settings": {}}])
    run(ledger, crowd(2), broken)
    with serving() as server:
        report = send(ledger, server)
    assert (report.refused, server.bodies) == (2, [])
    assert package(ledger, state=1, attempts=1) == ("refused", 1)


def test_a_provider_nobody_gave_is_named(ledger: Ledger) -> None:
    run(ledger, crowd(2))
    with serving() as server:
        report = send(ledger, server, providers={"middleware": server.webhook()})
    assert report.unconfigured == ("braze",)
    assert report.queued == 2


def test_an_instant_without_a_zone_is_refused(ledger: Ledger) -> None:
    with pytest.raises(ValueError, match="zone"):
        dispatch(ledger, {}, now=datetime(2026, 11, 21, 14, 0))  # noqa: DTZ001


def test_the_body_is_what_the_ledger_holds(ledger: Ledger) -> None:
    run(ledger, crowd(1))
    (document,) = execute(ledger, "SELECT document FROM message").fetchone()
    with serving() as server:
        send(ledger, server)
    (recipient,) = json.loads(server.bodies[0])["recipients"]
    sent, kept = recipient["trigger_properties"], json.loads(document)
    assert sent["points"] == kept["point_award"]["point_award_amount"] == 500
    assert kept["offer"]["user_offer_id"] in server.bodies[0].decode()
