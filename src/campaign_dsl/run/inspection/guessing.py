"""From what tables look like to a drafted catalog: which are the customers, which are events, what points to what.

By names, uniqueness and types. The same tables give the same draft.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from campaign_dsl.language.catalog.profile import FacetEvents, Profile
from campaign_dsl.language.catalog.sources import Event
from campaign_dsl.language.catalog.types import Kind
from campaign_dsl.run.inspection import names
from campaign_dsl.run.inspection.attributes import typed
from campaign_dsl.run.inspection.clues import Key, address, called, first, instants, rows_of, suppresses
from campaign_dsl.run.inspection.draft import GUESS, Draft, Drafted, Setting
from campaign_dsl.run.inspection.profiling import ColumnProfile, TableProfile
from campaign_dsl.run.inspection.roles import Roles


def drafted(tables: Sequence[TableProfile], customers: str | None = None) -> Draft:
    """The draft of a catalog.

    Args:
        customers: the table of customers, as the catalog would call it; None: it is guessed.

    Raises:
        DataProblem: none of the tables can be the customers.
    """
    return _Drafting(Roles(tables, customers)).draft()


class _Drafting:
    def __init__(self, roles: Roles) -> None:
        self.roles = roles
        self.names: dict[str, set[str]] = {}

    def draft(self) -> Draft:
        entries = [self._customers()]
        aside = [(each.table.where, "its name cannot be written") for each in self.roles.unsayable]
        for table in self.roles.tables:
            if table is self.roles.people:
                continue
            made = list(self._entries(table))
            entries += made
            if not made:
                aside.append((table.table.where, self._why_not(table)))
        return Draft(tuple(entries), tuple(aside))

    # ------------------------------------------------------------------------------------------------- entries

    def _customers(self) -> Drafted:
        table, key = self.roles.people, self.roles.key.column
        special = (("time_zone", names.ZONES), ("language", names.LANGUAGES), ("country", names.COUNTRIES))
        texts = {key.name}
        attributes = {}
        chosen: list[tuple[str, ColumnProfile]] = []
        for setting, likely in (("birth_date", names.BIRTHS), *special):
            kind = Kind.DATE if setting == "birth_date" else Kind.TEXT
            column = first(table, likely, kind)
            if column is not None and names.writable(column.name):
                chosen.append((setting, column))
                texts.add(column.name)
        made, left_out = typed(
            table.columns, set(), people=True, texts=texts, keys=[key.name], pointers=self.roles.pointers(table)
        )
        attributes = {each.columns[0]: each.name for each in made}
        settings = [Setting("key", attributes[key.name], GUESS + self.roles.key.reason)]
        settings += [Setting(setting, attributes[each.name], GUESS + "by its name") for setting, each in chosen]
        above = (GUESS + f"these are the customers, {self.roles.reason}; {rows_of(table)}",)
        return Drafted(
            "customers", "customers", table.table.name, tuple(settings), typed=made, above=above, left_out=left_out
        )

    def _entries(self, table: TableProfile) -> Iterable[Drafted]:
        """What a table is described as; nothing, when it is none of what there is."""
        facet = self._facet(table)
        if facet is not None:
            yield facet
        elif self.roles.owners[table.table.where] is not None:
            yield from self._of_customers(table)
        elif suppresses(table):
            yield self._suppression(table)
        else:
            for name, (other, key) in self.roles.dimensions.items():
                if other is table:
                    yield self._dimension(name, table, key)

    def _dimension(self, name: str, table: TableProfile, key: Key) -> Drafted:
        pointers = self.roles.pointers(table)
        made, left_out = typed(table.columns, set(), texts=[key.column.name], keys=[key.column.name], pointers=pointers)
        said = next(each.name for each in made if each.columns[0] == key.column.name)
        above = (GUESS + f"other tables point to it; {rows_of(table)}",)
        settings = (Setting("key", said, GUESS + key.reason),)
        return Drafted("dimensions", name, table.table.name, settings, typed=made, above=above, left_out=left_out)

    def _of_customers(self, table: TableProfile) -> Iterable[Drafted]:
        """Rows that belong to customers: events, when it is known at which instant each happened and which it is."""
        owner = self.roles.owners[table.table.where]
        assert owner is not None
        when = first(table, names.OCCURRED, Kind.TIMESTAMP)
        if when is None and names.of_events(table.table.name):
            others = [each for each in instants(table) if names.slug(each.name) not in names.RECEIVED]
            when = others[0] if others else None
        id = self.roles.identity(table, owner)
        if when is None or id is None:
            yield self._relation(table, owner, id)
            return
        arrived = first(table, names.RECEIVED, Kind.TIMESTAMP)
        settings = [
            *_unless(Event, "id", id.column.name, GUESS + id.reason),
            *_unless(Event, "customer", owner.name, GUESS + "called like the key of customers"),
            *_unless(Event, "occurred_at", when.name, GUESS + "when it happened, by its name"),
            *_received(arrived),
        ]
        used = {each.name for each in (id.column, owner, when, arrived) if each is not None}
        yield from self._events(table, tuple(settings), used)

    def _events(self, table: TableProfile, settings: tuple[Setting, ...], used: set[str]) -> Iterable[Drafted]:
        pointers = self.roles.pointers(table)
        if not table.kinds or table.kind_column is None or not names.writable(table.kind_column):
            made, left_out = typed(table.columns, used, pointers=pointers)
            above = (GUESS + f"events of customers; {rows_of(table)}",)
            name = self._name("events", called(table))
            yield Drafted("events", name, table.table.name, settings, "properties", made, None, above, left_out)
            return
        for word, (rows, known) in table.kinds.items():
            if not names.writable(word):
                continue
            here = [each for each in table.columns if known[each.name]]
            made, left_out = typed(here, used | {table.kind_column}, pointers=pointers, known=known)
            above = (
                GUESS + f"an event of its own, by the words of `{names.remark(table.kind_column)}`; {rows:,} rows",
            )
            kind = (table.kind_column, word)
            name = self._name("events", word)
            yield Drafted("events", name, table.table.name, settings, "properties", made, kind, above, left_out)

    def _relation(self, table: TableProfile, owner: ColumnProfile, id: Key | None) -> Drafted:
        settings = list(_unless(Event, "customer", owner.name, GUESS + "called like the key of customers"))
        if id is not None:
            settings.insert(0, Setting("id", names.scalar(id.column.name), GUESS + id.reason))
        used = {owner.name} | ({id.column.name} if id is not None else set())
        for said in (used, {owner.name}, set[str]()):  # something there has to be
            made, left_out = typed(table.columns, said, pointers=self.roles.pointers(table))
            if made:
                break
        why = "is called like the instant of an event" if id is not None else "tells its rows apart"
        above = (GUESS + f"rows as they are now, since no column {why}; {rows_of(table)}",)
        name = self._name("relations", called(table))
        return Drafted("relations", name, table.table.name, tuple(settings), typed=made, above=above, left_out=left_out)

    def _facet(self, table: TableProfile) -> Drafted | None:
        """A facet of the profile, when a table has all of its columns, under their usual names and of its types."""
        owner = self.roles.owners[table.table.where]
        there = {each.name: each for each in table.columns}
        if owner is None:
            return None
        for name, model in _FACETS.items():
            wanted = {key: model.model_fields[key].default for key in model.TYPES}
            fits = all(
                column in there and there[column].kind is model.TYPES[key].kind for key, column in wanted.items()
            )
            if not fits or name in self.names.get("profile", set()):
                continue
            if len(wanted) == 1 and names.singular(name) not in names.singular(table.table.name):
                continue  # one column of a usual name says little
            settings = list(_unless(model, "customer", owner.name, GUESS + "called like the key of customers"))
            id = self.roles.identity(table, owner)
            if issubclass(model, FacetEvents):
                when = first(table, names.OCCURRED, Kind.TIMESTAMP) or next(iter(instants(table)), None)
                if id is None or when is None:
                    continue
                settings += _unless(model, "id", id.column.name, GUESS + id.reason)
                settings += _unless(model, "occurred_at", when.name, GUESS + "when it happened, by its name")
                settings += _received(first(table, names.RECEIVED, Kind.TIMESTAMP))
            elif "id" in model.model_fields and id is not None:
                settings.append(Setting("id", names.scalar(id.column.name), GUESS + id.reason))
            self._name("profile", name)
            above = (GUESS + f"it has the columns of `profile: {name}`; {rows_of(table)}",)
            return Drafted("profile", name, table.table.name, tuple(settings), above=above)
        return None

    def _suppression(self, table: TableProfile) -> Drafted:
        column = address(table)
        assert column is not None
        above = (GUESS + f"addresses nobody writes to, by its name; {rows_of(table)}",)
        settings = (Setting("address", names.scalar(column.name)),) if column.name != "address" else ()
        name = self._name("suppression_lists", called(table))
        return Drafted("suppression_lists", name, table.table.name, settings, above=above)

    def _name(self, section: str, wanted: str) -> str:
        return names.taken(wanted, self.names.setdefault(section, set()), section.rstrip("s"))

    def _why_not(self, table: TableProfile) -> str:
        if self.roles.keys[table.table.where] is None:
            return "no column looks like the key of a customer, and none tells its rows apart"
        return "no column looks like the key of a customer, and no other table points to it"


_FACETS = {
    name: next(each for each in field.annotation.__args__ if each is not type(None))
    for name, field in Profile.model_fields.items()
    if field.annotation is not None
}


def _unless(model: type, key: str, column: str, remark: str) -> list[Setting]:
    """A setting, unless it says what is meant without it."""
    default = model.model_fields[key].default  # type: ignore[attr-defined]
    return [] if default == column else [Setting(key, names.scalar(column), remark)]


def _received(column: ColumnProfile | None) -> list[Setting]:
    if column is None:
        return []
    return [Setting("received_at", names.scalar(column.name), GUESS + "when it arrived, by its name")]
