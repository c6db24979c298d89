"""Of a draft, what a catalog does not know yet."""

from __future__ import annotations

from dataclasses import replace

from campaign_dsl.language.catalog.model import Catalog
from campaign_dsl.language.catalog.positions import Positions
from campaign_dsl.language.catalog.stored import Inventory
from campaign_dsl.run.inspection.draft import Draft, Drafted, Typed
from campaign_dsl.run.inspection.names import remark
from campaign_dsl.run.inspection.uses import Use, uses


def additions(draft: Draft, catalog: Catalog, positions: Positions, inventory: Inventory) -> Draft:
    """Entries of tables and events that the catalog does not name; and of those it does, the columns that are new.

    Where the catalog says of a table what a draft would not, new columns are only listed.
    """
    there = uses(catalog, positions)
    entries, listed = [], dict[str, str]()
    for entry in draft.entries:
        same = [use for use in there if _same_table(use, entry, inventory)]
        meant = next((use for use in same if use.section == entry.section and _same_rows(use, entry)), None)
        if not same or (entry.kind is not None and meant is None and all(use.section == "events" for use in same)):
            entries.append(replace(entry, name=_free(entry, catalog)))
        elif meant is not None:
            left = _new(entry.typed, [use for use in same if use.section != "events" or use is meant], inventory)
            if left:
                entries.append(
                    replace(
                        entry, name=meant.name, settings=(), typed=left, kind=None, table=None, above=(), left_out=()
                    )
                )
        elif left := _new(entry.typed, same, inventory):
            columns = ", ".join(column for each in left for column in each.columns)
            listed[entry.table or ""] = f"the catalog does not speak of {remark(columns)}"
    return Draft(tuple(entries), tuple(listed.items()))


def _same_table(use: Use, entry: Drafted, inventory: Inventory) -> bool:
    table = inventory.table(use.table)
    return table is not None and entry.table is not None and table is inventory.table(entry.table)


def _same_rows(use: Use, entry: Drafted) -> bool:
    """Whether a use and an entry are about the same rows of a table."""
    if entry.kind is None or use.rows_of is None:
        return True
    return use.rows_of.equals == entry.kind[1]


def _new(typed: tuple[Typed, ...], same: list[Use], inventory: Inventory) -> tuple[Typed, ...]:
    known = {inventory.folded(promise.column) for use in same for promise in use.promises}
    names = {promise.said for use in same for promise in use.promises}
    left = [each for each in typed if not known.intersection(map(inventory.folded, each.columns))]
    return tuple(replace(each, name=f"{each.name}_2") if each.name in names else each for each in left)


def _free(entry: Drafted, catalog: Catalog) -> str:
    """The name of an entry, or one like it that the catalog does not have."""
    others = getattr(catalog, entry.section, {})
    if not isinstance(others, dict) or entry.name not in others:
        return entry.name
    return next(name for number in range(2, 10_000) if (name := f"{entry.name}_{number}") not in others)
