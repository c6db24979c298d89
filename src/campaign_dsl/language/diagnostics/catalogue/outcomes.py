"""OUT: what a campaign gives."""

from __future__ import annotations

from campaign_dsl.language.diagnostics.catalogue.model import Code

OUTCOMES = (
    Code(
        "OUT001",
        "an offer or point account that is not active",
        "Somebody switched it off in the catalog. Customers would get what the tills refuse.",
        "Use an active one, or switch it on again.",
        "offers:\n  birthday_half_price: {title: Half price, form: percentage_off_item, percent: 50, active: false}\n",
        "offers:\n  birthday_half_price: {title: Half price, form: percentage_off_item, percent: 50, active: true}\n",
        "catalog",
    ),
    Code(
        "OUT002",
        "an award of no points, or of too many",
        "A gift of nothing disappoints, and one digit too many is expensive.",
        "Write 1 to 1_000_000_000 points.",
        "award 0 points to rewards source birthday\n",
        "award 500 points to rewards source birthday\n",
        "campaign",
    ),
    Code(
        "OUT003",
        "a segment that does not exist",
        "Nobody is in it, so nobody would get this outcome.",
        "Correct the name, or add the segment to the audience.",
        "issue offer birthday_half_price when segment gold\n",
        "segments {\n  gold    where tier >= gold\n  others  otherwise\n}\n"
        "issue offer birthday_half_price when segment gold\n",
        "campaign",
    ),
    Code(
        "OUT004",
        "the same outcome twice for one customer",
        "Both would share one key in the ledger, which gives each effect once: the second would silently not be given.",
        "Let `when segment` keep them apart, or give one of them a name of its own with `as`.",
        "award 500 points to rewards source birthday\naward 100 points to rewards source birthday\n",
        "award 500 points to rewards source birthday\naward 100 points to rewards source birthday as extra\n",
        "campaign",
    ),
    Code(
        "OUT005",
        "too many outcomes",
        "A decision records in one number which of the outcomes a customer gets, and there is room for 62.",
        "Split the campaign.",
        None,
        None,
        "campaign",
    ),
    Code(
        "OUT006",
        "words that do not belong to an outcome",
        "Only points, offers, codes and rewards expire, and only an award has a most. A tag says how "
        "long it lasts with `for`, and a message in its own block.",
        "Leave them out, or write the word that this outcome has.",
        "tag birthday_gift, expires after 30 days\n",
        "tag birthday_gift for 30 days\n",
        "campaign",
    ),
    Code(
        "OUT007",
        "a choice that can give nothing, or never gives a line",
        "Of `first of` exactly one line is given: the first whose condition holds. So each line but the "
        "last needs a condition, and the last one is for everybody else.",
        "Write `when ...` behind each line and `otherwise` behind the last one; outside of `first of` "
        "there is no `otherwise`.",
        "outcomes {\n  first of {\n    award 500 points to rewards source birthday when tier >= gold\n    "
        "issue offer birthday_half_price when tier = member\n  }\n  send birthday_note\n}\n",
        "outcomes {\n  first of {\n    award 500 points to rewards source birthday when tier >= gold\n    "
        "issue offer birthday_half_price otherwise\n  }\n  send birthday_note\n}\n",
        "campaign",
    ),
    Code(
        "OUT008",
        "points that need not be whole",
        "Points are whole numbers. What becomes of half a point is worth money, so the campaign has to say it.",
        "Write `round half up to 0` behind the formula, or another way to round.",
        "award age * 1.5 points to rewards source birthday\n",
        "award age * 1.5 round half up to 0 points to rewards source birthday\n",
        "campaign",
    ),
    Code(
        "OUT009",
        "a value that does not fit",
        "An attribute, or a property of an event, takes values of its own type only.",
        "Write a value of the type that the message names.",
        "set tier to 5\naward 500 points to rewards source birthday\n",
        "set tier to gold\naward 500 points to rewards source birthday\n",
        "campaign",
    ),
    Code(
        "OUT010",
        "a property that only some of the events have",
        "Any of the triggers can make the campaign happen. What only some of their events say would be "
        "missing for the others, and with it points or the message.",
        "Use what every trigger has, or put the other triggers into a campaign of their own.",
        "behavior {\n  on purchase\n  every monday at 09:00\n}\naward event.quantity points to rewards "
        "source birthday\n",
        "behavior {\n  on purchase\n}\naward event.quantity points to rewards source birthday\n",
        "campaign",
    ),
    Code(
        "OUT011",
        "an attribute that campaigns may not set",
        "Whatever another system looks after would be overwritten, and written over again.",
        "Write `writable: true` for the attribute in catalog.yaml, if campaigns are to look after it.",
        'set country to "US"\naward 500 points to rewards source birthday\n',
        'set favorite_category to "boots"\naward 500 points to rewards source birthday\n',
        "campaign",
    ),
    Code(
        "OUT012",
        "an event that is not whole",
        "Who reads the event relies on what the catalog says about it: each property once, and none "
        "missing that is never missing.",
        "Give each property once, and all that cannot be missing.",
        'record check_in with store = "S1" and store = "S2"\naward 500 points to rewards source birthday\n',
        'record check_in with store = "S1"\naward 500 points to rewards source birthday\n',
        "campaign",
    ),
)
