"""Killed while sending, two at once, a ledger that fails: nobody gets a message twice who must not."""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from children import Children
from servers import Server, accept, eager, serving
from worlds import MESSAGE, OFFER, crowd, dump, execute, open_ledger, plan, run

from campaign_dsl.run.dispatch import DispatchReport, dispatch
from campaign_dsl.run.ledger import Suppressions
from campaign_dsl.run.problems import EnvironmentProblem

DUE = datetime(2026, 11, 21, 14, 0, tzinfo=UTC)
LATER = DUE + timedelta(hours=2)

WEBHOOK = plan(campaign="by_webhook", limits=[], steps=[OFFER, MESSAGE | {"provider": "middleware", "settings": {}}])


def queued(path: Path, mail: int, hooks: int) -> None:
    with open_ledger(path) as ledger:
        run(ledger, crowd(mail), plan(steps=[MESSAGE]), max_items={"braze": 5})
        run(ledger, crowd(hooks), WEBHOOK)


async def slow(number: int, request: web.Request, body: bytes) -> web.Response:
    import asyncio

    await asyncio.sleep(0.01)
    return accept(number, request, body)


def reached(server: Server) -> tuple[Counter[str], Counter[str]]:
    """How often each Braze recipient and each webhook id arrived."""
    mail: Counter[str] = Counter()
    hooks: Counter[str] = Counter()
    for headers, body in zip(server.headers, server.bodies, strict=True):
        if "webhook-id" in headers:
            hooks[headers["webhook-id"]] += 1
        else:
            import json

            mail.update(each["external_user_id"] for each in json.loads(body)["recipients"])
    return mail, hooks


def drain(path: Path, server: Server, now: datetime) -> DispatchReport:
    providers = {"braze": server.braze(), "middleware": server.webhook()}
    with open_ledger(path) as ledger:
        policies = dict.fromkeys(providers, eager())
        return dispatch(ledger, providers, now=now, policies=policies, patience_seconds=2)


def states(path: Path, provider: str) -> dict[str, int]:
    with open_ledger(path) as ledger:
        query = "SELECT state, count(*) FROM outbox WHERE provider = ? GROUP BY state"
        return dict(execute(ledger, query, (provider,)).fetchall())


@pytest.mark.seed("S0-09", "S3-34")
def test_killed_while_sending(tmp_path: Path, children: Children) -> None:
    """At statements all over a dispatch, and then by the clock: resumed, everyone is accounted for."""
    dice = random.Random(21)
    points: list[int | None] = [*sorted(dice.sample(range(10, 160), 6)), *[None] * 3]
    for number, kill_at in enumerate(points):
        path = tmp_path / str(number) / "ledger.sqlite"
        queued(path, mail=60, hooks=12)
        with serving(slow) as server:
            work = {"path": str(path), "action": "dispatch", "as_of": DUE.isoformat(), "endpoint": server.port}
            pid = children.start(**work, kill_at=kill_at)
            if kill_at is None:
                time.sleep(dice.uniform(0.02, 0.25))
                os.kill(pid, signal.SIGKILL)
            children.wait(pid)
            # Its lease has not ended: nobody touches what it was sending.
            drain(path, server, DUE + timedelta(seconds=1))
            drain(path, server, LATER)
            mail, hooks = reached(server)
        assert max(mail.values()) == 1, f"killed at {kill_at}"
        shown = states(path, "braze")
        assert sum(shown.values()) == 60
        assert set(shown) <= {"accepted", "unknown"}
        assert shown["accepted"] <= len(mail)
        assert len(mail) + shown.get("unknown", 0) >= 60
        # The receiver of webhooks can tell: each is sent until it is accepted, always under its own id.
        assert states(path, "middleware") == {"accepted": 12}
        assert len(hooks) == 12
        dump(path)


def test_killed_again_and_again(tmp_path: Path, children: Children) -> None:
    path = tmp_path / "ledger.sqlite"
    queued(path, mail=100, hooks=20)
    dice = random.Random(4)
    with serving(slow) as server:
        for number in range(4):
            now = DUE + timedelta(minutes=10 * number)
            work = {"path": str(path), "action": "dispatch", "as_of": now.isoformat(), "endpoint": server.port}
            children.run(**work, kill_at=dice.randrange(15, 60))
        drain(path, server, LATER)
        mail, hooks = reached(server)
    assert max(mail.values()) == 1
    assert set(states(path, "braze")) <= {"accepted", "unknown"}
    assert states(path, "middleware") == {"accepted": 20}
    assert len(hooks) == 20


