"""Every entry of the catalog and the settings: what is read, what is refused, and where the finding points."""

from __future__ import annotations

from decimal import Decimal

import pytest

from campaign_dsl.language.catalog.checking import check_catalog, check_settings
from campaign_dsl.language.catalog.loading import load_catalog, load_workspace_settings
from campaign_dsl.language.catalog.model import Catalog, is_language
from campaign_dsl.language.catalog.naming import MAX_PROBLEMS
from campaign_dsl.language.catalog.types import Kind, Type
from campaign_dsl.language.diagnostics.model import Diagnostic
from campaign_dsl.language.source.files import SourceFile

WORLD = """\
customers:
  table: customers
  key: id
  language: lang
  country: country
  attributes:
    id: {type: text, nullable: false}
    lang: {type: text, writable: true, changed_at: lang_since}
    country: {type: text}
    tier: {type: enum, values: [low, high], ordered: true}
    born: {type: date}
    likes: {type: list, of: text}
    moods: {type: list, of: {type: enum, values: [good, bad], nullable: true}}
    kids:
      type: list
      of: {type: record, fields: {name: text, born: {type: date, nullable: false}, toys: {type: list, of: text}}}
    home: {type: geo, latitude: lat, longitude: lon}
    shop: {type: text, dimension: stores}
events:
  visit:
    table: visits
    place: spot
    accuracy: {property: metres, at_most_m: 100}
    properties:
      spot: {type: geo, latitude: y, longitude: x}
      metres: {type: decimal}
      store: {type: text, dimension: stores}
  crossing:
    table: crossings
    properties:
      fence: {type: text}
      way: {type: enum, values: [in, out]}
dimensions:
  stores: {table: stores, key: nr, attributes: {nr: {type: text, column: store_nr}, city: {type: text}}}
relations:
  orders: {table: orders, attributes: {total: {type: decimal}, store: {type: text, dimension: stores}}}
profile:
  tags: {table: tags, expires_at: ends}
  messages: {table: messages, received_at: arrived}
point_accounts:
  stars: {title: Stars, sources: [shop]}
tiers: {attribute: tier, multipliers: {low: 1, high: 1.250000}}
offers:
  two: {title: Two, form: buy_x_get_y, buy: {item: muffin}, get: {item: coffee}}
rewards:
  mug: {title: Mug, cost: 500, account: stars, offer: two}
promo_codes:
  SUMMER26: {points: {account: stars, source: shop, amount: 5}, offers: [two], tags: [vip]}
code_pools:
  cards: {title: Cards, prefix: SUN}
tags: {vip: {}}
lists: {board: {file: lists/board.csv}}
channels:
  email: {type: email}
  sms: {type: sms}
conversations:
  news:
    title: News
    channel: email
    from: Stride <hello@mail.stride.example>
    reply_to: hello@stride.example
    dkim: {domain: stride.example, selector: s1, key: {env: KEY}}
    quiet: "21:00 to 08:00"
    suppress: [never]
  texts: {title: Texts, channel: sms, from: STRIDE}
seed_lists:
  qa: {addresses: [qa@stride.example]}
suppression_lists:
  never: {table: never}
geofences:
  boston: {circles: [{latitude: 42.3555, longitude: -71.0602, radius_m: 400}]}
geofence_events: {event: crossing, geofence: fence, direction: way, entering: in, leaving: out}
holidays:
  mum: {title: For mum, rules: {US: {rrule: FREQ=YEARLY;BYMONTH=5;BYDAY=2SU}, everywhere: {easter: -21}}}
"""
WORKSPACE = """\
name: footwear
timezone: America/New_York
policies: {leap_day: feb_28, misfire: skip, consent: required, quiet: none}
holdout: 2.5%
caps:
  mail: {channel: email, at_most: 3, every: 2, unit: week}
  few: {tag: vip, at_most: 0, unit: day}
default_target: local
targets:
  local: {engine: {kind: duckdb, database: w}, ledger: {kind: sqlite, path: l}, delivery: sandbox}
"""
MISPLACED = ("few: {tag: vip, at_most: 0", "few: {tag: vip, at_most: 1")
SETTINGS = WORKSPACE.replace(*MISPLACED)


