"""What the database itself refuses, whatever a program asks of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from worlds import AS_OF, SUBSCRIBE, candidate, crowd, dump, execute, open_ledger, plan, run

from campaign_dsl.run.ledger import Ledger, Suppressions
from campaign_dsl.run.ledger.instants import micros
from campaign_dsl.run.ledger.store import ConstraintError

DUE = "1795269600000000"  # 09:00 in New York on the day of the run
SEND = f"state = 'sending', sending_at = {DUE}, lease_until = {DUE} + 1, fence = fence + 1"


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with open_ledger(tmp_path / "ledger.sqlite") as opened:
        run(opened, [*crowd(3), candidate("L", lost="consented")], suppressed=Suppressions.of({"sms": ["a@b"]}))
        yield opened


REFUSED = {
    "an effect is changed": "UPDATE effect SET customer_id = 'thief'",
    "an effect is deleted": "DELETE FROM effect",
    "an effect is written twice": """INSERT INTO effect (campaign_id, outcome_id, customer_id, occurrence, decision_id,
        step_id, at) SELECT campaign_id, outcome_id, customer_id, occurrence, decision_id, step_id, at FROM effect
        LIMIT 1""",
    "an effect is replaced": """REPLACE INTO effect (campaign_id, outcome_id, customer_id, occurrence, decision_id,
        step_id, at) SELECT campaign_id, outcome_id, customer_id, occurrence, decision_id, step_id, at FROM effect
        LIMIT 1""",
    "an effect without a decision": """INSERT INTO effect
        (campaign_id, outcome_id, customer_id, occurrence, decision_id, step_id, at)
        VALUES (1, 1, 'Z', '2026', 999, 1, 0)""",
    "points are changed": "UPDATE point_transfer SET amount = amount + 1",
    "points are deleted": "DELETE FROM point_transfer",
    "points from nothing": """INSERT INTO point_transfer
        (effect_id, debit_account, credit_account, customer_id, amount, at) VALUES (999, 'a', 'b', 'Z', 5, 0)""",
    "negative points": """INSERT INTO point_transfer
        (effect_id, debit_account, credit_account, customer_id, amount, at)
        SELECT effect_id, 'a', 'b', 'Z', -5, 0 FROM effect WHERE effect_id NOT IN (SELECT effect_id FROM point_transfer)
        LIMIT 1""",
    "an offer is changed": "UPDATE wallet_offer SET expires_at = NULL",
    "an offer is deleted": "DELETE FROM wallet_offer",
    "a decision is made again": "UPDATE decision SET lost = NULL WHERE customer_id = 'L'",
    "a decision is lost after its run": "UPDATE decision SET lost = 'consented' WHERE customer_id = 'C000000'",
    "a decision is moved": "UPDATE decision SET customer_id = 'thief' WHERE lost IS NULL",
    "a decision is deleted": "DELETE FROM decision",
    "a decision is made twice": """INSERT INTO decision
        (run_id, campaign_id, customer_id, occurrence, occurrence_day, zone, steps, context, computed, due_at)
        VALUES (1, 1, 'C000000', '2026', '2026-11-21', 'UTC', 0, '{}', '{}', 0)""",
    "a run goes back": "UPDATE run SET state = 'decided', funnel = NULL, finished_at = NULL",
    "a run is deleted": "DELETE FROM run",
    "a run without a funnel is done": "UPDATE run SET funnel = NULL",
    "a run twice": """INSERT INTO run (campaign_id, plan_id, as_of, run_day, actor, started_at, totals)
        SELECT campaign_id, plan_id, as_of, run_day, actor, started_at, totals FROM run""",
    "a plan is changed": "UPDATE plan SET body = '{}'",
    "a plan is deleted": "DELETE FROM plan",
    "a step is changed": "UPDATE step SET amount = 9999 WHERE kind = 'points'",
    "a step is deleted": "DELETE FROM step",
    "a budget is overspent": "UPDATE budget SET ceiling = 3, used = 4 WHERE unit = 'offers'",
    "a budget is given back": "UPDATE budget SET used = used - 1 WHERE unit = 'offers'",
    "a budget is deleted": "DELETE FROM budget",
    "a tag ends earlier": "UPDATE tag_change SET expires_at = expires_at - 1",
    "a tag is deleted": "DELETE FROM tag_change",
    "a requested change is changed": "UPDATE change_request SET value = 'false'",
    "a requested change is deleted": "DELETE FROM change_request",
    "a decision changes its arm": "UPDATE decision SET arm = 'b'",
    "a decision changes what was computed": """UPDATE decision SET lost = 'consented', computed = '{"0":9}'""",
    "a message is changed": "UPDATE message SET document = '{}'",
    "a message is deleted": "DELETE FROM message",
    "a message without a package": "UPDATE message SET package_id = NULL",
    "a message is dropped without a time": "UPDATE message SET dropped = 'suppressed'",
    "a package is deleted": "DELETE FROM package",
    "a package skips sending": "UPDATE package SET state = 'accepted'",
    "a package leaves too early": f"UPDATE package SET {SEND.replace(DUE, DUE + ' - 1')}",
    "a package leaves too late": f"UPDATE package SET {SEND.replace(DUE, 'expires_at')}",
    "a package leaves without a time": f"UPDATE package SET {SEND.replace(f'sending_at = {DUE}', 'sending_at = NULL')}",
    "a package leaves under an old claim": "UPDATE package SET " + SEND.replace("fence + 1", "fence"),
    "a package leaves without a lease": "UPDATE package SET " + SEND.replace(f"{DUE} + 1", "NULL"),
    "a package may leave earlier": "UPDATE package SET not_before = not_before - 1",
    "a package lives longer": "UPDATE package SET expires_at = NULL",
    "a package is tried before its time": "UPDATE package SET next_at = not_before - 1",
    "a package goes elsewhere": "UPDATE package SET provider = 'other'",
    "text where a number belongs": "UPDATE package SET attempts = 'many'",
}


@pytest.fixture(scope="module")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Ledger, dict[str, Any]]]:
    """One ledger for all refusals, and its content: each of them must leave it as it was."""
    with open_ledger(tmp_path_factory.mktemp("guards") / "ledger.sqlite") as opened:
        run(opened, [*crowd(3), candidate("L", lost="consented")])
        run(opened, crowd(1, steps=1), plan(campaign="news", steps=[SUBSCRIBE]))
        yield opened, dump(opened.place)


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param(text, id=name, marks=[pytest.mark.store("sqlite")] if text.startswith("REPLACE") else [])
        for name, text in REFUSED.items()
    ],
)
def test_the_database_refuses(untouched: tuple[Ledger, dict[str, Any]], statement: str) -> None:
    ledger, content = untouched
    with pytest.raises(ConstraintError):
        execute(ledger, statement)
    assert dump(ledger.place) == content


def test_the_allowed_way_is_allowed(ledger: Ledger) -> None:
    """The refusals above are about what they say, not about a package that could not leave anyway."""
    execute(ledger, f"UPDATE package SET {SEND}")
    execute(ledger, "UPDATE package SET state = 'accepted', lease_until = NULL")
    for state in ("queued", "sending", "refused", "unknown", "dead", "cancelled", "expired"):
        with pytest.raises(ConstraintError):
            execute(ledger, "UPDATE package SET state = ?, lease_until = NULL", (state,))


@pytest.mark.seed("S2-05")
def test_a_suppressed_address_never_leaves(ledger: Ledger) -> None:
    execute(ledger, "INSERT INTO suppressed VALUES ('c000001@example.com', 'global_suppression')")
    with pytest.raises(ConstraintError, match="suppressed"):
        execute(ledger, f"UPDATE package SET {SEND}")
    execute(ledger, "UPDATE message SET dropped = 'suppressed', dropped_at = 1 WHERE identifier = 'C000001'")
    execute(ledger, f"UPDATE package SET {SEND}")
    with pytest.raises(ConstraintError, match="never changed"):  # what is being sent cannot be dropped any more
        execute(ledger, "UPDATE message SET dropped = 'suppressed', dropped_at = 1 WHERE identifier = 'C000002'")


def test_a_second_unfinished_run_cannot_begin(ledger: Ledger) -> None:
    begin = """INSERT INTO run (campaign_id, plan_id, as_of, run_day, actor, started_at, totals)
        VALUES (1, 1, ?, '2026-11-21', 'x', 0, '{}')"""
    execute(ledger, begin, (micros(AS_OF) + 1,))
    with pytest.raises(ConstraintError):
        execute(ledger, begin, (micros(AS_OF) + 2,))


def test_a_counter_beyond_its_ceiling_takes_the_run_with_it(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    """Even if the cut were forgotten, the constraint holds the budget, and nothing of the run is written."""
    from worlds import budget

    from campaign_dsl.run.ledger import give

    monkeypatch.setattr(give, "_cut_to_budget", lambda *_: None)
    before = execute(ledger, "SELECT count(*) FROM effect").fetchone()
    rows = [candidate(f"N{n}") for n in range(5)]
    with pytest.raises(ConstraintError, match=r"(?i)check"):
        run(ledger, rows, plan(campaign="other", budgets=[budget("offers", 4)]))
    assert execute(ledger, "SELECT count(*) FROM effect").fetchone() == before


@pytest.mark.store("sqlite")
def test_settings_that_promises_depend_on(ledger: Ledger) -> None:
    def setting(name: str) -> object:
        return execute(ledger, f"PRAGMA {name}").fetchone()[0]

    assert (setting("journal_mode"), setting("synchronous"), setting("foreign_keys")) == ("wal", 2, 1)
