"""From the text of a campaign to what comes of it, over the sample's catalog.

Text -> checks -> interpreter, and -> SQL -> DuckDB: whoever asks what a run decides asks both, and they have to agree.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb

from campaign_dsl.compile.plan.build import render
from campaign_dsl.compile.plan.model import Plan
from campaign_dsl.compile.sql.binding import bind
from campaign_dsl.compile.sql.campaign import audience_query, campaign_query
from campaign_dsl.compile.sql.dialects.registry import DIALECTS
from campaign_dsl.compile.sql.occurrences import occurrences
from campaign_dsl.language.catalog.lists import StaticList, read_lists
from campaign_dsl.language.catalog.loading import load_catalog, load_workspace_settings
from campaign_dsl.language.catalog.model import Catalog, WorkspaceSettings
from campaign_dsl.language.diagnostics.model import Diagnostic
from campaign_dsl.language.ir import campaign as ir
from campaign_dsl.language.source.files import SourceFile
from campaign_dsl.review.explain import explain
from campaign_dsl.review.reference import aftermath
from campaign_dsl.review.reference.eligibility import Candidate, candidates
from campaign_dsl.review.reference.evaluate import Evaluated, Settings, evaluate
from campaign_dsl.review.reference.judge import Judge, members
from campaign_dsl.review.reference.outcomes import effects
from campaign_dsl.review.reference.rendering import Renderer
from campaign_dsl.review.reference.tables import world_of
from campaign_dsl.review.reference.triggers import Period
from campaign_dsl.review.reference.world import Clock, World, readable
from campaign_dsl.run.engines.duckdb import DuckDBEngine
from campaign_dsl.run.ledger import Ledger, RunResult, execute_run
from campaign_dsl.run.targets import ask, suppressions
from campaign_dsl.run.targets import since as due_since
from campaign_dsl.workspace import Workspace, parse

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "campaigns"
SCHEMA = ROOT / "src" / "campaign_dsl" / "run" / "sample" / "schema.sql"
T = datetime(2026, 6, 15, 12, tzinfo=UTC)
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)

ADA: Mapping[str, Any] = {
    "first_name": "Ada",
    "last_name": "Lovelace",
    "email": "ada@example.com",
    "phone": "+15550100",
    "birth_date": date(1990, 6, 15),
    "status": "good",
    "tier": "member",
    "tier_since": LONG_AGO,
    "enrolled_on": date(2020, 1, 1),
    "country": "US",
    "time_zone": "UTC",
    "email_consent": True,
    "sms_consent": True,
    "push_consent": True,
    "is_employee": False,
    "plan": "none",
}
"""What a customer is like unless a test says otherwise."""

PARTS = {
    "kind": "promotion",
    "head": "",
    "audience": "everyone",
    "behavior": "on purchase",
    "outcomes": "tag vip for 30 days",
    "more": "",
}
TEMPLATE = """\
campaign {name} {{
  kind {kind}
  timezone customer else "UTC"
  {head}
  audience {{
    {audience}
  }}
  behavior {{
    {behavior}
  }}
  outcomes {{
    {outcomes}
  }}
  {more}
}}
"""


def at(text: str) -> datetime:
    """An instant: `2026-06-15 12:00` in UTC, or with an offset."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def text_of(name: str = "gift", **parts: str) -> str:
    """A sound campaign but for the given parts."""
    assert parts.keys() <= PARTS.keys()
    return TEMPLATE.format(name=name, **(PARTS | parts))


# -------------------------------------------------------------------------------------------------------------- checks


def _loaded() -> tuple[Catalog, WorkspaceSettings, dict[str, StaticList]]:
    source = SourceFile("catalog.yaml", (SAMPLE / "catalog.yaml").read_text("utf-8"))
    catalog, positions, problems = load_catalog(source)
    assert catalog is not None, problems
    assert positions is not None
    source = SourceFile("workspace.yaml", (SAMPLE / "workspace.yaml").read_text("utf-8"))
    settings, _, problems = load_workspace_settings(source)
    assert settings is not None, problems
    return catalog, settings, read_lists(SAMPLE, catalog, positions)[0]


CATALOG, SETTINGS, LISTS = _loaded()


def desk(
    text: str, files: Mapping[str, str] | None = None, path: str = "gift.campaign", catalog: Catalog = CATALOG
) -> Workspace:
    """The sample's workspace with the file ``text`` alone, in memory."""
    workspace = Workspace(SAMPLE, settings=SETTINGS, catalog=catalog, lists=LISTS)
    workspace._texts |= {name: SourceFile(name, said) for name, said in (files or {}).items()}
    shared = SourceFile("audiences.campaign", (SAMPLE / "audiences.campaign").read_text("utf-8"))
    for source in (SourceFile(path, text), shared):
        tree = parse(source, workspace.problems)
        for each in tree.campaigns:
            workspace.campaigns[each.name.text] = (each, source)
        for audience in tree.audiences:
            assert audience.name is not None
            workspace.audiences[audience.name.text] = (audience, source)
    return workspace


