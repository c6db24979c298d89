"""What an occurrence tells: the event that made a campaign happen, the steps of a sequence, how far a goal has come."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from campaign_dsl.language.catalog import model
from campaign_dsl.language.catalog.types import TIMESTAMP
from campaign_dsl.language.ir import campaign as ir
from campaign_dsl.language.ir.nodes import EventSource, Property
from campaign_dsl.language.semantics.expressions import Names, Rows, Trigger, event_rows
from campaign_dsl.language.semantics.expressions.names import EVENT, GOAL, GOAL_VALUES, OCCURRED_AT

_GOAL = {name: Property(name, name, type_, GOAL) for name, type_ in GOAL_VALUES.items()}

Row = Mapping[str, Property]
"""Properties by name."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What an occurrence tells.

    Attributes:
        rows: by the name that outcomes say in front: `event`, the event's own name, a step's, `goal`.
        absent: why something that could be said is not there, by the same name, or by `name.property`.
        steps: the names of ``rows`` that the author gave to steps of a sequence.
    """

    rows: Mapping[str, Row] = field(default_factory=dict)
    absent: Mapping[str, str] = field(default_factory=dict)
    steps: frozenset[str] = frozenset()

    def find(self, row: str, name: str) -> Property | None:
        return self.rows.get(row, {}).get(name)

    def why_not(self, row: str, name: str) -> str | None:
        """Why there is no such value; None when nothing more can be said than that it is unknown."""
        return self.absent.get(f"{row}.{name}") or self.absent.get(row)


NOTHING = Scope(absent={EVENT: "nothing has happened yet that it could be about"})


@dataclass(frozen=True, slots=True)
class Told:
    """What one trigger tells.

    Attributes:
        says: the trigger, as authors write it.
        events: the events one of which is there; empty for triggers of the calendar.
        named: the steps of a sequence that have names.
    """

    says: str
    events: tuple[EventSource, ...] = ()
    named: tuple[tuple[str, EventSource], ...] = ()
    progress: bool = False


def told(trigger: ir.Trigger) -> Told:
    """What a trigger tells."""
    match trigger:
        case ir.Anniversary(attribute):
            return Told(f"on anniversary of {attribute.name}")
        case ir.Holiday(name):
            return Told(f"on holiday {name}")
        case ir.Schedule():
            return Told(trigger.says)
        case ir.Crossing():
            return Told(f"on {'entering' if trigger.entering else 'leaving'} audience {trigger.audience}")
        case ir.On():
            return Told(trigger.says, (trigger.event,))
        case ir.EveryNth():
            return Told(trigger.says, (trigger.event,), progress=trigger.each_step)
        case ir.Goal():
            return Told(trigger.says, tuple(dict.fromkeys(part.event for part in counted(trigger.whole))))
        case ir.SequenceOf():
            named = tuple((step.alias, step.event) for step in trigger.steps if step.alias and not step.absent)
            last = [step.event for step in trigger.steps if not step.absent][-1:]
            return Told(trigger.says, tuple(last), named)


def counted(whole: ir.Times | ir.Group) -> tuple[ir.Times, ...]:
    """The counted parts of a goal, in the order of the text."""
    if isinstance(whole, ir.Times):
        return (whole,)
    return tuple(each for part in whole.parts for each in counted(part))


def rows_of(event: EventSource, catalog: model.Catalog) -> Rows:
    """What an event's rows are made of; of codes and subscriptions, what the profile's facet is."""
    found = event_rows(event.name, catalog)
    if found is not None and found.source == event:
        return found
    facet = catalog.profile.facets[event.name]
    typed = {key: facet.typed(key) for key in facet.TYPES}
    attributes = {
        key: model.Attribute.model_validate({"type": type_.kind, "column": column})
        for key, (column, type_) in typed.items()
    }
    return Rows(event.name, event, attributes)


def scope_of(triggers: tuple[ir.Trigger, ...], catalog: model.Catalog) -> Scope:
    """What occurrences tell whichever of the triggers made them.

    A property is there when every event that may have happened has it, with one type.
    """
    tells = [told(each) for each in triggers]
    if not tells:
        return NOTHING
    rows: dict[str, Row] = {}
    absent: dict[str, str] = {}
    without = next((each for each in tells if not each.events), None)
    events = [rows_of(event, catalog) for event in dict.fromkeys(event for each in tells for event in each.events)]
    if without is not None:
        absent[EVENT] = f"`{without.says}` has no event"
        absent |= {event.name: f"`{without.says}` is no `{event.name}`" for event in events}
    else:
        rows[EVENT] = _common(events, absent)
        if len(events) == 1:
            rows[events[0].name] = rows[EVENT]
        else:
            names = " or ".join(f"`{event.name}`" for event in events)
            absent |= {event.name: f"it can be {names}; say `event`" for event in events}
    for each in tells:
        for alias, event in each.named:
            if len(tells) == 1:
                rows[alias] = _properties(rows_of(event, catalog), alias)
            else:
                other = next(one for one in tells if one is not each)
                absent[alias] = f"`{other.says}` has no step `{alias}`"
    if all(each.progress for each in tells):
        rows[GOAL] = _GOAL
    else:
        absent[GOAL] = "only `every 5th ...` with `progress each step` has steps"
    return Scope(rows, absent, frozenset(alias for each in tells for alias, _ in each.named))


def outcome_names(names: Names, triggers: tuple[ir.Trigger, ...], catalog: model.Catalog) -> Names:
    """What expressions of outcomes may name."""
    tells = [told(each) for each in triggers]
    events = dict.fromkeys(event for each in tells for event in each.events)
    trigger = Trigger(
        tuple(rows_of(event, catalog) for event in events),
        always=all(each.events for each in tells),
        goal=bool(tells) and all(each.progress for each in tells),
    )
    steps = tells[0].named if len(tells) == 1 else ()
    aliases = {alias: rows_of(event, catalog) for alias, event in steps}
    return replace(names, trigger=trigger, aliases=aliases)


def _properties(rows: Rows, alias: str) -> Row:
    """What rows of an event have."""
    found = {
        name: Property(name, each.column_of(name), each.value_type, alias, each.longitude)
        for name, each in rows.attributes.items()
    }
    if rows.source.occurred_column is not None:
        instant = Property(OCCURRED_AT, rows.source.occurred_column, TIMESTAMP, alias)
        found.setdefault(OCCURRED_AT, instant)
    return found


def _common(events: list[Rows], absent: dict[str, str]) -> Row:
    """What rows of all of ``events`` have; why the rest is not there goes to ``absent``."""
    rows = [(event, _properties(event, EVENT)) for event in events]
    common: dict[str, Property] = {}
    for name in dict.fromkeys(name for _, row in rows for name in row):
        having = [row[name] for _, row in rows if name in row]
        lacking = next((event for event, row in rows if name not in row), None)
        other = next((each for each in having if each.type.maybe() != having[0].type.maybe()), None)
        if lacking is not None:
            absent[f"{EVENT}.{name}"] = f"`{lacking.name}` has no `{name}`, and may be what happened"
        elif other is not None:
            absent[f"{EVENT}.{name}"] = f"it is {having[0].type} in one event and {other.type} in another"
        else:
            missing = any(each.type.nullable for each in having)
            common[name] = replace(having[0], type=having[0].type.maybe(missing))
    return common
