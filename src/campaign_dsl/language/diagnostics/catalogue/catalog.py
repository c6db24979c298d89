"""CAT: catalog.yaml."""

from __future__ import annotations

from campaign_dsl.language.diagnostics.catalogue.model import Code

CATALOG = (
    Code(
        "CAT001",
        "an unknown key",
        "A key that is not read would be a wish that is not granted.",
        "Correct its name, or delete it.",
        "tags:\n  vip: {titel: Very important}\n",
        "tags:\n  vip: {title: Very important}\n",
        "catalog",
    ),
    Code(
        "CAT002",
        "a key is missing",
        "There is no default that would be right for everyone.",
        "Add it.",
        "offers:\n  half: {form: buy_x_get_y}\n",
        "offers:\n  half: {form: buy_x_get_y, title: Two for one}\n",
        "catalog",
    ),
    Code(
        "CAT003",
        "a value of the wrong kind",
        "Nothing is guessed: numbers are digits without quotes, yes and no are `true` and `false`, days `2026-12-31`.",
        "Write the kind of value that the message names.",
        'offers:\n  half: {form: percentage_off_item, title: Half, percent: "50"}\n',
        "offers:\n  half: {form: percentage_off_item, title: Half, percent: 50}\n",
        "catalog",
    ),
    Code(
        "CAT004",
        "a word that is not one of the known ones",
        "Only the words that the message lists mean something here.",
        "Use one of them.",
        "offers:\n  half: {form: buy_x_gets_y, title: Two for one}\n",
        "offers:\n  half: {form: buy_x_get_y, title: Two for one}\n",
        "catalog",
    ),
    Code(
        "CAT005",
        "a text that does not have the right form",
        "Names are said in campaigns and stored in ledgers; links and amounts are read by other programs.",
        "Write it in the form that the message gives.",
        "tags:\n  Very-Important: {}\n",
        "tags:\n  very_important: {}\n",
        "catalog",
    ),
    Code(
        "CAT006",
        "a number out of range",
        "It would make no sense, or could not be stored.",
        "Write a number inside the range.",
        "offers:\n  half: {form: percentage_off_item, title: Half, percent: 150}\n",
        "offers:\n  half: {form: percentage_off_item, title: Half, percent: 50}\n",
        "catalog",
    ),
    Code(
        "CAT007",
        "an entry contradicts itself",
        "Two of its keys cannot both be meant.",
        "Change one of them.",
        "offers:\n  half: {form: buy_x_get_y, title: Two for one, percent: 50}\n",
        "offers:\n  half: {form: buy_x_get_y, title: Two for one}\n",
        "catalog",
    ),
    Code(
        "CAT008",
        "something is listed twice",
        "The second one is a typing mistake for something else, or does nothing.",
        "Delete or correct it.",
        "point_accounts:\n  rewards: {title: Points, sources: [birthday, birthday]}\n",
        "point_accounts:\n  rewards: {title: Points, sources: [birthday, welcome]}\n",
        "catalog",
    ),
    Code(
        "CAT009",
        "a value is missing",
        "A key without a value could mean anything.",
        "Write a value, or delete the line.",
        "tags:\n  vip:\n    title:\n",
        "tags:\n  vip:\n    title: Very important\n",
        "catalog",
    ),
    Code(
        "CAT020",
        "an attribute or a property that does not exist",
        "The key names one of the attributes or properties that the catalog describes.",
        "Correct the name, or describe it.",
        "channels:\n  email: {address: emial}\n",
        "channels:\n  email: {address: email}\n",
        "catalog",
    ),
    Code(
        "CAT021",
        "an attribute or a property of the wrong type",
        "A key is a text or an integer; address, zone and language are texts, a consent is a boolean, a tier an enum.",
        "Name another attribute, or correct its type.",
        "channels:\n  email: {consent: email}\n",
        "channels:\n  email: {consent: email_consent}\n",
        "catalog",
    ),
    Code(
        "CAT022",
        "the key of customers may be missing or changed",
        "A customer without a key could not be told from others, and one with a new key would get everything again.",
        "Write `nullable: false`, and no `writable`.",
        "customers:\n  table: customers\n  key: id\n  attributes:\n    id: {type: text}\n",
        "customers:\n  table: customers\n  key: id\n  attributes:\n    id: {type: text, nullable: false}\n",
        "catalog",
    ),
    Code(
        "CAT023",
        "a channel that does not exist",
        "Variants and conversations send through one of `channels`.",
        "Correct the name, or describe the channel.",
        "variants:\n  note: {provider: braze, channel: emial}\n",
        "variants:\n  note: {provider: braze, channel: email}\n",
        "catalog",
    ),
    Code(
        "CAT024",
        "a provider that does not exist",
        "A variant is delivered by one of `providers` in the workspace.",
        "Correct the name, or add the provider to the workspace.",
        "variants:\n  note: {provider: brace, channel: email}\n",
        "variants:\n  note: {provider: braze, channel: email}\n",
        "catalog",
    ),
    Code(
        "CAT025",
        "a variant identifies customers by an address that its channel does not have",
        "`identifier: email` sends the channel's address to the provider.",
        "Give the channel an `address`, or use `identifier: external_user_id`.",
        "channels: {email: {}}\nvariants:\n  note: {provider: braze, channel: email, identifier: email}\n",
        "channels: {email: {address: email}}\n"
        "variants:\n  note: {provider: braze, channel: email, identifier: email}\n",
        "catalog",
    ),
    Code(
        "CAT026",
        "a dimension that does not exist",
        "`dimension` says in which table the row is that a value is the key of.",
        "Correct the name, or describe the table below `dimensions`.",
        (
            "events:\n"
            "  purchase: {table: e, properties: {store: {type: text, dimension: shops}}}\n"
            "dimensions:\n"
            "  stores: {table: s, key: store_id, attributes: {store_id: {type: text}}}\n"
        ),
        (
            "events:\n"
            "  purchase: {table: e, properties: {store: {type: text, dimension: stores}}}\n"
            "dimensions:\n"
            "  stores: {table: s, key: store_id, attributes: {store_id: {type: text}}}\n"
        ),
        "catalog",
    ),
    Code(
        "CAT027",
        "a key of another type than the dimension's",
        "An integer never equals a text, so no row would ever be found.",
        "Give both the same type.",
        (
            "events:\n"
            "  purchase: {table: e, properties: {store: {type: integer, dimension: stores}}}\n"
            "dimensions:\n"
            "  stores: {table: s, key: store_id, attributes: {store_id: {type: text}}}\n"
        ),
        (
            "events:\n"
            "  purchase: {table: e, properties: {store: {type: text, dimension: stores}}}\n"
            "dimensions:\n"
            "  stores: {table: s, key: store_id, attributes: {store_id: {type: text}}}\n"
        ),
        "catalog",
    ),
    Code(
        "CAT028",
        "a point account that does not exist",
        "Points are paid from and into one of `point_accounts`.",
        "Correct the name, or describe the account.",
        (
            "point_accounts: {stars: {title: Stars, sources: [shop]}}\n"
            "rewards: {mug: {title: Mug, cost: 500, account: star}}\n"
        ),
        (
            "point_accounts: {stars: {title: Stars, sources: [shop]}}\n"
            "rewards: {mug: {title: Mug, cost: 500, account: stars}}\n"
        ),
        "catalog",
    ),
    Code(
        "CAT029",
        "a point source that the account does not have",
        "An account takes points from its own `sources` only, so that every point can be explained.",
        "Name one of its sources, or add the source.",
        (
            "point_accounts: {stars: {title: Stars, sources: [shop]}}\n"
            "promo_codes: {HELLO: {points: {account: stars, source: sport, amount: 50}}}\n"
        ),
        (
            "point_accounts: {stars: {title: Stars, sources: [shop]}}\n"
            "promo_codes: {HELLO: {points: {account: stars, source: shop, amount: 50}}}\n"
        ),
        "catalog",
    ),
    Code(
        "CAT030",
        "an offer that does not exist",
        "Rewards and codes give one of `offers`.",
        "Correct the name, or describe the offer.",
        (
            "offers: {two_for_one: {title: Two for one, form: buy_x_get_y}}\n"
            "promo_codes: {HELLO: {offers: [two_for_two]}}\n"
        ),
        (
            "offers: {two_for_one: {title: Two for one, form: buy_x_get_y}}\n"
            "promo_codes: {HELLO: {offers: [two_for_one]}}\n"
        ),
        "catalog",
    ),
    Code(
        "CAT031",
        "a tag that does not exist",
        "Codes put one of `tags` on the profile.",
        "Correct the name, or add the tag.",
        ("tags: {summer: {}}\npromo_codes: {HELLO: {tags: [sumer]}}\n"),
        ("tags: {summer: {}}\npromo_codes: {HELLO: {tags: [summer]}}\n"),
        "catalog",
    ),
    Code(
        "CAT032",
        "an event that does not exist",
        "`geofence_events` names one of `events`.",
        "Correct the name, or describe the event.",
        (
            "events:\n"
            "  crossing:\n"
            "    table: e\n"
            "    properties:\n"
            "      fence: {type: text}\n"
            "      way: {type: enum, values: [in, out]}\n"
            "geofence_events: {event: crossings, geofence: fence, direction: way, entering: in, leaving: out}\n"
        ),
        (
            "events:\n"
            "  crossing:\n"
            "    table: e\n"
            "    properties:\n"
            "      fence: {type: text}\n"
            "      way: {type: enum, values: [in, out]}\n"
            "geofence_events: {event: crossing, geofence: fence, direction: way, entering: in, leaving: out}\n"
        ),
        "catalog",
    ),
    Code(
        "CAT033",
        "tiers that are not the levels of the attribute",
        "Each level has one multiplier; a customer of a level without one would get no points.",
        "Give each word of the enum a multiplier, and no other word.",
        (
            "customers:\n"
            "  table: c\n"
            "  key: id\n"
            "  attributes:\n"
            "    id: {type: text, nullable: false}\n"
            "    tier: {type: enum, values: [member, gold], ordered: true}\n"
            "tiers:\n"
            "  attribute: tier\n"
            "  multipliers: {member: 1, golden: 1.5, gold: 2}\n"
        ),
        (
            "customers:\n"
            "  table: c\n"
            "  key: id\n"
            "  attributes:\n"
            "    id: {type: text, nullable: false}\n"
            "    tier: {type: enum, values: [member, gold], ordered: true}\n"
            "tiers:\n"
            "  attribute: tier\n"
            "  multipliers: {member: 1, gold: 1.5}\n"
        ),
        "catalog",
    ),
    Code(
        "CAT034",
        "a word that the property never says",
        "The event would never be recognized.",
        "Use words of the enum.",
        (
            "events:\n"
            "  crossing:\n"
            "    table: e\n"
            "    properties:\n"
            "      fence: {type: text}\n"
            "      way: {type: enum, values: [in, out]}\n"
            "geofence_events: {event: crossing, geofence: fence, direction: way, entering: inside, leaving: out}\n"
        ),
        (
            "events:\n"
            "  crossing:\n"
            "    table: e\n"
            "    properties:\n"
            "      fence: {type: text}\n"
            "      way: {type: enum, values: [in, out]}\n"
            "geofence_events: {event: crossing, geofence: fence, direction: way, entering: in, leaving: out}\n"
        ),
        "catalog",
    ),
    Code(
        "CAT035",
        "a key that belongs to attributes of customers only",
        "Campaigns change attributes of customers, and ask since when they have them; of other rows they do neither.",
        "Delete it.",
        ("events:\n  walk: {table: e, properties: {steps: {type: integer, writable: true}}}\n"),
        ("events:\n  walk: {table: e, properties: {steps: {type: integer}}}\n"),
        "catalog",
    ),
    Code(
        "CAT036",
        "a sender that does not fit the channel",
        "Mail needs a sender with an address; the other channels know neither reply-to nor DKIM.",
        "Add or correct `from`, or delete what belongs to mail.",
        ("channels: {mail: {type: email}}\nconversations:\n  news: {title: News, channel: mail}\n"),
        (
            "channels: {mail: {type: email}}\n"
            "conversations:\n"
            "  news: {title: News, channel: mail, from: Stride <hello@footwear.example>}\n"
        ),
        "catalog",
    ),
    Code(
        "CAT037",
        "mail that another domain signs",
        "Receivers trust a signature of the sender's own domain only, and treat other mail as forged.",
        "Sign with the domain of the sender's address, or with one above it.",
        (
            "channels: {mail: {type: email}}\n"
            "conversations:\n"
            "  news:\n"
            "    title: News\n"
            "    channel: mail\n"
            "    from: hello@footwear.example\n"
            "    dkim: {domain: mailer.example, selector: s1, key: {env: DKIM_KEY}}\n"
        ),
        (
            "channels: {mail: {type: email}}\n"
            "conversations:\n"
            "  news:\n"
            "    title: News\n"
            "    channel: mail\n"
            "    from: hello@footwear.example\n"
            "    dkim: {domain: footwear.example, selector: s1, key: {env: DKIM_KEY}}\n"
        ),
        "catalog",
    ),
    Code(
        "CAT038",
        "a suppression list that does not exist",
        "Whom it should protect would get messages.",
        "Correct the name, or describe the list.",
        (
            "channels: {mail: {type: email}}\n"
            "conversations:\n"
            "  news: {title: News, channel: mail, from: a@footwear.example, suppress: [never]}\n"
            "suppression_lists: {nobody: {table: t}}\n"
        ),
        (
            "channels: {mail: {type: email}}\n"
            "conversations:\n"
            "  news: {title: News, channel: mail, from: a@footwear.example, suppress: [nobody]}\n"
            "suppression_lists: {nobody: {table: t}}\n"
        ),
        "catalog",
    ),
    Code(
        "CAT039",
        "a holiday whose day nobody knows",
        "A feast is on one day a year that a rule, a calendar of the `holidays` library, or Easter gives.",
        "Correct the rule or the name; the message lists near ones.",
        ("holidays:\n  thanksgiving: {title: Thanksgiving, rules: {US: {holiday: Thanksgiving}}}\n"),
        ("holidays:\n  thanksgiving: {title: Thanksgiving, rules: {US: {holiday: Thanksgiving Day}}}\n"),
        "catalog",
    ),
    Code(
        "CAT040",
        "codes that differ in upper and lower case only",
        "Customers type codes in any case, so nobody could tell the two apart.",
        "Give one of them another name.",
        ("promo_codes: {HELLO: {}, Hello: {}}\n"),
        ("promo_codes: {HELLO: {}, WELCOME: {}}\n"),
        "catalog",
    ),
    Code(
        "CAT041",
        "a list whose file cannot be read",
        "A list without its file would be empty, and nobody would notice.",
        "Correct `file`; the file stands in the workspace, with one key a line.",
        None,
        None,
        "catalog",
    ),
    Code(
        "CAT042",
        "a list with a line that is no key",
        "A list has one key of a customer a line, and nothing else. What cannot be understood is not skipped.",
        "Correct the line.",
        None,
        None,
        "catalog",
    ),
)
