"""From what tables look like to a drafted catalog: which are the customers, which are events, what points to what.

By names, uniqueness and types. The same tables give the same draft.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from campaign_dsl.language.catalog.profile import FacetEvents, Profile
from campaign_dsl.language.catalog.sources import Event
from campaign_dsl.language.catalog.types import Kind
from campaign_dsl.run.inspection import names
from campaign_dsl.run.inspection.attributes import typed
from campaign_dsl.run.inspection.draft import GUESS, Draft, Drafted, Setting
from campaign_dsl.run.inspection.profiling import ColumnProfile, TableProfile
from campaign_dsl.run.problems import DataProblem

_KEYED = (Kind.TEXT, Kind.INTEGER)


def drafted(tables: Sequence[TableProfile], customers: str | None = None) -> Draft:
    """The draft of a catalog.

    Args:
        customers: the table of customers, as the catalog would call it; None: it is guessed.

    Raises:
        DataProblem: none of the tables can be the customers.
    """
    return _Drafting(tables, customers).draft()


@dataclass(frozen=True, slots=True)
class _Key:
    """A column that tells rows of a table apart, and why it is thought to."""

    column: ColumnProfile
    reason: str


class _Drafting:
    def __init__(self, tables: Sequence[TableProfile], customers: str | None) -> None:
        self.tables = tuple(each for each in tables if each.table.names and names.writable(each.table.name))
        self.unsayable = tuple(each for each in tables if each not in self.tables)
        self.keys = {each.table.where: _key(each) for each in self.tables}
        self.people, self.reason = self._people(customers)
        key = self.keys[self.people.table.where]
        assert key is not None
        self.key = key
        self.owners = {each.table.where: self._owner(each) for each in self.tables}
        self.dimensions = self._dimensions()
        self.names: dict[str, set[str]] = {}

    def draft(self) -> Draft:
        entries, aside = (
            [self._customers()],
            [(each.table.where, "its name cannot be written") for each in self.unsayable],
        )
        for table in self.tables:
            if table is self.people:
                continue
            made = list(self._entries(table))
            entries += made
            if not made:
                aside.append((table.table.where, self._why_not(table)))
        return Draft(tuple(entries), tuple(aside))

    # ------------------------------------------------------------------------------------- what points to what

    def _people(self, customers: str | None) -> tuple[TableProfile, str]:
        """The table of customers, and why it is thought to be."""
        if customers is not None:
            named = next((each for each in self.tables if customers in each.table.names), None)
            if named is None or self.keys[named.table.where] is None:
                what = "is not among the tables" if named is None else "has no column that could be a key"
                raise DataProblem(
                    f"table `{customers}` {what}",
                    help="name the table as `--table` does, or another one",
                    code="DAT040",
                )
            return named, "named on the command line"
        able = [each for each in self.tables if self.keys[each.table.where] is not None]
        ranked = sorted(able, key=lambda each: (-_like_people(each), each.table.where))
        if not ranked or _like_people(ranked[0]) < 3:
            raise DataProblem(
                "no table looks like the customers" if self.tables else "there are no tables",
                help="name it with `--customers TABLE`, or look whether the target is the right one",
                code="DAT040",
            )
        return ranked[0], "by its name, its key and its columns"

    def _owner(self, table: TableProfile) -> ColumnProfile | None:
        """The column of a table that holds keys of customers."""
        if table is self.people:
            return None
        said, kind = self.key.column.name, self.key.column.kind
        fitting = [each for each in table.columns if each.kind is kind and names.writable(each.name)]
        owner = self.people.table.name
        pointing = [each for each in fitting if names.points_to(each.name, owner, said)]
        pointing += [each for each in fitting if any(names.points_to(each.name, who, said) for who in names.PEOPLE)]
        return pointing[0] if pointing else None

    def _dimensions(self) -> dict[str, tuple[TableProfile, _Key]]:
        """Tables of things, by the name of the dimension: some other table has a column called like their key."""
        found: dict[str, tuple[TableProfile, _Key]] = {}
        taken: set[str] = set()
        for table in self.tables:
            key = self.keys[table.table.where]
            if table is self.people or self.owners[table.table.where] is not None or key is None:
                continue
            if not table.unique(key.column) or _suppresses(table):
                continue
            others = (each for each in self.tables if each is not table)
            if any(_points(column, table, key) for other in others for column in other.columns):
                found[names.taken(_called(table), taken, "dimension")] = (table, key)
        return found

    def _pointers(self, table: TableProfile) -> dict[str, str]:
        """Dimensions by the columns of a table that hold their keys."""
        found: dict[str, str] = {}
        for name, (other, key) in self.dimensions.items():
            if other is not table:
                found |= {each.name: name for each in table.columns if _points(each, other, key)}
        return found

    # ------------------------------------------------------------------------------------------------- entries

    def _customers(self) -> Drafted:
        table, key = self.people, self.key.column
        settings = []
        special = (("time_zone", names.ZONES), ("language", names.LANGUAGES), ("country", names.COUNTRIES))
        texts = {key.name}
        attributes = {}
        chosen: list[tuple[str, ColumnProfile]] = []
        for setting, called in (("birth_date", names.BIRTHS), *special):
            kind = Kind.DATE if setting == "birth_date" else Kind.TEXT
            column = _called_one_of(table, called, kind)
            if column is not None and names.writable(column.name):
                chosen.append((setting, column))
                texts.add(column.name)
        made, left_out = typed(
            table.columns, set(), people=True, texts=texts, keys=[key.name], pointers=self._pointers(table)
        )
        attributes = {each.columns[0]: each.name for each in made}
        settings.append(Setting("key", attributes[key.name], GUESS + self.key.reason))
        settings += [Setting(setting, attributes[each.name], GUESS + "by its name") for setting, each in chosen]
        above = (GUESS + f"these are the customers, {self.reason}; {_rows(table)}",)
        return Drafted(
            "customers", "customers", table.table.name, tuple(settings), typed=made, above=above, left_out=left_out
        )

    def _entries(self, table: TableProfile) -> Iterable[Drafted]:
        """What a table is described as; nothing, when it is none of what there is."""
        facet = self._facet(table)
        if facet is not None:
            yield facet
        elif self.owners[table.table.where] is not None:
            yield from self._of_customers(table)
        elif _suppresses(table):
            yield self._suppression(table)
        else:
            for name, (other, key) in self.dimensions.items():
                if other is table:
                    yield self._dimension(name, table, key)

    def _dimension(self, name: str, table: TableProfile, key: _Key) -> Drafted:
        pointers = self._pointers(table)
        made, left_out = typed(table.columns, set(), texts=[key.column.name], keys=[key.column.name], pointers=pointers)
        said = next(each.name for each in made if each.columns[0] == key.column.name)
        above = (GUESS + f"other tables point to it; {_rows(table)}",)
        settings = (Setting("key", said, GUESS + key.reason),)
        return Drafted("dimensions", name, table.table.name, settings, typed=made, above=above, left_out=left_out)

    def _of_customers(self, table: TableProfile) -> Iterable[Drafted]:
        """Rows that belong to customers: events, when it is known at which instant each happened and which it is."""
        owner = self.owners[table.table.where]
        assert owner is not None
        when = _first(table, names.OCCURRED, Kind.TIMESTAMP)
        if when is None and names.of_events(table.table.name):
            others = [each for each in _instants(table) if names.slug(each.name) not in names.RECEIVED]
            when = others[0] if others else None
        id = self._identity(table, owner)
        if when is None or id is None:
            yield self._relation(table, owner, id)
            return
        arrived = _first(table, names.RECEIVED, Kind.TIMESTAMP)
        settings = [
            *_unless(Event, "id", id.column.name, GUESS + id.reason),
            *_unless(Event, "customer", owner.name, GUESS + "called like the key of customers"),
            *_unless(Event, "occurred_at", when.name, GUESS + "when it happened, by its name"),
        ]
        if arrived is not None:
            remark = GUESS + "when it arrived, by its name"
            settings.append(Setting("received_at", names.scalar(arrived.name), remark))
        used = {each.name for each in (id.column, owner, when, arrived) if each is not None}
        yield from self._events(table, tuple(settings), used)

    def _events(self, table: TableProfile, settings: tuple[Setting, ...], used: set[str]) -> Iterable[Drafted]:
        pointers = self._pointers(table)
        if not table.kinds or table.kind_column is None or not names.writable(table.kind_column):
            made, left_out = typed(table.columns, used, pointers=pointers)
            above = (GUESS + f"events of customers; {_rows(table)}",)
            name = self._name("events", _called(table))
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

    def _relation(self, table: TableProfile, owner: ColumnProfile, id: _Key | None) -> Drafted:
        settings = list(_unless(Event, "customer", owner.name, GUESS + "called like the key of customers"))
        if id is not None:
            settings.insert(0, Setting("id", names.scalar(id.column.name), GUESS + id.reason))
        used = {owner.name} | ({id.column.name} if id is not None else set())
        for said in (used, {owner.name}, set[str]()):  # something there has to be
            made, left_out = typed(table.columns, said, pointers=self._pointers(table))
            if made:
                break
        why = "is called like the instant of an event" if id is not None else "tells its rows apart"
        above = (GUESS + f"rows as they are now, since no column {why}; {_rows(table)}",)
        name = self._name("relations", _called(table))
        return Drafted("relations", name, table.table.name, tuple(settings), typed=made, above=above, left_out=left_out)

    def _facet(self, table: TableProfile) -> Drafted | None:
        """A facet of the profile, when a table has all of its columns, under their usual names and of its types."""
        owner = self.owners[table.table.where]
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
            id = self._identity(table, owner)
            if issubclass(model, FacetEvents):
                when = _first(table, names.OCCURRED, Kind.TIMESTAMP) or next(iter(_instants(table)), None)
                if id is None or when is None:
                    continue
                settings += _unless(model, "id", id.column.name, GUESS + id.reason)
                settings += _unless(model, "occurred_at", when.name, GUESS + "when it happened, by its name")
                arrived = _first(table, names.RECEIVED, Kind.TIMESTAMP)
                if arrived is not None:
                    remark = GUESS + "when it arrived, by its name"
                    settings.append(Setting("received_at", names.scalar(arrived.name), remark))
            elif "id" in model.model_fields and id is not None:
                settings.append(Setting("id", names.scalar(id.column.name), GUESS + id.reason))
            self._name("profile", name)
            above = (GUESS + f"it has the columns of `profile: {name}`; {_rows(table)}",)
            return Drafted("profile", name, table.table.name, tuple(settings), above=above)
        return None

    def _suppression(self, table: TableProfile) -> Drafted:
        column = _address(table)
        assert column is not None
        above = (GUESS + f"addresses nobody writes to, by its name; {_rows(table)}",)
        settings = (Setting("address", names.scalar(column.name)),) if column.name != "address" else ()
        name = self._name("suppression_lists", _called(table))
        return Drafted("suppression_lists", name, table.table.name, settings, above=above)

    def _identity(self, table: TableProfile, owner: ColumnProfile) -> _Key | None:
        """What tells the rows of a table apart, beside the customer."""
        columns = tuple(each for each in table.columns if each is not owner)
        return _key(replace(table, columns=columns))

    def _name(self, section: str, wanted: str) -> str:
        return names.taken(wanted, self.names.setdefault(section, set()), section.rstrip("s"))

    def _why_not(self, table: TableProfile) -> str:
        if self.keys[table.table.where] is None:
            return "no column looks like the key of a customer, and none tells its rows apart"
        return "no column looks like the key of a customer, and no other table points to it"


_FACETS = {
    name: next(each for each in field.annotation.__args__ if each is not type(None))
    for name, field in Profile.model_fields.items()
    if field.annotation is not None
}


def _key(table: TableProfile) -> _Key | None:
    """The column that tells the rows of a table apart: unique, and called like one."""
    asked = [each for each in table.columns if each.repeated is not None and names.writable(each.name)]
    one = names.singular(table.table.name.rpartition(".")[2])
    preferred = {f"{one}_id": 0, "id": 1, f"{one}_key": 1, f"{one}_no": 1, f"{one}id": 1, "event_id": 2}

    def rank(column: ColumnProfile) -> tuple[bool, int, int]:
        unique = table.unique(column)
        return (not unique, preferred.get(names.slug(column.name), 9), table.columns.index(column))

    for column in sorted(asked, key=rank):
        if table.unique(column):
            return _Key(column, f"its {column.known:,} values differ")
        if names.slug(column.name) in preferred:
            missing, repeated = table.rows - column.known, column.repeated or 0
            said = [f"{missing:,} are missing"] if missing else []
            said += [f"{repeated:,} stand in several rows"] if repeated else []
            return _Key(column, "by its name" + (f", but of its values {' and '.join(said)}" if said else ""))
    return None


def _like_people(table: TableProfile) -> int:
    """How much a table looks like the customers."""
    personal = sum(names.is_personal(each.name) for each in table.columns)
    return 3 * names.of_people(table.table.name.rpartition(".")[2]) + min(3, personal)


def _points(column: ColumnProfile, table: TableProfile, key: _Key) -> bool:
    return column.kind is key.column.kind and names.leads_to(column.name, table.table.name, key.column.name)


def _called(table: TableProfile) -> str:
    return table.table.name.rpartition(".")[2]


def _rows(table: TableProfile) -> str:
    return "the table is empty" if not table.rows else f"{table.rows:,} row" + ("s" if table.rows > 1 else "")


def _instants(table: TableProfile) -> list[ColumnProfile]:
    return [each for each in table.columns if each.kind is Kind.TIMESTAMP and names.writable(each.name)]


def _first(table: TableProfile, called: Sequence[str], kind: Kind) -> ColumnProfile | None:
    """The column with the likeliest of some names."""
    there = {names.slug(each.name): each for each in table.columns if each.kind is kind and names.writable(each.name)}
    return next((there[name] for name in called if name in there), None)


_called_one_of = _first


def _suppresses(table: TableProfile) -> bool:
    return not names.SUPPRESSED.isdisjoint(names.parts(_called(table))) and _address(table) is not None


def _address(table: TableProfile) -> ColumnProfile | None:
    return _first(table, names.ADDRESSES, Kind.TEXT)


def _unless(model: type, key: str, column: str, remark: str) -> list[Setting]:
    """A setting, unless it says what is meant without it."""
    default = model.model_fields[key].default  # type: ignore[attr-defined]
    return [] if default == column else [Setting(key, names.scalar(column), remark)]
