"""Who of the audience is due, on which occasions: one row for each customer and occurrence."""

from __future__ import annotations

from dataclasses import dataclass

from sqlglot import exp

from campaign_dsl.compile.sql import build as b
from campaign_dsl.compile.sql.assembly import union
from campaign_dsl.compile.sql.binding import COLUMNS, OCCURRENCES
from campaign_dsl.compile.sql.customers import OWN
from campaign_dsl.compile.sql.occurrences import CalendarTrigger
from campaign_dsl.compile.sql.shared import ZONE, Named
from campaign_dsl.compile.sql.triggers import relation
from campaign_dsl.compile.sql.triggers.scene import AT, CUSTOMER_ID, KEY, Relation, Scene, spoken
from campaign_dsl.language.ir import campaign as ir
from campaign_dsl.language.ir import nodes

AUDIENCE, OCCURRENCE, HAPPENING, DUE = "audience", "occurrence", "happening", "due"
DAY, TIME, TRIGGER, RANK = "_occurrence_day", "_occurrence_time", "_trigger", "_rank"
"""Columns of our own, beside the customer's attributes; `_occurrence` and `_occurred_at` are those of the triggers."""


@dataclass(frozen=True)
class Due:
    """Bodies up to `due`, and whether one of them reads itself."""

    bodies: list[Named]
    recursive: bool


def matched(campaign: ir.Campaign) -> list[nodes.Attribute]:
    """Customer attributes that calendar triggers look at."""
    found = []
    for each in campaign.triggers:
        if isinstance(each, ir.Anniversary):
            found.append(each.attribute)
        elif isinstance(each, ir.Holiday) and each.country is not None:
            found.append(each.country)
    return found


def due(scene: Scene, kept: list[str]) -> Due:
    """The triggers, and the audience joined with what they have.

    Args:
        kept: columns of the audience that are read later.
    """
    campaign = scene.campaign
    several = len(campaign.triggers) > 1 or any(_clashes(each) for each in campaign.triggers)
    bodies: list[Named] = []
    branches: list[exp.Select] = []
    recursive = False
    calendar = [each for each in campaign.triggers if isinstance(each, CalendarTrigger)]
    if calendar:
        bodies.append((OCCURRENCE, _occurrences(), "what falls on the days of the run"))
    for number, trigger in enumerate(campaign.triggers):
        place = [b.named(b.number(number), TRIGGER)] if several else []
        if isinstance(trigger, CalendarTrigger):
            branch = _on_calendar(scene, trigger, number, kept, place, alone=len(calendar) == 1)
        else:
            with scene.shared.clause(trigger.span):
                found = relation(scene, trigger, b.at(trigger.span))
            bodies += found.bodies
            recursive = recursive or found.recursive
            branch = _at_instants(scene, found, kept, place)
        branches.append(branch)
    where = ", ".join(dict.fromkeys(b.at(each.span) for each in campaign.triggers))
    if not several:
        bodies.append((DUE, branches[0], where))
    else:
        bodies += [
            (HAPPENING, union(branches), where),
            (DUE, _each_key_once(scene, kept), "of those with one key the first"),
        ]
    return Due(bodies, recursive)


def _clashes(trigger: ir.Trigger) -> bool:
    """Whether one trigger can have two occurrences with one key: a holiday for everybody that is one of a country."""
    return isinstance(trigger, ir.Holiday) and trigger.country is not None and None in dict(trigger.days)


def _occurrences() -> exp.Select:
    """Their rows are put in by `binding`."""
    source = exp.Subquery(this=b.parameter(OCCURRENCES), alias=exp.TableAlias(this=b.quoted("o")))
    return exp.select(*(b.column(name, "o") for name in COLUMNS)).from_(source, copy=False)


def _own(scene: Scene) -> list[str]:
    return [KEY, DAY, TIME, AT, *(spoken(each) for each in scene.context)]


