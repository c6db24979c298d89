"""What follows from each result, as a table."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign_dsl.language.catalog.model import ProviderSettings
from campaign_dsl.run.dispatch.retry import LONGEST_WAIT, Attempt, Policy, judge, wait_seconds
from campaign_dsl.run.providers.protocol import Accepted, Capability, Refused, RefusedRetryable, Unknown

NOW = datetime(2026, 11, 21, 14, 0, tzinfo=UTC)
TELLS = Capability(max_items=1, deduplicates=True)
FORGETS = Capability(max_items=1, deduplicates=True, key_ttl_seconds=1800)
CANNOT = Capability(max_items=50, deduplicates=False)
POLICY = Policy(max_attempts=4)


def attempt(number: int = 1, ambiguous: bool = False, first_at: datetime = NOW) -> Attempt:
    return Attempt(7, "braze", number, first_at, ambiguous, fence=number, messages=50)


@pytest.mark.parametrize(
    ("result", "which", "capability", "state"),
    [
        (Accepted("d1"), attempt(), CANNOT, "accepted"),
        (Accepted(None), attempt(4, ambiguous=True), TELLS, "accepted"),
        (Refused("no"), attempt(), CANNOT, "refused"),
        (Refused("no"), attempt(2, ambiguous=True), TELLS, "unknown"),
        (Refused("key", stop_provider=True), attempt(), CANNOT, "queued"),
        (Refused("key", stop_provider=True), attempt(9), CANNOT, "queued"),
        (RefusedRetryable("later"), attempt(3), CANNOT, "queued"),
        (RefusedRetryable("later"), attempt(4), CANNOT, "dead"),
        (RefusedRetryable("later"), attempt(4, ambiguous=True), TELLS, "unknown"),
        (Unknown("?"), attempt(), CANNOT, "unknown"),
        (Unknown("?"), attempt(3), TELLS, "queued"),
        (Unknown("?"), attempt(4), TELLS, "unknown"),
        (Unknown("?"), attempt(2, first_at=NOW - timedelta(seconds=1500)), FORGETS, "queued"),
        # Nine tenths of the half hour are over: its clock may be ahead of ours.
        (Unknown("?"), attempt(2, first_at=NOW - timedelta(seconds=1620)), FORGETS, "unknown"),
    ],
)
def test_the_table(result: Any, which: Attempt, capability: Capability, state: str) -> None:
    assert judge(which, result, capability, POLICY, NOW).state == state


def test_what_never_left_does_not_count() -> None:
    verdict = judge(attempt(40), RefusedRetryable("no connection"), CANNOT, POLICY, NOW, unreached=True)
    assert (verdict.state, verdict.refund) == ("queued", True)


def test_a_wrong_key_does_not_count() -> None:
    verdict = judge(attempt(3), Refused("key", stop_provider=True), CANNOT, POLICY, NOW)
    assert (verdict.refund, verdict.next_at) == (True, NOW)


def test_unknown_is_remembered() -> None:
    assert judge(attempt(), Unknown("?"), TELLS, POLICY, NOW).ambiguous
    assert judge(attempt(), Unknown("?"), CANNOT, POLICY, NOW).ambiguous
    assert not judge(attempt(), RefusedRetryable("later"), TELLS, POLICY, NOW).ambiguous


def test_a_wait_that_was_asked_for_is_kept() -> None:
    asked = judge(attempt(), RefusedRetryable("later", 600), CANNOT, POLICY, NOW)
    assert asked.next_at == NOW + timedelta(seconds=600)
    short = judge(attempt(), RefusedRetryable("later", 0), CANNOT, POLICY, NOW)
    assert short.next_at is not None
    assert short.next_at >= NOW + timedelta(seconds=5)
    endless = judge(attempt(), RefusedRetryable("later", 10**9), CANNOT, POLICY, NOW)
    assert endless.next_at == NOW + timedelta(seconds=LONGEST_WAIT)


def test_waits_grow() -> None:
    waits = [wait_seconds(attempt(number), POLICY) for number in range(1, 9)]
    assert waits[:6] == sorted(waits[:6])
    assert [5 * 4**n <= wait <= 6 * 4**n for n, wait in enumerate(waits[:5])] == [True] * 5
    assert 2 * 3600 < sum(waits) < 6 * 3600  # an outage of two hours costs nothing


@given(st.integers(1, 10**6), st.integers(1, 10**9))
def test_waits_are_bounded_and_repeatable(number: int, package: int) -> None:
    one = Attempt(package, "x", number, NOW, False, 1, 1)
    assert 5 <= wait_seconds(one, POLICY) <= LONGEST_WAIT * 1.2
    assert wait_seconds(one, POLICY) == wait_seconds(one, POLICY)


def test_packages_do_not_come_back_all_at_once() -> None:
    waits = {wait_seconds(Attempt(package, "x", 1, NOW, False, 1, 1), POLICY) for package in range(100)}
    assert len(waits) > 90


def test_the_policy_of_a_provider_in_the_workspace() -> None:
    settings = ProviderSettings(kind="braze", endpoint="https://rest.example", timeout_seconds=9, max_attempts=3)
    assert Policy.of(settings) == Policy(9.0, 3, allow_private=False)
    assert Policy.of(settings, sandboxed=True).allow_private
