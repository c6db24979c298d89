"""Sequences: one event after the other, and what did not happen in between."""

from __future__ import annotations

from sqlglot import exp

from campaign_dsl.compile.sql import build as b
from campaign_dsl.compile.sql import columns as c
from campaign_dsl.compile.sql.predicates import Lowering
from campaign_dsl.compile.sql.sequences import chain
from campaign_dsl.compile.sql.triggers.scene import (
    AT,
    CUSTOMER_ID,
    KEY,
    OF_EVENT,
    SEEN,
    Relation,
    Scene,
    active,
    among,
    identity,
    key,
    new,
    occurred,
    over,
    seen,
    within,
)
from campaign_dsl.compile.sql.windows import window
from campaign_dsl.language.ir import campaign as ir
from campaign_dsl.language.ir import nodes

LAST, PLACE, KNOWN = "_last", "_place", "_known_at"


def sequence(scene: Scene, trigger: ir.SequenceOf, where: str) -> Relation:
    """Each event that ends a chain, or the time after it in which nothing may happen, that came to be known in (W, T].

    Of several chains that end in one event the one whose earlier steps are latest gives the context.
    """
    final = scene.name("sequence")
    those, chains = f"{final}_active", f"{final}_chain"
    low = Lowering(scene.shared)
    found = chain(low, trigger.steps)
    steps = [(step, name) for step, name in zip(trigger.steps, found.names, strict=True) if name is not None]
    (first, first_name), (last, last_name) = steps[0], steps[-1]
    found.tests += window(found.lowering, scene.days(), occurred(scene, first.event, first_name))
    found.tests.append(among(c.owner(scene.shared, first.event, first_name), those))
    if trigger.seconds is not None and len(steps) > 1:
        at_last, at_first = occurred(scene, last.event, last_name), occurred(scene, first.event, first_name)
        found.tests.append(within(at_last, at_first, trigger.seconds, strictly=False))
    said: list[tuple[str, exp.Expr]] = []
    for step, name in steps:
        said += [] if step.alias is None else scene.said(step.event, step.alias, name)
    said += scene.said(last.event, OF_EVENT, last_name)
    columns = [
        b.named(c.owner(scene.shared, last.event, last_name), CUSTOMER_ID),
        b.named(identity(scene, last.event, last_name), LAST),
        b.named(_over(scene, trigger.steps, found.names), AT),
        b.named(_greatest([seen(scene, step.event, name) for step, name in steps]), SEEN),
        *(
            b.named(occurred(scene, step.event, name), f"_at_{place}")
            for place, (step, name) in enumerate(steps[:-1], 1)
        ),
        *(
            b.named(identity(scene, step.event, name), f"_id_{place}")
            for place, (step, name) in enumerate(steps[:-1], 1)
        ),
        *(b.named(value, name) for name, value in said),
    ]
    names = [name for name, _ in said]
    waiting = max((step.seconds or 0 for step in trigger.steps if step.absent), default=0)
    bodies = [
        (those, active(scene, [step.event for step, _ in steps], waiting), "customers with a new event"),
        (chains, found.select(*columns), "every way to satisfy the steps"),
        (final, _latest(scene, chains, len(steps) - 1, names), where),
    ]
    return Relation(bodies, tuple(names))


def _greatest(moments: list[exp.Expr]) -> exp.Expr:
    return moments[0] if len(moments) == 1 else exp.func("GREATEST", *moments)


def _over(scene: Scene, steps: tuple[nodes.Step, ...], names: list[str | None]) -> exp.Expr:
    """When it is complete: at the last event, or when the time of an absence has passed."""
    moments: list[exp.Expr] = []
    previous: exp.Expr | None = None
    for step, name in zip(steps, names, strict=True):
        if name is not None:
            previous = occurred(scene, step.event, name)
        else:
            assert previous is not None
            assert step.seconds is not None
            moments.append(exp.Add(this=previous.copy(), expression=b.seconds(step.seconds)))
    assert previous is not None
    return _greatest([previous, *moments])


def _latest(scene: Scene, chains: str, earlier: int, names: list[str]) -> exp.Select:
    group: list[exp.Expr] = [b.column(CUSTOMER_ID, chains), b.column(LAST, chains)]
    order: list[exp.Expr] = []
    for number in range(earlier, 0, -1):
        identity_then = scene.shared.dialect.in_order(b.column(f"_id_{number}", chains), None)
        order += [b.ordered(b.column(f"_at_{number}", chains), True), b.ordered(identity_then, True)]
    order.append(b.ordered(b.column(AT, chains)))
    known = _greatest([b.column(SEEN, chains), b.column(AT, chains)])
    ranked = exp.select(
        *(b.column(name, chains) for name in (CUSTOMER_ID, LAST, AT, *names)),
        b.named(b.row_number(group, order), PLACE),
        # One of the ways to it was known first; the others do not make it news again.
        b.named(over(exp.Min(this=known), [each.copy() for each in group], []), KNOWN),
    ).from_(b.table(chains), copy=False)
    source = exp.Subquery(this=ranked, alias=exp.TableAlias(this=b.quoted("c")))
    query = exp.select(
        b.column(CUSTOMER_ID, "c"),
        b.named(key("sequence/", b.column(LAST, "c")), KEY),
        b.column(AT, "c"),
        *(b.column(name, "c") for name in names),
    ).from_(source, copy=False)
    tests = [exp.EQ(this=b.column(PLACE, "c"), expression=b.number(1)), new(b.column(KNOWN, "c"))]
    return query.where(*tests, *scene.before_the_end(b.column(AT, "c")), copy=False)
