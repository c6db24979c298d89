"""What a catalog says of tables: which columns it needs, of which types, and what it promises of their values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from campaign_dsl.language.catalog.attributes import Attribute
from campaign_dsl.language.catalog.model import Catalog
from campaign_dsl.language.catalog.positions import Positions
from campaign_dsl.language.catalog.profile import Facet, FacetEvents, WalletRows
from campaign_dsl.language.catalog.sources import AddressList, Discriminator, Event, Relation
from campaign_dsl.language.catalog.types import TEXT, TIMESTAMP, Kind, Type
from campaign_dsl.language.diagnostics.model import Span


class Part(StrEnum):
    """What a column is for, beyond having a value."""

    VALUE = "value"
    KEY = "key"
    ZONE = "zone"
    BIRTH = "birth date"
    LATITUDE = "latitude"
    LONGITUDE = "longitude"
    ID = "id"
    OWNER = "customer"
    OCCURRED = "occurred_at"
    RECEIVED = "received_at"


@dataclass(frozen=True, slots=True)
class Promise:
    """What a catalog says of one column.

    Args:
        column: its name in the table.
        said: what the catalog calls what is in it.
        type: None of a column whose values are only compared with each other.
        where: the place that names the column.
        of_type, of_words, of_nullable: the places that say its type, its words, and whether it may be missing.
        personal: whether its values are shown to nobody.
    """

    column: str
    said: str
    type: Type | None
    where: Span
    of_type: Span
    of_words: Span
    of_nullable: Span
    part: Part = Part.VALUE
    personal: bool = False


@dataclass(frozen=True, slots=True)
class Use:
    """What one entry of a catalog says of a table.

    Args:
        section, name: where the catalog has it: `events`, `purchase`.
        entry: as messages call it, `event purchase`.
        rows_of: which rows of the table are meant; all of them when None.
        promises: of its columns. Several may be of one column.
        where: the place that names the table; ``key``: that of the entry.
        fresh: within how many seconds something new is promised; None: nothing is.
        is_event: whether its rows come in by and by.
    """

    section: str
    name: str
    entry: str
    table: str
    rows_of: Discriminator | None
    promises: tuple[Promise, ...]
    where: Span
    key: Span
    fresh: Span | None = None
    fresh_seconds: int | None = None
    is_event: bool = False

    def of(self, part: Part) -> Promise | None:
        """The column that is for ``part``."""
        return next((each for each in self.promises if each.part is part), None)


def uses(catalog: Catalog, positions: Positions) -> tuple[Use, ...]:
    """Every table that a catalog names, in the order of the catalog."""
    reader = _Reader(catalog, positions)
    return (
        reader.customers(),
        *(reader.event(name, event) for name, event in catalog.events.items()),
        *(reader.dimension(name) for name in catalog.dimensions),
        *(reader.relation(name, relation) for name, relation in catalog.relations.items()),
        *(reader.facet(name, facet) for name, facet in catalog.profile.facets.items()),
        *(reader.addresses(name, entry) for name, entry in catalog.suppression_lists.items()),
    )


@dataclass(frozen=True)
class _Reader:
    catalog: Catalog
    positions: Positions

    def customers(self) -> Use:
        entry = self.catalog.customers
        parts = {entry.birth_date: Part.BIRTH, entry.time_zone: Part.ZONE, entry.key: Part.KEY}
        return self._use(
            "customers",
            entry.table,
            None,
            self._attributes(entry.attributes, ("customers", "attributes"), parts),
            "customers",
        )

    def event(self, name: str, event: Event) -> Use:
        path = ("events", name)
        own = self._history(event, path)
        said = self._attributes(event.properties, (*path, "properties"), {})
        return self._use(f"event `{name}`", event.table, event.kind, [*own, *said], *path)

    def dimension(self, name: str) -> Use:
        entry = self.catalog.dimensions[name]
        said = self._attributes(entry.attributes, ("dimensions", name, "attributes"), {entry.key: Part.KEY})
        return self._use(f"dimension `{name}`", entry.table, None, said, "dimensions", name)

    def relation(self, name: str, relation: Relation) -> Use:
        path = ("relations", name)
        own = [self._owner(relation.customer, path)]
        if relation.id is not None:
            own.append(self._column(relation.id, None, (*path, "id"), Part.ID))
        said = self._attributes(relation.attributes, (*path, "attributes"), {})
        return self._use(f"relation `{name}`", relation.table, relation.kind, [*own, *said], *path)

    def facet(self, name: str, facet: Facet) -> Use:
        path = ("profile", name)
        if isinstance(facet, FacetEvents):
            own = list(self._history(facet, path))
        else:
            own = [self._owner(facet.customer, path)]
            if isinstance(facet, WalletRows) and facet.id is not None:
                own.append(self._column(facet.id, None, (*path, "id"), Part.ID))
        own += [self._column(getattr(facet, key), type_, (*path, key)) for key, type_ in facet.TYPES.items()]
        return self._use(f"profile `{name}`", facet.table, None, own, *path)

    def addresses(self, name: str, entry: AddressList) -> Use:
        path = ("suppression_lists", name)
        own = [self._column(entry.address, TEXT.maybe(), (*path, "address"), personal=True)]
        return self._use(f"suppression list `{name}`", entry.table, entry.where, own, *path, kind="where")

    def _use(
        self,
        entry: str,
        table: str,
        rows_of: Discriminator | None,
        promises: list[Promise],
        *path: str,
        kind: str = "kind",
    ) -> Use:
        if rows_of is not None:
            promises = [self._column(rows_of.column, TEXT.maybe(), (*path, kind, "column")), *promises]
        event = self.catalog.events.get(path[1]) if path[0] == "events" else None
        return Use(
            path[0],
            path[-1],
            entry,
            table,
            rows_of,
            tuple(promises),
            self.positions.value(*path, "table"),
            self.positions.key(*path),
            self.positions.value(*path, "fresh_within") if event is not None and event.fresh_within else None,
            event.fresh_seconds if event is not None else None,
            event is not None,
        )

    def _history(self, entry: Event | FacetEvents, path: tuple[str, ...]) -> Iterator[Promise]:
        yield self._owner(entry.customer, path)
        yield self._column(entry.id, None, (*path, "id"), Part.ID)
        yield self._column(entry.occurred_at, TIMESTAMP.maybe(), (*path, "occurred_at"), Part.OCCURRED)
        if entry.received_at is not None:
            yield self._column(entry.received_at, TIMESTAMP.maybe(), (*path, "received_at"), Part.RECEIVED)

    def _owner(self, column: str, path: tuple[str, ...]) -> Promise:
        customers = self.catalog.customers
        key = customers.attributes[customers.key]
        return self._column(column, key.value_type.maybe(), (*path, "customer"), Part.OWNER)

    def _column(
        self,
        column: str,
        type_: Type | None,
        path: tuple[str, ...],
        part: Part = Part.VALUE,
        *,
        personal: bool = False,
    ) -> Promise:
        span = self.positions.value(*path)
        return Promise(column, path[-1], type_, span, span, span, span, part, personal)

    def _attributes(
        self, attributes: Mapping[str, Attribute], path: tuple[str, ...], parts: Mapping[str | None, Part]
    ) -> list[Promise]:
        found: list[Promise] = []
        for name, attribute in attributes.items():
            here = (*path, name)
            personal = attribute.pii
            if attribute.type is Kind.GEO:
                assert attribute.latitude is not None
                assert attribute.longitude is not None
                for key, part in (("latitude", Part.LATITUDE), ("longitude", Part.LONGITUDE)):
                    span = self.positions.value(*here, key)
                    column = getattr(attribute, key)
                    degrees = attribute.value_type
                    found.append(Promise(column, name, degrees, span, span, span, span, part, personal=True))
            else:
                where = self.positions.value(*here, "column") if attribute.column else self.positions.key(*here)
                found.append(
                    Promise(
                        attribute.column_of(name),
                        name,
                        attribute.value_type,
                        where,
                        self.positions.value(*here, "type"),
                        self.positions.value(*here, "values"),
                        self.positions.value(*here, "nullable"),
                        parts.get(name, Part.VALUE),
                        personal,
                    )
                )
            if attribute.changed_at is not None:
                found.append(self._column(attribute.changed_at, TIMESTAMP.maybe(), (*here, "changed_at")))
        return found
