"""CMP: the campaign as a whole."""

from __future__ import annotations

from campaign_dsl.language.diagnostics.catalogue.model import Code

CAMPAIGNS = (
    Code(
        "CMP001",
        "a word that is not one of the choices",
        "`kind`, `leap_day`, `purpose` and `display` take a few known words; another one would decide nothing.",
        "Use one of the words that the message lists.",
        "kind promo\n",
        "kind promotion\n",
        "campaign",
    ),
    Code(
        "CMP002",
        "a name that a campaign cannot have",
        "The name is part of every key in the ledger and of every request to a provider.",
        "Use at most 63 lower case letters, digits and `_`, beginning with a letter. What people call it is its "
        "`title`.",
        "campaign Birthday_Gift {\n",
        "campaign birthday_gift {\n",
        "campaign",
    ),
    Code(
        "CMP003",
        "the kind of campaign is missing",
        "A promotion gives something, messaging only tells, a subscription campaign changes who is in a conversation; "
        "reports and reviews depend on it.",
        "Add `kind promotion`, `kind messaging` or `kind subscription`.",
        'campaign gift {\n  timezone "America/New_York"\n  audience { everyone }\n'
        "  behavior { on anniversary of birth_date, at 09:00 }\n  outcomes { tag birthday_gift for 30 days }\n}\n",
        'campaign gift {\n  kind promotion\n  timezone "America/New_York"\n  audience { everyone }\n'
        "  behavior { on anniversary of birth_date, at 09:00 }\n  outcomes { tag birthday_gift for 30 days }\n}\n",
        "campaign",
    ),
    Code(
        "CMP004",
        "a campaign that gives nothing",
        "It would choose customers and a day, and then do nothing.",
        "Add `outcomes { ... }` with an award, an offer, a tag or a message.",
        'campaign gift {\n  kind promotion\n  timezone "America/New_York"\n  audience { everyone }\n'
        "  behavior { on anniversary of birth_date, at 09:00 }\n}\n",
        'campaign gift {\n  kind promotion\n  timezone "America/New_York"\n  audience { everyone }\n'
        "  behavior { on anniversary of birth_date, at 09:00 }\n  outcomes { tag birthday_gift for 30 days }\n}\n",
        "campaign",
    ),
    Code(
        "CMP005",
        "it ends before it begins",
        "There is no day on which it could run.",
        "Swap the two days.",
        "runs from 2026-12-31 until 2026-01-01\n",
        "runs from 2026-01-01 until 2026-12-31\n",
        "campaign",
    ),
    Code(
        "CMP006",
        "a former name that cannot be one",
        "`formerly` carries the history over, so that nobody is awarded again after a renaming. Only one campaign can "
        "carry it on, and not the one that still has the name.",
        "Write the name the campaign had before.",
        'campaign gift {\n  formerly gift\n  kind promotion\n  timezone "America/New_York"\n  audience { everyone }\n'
        "  behavior { on anniversary of birth_date, at 09:00 }\n  outcomes { tag birthday_gift for 30 days }\n}\n",
        'campaign gift {\n  formerly birthday_treat\n  kind promotion\n  timezone "America/New_York"\n'
        "  audience { everyone }\n  behavior { on anniversary of birth_date, at 09:00 }\n"
        "  outcomes { tag birthday_gift for 30 days }\n}\n",
        "campaign",
    ),
    Code(
        "CMP007",
        "a priority out of range",
        "Priorities are compared between campaigns, so all of them use one scale.",
        "Write 0 to 1000; higher wins.",
        "priority 5000\n",
        "priority 500\n",
        "campaign",
    ),
    Code(
        "CMP008",
        "nobody says whose clock is meant",
        "09:00 in New York is midnight in Sydney, and a birthday begins there many hours earlier.",
        'Add `timezone customer else "America/New_York"`, or one zone for everybody.',
        "campaign gift {\n  kind promotion\n  audience { everyone }\n"
        "  behavior { on anniversary of birth_date, at 09:00 }\n  outcomes { tag birthday_gift for 30 days }\n}\n",
        'campaign gift {\n  kind promotion\n  timezone customer else "America/New_York"\n  audience { everyone }\n'
        "  behavior { on anniversary of birth_date, at 09:00 }\n  outcomes { tag birthday_gift for 30 days }\n}\n",
        "campaign",
    ),
    Code(
        "CMP009",
        "a time zone that does not exist",
        "Short names such as EST do not know daylight saving time, and others mean different places to different "
        "people.",
        "Write a name of the tz database, like `America/New_York`.",
        'timezone "New York"\n',
        'timezone "America/New_York"\n',
        "campaign",
    ),
    Code(
        "CMP010",
        "the customer's zone is not in the catalog",
        "`timezone customer` takes the zone from the profile, and the catalog does not say from which attribute.",
        "Set `time_zone` below `customers` in catalog.yaml, or name one zone in the campaign.",
        None,
        None,
        "catalog",
    ),
    Code(
        "CMP011",
        "a language that is none, or is there twice",
        "Languages are codes as in BCP 47, and the first one stands in for those that are missing.",
        "Write codes like `de`, `fr-CA` or `zh-Hant`, each once.",
        "languages en, fr-ca\n",
        "languages en, fr-CA\n",
        "campaign",
    ),
    Code(
        "CMP012",
        "the customer's language is not in the catalog",
        "With more than one language somebody has to say which customer reads which.",
        "Set `language` below `customers` in catalog.yaml, or keep one language.",
        None,
        None,
        "catalog",
    ),
    Code(
        "CMP013",
        "variants that are no test",
        "Each customer falls into exactly one variant, by chance and always the same one. So together "
        "they are everybody: 100%, not more and not less.",
        "Let the shares add up to exactly 100%; there are 2 to 20.",
        "variants {\n  a  50%\n  b  40%\n}\n",
        "variants {\n  a  50%\n  b  50%\n}\n",
        "campaign",
    ),
    Code(
        "CMP014",
        "too much data",
        "`data` is for what this campaign says about itself. It travels with every message.",
        "Keep what belongs to customers, products or shops in the tables of the catalog.",
        None,
        None,
        "campaign",
    ),
    Code(
        "CMP015",
        "a campaign that does not do what its kind says",
        "Reviews and reports look for costs in promotions, for words in messaging, and for consent in "
        "subscription campaigns. A promotion gives something; messaging sends messages and gives "
        "nothing of value; a subscription campaign brings customers into a conversation or out of it, "
        "or writes to them about it.",
        "Write the kind that fits, or add what is missing.",
        "kind messaging\noutcomes {\n  award 500 points to rewards source birthday\n  send birthday_note\n}\n",
        "kind promotion\noutcomes {\n  award 500 points to rewards source birthday\n  send birthday_note\n}\n",
        "campaign",
    ),
    Code(
        "CMP016",
        "an engine that lacks what a campaign asks for",
        "Engines differ in what they can do. A campaign means the same on all of them, or does not run there at all.",
        "Say it in another way, or give the target an engine that has it: `docs/engines.md` lists what each lacks.",
        None,
        None,
        "campaign",
    ),
)
