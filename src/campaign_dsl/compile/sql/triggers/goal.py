"""Goals: counted events, all of and any of them, each completion on events that no earlier one has used.

The events of every part are put in one order. For each of them the start of the goal is looked up: the latest event
from which on everything is there. From one completion the next is the first event whose start lies behind it; following
that from the first one gives all of them, with their ordinals.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlglot import exp

from campaign_dsl.compile.sql import build as b
from campaign_dsl.compile.sql.assembly import union
from campaign_dsl.compile.sql.shared import Named
from campaign_dsl.compile.sql.triggers.scene import (
    AT,
    CUSTOMER_ID,
    KEY,
    SEEN,
    Relation,
    Scene,
    active,
    among,
    identity,
    key,
    new,
    no_identity,
    occurred,
    once,
    over,
    owner,
    seen,
    within,
)
from campaign_dsl.language.catalog.types import TEXT
from campaign_dsl.language.ir import campaign as ir
from campaign_dsl.language.ir import nodes

EVENT_NAME, POSITION, START, NEXT, ORDINAL = "_event", "_position", "_start", "_next", "_ordinal"
HERE = "here"


def goal(scene: Scene, trigger: ir.Goal, where: str) -> Relation:
    """Each completion that came to be known in (W, T]."""
    name = scene.name("goal")
    parts = list(dict.fromkeys(ir.counted(trigger.whole)))
    events = list(dict.fromkeys(part.event for part in parts))
    said = list(dict.fromkeys(column for event in events for column, _ in scene.said(event)))
    those, match, event, order = (f"{name}_{what}" for what in ("active", "match", "event", "order"))
    start, following, completion = f"{name}_start", f"{name}_next", f"{name}_completion"
    found = scene.shared.dialect.in_turn(b.table(start), CUSTOMER_ID, POSITION, START, ORDINAL)
    steps: list[Named] = (
        [(completion, found, "from the first completion on")]
        if found is not None
        else [
            (following, _following(start), "the first completion after this one that shares no event with it"),
            (completion, _completions(completion, start, following), "from the first completion on"),
        ]
    )
    matches = union(_matches(scene, number, parts, events, said, those) for number in range(len(parts)))
    bodies = [
        (those, active(scene, events), "customers with a new event"),
        (match, matches, "the events of every part"),
        (event, _events(scene, match, len(parts), len(events), said), "each event once"),
        (order, _order(scene, event, len(parts), len(events), said), "in order, with how many of each part so far"),
        (start, _starts(order, trigger.whole, parts), "the event from which on the goal is complete at this one"),
        *steps,
        (name, _found(completion, order, said), where),
    ]
    return Relation(bodies, tuple(said), recursive=found is None)


def _id(number: int) -> str:
    return f"_id_{number + 1}"


def _part(number: int) -> str:
    return f"_part_{number + 1}"


def _count(number: int) -> str:
    return f"_count_{number + 1}"


def _matches(
    scene: Scene, number: int, parts: list[ir.Times], events: list[nodes.EventSource], said: list[str], those: str
) -> exp.Select:
    part, event = parts[number], parts[number].event
    mine = dict(scene.said(event))
    columns = [
        b.named(owner(scene, event), CUSTOMER_ID),
        b.named(exp.Literal.string(event.name), EVENT_NAME),
        # Ids of different events may be of different types, and are only compared among each other.
        *(
            b.named(identity(scene, each) if each == event else no_identity(scene, each), _id(place))
            for place, each in enumerate(events)
        ),
        b.named(occurred(scene, event), AT),
        b.named(seen(scene, event), SEEN),
        *(b.named(b.number(int(place == number)), _part(place)) for place in range(len(parts))),
        *(b.named(mine.get(name) or scene.nothing(name), name) for name in said),
    ]
    return scene.narrowed(event, part.where, among(owner(scene, event), those), *columns)


def _events(scene: Scene, match: str, parts: int, ids: int, said: list[str]) -> exp.Select:
    group = [CUSTOMER_ID, EVENT_NAME, *(_id(number) for number in range(ids))]
    columns = [b.column(name, match) for name in group]
    least = [b.named(once(b.column(name, match)), name) for name in (AT, SEEN)]
    least += [b.named(scene.once(name, b.column(name, match)), name) for name in said]
    flags = [b.named(exp.Max(this=b.column(_part(number), match)), _part(number)) for number in range(parts)]
    query = exp.select(*columns, *least, *flags).from_(b.table(match), copy=False)
    return query.group_by(*(column.copy() for column in columns), copy=False)


def _order(scene: Scene, event: str, parts: int, ids: int, said: list[str]) -> exp.Select:
    def so_far(value: exp.Expr) -> exp.Expr:
        in_order = scene.shared.dialect.in_order
        order = [b.column(AT, event), in_order(b.column(EVENT_NAME, event), TEXT)]
        order += [in_order(b.column(_id(number), event), None) for number in range(ids)]
        return over(value, [b.column(CUSTOMER_ID, event)], order)

    columns = [
        b.column(CUSTOMER_ID, event),
        b.named(so_far(exp.RowNumber()), POSITION),
        b.column(AT, event),
        b.named(so_far(exp.Max(this=b.column(SEEN, event))), SEEN),
        *(b.column(_part(number), event) for number in range(parts)),
        *(b.named(so_far(exp.Sum(this=b.column(_part(number), event))), _count(number)) for number in range(parts)),
        *(b.column(name, event) for name in said),
    ]
    return exp.select(*columns).from_(b.table(event), copy=False)


@dataclass
class _Start:
    """Looks up where a goal starts, part by part: a position, or 0 when it does not."""

    parts: list[ir.Times]
    joins: list[tuple[str, exp.Expr]] = field(default_factory=list)

    def of(self, whole: ir.Times | ir.Group) -> exp.Expr:
        if isinstance(whole, ir.Times):
            number = self.parts.index(whole)
            nth = exp.Sub(this=b.column(_count(number), HERE), expression=b.number(whole.at_least - 1))
            wanted = nth if whole.at_least > 1 else nth.this
            at = self._look_up(
                exp.EQ(this=exp.column(_part(number), quoted=True), expression=b.number(1)),
                exp.EQ(this=exp.column(_count(number), quoted=True), expression=wanted),
            )
            return self._in_time(at, whole.seconds)
        starts = [self.of(part) for part in whole.parts]
        chosen = starts[0] if len(starts) == 1 else exp.func("LEAST" if whole.all else "GREATEST", *starts)
        if whole.seconds is None:
            return chosen
        at = self._look_up(exp.EQ(this=exp.column(POSITION, quoted=True), expression=chosen))
        return self._in_time(at, whole.seconds)

    def _look_up(self, *tests: exp.EQ) -> str:
        """The row for which ``tests`` hold, under a name."""
        name = f"start_{len(self.joins) + 1}"
        same = exp.EQ(this=b.column(CUSTOMER_ID, name), expression=b.column(CUSTOMER_ID, HERE))
        for test in tests:
            test.set("this", b.column(test.this.name, name))
        self.joins.append((name, exp.and_(same, *tests, copy=False)))
        return name

    def _in_time(self, name: str, seconds: int | None) -> exp.Expr:
        position = b.column(POSITION, name)
        if seconds is None:
            return exp.func("COALESCE", position, b.number(0))
        test = within(b.column(AT, HERE), b.column(AT, name), seconds, strictly=True)
        return exp.Case().when(test, position, copy=False).else_(b.number(0), copy=False)


def _starts(order: str, whole: ir.Times | ir.Group, parts: list[ir.Times]) -> exp.Select:
    start = _Start(parts)
    value = start.of(whole)
    columns = [b.column(CUSTOMER_ID, HERE), b.column(POSITION, HERE), b.named(value, START)]
    query = exp.select(*columns).from_(b.cte(order, HERE), copy=False)
    for name, on in start.joins:
        query = query.join(b.cte(order, name), on=on, join_type="left", copy=False)
    return query


def _complete(name: str) -> exp.Expr:
    return exp.GT(this=b.column(START, name), expression=b.number(0))


def _following(start: str) -> exp.Select:
    after = "after"
    same = exp.EQ(this=b.column(CUSTOMER_ID, after), expression=b.column(CUSTOMER_ID, HERE))
    behind = exp.GT(this=b.column(START, after), expression=b.column(POSITION, HERE))
    place = [b.column(CUSTOMER_ID, HERE), b.column(POSITION, HERE)]
    return (
        exp.select(*place, b.named(exp.Min(this=b.column(POSITION, after)), NEXT))
        .from_(b.cte(start, HERE), copy=False)
        .join(b.cte(start, after), on=exp.and_(same, behind, copy=False), copy=False)
        .where(_complete(HERE), copy=False)
        .group_by(*(each.copy() for each in place), copy=False)
    )


def _completions(completion: str, start: str, following: str) -> exp.Query:
    first = (
        exp.select(
            b.column(CUSTOMER_ID, start),
            b.named(exp.Min(this=b.column(POSITION, start)), POSITION),
            b.named(b.whole(b.number(1)), ORDINAL),
        )
        .from_(b.table(start), copy=False)
        .where(_complete(start), copy=False)
        .group_by(b.column(CUSTOMER_ID, start), copy=False)
    )
    same = exp.and_(
        exp.EQ(this=b.column(CUSTOMER_ID, following), expression=b.column(CUSTOMER_ID, completion)),
        exp.EQ(this=b.column(POSITION, following), expression=b.column(POSITION, completion)),
        copy=False,
    )
    others = (
        exp.select(
            b.column(CUSTOMER_ID, following),
            b.column(NEXT, following),
            b.named(b.plus(b.column(ORDINAL, completion), b.number(1)), ORDINAL),
        )
        .from_(b.table(completion), copy=False)
        .join(b.table(following), on=same, copy=False)
    )
    return exp.Union(this=first, expression=others, distinct=False)


def _found(completion: str, order: str, said: list[str]) -> exp.Select:
    same = exp.and_(
        exp.EQ(this=b.column(CUSTOMER_ID, order), expression=b.column(CUSTOMER_ID, completion)),
        exp.EQ(this=b.column(POSITION, order), expression=b.column(POSITION, completion)),
        copy=False,
    )
    columns = [
        b.column(CUSTOMER_ID, order),
        b.named(key("goal/", b.column(ORDINAL, completion)), KEY),
        b.column(AT, order),
        *(b.column(name, order) for name in said),
    ]
    return (
        exp.select(*columns)
        .from_(b.table(completion), copy=False)
        .join(b.table(order), on=same, copy=False)
        .where(new(b.column(SEEN, order)), copy=False)
    )
