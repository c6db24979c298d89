"""Which of the tables are the customers, and which of the others point to what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from campaign_dsl.run.inspection import names
from campaign_dsl.run.inspection.clues import Key, called, key_of, like_people, points, suppresses
from campaign_dsl.run.inspection.profiling import ColumnProfile, TableProfile
from campaign_dsl.run.problems import DataProblem


class Roles:
    """What the tables are to each other.

    Attributes:
        tables: those whose names can be written.
        unsayable: the others.
        people: the table of customers, and the ``reason`` why it is thought to be.
        keys: for the place of each table what tells its rows apart.
        owners: for the place of each table the column with keys of customers.
        dimensions: tables of things, by the name of the dimension: some other table has a column called like their key.

    Raises:
        DataProblem: none of the tables can be the customers.
    """

    def __init__(self, tables: Sequence[TableProfile], customers: str | None) -> None:
        self.tables = tuple(each for each in tables if each.table.names and names.writable(each.table.name))
        self.unsayable = tuple(each for each in tables if each not in self.tables)
        self.keys = {each.table.where: key_of(each) for each in self.tables}
        self.people, self.reason = self._people(customers)
        key = self.keys[self.people.table.where]
        assert key is not None
        self.key = key
        self.owners = {each.table.where: self._owner(each) for each in self.tables}
        self.dimensions = self._dimensions()

    def _people(self, customers: str | None) -> tuple[TableProfile, str]:
        """The table of customers, and why it is thought to be."""
        if customers is not None:
            named = next((each for each in self.tables if customers in each.table.names), None)
            if named is None:
                raise DataProblem(
                    f"table `{customers}` is not among the tables",
                    help="name the table as `--table` does, or another one",
                    code="DAT040",
                )
            if self.keys[named.table.where] is None:
                raise DataProblem(
                    f"table `{customers}` has no column that could be a key",
                    help="a key is a text or an integer, in no row missing and in no two the same; "
                    "name a table or a view that has such a column",
                    code="DAT040",
                )
            return named, "named on the command line"
        able = [each for each in self.tables if self.keys[each.table.where] is not None]
        ranked = sorted(able, key=lambda each: (-like_people(each), each.table.where))
        if not ranked or like_people(ranked[0]) < 3:
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

    def _dimensions(self) -> dict[str, tuple[TableProfile, Key]]:
        found: dict[str, tuple[TableProfile, Key]] = {}
        taken: set[str] = set()
        for table in self.tables:
            key = self.keys[table.table.where]
            if table is self.people or self.owners[table.table.where] is not None or key is None:
                continue
            if not table.unique(key.column) or suppresses(table):
                continue
            others = (each for each in self.tables if each is not table)
            if any(points(column, table, key) for other in others for column in other.columns):
                found[names.taken(called(table), taken, "dimension")] = (table, key)
        return found

    def pointers(self, table: TableProfile) -> dict[str, str]:
        """Dimensions by the columns of a table that hold their keys."""
        found: dict[str, str] = {}
        for name, (other, key) in self.dimensions.items():
            if other is not table:
                found |= {each.name: name for each in table.columns if points(each, other, key)}
        return found

    def identity(self, table: TableProfile, owner: ColumnProfile) -> Key | None:
        """What tells the rows of a table apart, beside the customer."""
        columns = tuple(each for each in table.columns if each is not owner)
        return key_of(replace(table, columns=columns))