def read(text: str) -> tuple[Catalog | None, tuple[Diagnostic, ...]]:
    catalog, positions, problems = load_catalog(SourceFile("catalog.yaml", text))
    return catalog, problems if catalog is None else check_catalog(catalog, positions, None)


def world() -> Catalog:
    catalog, problems = read(WORLD)
    assert problems == ()
    assert catalog is not None
    return catalog


def test_types_of_attributes() -> None:
    attributes = world().customers.attributes
    text = Type(Kind.TEXT)
    assert attributes["likes"].value_type == Type(Kind.LIST, True, element=text)
    assert attributes["moods"].value_type.element == Type(Kind.ENUM, True, ("good", "bad"))
    kids = attributes["kids"].value_type.element
    assert kids == Type(
        Kind.RECORD,
        fields=(
            ("name", Type(Kind.TEXT, True)),
            ("born", Type(Kind.DATE)),
            ("toys", Type(Kind.LIST, True, element=text)),
        ),
    )
    assert attributes["home"].value_type == Type(Kind.GEO, True)
    assert (attributes["home"].column_of("home"), attributes["home"].longitude) == ("lat", "lon")
    assert attributes["lang"].column_of("lang") == "lang"


def test_what_entries_give() -> None:
    catalog = world()
    stores = catalog.dimension_of(catalog.customers.attributes["shop"])
    assert stores is catalog.dimensions["stores"]
    assert stores.key_column == "store_nr"
    assert catalog.dimension_of(catalog.customers.attributes["born"]) is None
    assert catalog.tiers is not None
    assert catalog.tiers.exact == {"low": Decimal(1), "high": Decimal("1.25")}
    assert catalog.geofences["boston"].circles[0].exact == (Decimal("42.3555"), Decimal("-71.0602"), 400)
    assert catalog.conversations["news"].sender_address == "hello@mail.stride.example"
    assert catalog.conversations["texts"].sender_address == "STRIDE"
    assert set(catalog.profile.facets) == {"tags", "messages"}
    assert catalog.profile.facets["tags"].typed("expires_at") == ("ends", Type(Kind.TIMESTAMP, True))
    assert catalog.channels["email"].type == "email"
    get = catalog.offers["two"].get
    assert get is not None
    assert (get.quantity, get.percent) == (1, 100)
    assert catalog.code_pools["cards"].length == 12


def test_a_channel_is_external_unless_it_says_more() -> None:
    catalog, problems = read(WORLD.replace("sms: {type: sms}", "sms: {}"))
    assert problems == ()
    assert catalog is not None
    assert catalog.channels["sms"].type == "external"


@pytest.mark.parametrize(("text", "is_one"), [
    ("de", True), ("de-AT", True), ("zh-Hant", True), ("zh-Hant-TW", True), ("es-419", True), ("fil", True),
    ("DE", False), ("de_AT", False), ("deutsch", False), ("", False), ("de-", False), ("de-at", False),
])  # fmt: skip
def test_languages(text: str, is_one: bool) -> None:
    assert is_language(text) == is_one


def one_finding(code: str, text: str, words: str) -> None:
    """The one finding stands where the markers «» are."""
    start, end = text.index("«"), text.index("»") - 1
    _, problems = read(text.replace("«", "").replace("»", ""))
    assert [problem.code for problem in problems] == [code], problems
    (problem,) = problems
    assert problem.where is not None
    found = problem.where.span
    clean = text.replace("«", "").replace("»", "")
    assert clean[found.start : found.end] == clean[start:end]
    assert found.start == start
    assert words in f"{problem.message} | {problem.help}"


