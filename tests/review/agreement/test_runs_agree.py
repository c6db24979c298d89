"""Campaigns that run over several days: the interpreter's evaluations against the engine and the real ledger.

Both begin with the same text. What they are compared by: who is decided and who is lost where, what each gets and from
when until when, what messages carry and when they may leave.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

import duckdb
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st
from small_shop import STARTS, campaigns, database_of, tables_of, written

from campaign_dsl.compile.plan.model import Plan
from campaign_dsl.language.catalog.model import Catalog
from campaign_dsl.language.ir import campaign as ir
from campaign_dsl.review.reference.aftermath import after
from campaign_dsl.review.reference.evaluate import Evaluated, Result, evaluate
from campaign_dsl.review.reference.messages import user_offer_id
from campaign_dsl.review.reference.outcomes import Effect
from campaign_dsl.review.reference.tables import world_of
from campaign_dsl.review.reference.world import World
from campaign_dsl.run.ledger import Ledger, RunResult, execute_run
from campaign_dsl.run.ledger.history import last_run_day
from campaign_dsl.run.ledger.instants import instant
from campaign_dsl.run.targets import ask, occurrences, run_days, since
from campaign_dsl.workspace import Workspace

HOME = ZoneInfo("America/New_York")
STEPS = st.sampled_from([timedelta(hours=hours) for hours in (1, 5, 24, 24, 25, 48, 80)])
Found = dict[str, Any]


@dataclass(frozen=True)
class InMemory:
    """A database that is open already."""

    database: duckdb.DuckDBPyConnection
    name: ClassVar[str] = "duckdb"
    dialect: ClassVar[str] = "duckdb"

    def read(self, query: str) -> pa.RecordBatchReader:
        return self.database.sql(query).to_arrow_table().to_reader()

    def close(self) -> None:
        self.database.close()


@dataclass
class Shop:
    """A campaign between its text and its ledger."""

    campaign: ir.Campaign
    catalog: Catalog
    plan: Plan
    engine: InMemory
    path: Path

    @classmethod
    def of(cls, text: str, folder: Path, database: duckdb.DuckDBPyConnection) -> Shop:
        written(folder, {"made": text})
        workspace = Workspace.load(folder)
        workspace.check()
        typed, plan = workspace.typed("made"), workspace.plan("made")
        assert typed is not None, workspace.problems.sorted()
        assert workspace.catalog is not None
        assert plan is not None
        return cls(typed, workspace.catalog, plan, InMemory(database), folder / "ledger.sqlite")

    def run(self, as_of: datetime) -> tuple[RunResult, Found]:
        days = run_days(self.plan, as_of.date(), last_run_day(self.path, self.plan))
        rows = occurrences(self.campaign, days)
        answer = ask(self.engine, self.campaign, self.catalog, as_of, rows, since(self.plan, as_of))
        with Ledger.open(self.path) as ledger:
            result = execute_run(
                ledger,
                self.plan,
                as_of=as_of,
                run_day=as_of.date(),
                totals=answer.totals,
                candidates=answer.candidates,
                actor="tester",
            )
            return result, in_ledger(ledger)

    def judge(self, world: World, as_of: datetime) -> Evaluated:
        days = run_days(self.plan, as_of.date(), last_run_day(self.path, self.plan))
        return evaluate([self.campaign], self.catalog, world, as_of, days=days)[self.campaign.name]


ADDRESSES = """\
campaign made {
  title "Made"
  kind messaging
  timezone "America/New_York"
  audience {
    everyone
    suppress never
  }
  behavior {
    every day at 09:00
  }
  outcomes {
    send short
    send note
  }
  message short external {
    via office variant texted
  }
  message note external {
    via office variant mailed
  }
}
"""


def test_each_message_goes_to_its_own_address(tmp_path: Path) -> None:
    """A letter does not go to the number that a text message goes to, and lists are matched with where it does go."""
    tables = tables_of(1, STARTS[0], 1)
    people = [{**tables["customers"][0], "id": name, "zone": None, "consent": True} for name in ("a", "b", "c")]
    people[0] |= {"mail": " A@X", "phone": "+1"}
    people[1] |= {"mail": "b@x", "phone": None}
    people[2] |= {"mail": "none", "phone": "+3"}
    tables |= {"customers": people, "suppressions": []}
    shop = Shop.of(ADDRESSES, tmp_path, database_of(tables))

    _, found = shop.run(STARTS[0].astimezone(HOME))

    sent = {key[:2]: each if each == "no_address" else each[0] for key, each in found["messages"].items()}
    assert sent == {
        ("short", "a"): "+1", ("note", "a"): "a@x",
        ("short", "b"): None, ("note", "b"): "b@x",
        ("short", "c"): "+3", ("note", "c"): "no_address",
    }  # fmt: skip


@settings(
    max_examples=int(os.environ.get("CAMPAIGN_EXAMPLES", "25")),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    text=campaigns(),
    seed=st.integers(0, 2**32 - 1),
    start=st.sampled_from(STARTS),
    steps=st.lists(STEPS, min_size=1, max_size=3),
)
def test_what_runs_is_what_was_reviewed(
    tmp_path_factory: pytest.TempPathFactory, text: str, seed: int, start: datetime, steps: list[timedelta]
) -> None:
    note(text)
    tables = tables_of(seed, start, 5)
    shop = Shop.of(text, tmp_path_factory.mktemp("shop"), database_of(tables))
    world, as_of, expected = world_of(shop.catalog, tables), start.astimezone(HOME), empty()
    for step in [timedelta(0), *steps]:
        as_of = (as_of.astimezone(ZoneInfo("UTC")) + step).astimezone(HOME)
        found = shop.judge(world, as_of)
        add(expected, found, shop.campaign)
        world = after(world, Result((found,)), [shop.campaign], as_of)

        result, given_ = shop.run(as_of)

        assert result.funnel == dict(found.funnel)
        for kind, rows in expected.items():
            assert given_[kind] == rows, kind


def empty() -> Found:
    return {kind: {} for kind in ("decisions", "effects", "points", "offers", "tags", "changes", "messages")}


# ------------------------------------------------------------------------------------------- what the interpreter says


def add(expected: Found, found: Evaluated, campaign: ir.Campaign) -> None:
    """What there is after one more evaluation."""
    for each in found.decisions:
        day, due = each.occurrence.day.isoformat(), each.occurrence.due_at(ZoneInfo(each.zone))
        expected["decisions"][each.id, each.occurrence.key] = (day, each.zone, each.segment, each.arm, due)
    for effect in found.effects:
        key = effect.outcome, effect.customer, effect.occurrence
        expected["effects"][key] = effect.at
        add_effect(expected, key, campaign.outcomes[effect.number], effect)
    for sent in found.messages:
        delivery, key = sent.delivery, (sent.name, sent.effect.customer, sent.effect.occurrence)
        too_late = delivery.dropped in ("expired", "campaign_ended")
        state = "too late" if too_late else "waits"
        expected["messages"][key] = (
            "no_address" if delivery.dropped == "no_address" else (sent.address, delivery.at, state)
        )


def add_effect(expected: Found, key: Any, outcome: ir.Outcome, effect: Effect) -> None:
    match outcome:
        case ir.Award(account=account, source=source):
            expected["points"][key] = (source, account, effect.amount, effect.at, effect.expires_at)
        case ir.Issue(offer):
            expected["offers"][key] = (offer, user_offer_id(effect), effect.at, effect.expires_at)
        case ir.TagFor(tag):
            expected["tags"][key] = (tag, False, effect.at, effect.expires_at)
        case ir.Untag(tag):
            expected["tags"][key] = (tag, True, effect.at, None)
        case ir.IssueReward(reward):
            expected["changes"][key] = (reward, True, effect.at, effect.expires_at)
        case ir.SetAttribute(attribute):
            expected["changes"][key] = (attribute.name, effect.value, effect.at, None)
        case ir.RecordEvent(event):
            known = {name: value for name, value in effect.properties.items() if value is not None}
            expected["changes"][key] = (event, known, effect.at, None)


# ------------------------------------------------------------------------------------------------ what the ledger holds

OF_EFFECT = "JOIN effect e USING (effect_id) JOIN outcome o USING (outcome_id)"
KEY = "o.name, e.customer_id, e.occurrence"


def in_ledger(ledger: Ledger) -> Found:
    """Everything that was given so far."""
    found = empty()

    def rows(query: str) -> list[Any]:
        return ledger.connection.execute(query).fetchall()

    query = (
        "SELECT customer_id, occurrence, occurrence_day, zone, segment, arm, due_at FROM decision WHERE lost IS NULL"
    )
    for *key, day, where, segment, arm, due in rows(query):
        found["decisions"][tuple(key)] = (day, where, segment, arm, instant(due))
    query = f"SELECT {KEY}, at FROM effect e JOIN outcome o USING (outcome_id)"
    for *key, at in rows(query):
        found["effects"][tuple(key)] = instant(at)
    query = f"SELECT {KEY}, debit_account, credit_account, amount, x.at, x.expires_at FROM point_transfer x {OF_EFFECT}"
    for *key, source, account, amount, at, until in rows(query):
        found["points"][tuple(key)] = (source, account, amount, instant(at), ending(until))
    query = f"SELECT {KEY}, offer, user_offer_id, issued_at, expires_at FROM wallet_offer {OF_EFFECT}"
    for *key, offer, identity, at, until in rows(query):
        found["offers"][tuple(key)] = (offer, identity, instant(at), ending(until))
    query = f"SELECT {KEY}, tag, removed, x.at, expires_at FROM tag_change x {OF_EFFECT}"
    for *key, tag, removed, at, until in rows(query):
        found["tags"][tuple(key)] = (tag, bool(removed), instant(at), ending(until))
    query = f"SELECT {KEY}, x.name, value, x.at, expires_at FROM change_request x {OF_EFFECT}"
    for *key, name, value, at, until in rows(query):
        found["changes"][tuple(key)] = (name, json.loads(value), instant(at), ending(until))
    query = "SELECT message, customer_id, occurrence, dropped, address, not_before, expires_at FROM outbox"
    for *key, dropped, address, at, until in rows(query):
        late = until is not None and at is not None and at >= until
        found["messages"][tuple(key)] = dropped or (address, instant(at), "too late" if late else "waits")
    return found


def ending(until: int | None) -> datetime | None:
    return None if until is None else instant(until)
