"""Entering or leaving an audience: membership at T against the members it had when it was looked at last."""

from __future__ import annotations

from sqlglot import exp

from campaign_dsl.compile.sql import build as b
from campaign_dsl.compile.sql.binding import AS_OF, AS_OF_KEY, MEMBERS_BEFORE
from campaign_dsl.compile.sql.customers import select_with_joins
from campaign_dsl.compile.sql.predicates import Lowering
from campaign_dsl.compile.sql.shared import CUSTOMER, readable
from campaign_dsl.compile.sql.triggers.scene import AT, CUSTOMER_ID, KEY, Relation, Scene
from campaign_dsl.language.ir import campaign as ir

IDS = "ids"


def crossing(scene: Scene, trigger: ir.Crossing, where: str) -> Relation:
    """Those who are in the audience and were not, or the reverse. Without a look before there is nobody."""
    verb = "entering" if trigger.entering else "leaving"
    snapshot, members = scene.name(f"snapshot_{trigger.audience}"), scene.name(f"before_{trigger.audience}")
    final = scene.name(f"{verb}_{trigger.audience}")
    look = exp.select(b.named(b.text(b.parameter(MEMBERS_BEFORE + trigger.audience)), IDS))
    before = scene.shared.dialect.texts(b.table(snapshot), b.column(IDS, snapshot), CUSTOMER_ID)
    lowering = Lowering(scene.shared)
    mine = b.column(scene.shared.key, CUSTOMER)
    was = exp.In(this=b.text(mine), query=exp.Subquery(this=exp.select(b.quoted(CUSTOMER_ID)).from_(b.table(members))))
    if trigger.entering:
        tests = [lowering.holds(trigger.predicate), b.negated(was)]
    else:
        tests = [lowering.fails(trigger.predicate), was]
    looked = exp.Subquery(this=exp.select(b.quoted(IDS)).from_(b.table(snapshot)))
    prefix = exp.Literal.string(f"{verb}/{trigger.audience}/")
    columns = [
        b.named(mine.copy(), CUSTOMER_ID),
        b.named(exp.DPipe(this=prefix, expression=b.parameter(AS_OF_KEY)), KEY),
        b.named(b.parameter(AS_OF), AT),
    ]
    query = (
        select_with_joins(lowering, columns, CUSTOMER)
        .where(*readable(scene.shared.key), b.known(looked), *b.every(tests), *scene.while_it_runs(), copy=False)
        .distinct(copy=False)
    )
    bodies = [
        (snapshot, look, f"audience {trigger.audience} when it was looked at last"),
        (members, before, "its members then"),
        (final, query, where),
    ]
    return Relation(bodies, ())