@pytest.mark.parametrize(
    ("code", "old", "new", "words"),
    [
        # attributes
        ("CAT004", "born: {type: date}\n", "born: {type: «duration»}\n", "known word"),
        ("CAT007", "likes: {type: list, of: text}", "likes: {type: «list»}", "a list needs `of`"),
        ("CAT007", "born: {type: date}\n", "born: {type: date, of: «text»}\n", "`of` belongs to `type: list` only"),
        ("CAT004", "likes: {type: list, of: text}", "likes: {type: list, of: «txt»}", "did you mean `text`"),
        ("CAT007", "likes: {type: list, of: text}", "likes: {type: list, of: «{type: list, of: text}»}", "hold lists"),
        ("CAT007", "likes: {type: list, of: text}", "likes: {type: list, of: «geo»}", "cannot be inside"),
        ("CAT007", "born: {type: date}\n", "born: {type: «record»}\n", "a record needs `fields`"),
        ("CAT007", "latitude: lat, longitude: lon}", "latitude: lat, longitude: «lat»}", "are one column"),
        ("CAT007", "{type: geo, latitude: lat, longitude: lon}", "{type: «geo», latitude: lat}", "needs `longitude`"),
        ("CAT007", "longitude: lon}", "longitude: lon, column: «home»}", "has two columns"),
        ("CAT007", "born: {type: date}\n", "born: {type: date, latitude: «y»}\n", "belongs to `type: geo` only"),
        ("CAT007", "born: {type: date}\n", "born: {type: date, dimension: «stores»}\n", "cannot be the key of"),
        ("CAT026", "shop: {type: text, dimension: stores}", "shop: {type: text, dimension: «store»}", "`stores`"),
        ("CAT027", "shop: {type: text,", "shop: {type: «integer»,", "keys of `stores` are of type `text`"),
        ("CAT035", "metres: {type: decimal}", "metres: {type: decimal, «changed_at»: t}", "customers only"),
        ("CAT035", "total: {type: decimal}", "total: {type: decimal, «writable»: true}", "customers only"),
        (
            "CAT022",
            "id: {type: text, nullable: false}",
            "id: {type: text, nullable: false, writable: «true»}",
            "changed",
        ),
        # sources
        ("CAT020", "language: lang", "language: «langs»", "did you mean `lang`"),
        ("CAT021", "country: country\n", "country: «born»\n", "needs a text one"),
        ("CAT020", "place: spot", "place: «spt»", "did you mean `spot`"),
        ("CAT021", "place: spot", "place: «store»", "names a text property, but needs a geo one"),
        ("CAT020", "property: metres", "property: «meters»", "did you mean `metres`"),
        ("CAT006", "at_most_m: 100", "at_most_m: «0»", "at least 1"),
        ("CAT007", "    place: spot\n    accuracy: {p", "    accuracy: «{p", "X"),
        ("CAT020", "key: nr", "key: «number»", "text or integer attributes are `city` and `nr`"),
        ("CAT001", "tags: {table: tags,", "tags: {table: tags, «tagg»: t,", "did you mean `tag`"),
        ("CAT005", "lists/board.csv", "«../board.csv»", "outside of the workspace"),
        ("CAT005", "lists/board.csv", "«lists\\board.csv»", "`/` between folders"),
        # what is given
        ("CAT034", "entering: in", "entering: «inn»", "did you mean `in`"),
        ("CAT033", "low: 1, high", "low: 1, «middle»: 1, high", "there is no level `middle`"),
        ("CAT033", "{attribute: tier, multipliers: {low: 1, high", "{attribute: tier, «multipliers»: {high", "X"),
        ("CAT021", "attribute: tier", "attribute: «born»", "needs an enum one"),
        ("CAT005", "high: 1.250000", "high: «1.2500000»", "up to six digits"),
        ("CAT005", "high: 1.250000", "high: «-1»", "looks like `2` or `1.25`"),
        ("CAT028", "cost: 500, account: stars", "cost: 500, account: «star»", "did you mean `stars`"),
        ("CAT006", "cost: 500", "cost: «0»", "at least 1"),
        ("CAT030", "offer: two}", "offer: «too»}", "did you mean `two`"),
        ("CAT029", "source: shop, amount", "source: «sport», amount", "there is only `shop`"),
        ("CAT030", "offers: [two]", "offers: [«twoo»]", "did you mean `two`"),
        ("CAT031", "tags: [vip]", "tags: [«vipp»]", "did you mean `vip`"),
        ("CAT005", "  SUMMER26:", "  «SUMMER-26»:", "as in `SUMMER26`"),
        ("CAT040", "code_pools:", "  «Summer26»: {}\ncode_pools:", "differ in upper and lower case only"),
        ("CAT007", "prefix: SUN", "prefix: SUN, length: «8»", "write `length: 11` or more"),
        ("CAT007", "prefix: SUN", "prefix: SUN, alphabet: «ABCDEFGHIJKLM»", "`I` and `L` look alike"),
        ("CAT007", "prefix: SUN", "prefix: SUN, alphabet: «ABCA»", "`A` is twice"),
        ("CAT007", "prefix: SUN", "prefix: SUN, alphabet: «AB»", "use a larger alphabet"),
        ("CAT005", "prefix: SUN", "prefix: «sun»", "upper case letters and digits"),
        ("CAT007", ", get: {item: coffee}", ", get: {item: coffee}, percent: «5»", "takes no `percent`"),
        ("CAT007", "buy: {item: muffin}, get: {item: coffee}", "buy: «{item: muffin}»", "`buy` without `get`"),
        # messages
        ("CAT023", "channel: email\n", "channel: «emial»\n", "did you mean `email`"),
        ("CAT036", "from: Stride <hello@mail.stride.example>", "from: «Stride»", "is not an e-mail address"),
        ("CAT005", "<hello@mail.stride.example>", "«Stride» <a@b.example", "X"),
        ("CAT005", "reply_to: hello@stride.example", "reply_to: «hello»", "an address looks like"),
        ("CAT037", "domain: stride.example", "domain: «tride.example»", "mail from `mail.stride.example`"),
        ("CAT005", "domain: stride.example", "domain: «Stride.example»", "in lower case"),
        ("CAT036", "from: STRIDE}", "from: STRIDE, «reply_to»: a@b.example}", "`sms` is a sms channel"),
        ("CAT038", "suppress: [never]", "suppress: [«nevr»]", "did you mean `never`"),
        ("CAT005", '"21:00 to 08:00"', "«21 to 8»", "write `none`, or hours"),
        ("CAT009", "[qa@stride.example]", "«[]»", "at least one"),
        ("CAT005", "[qa@stride.example]", "[«qa@stride»]", "an address looks like"),
        ("CAT003", "key: {env: KEY}", "«key»: hunter2", "where the secret is kept"),
        # places and days
        ("CAT005", "latitude: 42.3555", "latitude: «90.1»", "-90 to 90"),
        ("CAT005", "longitude: -71.0602", "longitude: «-180.5»", "-180 to 180"),
        ("CAT005", "latitude: 42.3555", "latitude: «42.3555N»", "degrees look like"),
        ("CAT005", "latitude: 42.3555", "latitude: «1e1»", "degrees look like"),
        ("CAT006", "radius_m: 400", "radius_m: «0»", "at least 1"),
        ("CAT032", "{event: crossing", "{event: «crossings»", "did you mean `crossing`"),
        ("CAT020", "geofence: fence", "geofence: «fences»", "did you mean `fence`"),
        ("CAT007", "entering: in, leaving: out", "entering: in, leaving: «in»", "are the same word"),
        ("CAT007", "everywhere: {easter: -21}", "everywhere: {easter: «-21», rrule: X}", "exactly one of"),
        ("CAT007", "{easter: -21}", "{easter: -21, country: «US»}", "`country` belongs to `holiday` only"),
        ("CAT007", "{easter: -21}", "{easter: -21, unless: «{easter: 0}»}", "`unless` without `instead`"),
        ("CAT005", "everywhere:", "«usa»:", "two upper case letters"),
        ("CAT006", "easter: -21", "easter: «-76»", "at least -75"),
        ("CAT039", "BYDAY=2SU", "BYDAY=«»SU", "again on"),
    ],
)
def test_one_finding_at_the_tight_place(code: str, old: str, new: str, words: str) -> None:
    assert WORLD.count(old) >= 1
    text = WORLD.replace(old, new, 1)
    if words == "X":  # whatever is said, the code is what counts here
        _, problems = read(text.replace("«", "").replace("»", ""))
        assert {problem.code for problem in problems} == {code}
    elif code == "CAT039":
        _, (problem,) = read(text.replace("«", "").replace("»", ""))
        assert (problem.code, words in problem.message) == (code, True)
    else:
        one_finding(code, text, words)