def findings(text: str, files: Mapping[str, str] | None = None, **more: Any) -> tuple[Diagnostic, ...]:
    """Everything that the checks say of a file."""
    return desk(text, files, **more).check()


def codes(text: str, **more: Any) -> list[str]:
    return [each.code for each in findings(text, **more)]


def typed(text: str, name: str = "gift", **more: Any) -> ir.Campaign:
    """The typed campaign of a text in which nothing is wrong; explained as well, as every reviewer will ask for it."""
    workspace = desk(text, **more)
    found = workspace.check()
    assert not [each for each in found if each.severity == "error"], found
    campaign = workspace.typed(name)
    assert campaign is not None
    assert said(text, name, **more)
    return campaign


def said(text: str, name: str = "gift", **more: Any) -> str:
    """What `campaign explain` says."""
    workspace = desk(text, **more)
    campaign, node = workspace.typed(name), workspace.campaigns[name][0]
    assert campaign is not None
    assert workspace.catalog is not None
    audiences = {each: tree for each, (tree, _) in workspace.audiences.items()}
    return explain(campaign, node, audiences, workspace.catalog)


def plan(text: str, name: str = "gift", **more: Any) -> Plan:
    """The plan of a text in which nothing is wrong."""
    found = desk(text, **more).plan(name)
    assert found is not None
    return found


# -------------------------------------------------------------------------------------------------------------- worlds


def person(identity: str, **more: Any) -> dict[str, Any]:
    return {**ADA, "customer_id": identity, "email": f"{identity}@example.com", **more}


def happened(
    number: int, when: str | datetime, kind: str = "purchase", owner: str = "a", **more: Any
) -> dict[str, Any]:
    """A row of `events` or `activity`, that has arrived at once unless ``received_at`` is there."""
    moment = at(when) if isinstance(when, str) else when
    row = {"event_id": number, "customer_id": owner, "kind": kind, "occurred_at": moment, "received_at": moment}
    return {**row, **more}


EVENTS = frozenset({"purchase", "check_in", "app_open", "email_click"})
"""What lies in the table `events`; everything else is in `activity`."""


def tables(people: Sequence[Mapping[str, Any]], rows: Sequence[Mapping[str, Any]] = (), **more: Any) -> dict[str, Any]:
    """Rows by table; those of events go where the catalog says."""
    events = [row for row in rows if row["kind"] in EVENTS]
    activity = [row for row in rows if row["kind"] not in EVENTS]
    return {"customers": list(people), "events": events, "activity": activity, **more}


def database(rows: Mapping[str, Sequence[Mapping[str, Any]]], path: str = ":memory:") -> duckdb.DuckDBPyConnection:
    """The sample's tables with these rows."""
    connection = duckdb.connect(path, config={"threads": 1})
    connection.execute("SET TimeZone = 'UTC'")
    for statement in SCHEMA.read_text("utf-8").split(";"):
        if "CREATE TABLE" in statement:
            connection.execute(statement.replace("NOT NULL", ""))
    for table, found in rows.items():
        for row in found:
            names = ", ".join(f'"{name}"' for name in row)
            marks = ", ".join("?" for _ in row)
            connection.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", list(row.values()))
    return connection


def who(predicate: str, rows: Mapping[str, Sequence[Mapping[str, Any]]], now: datetime = T, text: str = "") -> str:
    """For whom a predicate holds, as `a b`. Both engines are asked. It may speak of campaigns in ``text``."""
    workspace = desk(text)
    node = workspace.expression(predicate)
    assert node is not None, workspace.problems.sorted()
    zone = workspace.zone_rule()
    theirs = members(node, world_of(CATALOG, rows), Clock(now, zone, "feb_28"))
    query = bind(audience_query(node, zone, "feb_28", CATALOG, DIALECTS["duckdb"]), now, [])
    found = database(rows).sql(render(query, "duckdb")).fetchall()
    assert sorted(str(row[0]) for row in found) == sorted(theirs)
    return " ".join(sorted(theirs))


@dataclass
class Stand:
    """Campaigns over tables, run one night after the other.

    Attributes:
        texts: files with one campaign each, by the campaign's name.
        caps: whether the workspace's frequency caps hold.
        world: as earlier runs left it.
    """

    texts: Mapping[str, str]
    rows: Mapping[str, Sequence[Mapping[str, Any]]]
    files: Mapping[str, str] = field(default_factory=dict)
    caps: Mapping[str, Any] = field(default_factory=dict)
    world: World = field(init=False)
    campaigns: dict[str, ir.Campaign] = field(init=False)

    def __post_init__(self) -> None:
        self.world = world_of(CATALOG, self.rows)
        self.campaigns = {name: typed(text, name, files=self.files) for name, text in self.texts.items()}

    def run(
        self, as_of: datetime = T, since: datetime | None = None, days: Sequence[date] | None = None
    ) -> dict[str, Evaluated]:
        """What a run at T decides; the next one knows of it."""
        self.world = aftermath.at(self.world, CATALOG, as_of)
        settings = Settings(self.caps, Renderer())
        result = evaluate(
            list(self.campaigns.values()), CATALOG, self.world, as_of, since=since, settings=settings, days=days
        )
        self.world = aftermath.after(self.world, result, list(self.campaigns.values()), as_of)
        return {each.campaign: each for each in result.campaigns}


