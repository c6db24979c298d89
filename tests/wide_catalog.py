"""A catalog with everything an expression can name, and what the checks say about expressions over it."""

from __future__ import annotations

from dataclasses import replace

from campaign_dsl.language.catalog.loading import load_catalog
from campaign_dsl.language.catalog.model import Catalog
from campaign_dsl.language.diagnostics.model import Diagnostic, Problems
from campaign_dsl.language.ir import nodes as ir
from campaign_dsl.language.semantics.expressions import Names, predicate, value
from campaign_dsl.language.source.files import Snippet, SourceFile
from campaign_dsl.language.syntax import tree as t
from campaign_dsl.language.syntax.assemble import parse_expression

TEXT = """\
customers:
  table: customers
  key: id
  time_zone: zone
  birth_date: born
  attributes:
    id:     {type: text, nullable: false}
    zone:   {type: text}
    note:   {type: text}
    sure:   {type: text, nullable: false}
    whole:  {type: integer}
    count:  {type: integer, nullable: false}
    money:  {type: decimal}
    yes:    {type: boolean}
    born:   {type: date}
    joined: {type: date, nullable: false}
    seen:   {type: timestamp}
    since_when: {type: timestamp, nullable: false, column: signed_up_at}
    tier:   {type: enum, values: [low, mid, high], ordered: true, nullable: false, changed_at: tier_since}
    level:  {type: enum, values: [low, mid, high], ordered: true, changed_at: signed_up_at}
    color:  {type: enum, values: [red, blue]}
    home:   {type: geo, latitude: home_lat, longitude: home_lon}
    interests: {type: list, of: text}
    colors: {type: list, of: {type: enum, values: [red, blue]}}
    sizes:  {type: list, of: {type: integer, nullable: true}, nullable: false}
    address:
      type: record
      fields:
        city: text
        zip: {type: text, nullable: false}
        floor: integer
    children:
      type: list
      of:
        type: record
        fields:
          age: {type: integer, nullable: false}
          name: text
          toys: {type: list, of: text}
    shop:   {type: text, dimension: stores}
events:
  buy:
    table: events
    kind: {column: kind, equals: buy}
    received_at: arrived
    properties:
      sku:    {type: text, nullable: false}
      amount: {type: decimal}
      whole:  {type: integer}
      gift:   {type: boolean}
      color:  {type: enum, values: [red, blue]}
      size:   {type: enum, values: [low, mid, high], ordered: true}
      store:  {type: text, column: store_id, dimension: stores}
      shipped: {type: timestamp}
      picked: {type: date}
      labels: {type: list, of: text}
      where_at: {type: geo, latitude: lat, longitude: lon}
  look:
    table: events
    kind: {column: kind, equals: look}
    properties:
      sku: {type: text, nullable: false}
      amount: {type: decimal, column: price}
  open: {table: opens}
dimensions:
  stores:
    table: stores
    key: store
    attributes:
      store: {type: text, nullable: false, column: store_id}
      city:  {type: text, nullable: false}
      zone:  {type: text}
      place: {type: geo, latitude: a, longitude: b}
      region: {type: text, dimension: regions}
  regions:
    table: regions
    key: code
    attributes:
      code: {type: text, nullable: false}
      title: {type: text}
relations:
  orders:
    table: orders
    id: order_id
    attributes:
      status: {type: enum, values: [open, closed]}
      total:  {type: decimal}
      placed: {type: date}
      store:  {type: text, dimension: stores}
profile:
  tags: {table: tags}
  points: {table: balances}
  wallet: {table: wallet, id: offer_id}
  subscriptions: {table: subs}
  messages: {table: msgs}
  decisions: {table: decisions}
point_accounts:
  rewards: {title: Points, sources: [birthday]}
tiers: {attribute: tier, multipliers: {low: "1", mid: "1.5", high: "2"}}
offers:
  half: {title: Half, form: percentage_off_item, percent: 50}
tags: {vip: {}, gone: {}}
lists:
  known: {file: lists/known.csv}
channels:
  mail: {}
conversations:
  news: {title: News, channel: mail}
geofences:
  stores:
    circles:
      - {latitude: "42.36", longitude: "-71.05", radius_m: 500}
      - {latitude: "40.7", longitude: "-74", radius_m: 100}
"""


def load(text: str = TEXT) -> Catalog:
    catalog, _, problems = load_catalog(SourceFile("catalog.yaml", text))
    assert catalog is not None, problems
    return catalog


CATALOG = load()


def _audience(name: t.Name, problems: Problems) -> ir.Predicate | None:
    if name.text == "fans":
        return ir.Always()
    problems.add("NAM013", f"unknown audience `{name.text}`", name.span, help="use a known one")
    return None


def _list(name: t.Name, problems: Problems) -> tuple[str, ...] | None:
    return ("7", "8")


NAMES = Names(CATALOG, _audience, "America/New_York", _list, frozenset({"gift", "old_gift"}))


def parsed(text: str) -> t.Expression:
    problems = Problems()
    node = parse_expression(Snippet.of(SourceFile("x.campaign", text), 0, len(text)), problems)
    assert node is not None, problems.sorted()
    assert not len(problems), problems.sorted()
    return node


def typed(text: str, names: Names = NAMES) -> tuple[ir.Predicate | None, tuple[Diagnostic, ...]]:
    """The typed predicate of a text, and what is wrong with it."""
    problems = Problems()
    found = predicate(parsed(text), names, problems)
    assert (found is None) == bool(len(problems))
    return found, problems.sorted()


def sound(text: str, names: Names = NAMES) -> ir.Predicate:
    found, problems = typed(text, names)
    assert problems == (), problems
    assert found is not None
    return found


def valued(text: str, names: Names = NAMES) -> ir.Value:
    problems = Problems()
    found = value(parsed(text), names, problems)
    assert found is not None, problems.sorted()
    assert not len(problems)
    return found


def refused(text: str, names: Names = NAMES) -> list[Diagnostic]:
    found, problems = typed(text, names)
    assert found is None
    return list(problems)


def caret(item: Diagnostic) -> str:
    """What the caret is under."""
    assert item.where is not None
    span = item.where.span
    return span.source.text[span.start : span.end]


def without(*facets: str) -> Names:
    """The names of a catalog whose profile lacks facets."""
    profile = CATALOG.profile.model_copy(update=dict.fromkeys(facets))
    return replace(NAMES, catalog=CATALOG.model_copy(update={"profile": profile}))
