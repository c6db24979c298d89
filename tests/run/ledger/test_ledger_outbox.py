"""Messages on their way out: packages, recipients, ids, and the lists they obey."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from worlds import AS_OF, MESSAGE, OFFER, candidate, crowd, open_ledger, people, plan, run, sql

from campaign_dsl.run.ledger import Ledger, Suppressions
from campaign_dsl.run.ledger.instants import micros

DAY = timedelta(days=1)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with open_ledger(tmp_path / "ledger.sqlite") as opened:
        yield opened


def test_suppressions_follow_their_lists(ledger: Ledger) -> None:
    run(ledger, [], suppressed=Suppressions.of({"a": ["x@y", "z@y"], "b": ["x@y"]}))
    assert sql(ledger, "SELECT list, address FROM suppressed ORDER BY 1, 2") == [
        ("a", "x@y"),
        ("a", "z@y"),
        ("b", "x@y"),
    ]
    run(ledger, [], as_of=AS_OF + DAY, suppressed=Suppressions.of({"a": ["new@y", "z@y", "z@y"]}))
    assert sql(ledger, "SELECT list, address FROM suppressed ORDER BY 1, 2") == [
        ("a", "new@y"),
        ("a", "z@y"),
        ("b", "x@y"),
    ]
    run(ledger, [], as_of=AS_OF + 2 * DAY, suppressed=Suppressions.of({"a": [], "b": []}))
    assert sql(ledger, "SELECT count(*) FROM suppressed") == [(0,)]


@pytest.mark.parametrize(
    ("as_of", "quiet", "not_before"),
    [
        ("2026-11-21T06:00", True, "2026-11-21T14:00"),  # before it is due: at 09:00
        ("2026-11-21T16:30", True, "2026-11-21T16:30"),  # after: at once
        ("2026-11-22T03:00", True, "2026-11-22T13:00"),  # at 22:00: the next morning
        ("2026-11-22T03:00", False, "2026-11-22T03:00"),
    ],
)
def test_when_a_message_may_leave(ledger: Ledger, as_of: str, quiet: bool, not_before: str) -> None:
    def utc(text: str) -> datetime:
        return datetime.fromisoformat(text).replace(tzinfo=UTC)

    step = MESSAGE if quiet else MESSAGE | {"quiet": None}
    run(ledger, crowd(1), plan(steps=[step]), utc(as_of))
    due = utc("2026-11-21T14:00")
    window = (micros(utc(not_before)), micros(due + 3 * DAY))  # it is late by the calendar, whatever held it up
    assert sql(ledger, "SELECT not_before, expires_at FROM package") == [window]


def test_a_message_without_an_end(ledger: Ledger) -> None:
    run(ledger, crowd(1), plan(steps=[MESSAGE | {"expires_after_seconds": None}]))
    assert sql(ledger, "SELECT expires_at FROM package") == [(None,)]


def test_messages_lie_in_packages_by_zone_and_provider(ledger: Ledger) -> None:
    rows = crowd(120) + [row | {"customer_id": "P" + row["customer_id"], "zone": "Europe/Paris"} for row in crowd(70)]
    run(ledger, rows)
    sizes = sql(ledger, "SELECT zone, count(*) FROM outbox GROUP BY package_id ORDER BY package_id")
    assert sizes == [
        ("Europe/Paris", 50),
        ("Europe/Paris", 20),
        ("America/New_York", 50),
        ("America/New_York", 50),
        ("America/New_York", 20),
    ]
    run(ledger, [row | {"occurrence": "x"} for row in crowd(7)], plan(limits=[]), AS_OF + DAY, max_items={"braze": 3})
    sizes = sql(ledger, "SELECT count(*) FROM outbox WHERE occurrence = 'x' GROUP BY package_id ORDER BY package_id")
    assert sizes == [(3,), (3,), (1,)]


def test_one_recipient_is_never_twice_in_a_package(ledger: Ledger) -> None:
    by_mail = plan(steps=[MESSAGE | {"identifier": "email"}])
    shared = [row | {"address": "family@example.com"} for row in crowd(3)] + crowd(6)[3:]
    run(ledger, shared, by_mail)
    packages: dict[int, set[str]] = {}
    for package, customer in sql(ledger, "SELECT package_id, customer_id FROM outbox"):
        packages.setdefault(package, set()).add(customer)
    assert packages == {1: {"C000000", "C000003", "C000004", "C000005"}, 2: {"C000001"}, 3: {"C000002"}}


def test_two_occurrences_of_one_customer_go_into_two_packages(ledger: Ledger) -> None:
    run(ledger, [candidate("A"), candidate("A", occurrence="b"), candidate("B")], plan(limits=[]))
    assert sql(ledger, "SELECT count(*) FROM outbox GROUP BY package_id ORDER BY package_id") == [(2,), (1,)]


def test_who_cannot_be_reached_by_mail_is_shown(ledger: Ledger) -> None:
    by_mail = plan(steps=[OFFER, MESSAGE | {"identifier": "email"}])
    addresses = [None, "", "nobody", "two@at@signs", "a b@c", "@", "tab\t@c", "ok@example.com"]
    result = run(ledger, [candidate(f"A{n}", address=each) for n, each in enumerate(addresses)], by_mail)
    assert result.messages == {"birthday_note": 8}
    assert sql(ledger, "SELECT state, dropped, count(*) FROM outbox GROUP BY 1, 2 ORDER BY 3") == [
        ("queued", None, 1),
        ("cancelled", "no_address", 7),
    ]
    assert sql(ledger, "SELECT count(*) FROM wallet_offer") == [(8,)]


def test_keys_are_stable_and_differ(ledger: Ledger, tmp_path: Path) -> None:
    run(ledger, people())
    with open_ledger(tmp_path / "other.sqlite") as other:
        run(other, [candidate("ZZ"), *reversed(people())], plan(title="Edited"))
        ours, theirs = (
            dict(sql(each, "SELECT customer_id, user_offer_id FROM wallet_offer")) for each in (ledger, other)
        )
        assert ours.items() < theirs.items()
    assert len(set(theirs.values())) == 5
    messages = {row[0] for row in sql(ledger, "SELECT message_id FROM message")}
    assert not messages & set(theirs.values())
