"""Dispatching from a ledger in PostgreSQL: many at once, beside a run, and over a server that goes and comes back."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aiohttp import web
from postgres_server import Server as Database
from servers import Server, accept, eager, serving
from stores import postgres
from test_dispatch_crash import WEBHOOK, reached, slow
from worlds import MESSAGE, crowd, execute, plan, run, sql

from campaign_dsl.run.dispatch import DispatchReport, dispatch
from campaign_dsl.run.ledger import Ledger, PostgresPlace
from campaign_dsl.run.problems import EnvironmentProblem

DUE = datetime(2026, 11, 21, 14, 0, tzinfo=UTC)
LATER = DUE + timedelta(hours=2)
NUMBERS = iter(range(1, 10_000))


@pytest.fixture
def place() -> PostgresPlace:
    return postgres(f"dispatched_{next(NUMBERS)}")


def queued(place: PostgresPlace, mail: int, hooks: int) -> None:
    with Ledger.open(place) as ledger:
        run(ledger, crowd(mail), plan(steps=[MESSAGE]), max_items={"braze": 5})
        run(ledger, crowd(hooks), WEBHOOK)


def drain(place: PostgresPlace, server: Server, now: datetime = DUE) -> DispatchReport:
    providers = {"braze": server.braze(), "middleware": server.webhook()}
    with Ledger.open(place) as ledger:
        return dispatch(ledger, providers, now=now, policies=dict.fromkeys(providers, eager()), patience_seconds=1)


def states(place: PostgresPlace, provider: str) -> dict[str, int]:
    """How many messages of a provider are in each state."""
    with Ledger.open(place) as ledger:
        return dict(sql(ledger, "SELECT state, count(*) FROM outbox WHERE provider = ? GROUP BY state", provider))


def test_four_dispatchers_send_each_package_once(place: PostgresPlace) -> None:
    queued(place, mail=200, hooks=120)
    with serving(slow) as server:
        reports: list[DispatchReport] = []
        threads = [threading.Thread(target=lambda: reports.append(drain(place, server))) for _ in range(4)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
        mail, hooks = reached(server)
    assert mail == {f"C{n:06d}": 1 for n in range(200)}
    assert (len(hooks), set(hooks.values())) == (120, {1})
    assert sum(report.accepted for report in reports) == 320
    assert states(place, "braze") == {"accepted": 200}
    assert states(place, "middleware") == {"accepted": 120}


def test_a_list_changes_before_or_after_an_exchange_never_within_it(place: PostgresPlace) -> None:
    """The guard would undo all claims beside the one, and what had ended with them."""
    with Ledger.open(place) as ledger:
        run(ledger, crowd(12), plan(steps=[MESSAGE]), max_items={"braze": 1})
    joined: list[threading.Thread] = []

    def join() -> None:
        with Ledger.open(place) as other, other.writing():
            execute(
                other, "INSERT INTO suppressed (address, list) VALUES ('c000002@example.com', 'global_suppression')", ()
            )

    with serving() as server, Ledger.open(place) as ledger:
        asked, seen = ledger.run, []

        def joined_meanwhile(name: str, values: Any) -> Any:
            if name == "claim_package":
                seen.append(name)
                if len(seen) == 3:
                    joined.append(threading.Thread(target=join))
                    joined[0].start()
                    joined[0].join(0.5)
            return asked(name, values)

        ledger.run = joined_meanwhile  # type: ignore[method-assign]
        providers = {"braze": server.braze()}
        dispatch(ledger, providers, now=DUE, policies={"braze": eager()}, patience_seconds=1)
        joined[0].join()
        assert len(server.bodies) == 12
    assert states(place, "braze") == {"accepted": 12}


def test_a_dispatch_does_not_wait_for_a_run(place: PostgresPlace) -> None:
    queued(place, mail=10, hooks=3)
    with serving() as server, Ledger.open(place) as other, other.writing():
        assert drain(place, server).accepted == 13


@pytest.fixture(scope="module")
def mortal() -> Iterator[Database]:
    """A database server of its own, because it is stopped."""
    made = Database()
    made.database("ledgers")
    yield made
    made.end()


@pytest.mark.parametrize("back", [True, False], ids=["and comes back", "and stays away"])
def test_a_server_that_goes_while_messages_leave(mortal: Database, back: bool) -> None:
    place = PostgresPlace(str(mortal.host), "ledgers", mortal.port, "postgres", schema=f"gone_{back}".lower())
    queued(place, mail=60, hooks=20)
    with serving() as server:

        def stop(number: int, request: Any, body: bytes) -> web.Response:
            if number == 6:
                mortal.stop("immediate")
                if back:
                    mortal.start()
            return accept(number, request, body)

        server.answer = stop
        with pytest.raises(EnvironmentProblem) as caught:
            drain(place, server)
        assert caught.value.code == "LED015"
        if not back:
            mortal.start()
        sent, _ = reached(server)
        if back:  # what had ended is in the ledger all the same
            assert states(place, "braze").get("accepted", 0) == len(sent)
        drain(place, server, LATER)
        mail, hooks = reached(server)
    assert max(mail.values()) == 1
    assert len(hooks) == 20
    assert states(place, "middleware") == {"accepted": 20}
    found = states(place, "braze")
    assert found.get("accepted", 0) + found.get("unknown", 0) == 60
    if back:
        assert found == {"accepted": 60}
    assert len(mail) == 60