def engine_rows(
    campaign: ir.Campaign,
    connection: duckdb.DuckDBPyConnection,
    as_of: datetime,
    since: datetime,
    days: Sequence[date],
    before: Mapping[str, Collection[str]] | None = None,
) -> list[dict[str, Any]]:
    """The candidates as DuckDB sees them."""
    query = campaign_query(campaign, CATALOG, DIALECTS["duckdb"])
    falls = occurrences(campaign.triggers, tuple(days), campaign.leap_day)
    result = connection.sql(render(bind(query, as_of, falls, since, before or {}), "duckdb"))
    return [row for row in result.to_arrow_table().to_pylist() if row["customer_id"] is not None]


def both(
    text: str,
    rows: Mapping[str, Sequence[Mapping[str, Any]]],
    as_of: datetime = T,
    since: datetime | None = None,
    days: Sequence[date] | None = None,
    name: str = "gift",
    before: Mapping[str, Collection[str]] | None = None,
    **more: Any,
) -> Evaluated:
    """What a first run decides. Candidates, what stops them, segments and outcomes are the same in DuckDB."""
    campaign = typed(text, name, **more)
    start, chosen = since or as_of - timedelta(days=1), list(days) if days is not None else [as_of.date()]
    world = world_of(CATALOG, rows)
    if before is not None:
        world = replace(world, members_before={each: frozenset(ids) for each, ids in before.items()})
    clock = Clock(as_of, campaign.zone, campaign.leap_day)
    theirs, given_to = set(), {}
    for customer in readable(world, clock):
        judge = Judge(world, clock, customer)
        for each in candidates(campaign, judge, Period(tuple(chosen), start)) if judge.holds(campaign.audience) else ():
            given_to[each.id, each.occurrence.key] = (each, judge)
            says = (each.id, each.occurrence.key, each.lost, each.segment, each.arm, each.language)
            theirs.add((*says, _gives(campaign, each, judge)))
    found = engine_rows(campaign, database(rows), as_of, start, chosen, before)
    ours = set()
    for row in found:
        says = tuple(row[key] for key in ("customer_id", "occurrence", "lost", "segment", "arm", "language"))
        steps = frozenset(n for n in range(len(campaign.outcomes)) if row["steps"] >> n & 1)
        candidate, judge = given_to[says[0], says[1]]
        ours.add((*says, _gives(campaign, replace(candidate, steps=steps), judge)))
    assert len(found) == len(ours)
    assert ours == theirs
    renderer = Settings(render=Renderer())
    return evaluate([campaign], CATALOG, world, as_of, since=start, settings=renderer, days=chosen)[name]


@contextmanager
def ledgered(
    folder: Path,
    text: str,
    rows: Mapping[str, Sequence[Mapping[str, Any]]],
    as_of: datetime = T,
    name: str = "gift",
    **more: Any,
) -> Iterator[tuple[RunResult, Ledger]]:
    """A run into the ledger of ``folder``, with what DuckDB answers; and the ledger afterwards."""
    campaign, its_plan = typed(text, name, **more), plan(text, name, **more)
    path = folder / "warehouse.duckdb"
    path.unlink(missing_ok=True)
    database(rows, str(path)).close()
    engine = DuckDBEngine(path)
    try:
        falls = occurrences(campaign.triggers, (as_of.date(),), campaign.leap_day)
        answer = ask(engine, campaign, CATALOG, as_of, falls, due_since(its_plan, as_of))
        with Ledger.open(folder / "ledger.sqlite") as ledger:
            result = execute_run(
                ledger,
                its_plan,
                as_of=as_of,
                run_day=as_of.date(),
                totals=answer.totals,
                candidates=answer.candidates,
                suppressed=suppressions(engine, CATALOG, [each.name for each in campaign.suppression]),
                actor="jo",
                clock=lambda: as_of,
            )
            yield result, ledger
    finally:
        engine.close()


def _gives(campaign: ir.Campaign, candidate: Candidate, judge: Judge) -> tuple[int, ...]:
    """Numbers of the outcomes that give something."""
    return tuple(each.number for each in effects(campaign, candidate, judge))


def given(found: Evaluated) -> list[tuple[str, str, str]]:
    """Who is due, on which occasion, and what she is given."""
    return [(each.customer, each.occurrence, each.outcome) for each in found.effects]


def lost(found: Evaluated) -> dict[str, str | None]:
    return {each.id: each.lost for each in found.candidates}


def context(row: Mapping[str, Any]) -> dict[str, Any]:
    return dict(json.loads(row["context"]))
