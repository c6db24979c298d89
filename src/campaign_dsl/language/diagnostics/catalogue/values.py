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
)
