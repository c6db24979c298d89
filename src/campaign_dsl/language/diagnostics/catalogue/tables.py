"""DAT, second part: where the tables of a target are not as the catalog says. `campaign check --target` finds it."""

from __future__ import annotations

from campaign_dsl.language.diagnostics.catalogue.model import Code


def _tables(code: str, title: str, why: str, fix: str) -> Code:
    return Code(code, title, why, fix, None, None, "tables")


TABLES = (
    _tables(
        "DAT020",
        "a table that is not there",
        "The catalog names a table that this target does not have, so nothing that needs it can run here.",
        "Correct the name; a table of another schema is written as in `shop.orders`. Or choose another target.",
    ),
    _tables(
        "DAT021",
        "a column that is not there",
        "The table has changed since the catalog was written, or the column has another name. What is not said in the "
        "catalog has a default: `event_id`, `customer_id` and `occurred_at`.",
        "Name the column that holds it, as in `column: store_no`, or take the entry out.",
    ),
    _tables(
        "DAT022",
        "a column of another type",
        "The catalog says what conditions may ask: whether it is a number, a day, a text. Where the column is "
        "something else, comparisons mean something else or fail. It is a warning where values can be read, though not "
        "quite as promised: binary fractions, UUIDs.",
        "Declare the type that the column has, or let whoever loads the table give it the type that is meant.",
    ),
    _tables(
        "DAT023",
        "values that cannot be read as their type",
        "SQLite lets any value stand in any column: a text where the catalog promises a number. A campaign that asks "
        "for it stops there.",
        "Mend the values where they come from, or declare the attribute as what it is.",
    ),
    _tables(
        "DAT024",
        "missing values where the catalog promises that there are none",
        "With `nullable: false` nobody asks whether the value is there, so conditions and messages can be wrong for "
        "these rows.",
        "Write `nullable: true`, or let the values be filled where they come from.",
    ),
    _tables(
        "DAT025",
        "values that are none of the words of an enum",
        "Conditions, segments and contents are checked for every word that the catalog knows, and for no other. Rows "
        "with another one are left out, and nobody notices.",
        "Add the words to `values`, or let the values be mended where they come from.",
    ),
    _tables(
        "DAT026",
        "zones that do not exist",
        "Customers whose zone is no name of the tz database are set aside: nobody knows which day it is there.",
        "Let the values be mended where they come from. Zones look like `America/New_York`, not `EST5` or `+02:00`.",
    ),
    _tables(
        "DAT027",
        "a key that is missing or stands in several rows",
        "A key finds one row. A customer who has two is set aside, for nobody can say which is right; of a dimension's "
        "rows the smallest value counts.",
        "Let the table have one row for each key, or name the attribute that is unique.",
    ),
    _tables(
        "DAT028",
        "rows of events that do not count",
        "A row without an id, a customer or an instant belongs nowhere. Rows with the same id count once, so where "
        "they are different events all but one are lost. Ids are compared in the 30 days before the newest event.",
        "Let them be mended where they come from, or name the right columns with `id`, `customer` and `occurred_at`.",
    ),
    _tables(
        "DAT029",
        "a table that has got nothing new",
        "Campaigns decide as if nothing had happened since the newest event. It is an error where an event says "
        "`fresh_within` and is older; without that, a warning when all that a table has is older than 7 days.",
        "Look whether the load of the table has stopped. `fresh_within: 2 days` says how old its newest event may be.",
    ),
    _tables(
        "DAT030",
        "days, instants and places that cannot be right",
        "Births before 1900 or in the future, events more than a day ahead, years beyond 1 to 9999, degrees that the "
        "globe does not have: often they stand for a value that somebody did not know.",
        "Let them be mended where they come from; what is not known is best left empty.",
    ),
    _tables(
        "DAT031",
        "nothing is there",
        "The table is empty, or none of its rows is of the event that the catalog describes.",
        "Look whether it has been loaded, and at the word behind `equals`.",
    ),
    _tables(
        "DAT040",
        "no catalog can be drafted",
        "A draft needs a table of customers: one row for each, with a key. None of the tables looks like one, or there "
        "are no tables at all.",
        "Name it with `campaign catalog pull --customers TABLE`, and look whether the target is the one you mean.",
    ),
)