def test_two_dispatchers_share_the_work(tmp_path: Path, children: Children) -> None:
    path = tmp_path / "ledger.sqlite"
    queued(path, mail=200, hooks=60)
    with serving(slow) as server:
        work = {"path": str(path), "action": "dispatch", "as_of": DUE.isoformat(), "endpoint": server.port}
        started = [children.start(**work) for _ in range(2)]
        answers = [children.wait(pid) for pid in started]
        mail, hooks = reached(server)
    assert [code for code, _ in answers] == [0, 0], answers
    assert sum(answer["accepted"] for _, answer in answers) == 260
    assert mail == {f"C{n:06d}": 1 for n in range(200)}
    assert set(hooks.values()) == {1}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_in_order(tmp_path: Path, children: Children, number: signal.Signals) -> None:
    path = tmp_path / "ledger.sqlite"
    queued(path, mail=0, hooks=300)
    with serving(slow) as server:
        work = {"path": str(path), "action": "dispatch", "as_of": DUE.isoformat(), "endpoint": server.port}
        pid = children.start(**work)
        while len(server.bodies) < 30:
            time.sleep(0.005)
        os.kill(pid, number)
        code, answer = children.wait(pid)
        assert (code, answer["interrupted"]) == (0, True)
        done = len(server.bodies)
        assert 30 <= done < 300
        assert states(path, "middleware") == {"accepted": done, "queued": 300 - done}
        assert answer["accepted"] == done
        drain(path, server, LATER)
        _, hooks = reached(server)
    assert set(hooks.values()) == {1}


def test_a_request_that_does_not_end_after_a_signal_is_unknown(
    tmp_path: Path, children: Children, monkeypatch: pytest.MonkeyPatch
) -> None:
    from servers import hang

    from campaign_dsl.run.dispatch import dispatcher

    monkeypatch.setattr(dispatcher, "GRACE_SECONDS", 0.1)
    path = tmp_path / "ledger.sqlite"
    queued(path, mail=3, hooks=0)
    with serving(hang) as server:

        def interrupt() -> None:
            while not server.bodies:
                time.sleep(0.005)
            os.kill(os.getpid(), signal.SIGTERM)

        thread = threading.Thread(target=interrupt)
        thread.start()
        report = drain(path, server, DUE)
        thread.join()
    assert (report.interrupted, report.unknown) == (True, 3)
    assert states(path, "braze") == {"unknown": 3}


@pytest.fixture
def sending(tmp_path: Path) -> Iterator[tuple[Path, Server]]:
    path = tmp_path / "ledger.sqlite"
    queued(path, mail=10, hooks=0)
    with serving() as server:
        yield path, server


def test_an_answer_to_a_claim_that_was_taken_over_changes_nothing(sending: tuple[Path, Server]) -> None:
    path, server = sending

    def take_over(number: int, request: Any, body: bytes) -> web.Response:
        # While the first request is under way, its lease ends elsewhere.
        if number == 0:
            drain_elsewhere()
        return accept(number, request, body)

    def drain_elsewhere() -> None:
        with open_ledger(path) as other, other.writing():
            execute(other, "UPDATE package SET state = 'unknown', lease_until = NULL WHERE state = 'sending'")

    server.answer = take_over
    report = drain(path, server, DUE)
    assert report.accepted == 5
    assert states(path, "braze") == {"accepted": 5, "unknown": 5}


def test_suppressed_by_another_process_while_it_sends(sending: tuple[Path, Server]) -> None:
    """What begins after a suppression is committed never names the suppressed."""
    path, server = sending

    def suppress(number: int, request: Any, body: bytes) -> web.Response:
        if number == 0:
            with open_ledger(path) as other:
                lists = Suppressions.of({"global_suppression": [f"c{n:06d}@example.com" for n in range(10)]})
                run(other, [], plan(title="x"), DUE, suppressed=lists)
        return accept(number, request, body)

    server.answer = suppress
    report = drain(path, server, DUE)
    assert (report.accepted, report.cancelled, len(server.bodies)) == (5, 5, 1)


@pytest.mark.parametrize("after", [0, 1])
def test_a_ledger_that_fails_in_the_middle(sending: tuple[Path, Server], after: int, monkeypatch: Any) -> None:
    """What was under way is still recorded, and the problem is reported."""
    from campaign_dsl.run.dispatch.claims import Claims

    path, server = sending
    exchange = Claims.exchange
    calls = 0

    def failing(self: Claims, *arguments: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == after + 2:
            raise EnvironmentProblem("the disk is full")
        return exchange(self, *arguments)

    monkeypatch.setattr(Claims, "exchange", failing)
    with pytest.raises(EnvironmentProblem, match="full"):
        drain(path, server, DUE)
    monkeypatch.setattr(Claims, "exchange", exchange)
    drain(path, server, LATER)
    mail, _ = reached(server)
    assert max(mail.values()) == 1
    assert sum(states(path, "braze").values()) == 10


@pytest.mark.store("sqlite")
def test_a_locked_ledger_is_a_problem(sending: tuple[Path, Server]) -> None:
    path, server = sending
    with open_ledger(path) as other, open_ledger(path, busy_timeout=0.05) as ledger:
        with other.writing(), pytest.raises(EnvironmentProblem) as caught:
            dispatch(ledger, {"braze": server.braze()}, now=DUE, policies={"braze": eager()})
        assert caught.value.code == "LED007"
    assert server.bodies == []