def _on_calendar(
    scene: Scene, trigger: CalendarTrigger, number: int, kept: list[str], place: list[exp.Expr], alone: bool
) -> exp.Select:
    tests: list[exp.Expr] = []
    if not alone:
        tests.append(exp.EQ(this=b.column("trigger", OCCURRENCE), expression=b.number(number)))
    match trigger:
        case ir.Anniversary(attribute):
            # 29 February stands in the list where the policy puts it.
            born = b.column(attribute.name, AUDIENCE)
            tests.append(exp.EQ(this=b.month_day(born), expression=b.column("month_day", OCCURRENCE)))
        case ir.Holiday(country=attribute) if attribute is not None:
            theirs = b.column(attribute.name, AUDIENCE)
            same: exp.Expr = exp.EQ(this=theirs, expression=b.column("country", OCCURRENCE))
            if _clashes(trigger):
                everywhere = exp.and_(b.missing(b.column("country", OCCURRENCE)), b.known(theirs.copy()), copy=False)
                same = exp.paren(exp.or_(same, everywhere, copy=False), copy=False)
            tests.append(same)
    columns = [
        *(b.column(name, AUDIENCE) for name in (*kept, *OWN)),
        *place,
        b.named(b.column("occurrence", OCCURRENCE), KEY),
        b.named(b.column("occurrence_day", OCCURRENCE), DAY),
        b.named(b.column("occurrence_time", OCCURRENCE), TIME),
        b.named(exp.cast(exp.null(), exp.DType.TIMESTAMPTZ), AT),
        *(b.named(scene.nothing(name), name) for name in map(spoken, scene.context)),
    ]
    query = exp.select(*columns).from_(b.table(AUDIENCE), copy=False)
    on = exp.and_(*tests, copy=False) if tests else exp.true()
    return query.join(b.table(OCCURRENCE), on=on, copy=False)


def _at_instants(scene: Scene, found: Relation, kept: list[str], place: list[exp.Expr]) -> exp.Select:
    day = scene.shared.dialect.local_day(b.column(AT, found.name), b.column(ZONE, AUDIENCE))
    columns = [
        *(b.column(name, AUDIENCE) for name in (*kept, *OWN)),
        *place,
        b.column(KEY, found.name),
        b.named(b.text(day), DAY),
        b.named(b.text(exp.null()), TIME),
        b.column(AT, found.name),
        *(
            b.column(name, found.name) if name in found.says else b.named(scene.nothing(name), name)
            for name in map(spoken, scene.context)
        ),
    ]
    same = exp.EQ(this=b.column(CUSTOMER_ID, found.name), expression=b.column(scene.shared.key, AUDIENCE))
    query = exp.select(*columns).from_(b.table(AUDIENCE), copy=False)
    return query.join(b.table(found.name), on=same, copy=False)


def _each_key_once(scene: Scene, kept: list[str]) -> exp.Select:
    """Two triggers may mean the same occasion: then the one that stands first in the campaign counts."""
    names = [*kept, *OWN, *_own(scene)]
    # A customer twice in the table stays twice, for the ledger to see; so equal ranks are kept.
    rank = exp.Window(
        this=exp.Anonymous(this="RANK"),
        partition_by=[b.column(scene.shared.key, HAPPENING), b.column(KEY, HAPPENING)],
        order=exp.Order(expressions=[b.column(name, HAPPENING) for name in (TRIGGER, DAY, AT)]),
    )
    ranked = exp.select(*(b.column(name, HAPPENING) for name in names), b.named(rank, RANK)).from_(
        b.table(HAPPENING), copy=False
    )
    source = exp.Subquery(this=ranked, alias=exp.TableAlias(this=b.quoted("h")))
    return (
        exp.select(*(b.column(name, "h") for name in names))
        .from_(source, copy=False)
        .where(exp.EQ(this=b.column(RANK, "h"), expression=b.number(1)), copy=False)
    )