@pytest.mark.parametrize(
    ("code", "old", "new", "words"),
    [
        ("WSP005", "2.5%", "2.5", "looks like `5%`"),
        ("WSP005", "2.5%", "0%", "more than `0%`"),
        ("WSP005", "2.5%", "100%", "less than `100%`"),
        ("WSP004", "unit: week", "unit: weeks", "did you mean `week`"),
        ("WSP006", "at_most: 3", "at_most: 0", "at least 1"),
        ("WSP002", ", unit: week", "", "has no `unit`"),
        ("WSP012", "channel: email", "channel: emial", "did you mean `email`"),
        ("WSP013", "tag: vip", "tag: vipp", "did you mean `vip`"),
    ],
)
def test_settings(code: str, old: str, new: str, words: str) -> None:
    assert old in SETTINGS
    settings, positions, problems = load_workspace_settings(SourceFile("workspace.yaml", SETTINGS.replace(old, new, 1)))
    found = problems if settings is None else check_settings(settings, positions, world())
    (problem,) = found
    assert problem.code == code
    assert problem.where is not None
    assert words in f"{problem.message} | {problem.help}"


def test_sound_settings() -> None:
    settings, positions, problems = load_workspace_settings(SourceFile("workspace.yaml", SETTINGS))
    assert problems == ()
    assert settings is not None
    assert check_settings(settings, positions, world()) == ()
    assert settings.holdout_percent == Decimal("2.5")
    assert (settings.caps["mail"].every, settings.caps["mail"].unit) == (2, "week")
    # Nobody is capped to nothing by a slip: that is what suppression is for.
    assert load_workspace_settings(SourceFile("workspace.yaml", WORKSPACE))[2] != ()


