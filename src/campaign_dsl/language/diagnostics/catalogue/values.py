"""TYP: values and conditions that do not fit each other."""

from __future__ import annotations

from campaign_dsl.language.diagnostics.catalogue.model import Code

TYPES = (
    Code(
        "TYP001",
        "two values that cannot be compared",
        "A number and a text are never equal, so the condition would hold for nobody.",
        "Text stands in double quotes; numbers, days, `true` and `false` stand without.",
        'where age >= "18"\n',
        "where age >= 18\n",
        "campaign",
    ),
    Code(
        "TYP002",
        "a value where a condition should be, or the other way round",
        "`where age` says nothing about the age.",
        "Compare the value with something, or ask whether it `is known`.",
        "where age\n",
        "where age >= 18\n",
        "campaign",
    ),
    Code(
        "TYP003",
        "a value of a type that this does not take",
        "Only some values have an order, can be added up, or have a day in the year.",
        "Use an attribute of the right type. Words of an enum are compared with `=` and `in [...]`; with `<` and `>` "
        "only when the catalog says `ordered: true`.",
        "where status > good\n",
        "where status = good\n",
        "campaign",
    ),
    Code(
        "TYP004",
        "a word that the attribute never has",
        "A test against a value that cannot occur matches nobody, and nobody notices.",
        "Use one of the values that the message lists, or add the word in catalog.yaml.",
        "where tier = diamond\n",
        "where tier = platinum\n",
        "campaign",
    ),
    Code(
        "TYP005",
        "something about the customer inside the filter of an event",
        "All conditions of one filter hold on the same event, say on one purchase; the customer is asked outside of "
        "it.",
        "Close the event test in parentheses, and join the rest with `and`.",
        "where did purchase where in audience employees in last 30 days\n",
        "where (did purchase in last 30 days) and in audience employees\n",
        "campaign",
    ),
    Code(
        "TYP006",
        "a range or length that holds nothing, or everything",
        "A condition that is never true reaches nobody; one that is always true is not a condition.",
        "Swap the two ends, or write another number.",
        "where age between 30 and 18\n",
        "where age between 18 and 30\n",
        "campaign",
    ),
    Code(
        "TYP007",
        "a month or year as an exact length",
        "Months and years differ in length, so two readers would count differently, and points would expire on "
        "another day than promised.",
        "Write days.",
        "tag birthday_gift for 1 month\n",
        "tag birthday_gift for 30 days\n",
        "campaign",
    ),
    Code(
        "TYP008",
        "an exact length for a calendar length, or the other way round",
        "A day of 24 hours and a calendar day are different things: where clocks change, one is longer than the other. "
        "Instants move by exact lengths, calendar days by calendar lengths.",
        "Write `30 days` for 30 times 24 hours, `30 calendar days` for days of the calendar.",
        "where enrolled_on + 30 days < today\n",
        "where enrolled_on + 30 calendar days < today\n",
        "campaign",
    ),
    Code(
        "TYP009",
        "a list, a record or a place compared as a whole",
        "Two lists can have the same elements in another order, two records the same fields; what is meant has to be "
        "said.",
        "Ask about the elements of a list, about one field of a record, about the distance from a place.",
        'where interests = "running"\n',
        'where interests contains "running"\n',
        "campaign",
    ),
    Code(
        "TYP010",
        "a regular expression that not every engine understands alike",
        "The same audience runs on several databases, and their regular expressions differ. Allowed are literals, `.`, "
        "classes, `* + ? {2,5}`, `|`, groups, `^`, `$`, `\\d`, `\\w`, `\\s` and escaped punctuation, 200 characters "
        "in all.",
        "Write it with these, or make several tests of it and join them with `and` or `or`.",
        'where email matches "^(?=.*shop)"\n',
        'where email matches "shop"\n',
        "campaign",
    ),
    Code(
        "TYP011",
        "more parts than can be looked at",
        "Each unit of `in each of last`, and each step of a sequence, is a pass of its own over the events.",
        "Count in a longer unit, or leave steps out.",
        "where doing purchase in each of last 90 days\n",
        "where doing purchase in each of last 12 weeks\n",
        "campaign",
    ),
    Code(
        "TYP012",
        "a window where there is no time, or no window where there is",
        "Events happen at an instant, and a window says which of them count. Rows of related tables are as they are.",
        "Add a window behind an event, `ever` being one; leave it out behind a related table.",
        "where sum of purchase.amount > 100\n",
        "where sum of purchase.amount in last 365 days > 100\n",
        "campaign",
    ),
    Code(
        "TYP013",
        "steps of a sequence that cannot follow each other",
        "The time of each step is counted from the step before it, and a name must mean one step.",
        "Begin with an event, say for how long something must not happen, and give each step a name of its own.",
        "where did (app_open as one then purchase as one) in last 30 days\n",
        "where did (app_open as one then purchase as two) in last 30 days\n",
        "campaign",
    ),
    Code(
        "TYP014",
        "a place that is not on the map",
        "Degrees north are -90 to 90, degrees east -180 to 180. Most often the two were swapped.",
        "Write degrees north first, then degrees east.",
        "where home within 5 km of 151.2093, -33.8688\n",
        "where home within 5 km of -33.8688, 151.2093\n",
        "campaign",
    ),
)
