"""What an expression may name, and where it stands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from campaign_dsl.language.catalog import model
from campaign_dsl.language.catalog.types import BOOLEAN, INTEGER, Type
from campaign_dsl.language.diagnostics.model import Problems, Span
from campaign_dsl.language.diagnostics.suggest import did_you_mean
from campaign_dsl.language.ir import nodes as ir
from campaign_dsl.language.syntax import tree as t

OCCURRED_AT = "occurred_at"
"""The property every event has: when it happened."""
IT = "it"
"""The element of the list whose filter one is in."""
EVENT, GOAL, CUSTOMER = "event", "goal", "customer"
"""The event that made the campaign happen, what it counts towards, and the customer."""
RESERVED = frozenset({IT, EVENT, GOAL, CUSTOMER})
GOAL_VALUES = {"step": INTEGER, "target": INTEGER, "completed": BOOLEAN}
"""What is known of a goal whose every step is an occurrence."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows whose values can be named: those of an event, or of a related table."""

    name: str
    source: ir.EventSource
    attributes: Mapping[str, model.Attribute]

    @property
    def is_event(self) -> bool:
        return self.source.occurred_column is not None

    @property
    def known(self) -> list[str]:
        return [*self.attributes, OCCURRED_AT] if self.is_event else list(self.attributes)


@dataclass(frozen=True, slots=True)
class Trigger:
    """What made the campaign happen, as its outcomes see it.

    Attributes:
        rows: the events it may have been; none for what happens by the calendar.
        always: whether every occurrence is one of them; else their values may be missing.
        goal: whether `goal.step`, `goal.target` and `goal.completed` are known.
    """

    rows: tuple[Rows, ...] = ()
    always: bool = True
    goal: bool = False


@dataclass(frozen=True, slots=True)
class Listed:
    """A list whose elements a filter asks about: how the author named it, and what it holds."""

    name: str
    type: Type


def _no_list(name: t.Name, problems: Problems) -> tuple[str, ...] | None:
    problems.add(
        "NAM019", f"the list `{name.text}` cannot be read here", name.span, help="name it in a campaign of a workspace"
    )
    return None


def _nowhere(name: str) -> Span | None:
    return None


@dataclass(frozen=True, slots=True)
class Names:
    """What an expression may name.

    Args:
        audience: gives the predicate of a named audience, or None after having reported why there is none.
        default_zone: zone of instants written without an offset.
        static_list: gives the keys in a list of the catalog, or None after having reported why they cannot be read.
        campaigns: every campaign of the workspace, former and retired names included; None when nobody knows.
        trigger: in outcomes, what made the campaign happen.
        rows: inside a filter, whose rows it is a filter of.
        aliases: steps of a sequence that have a name.
        elements: the lists whose filters we are in, the innermost first.
        defined: where a named audience says who it means, or None when nobody knows.
    """

    catalog: model.Catalog
    audience: Callable[[t.Name, Problems], ir.Predicate | None]
    default_zone: str
    static_list: Callable[[t.Name, Problems], tuple[str, ...] | None] = _no_list
    campaigns: frozenset[str] | None = None
    trigger: Trigger | None = None
    rows: Rows | None = None
    aliases: Mapping[str, Rows] = field(default_factory=dict)
    elements: tuple[Listed, ...] = ()
    defined: Callable[[str], Span | None] = _nowhere

    def inside(self, rows: Rows | str) -> Names:
        """In the filter of an event of the catalog, or of other rows."""
        found = event_rows(rows, self.catalog) if isinstance(rows, str) else rows
        return replace(self.of_customers(), rows=found)

    def in_step(self, rows: Rows) -> Names:
        """In the filter of a step of a sequence, where the steps before it are known."""
        return replace(self.inside(rows), aliases=self.aliases)

    def naming(self, alias: str, rows: Rows) -> Names:
        """With a step that later ones can speak of."""
        return replace(self, aliases={**self.aliases, alias: rows})

    def at_element(self, name: str, type_: Type) -> Names:
        """In the filter of a list."""
        return replace(self, elements=(Listed(name, type_), *self.elements))

    def of_customers(self) -> Names:
        """What can be asked of every customer, whatever has happened."""
        return replace(self, rows=None, trigger=None, elements=(), aliases={})

    @property
    def filter_of(self) -> str | None:
        """What the filter we are in asks about, if we are in one."""
        if self.elements:
            return self.elements[0].name
        return self.rows.name if self.rows else None

    @property
    def known(self) -> list[str]:
        """Every name that can begin a path here."""
        found = [name for listed in self.elements for name, _ in listed.type.fields]
        found += [IT] if self.elements else []
        found += self.aliases
        if self.rows is not None:
            return [*found, *self.rows.known]
        catalog = self.catalog
        found += [*catalog.customers.attributes, "age"]
        return [*found, "tier_multiplier"] if catalog.tiers else found


# ----------------------------------------------------------------------------------------------- entries of the catalog


def attribute(catalog: model.Catalog, name: str) -> ir.Attribute | None:
    """The customer attribute called ``name``."""
    entry = catalog.customers.attributes.get(name)
    return None if entry is None else ir.Attribute(name, entry.column_of(name), entry.value_type, entry.longitude)


def event_rows(name: str, catalog: model.Catalog) -> Rows | None:
    """The rows of an event."""
    entry = catalog.events.get(name)
    if entry is None:
        return None
    return Rows(name, _source(name, entry, entry.occurred_at, entry.received_at), entry.properties)


def relation_rows(name: str, catalog: model.Catalog) -> Rows | None:
    """The rows of a related table."""
    entry = catalog.relations.get(name)
    if entry is None:
        return None
    return Rows(name, _source(name, entry), entry.attributes)


def _source(
    name: str, entry: model.Event | model.Relation, occurred: str | None = None, received: str | None = None
) -> ir.EventSource:
    column, value = (None, None) if entry.kind is None else (entry.kind.column, entry.kind.equals)
    return ir.EventSource(name, entry.table, column, value, entry.id, entry.customer, occurred, received)


def event_named(name: t.Name, catalog: model.Catalog, problems: Problems) -> Rows | None:
    """The rows of the event an author named; reports it when there is none."""
    found = event_rows(name.text, catalog)
    if found is None:
        related = name.text in catalog.relations
        help = did_you_mean(name.text, catalog.events, "known events") or "declare it in catalog.yaml"
        problems.add(
            "NAM003",
            f"`{name.text}` is no event, but a related table" if related else f"unknown event `{name.text}`",
            name.span,
            why="its rows are as they are now; nothing says when they happened" if related else None,
            help=f"write `exists {name.text} where ...` or `number of {name.text}`" if related else help,
        )
    return found


def event_source(name: t.Name, catalog: model.Catalog, problems: Problems) -> ir.EventSource | None:
    """Where the events called ``name`` are."""
    found = event_named(name, catalog, problems)
    return None if found is None else found.source