# ------------------------------------------------------------------------------------------------- hostile sizes


def nested(depth: int) -> str:
    shape = "text"
    for _ in range(depth):
        shape = f"{{type: record, fields: {{f: {shape}}}}}"
    return f"customers: {{table: c, key: id, attributes: {{id: {{type: text, nullable: false}}, r: {shape}}}}}\n"


def test_lists_and_records_inside_each_other_have_a_limit() -> None:
    assert read(nested(4))[1] == ()
    for depth in (5, 12, 20):
        _, problems = read(nested(depth))
        assert problems
        assert all(problem.where is not None for problem in problems)
    assert [problem.code for problem in read(nested(5))[1]] == ["CAT007"]


def test_thousands_of_names_that_do_not_exist_are_cut_short() -> None:
    codes = "".join(f"  CODE{n}: {{tags: [nobody]}}\n" for n in range(8000))
    _, problems = read(WORLD.replace("code_pools:", codes + "code_pools:"))
    assert len(problems) == MAX_PROBLEMS


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("circles: [", "circles: [" + "{latitude: 1, longitude: 1, radius_m: 1}, " * 501),
        ("addresses: [", "addresses: [" + "".join(f"a{n}@b.example, " for n in range(201))),
        ("BYDAY=2SU", "BYDAY=" + "2SU," * 4000),
        ("from: Stride", "from: " + "S" * 400),
        ("latitude: 42.3555", "latitude: " + "4" * 5000),
        ("high: 1.250000", "high: " + "1" * 5000),
        ("prefix: SUN", "prefix: " + "S" * 5000),
    ],
)
def test_hostile_sizes_end_in_located_findings(old: str, new: str) -> None:
    assert old in WORLD
    catalog, problems = read(WORLD.replace(old, new, 1))
    assert problems
    assert catalog is None or "BYDAY" in old
    assert all(problem.where is not None and len(problem.message) < 400 for problem in problems)
