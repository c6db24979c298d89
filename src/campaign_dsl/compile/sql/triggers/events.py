"""Triggers that look at single events: each of them, or every n-th."""

from __future__ import annotations

from sqlglot import exp

from campaign_dsl.compile.sql import build as b
from campaign_dsl.compile.sql.triggers.scene import (
    AT,
    CUSTOMER_ID,
    GOAL_VALUES,
    KEY,
    OF_GOAL,
    SEEN,
    Relation,
    Scene,
    identity,
    key,
    new,
    occurred,
    once,
    over,
    owner,
    seen,
)
from campaign_dsl.language.ir import campaign as ir
from campaign_dsl.language.ir import nodes


def on(scene: Scene, trigger: ir.On, where: str) -> Relation:
    """Each event that came to be known in (W, T]."""
    event = trigger.event
    said = scene.said(event)
    columns = [
        b.named(owner(scene, event), CUSTOMER_ID),
        b.named(key(f"{event.name}/", identity(scene, event)), KEY),
        b.named(once(occurred(scene, event)), AT),
        *(b.named(scene.once(name, column), name) for name, column in said),
    ]
    query = (
        scene.narrowed(event, trigger.where, _among_news(scene, event, identity(scene, event)), *columns)
        .group_by(owner(scene, event), identity(scene, event), copy=False)
        .having(new(once(seen(scene, event))), copy=False)
    )
    return Relation([(scene.name(f"on_{event.name}"), query, where)], tuple(name for name, _ in said))


def every_nth(scene: Scene, trigger: ir.EveryNth, where: str) -> Relation:
    """Every n-th event of a customer, or each with the step it is of n."""
    event = trigger.event
    numbered, final = scene.name(f"numbered_{event.name}"), scene.name(f"every_{event.name}")
    said = scene.said(event)
    order = [once(occurred(scene, event)), scene.shared.dialect.in_order(identity(scene, event), None)]
    place = over(exp.RowNumber(), [owner(scene, event)], order)
    # Known as soon as all events up to it are: one that arrives late moves the others up.
    latest = exp.Max(this=once(seen(scene, event)))
    so_far = over(latest, [owner(scene, event)], [each.copy() for each in order])
    columns = [
        b.named(owner(scene, event), CUSTOMER_ID),
        b.named(place, "_ordinal"),
        b.named(once(occurred(scene, event)), AT),
        b.named(so_far, SEEN),
        *(b.named(scene.once(name, column), name) for name, column in said),
    ]
    numbering = scene.narrowed(event, trigger.where, _among_news(scene, event, owner(scene, event)), *columns)
    numbering = numbering.group_by(owner(scene, event), identity(scene, event), copy=False)
    ordinal, count = b.column("_ordinal", numbered), b.number(trigger.n)
    rest = exp.Mod(this=ordinal.copy(), expression=count)
    completed = exp.EQ(this=rest, expression=b.number(0))
    before = exp.Mod(this=exp.paren(exp.Sub(this=ordinal.copy(), expression=b.number(1))), expression=count.copy())
    values = (b.plus(before, b.number(1)), count.copy(), completed)
    goal = [(f"{OF_GOAL}.{name}", value) for name, value in zip(GOAL_VALUES, values, strict=True)]
    names = [name for name, _ in said]
    query = exp.select(
        b.column(CUSTOMER_ID, numbered),
        b.named(key(f"{event.name}#/", ordinal.copy()), KEY),
        b.column(AT, numbered),
        *(b.column(name, numbered) for name in names),
        *(b.named(value.copy(), name) for name, value in goal),
    ).from_(b.table(numbered), copy=False)
    query = query.where(new(b.column(SEEN, numbered)), copy=False)
    if not trigger.each_step:
        query = query.where(completed.copy(), copy=False)
    bodies = [(numbered, numbering, "those who have a new one, all of theirs in order"), (final, query, where)]
    return Relation(bodies, (*names, *(name for name, _ in goal)))


def _among_news(scene: Scene, event: nodes.EventSource, column: exp.Expr) -> exp.Expr:
    """Whether ``column`` is in an event that came to be known in (W, T], matching or not. They are few, so that the
    history of everything else is skipped."""
    fresh = scene.narrowed(event, None, new(seen(scene, event)), column.copy())
    return exp.In(this=column.copy(), query=exp.Subquery(this=fresh))
