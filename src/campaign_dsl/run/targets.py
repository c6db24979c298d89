"""A target: where a campaign's customers are, where its ledger is, and where its messages go."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from campaign_dsl.compile.plan.build import render
from campaign_dsl.compile.plan.model import Plan
from campaign_dsl.compile.sql.binding import bind
from campaign_dsl.compile.sql.campaign import campaign_query, suppression_query
from campaign_dsl.compile.sql.dialects.registry import DIALECTS
from campaign_dsl.compile.sql.occurrences import Occurrence
from campaign_dsl.compile.sql.occurrences import occurrences as falling
from campaign_dsl.language.catalog.ledgers import DEFAULT_SCHEMA
from campaign_dsl.language.catalog.model import Catalog, Target, WorkspaceSettings
from campaign_dsl.language.ir import campaign as ir
from campaign_dsl.run import engines
from campaign_dsl.run.candidates import Answer
from campaign_dsl.run.ledger.place import Place, PostgresPlace
from campaign_dsl.run.ledger.result import Suppressions
from campaign_dsl.run.secrets import secret

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyarrow as pa

    from campaign_dsl.run.engines.protocol import Engine
    from campaign_dsl.run.together.sharing import Known


@contextmanager
def open_engine(target: Target, root: Path) -> Iterator[Engine]:
    """The engine of a target, closed at the end.

    Raises:
        EnvironmentProblem: it cannot be opened.
    """
    engine = engines.opened(target.engine, root)
    try:
        yield engine
    finally:
        engine.close()


def since(plan: Plan, as_of: datetime) -> datetime:
    """From when on what happens at instants is due: a day before T, or as long as the misfire policy makes up for.

    Windows of runs overlap, so that a run that comes late misses nothing; what was decided is not decided again.
    """
    return as_of - timedelta(days=max(1, plan.misfire.catch_up_days))


def ledger_place(target: Target, root: Path) -> Place:
    """Where the ledger of a target is.

    Raises:
        EnvironmentProblem: its password is not where the settings point.
    """
    settings = target.ledger
    if settings.kind == "sqlite":
        assert settings.path is not None
        return root / settings.path
    assert settings.host is not None
    assert settings.database is not None
    return PostgresPlace(
        settings.host,
        settings.database,
        settings.port,
        settings.user,
        None if settings.password is None else secret(settings.password, "ledger.password", root),
        settings.sslmode,
        settings.in_schema or DEFAULT_SCHEMA,
    )


def run_days(plan: Plan, run_day: date, last_day: date | None) -> tuple[date, ...]:
    """The calendar days a run decides for: its own, and those the misfire policy makes up for.

    Args:
        last_day: the day of the campaign's latest run, or None before the first. Days up to it are not made up for,
            and a run for an earlier day decides for that day alone.
    """
    days = [run_day]
    if last_day is not None and last_day < run_day:
        missed = min(plan.misfire.catch_up_days, (run_day - last_day).days - 1)
        days = [date.fromordinal(run_day.toordinal() - back) for back in range(missed, -1, -1)]
    return tuple(
        day
        for day in days
        if (plan.runs_from is None or day >= plan.runs_from) and (plan.runs_until is None or day <= plan.runs_until)
    )


def occurrences(campaign: ir.Campaign, days: Iterable[date]) -> tuple[Occurrence, ...]:
    """What falls on ``days``."""
    return falling(campaign.triggers, tuple(days), campaign.leap_day)


def question(
    campaign: ir.Campaign,
    catalog: Catalog,
    dialect: str,
    as_of: datetime,
    rows: tuple[Occurrence, ...],
    since: datetime | None = None,
    members_before: Mapping[str, Collection[str]] | None = None,
    *,
    known: Known | None = None,
) -> str:
    """The campaign's query with the day put in.

    Args:
        since: what happens at instants is due in (since, as_of]; nothing when None.
        members_before: who was in an audience when it was looked at last, for triggers that wait for a change.
        known: what was found together with other campaigns.
    """
    parts = {} if known is None else known.names
    query = campaign_query(campaign, catalog, DIALECTS[dialect], members_given=known is not None, found=parts)
    return render(bind(query, as_of, rows, as_of if since is None else since, members_before), dialect)


def ask(
    engine: Engine,
    campaign: ir.Campaign,
    catalog: Catalog,
    as_of: datetime,
    rows: tuple[Occurrence, ...],
    since: datetime | None = None,
    members_before: Mapping[str, Collection[str]] | None = None,
    members: Callable[[], Known | None] | None = None,
) -> Answer:
    """The answer of a campaign's query on an engine.

    Args:
        members: finds the members of its audience, as they were found together with others; None: not found so.
    """

    def put() -> tuple[str, Mapping[str, pa.Table] | None]:
        known = None if members is None else members()
        text = question(campaign, catalog, engine.dialect, as_of, rows, since, members_before, known=known)
        return text, None if known is None else known.relations

    return Answer(engine, put)


def suppressions(engine: Engine, catalog: Catalog, names: Iterable[str] | None = None) -> Suppressions:
    """The present content of suppression lists; all of the catalog's when ``names`` is None."""
    chosen = tuple(sorted(catalog.suppression_lists if names is None else names))

    def read() -> pa.RecordBatchReader:
        import pyarrow as pa

        schema = pa.schema([("list", pa.string()), ("address", pa.string())])

        def batches() -> Iterator[pa.RecordBatch]:
            for name in chosen:
                entry = catalog.suppression_lists[name]
                where = (entry.where.column, entry.where.equals) if entry.where else None
                listed = ir.SuppressionList(name, entry.table, entry.address, where)
                query = suppression_query(listed, DIALECTS[engine.dialect])
                for batch in engine.read(render(query, engine.dialect)):
                    column = batch.column(0).cast(pa.string())
                    yield pa.RecordBatch.from_arrays(
                        [pa.array([name] * len(column), pa.string()), column], schema=schema
                    )

        return pa.RecordBatchReader.from_batches(schema, batches())

    return Suppressions(chosen, read)


def provider_kinds(settings: WorkspaceSettings) -> Mapping[str, str]:
    """Kind of each configured provider, by its name."""
    return {name: each.kind for name, each in settings.providers.items()}
