"""A catalog with everything a campaign can name, and what the checks say about campaigns over it."""

from __future__ import annotations

from collections.abc import Mapping

from desk import LOADED
from texts import SAMPLE, marked

from campaign_dsl.language.catalog.loading import load_catalog
from campaign_dsl.language.diagnostics.model import Diagnostic
from campaign_dsl.language.ir import campaign as ir
from campaign_dsl.language.source.files import SourceFile
from campaign_dsl.workspace import Workspace, parse

CATALOG = """\
customers:
  table: customers
  key: id
  time_zone: zone
  birth_date: born
  language: language
  country: country
  attributes:
    id:       {type: text, nullable: false}
    zone:     {type: text}
    language: {type: text}
    country:  {type: text}
    born:     {type: date}
    joined:   {type: date}
    seen:     {type: timestamp}
    age_group: {type: integer}
    tier:     {type: enum, values: [member, gold], ordered: true, nullable: false, writable: true}
    visits:   {type: integer, nullable: false, writable: true}
    money:    {type: decimal, writable: true}
    note:     {type: text, writable: true}
    wedding:  {type: date, writable: true}
    touched:  {type: timestamp, writable: true}
    vip:      {type: boolean, nullable: false, writable: true}
    words:    {type: list, of: text, writable: true}
    home:     {type: geo, latitude: lat, longitude: lon}
    name:     {type: text}
    surname:  {type: text, nullable: false}
    mail:     {type: text}
    phone:    {type: text}
    consent:  {type: boolean}
events:
  purchase:
    table: events
    kind: {column: kind, equals: purchase}
    properties:
      sku:    {type: text}
      amount: {type: decimal, nullable: false}
      pieces: {type: integer, nullable: false}
      store:  {type: text}
  refund:
    table: refunds
    properties:
      amount: {type: decimal, column: refunded}
      store:  {type: integer}
      reason: {type: text, nullable: false}
  visit:
    table: visits
    place: at
    accuracy: {property: exact, at_most_m: 50}
    properties:
      at:    {type: geo, latitude: lat, longitude: lon}
      exact: {type: integer}
  crossed:
    table: crossings
    properties:
      fence: {type: text}
      way:   {type: enum, values: [in, out]}
  entry:
    table: entries
    properties:
      store:  {type: text, nullable: false}
      source: {type: text}
      many:   {type: integer}
geofence_events: {event: crossed, geofence: fence, direction: way, entering: in, leaving: out}
geofences:
  shop: {circles: [{latitude: "42.36", longitude: "-71.05", radius_m: 300}]}
profile:
  subscriptions: {table: subscriptions}
  subscription_changes: {table: changes}
  code_entries: {table: codes}
  tags: {table: tags}
point_accounts:
  rewards: {title: Points, sources: [birthday, purchase]}
  closed:  {title: Old points, sources: [birthday], active: false}
tiers: {attribute: tier, multipliers: {member: "1", gold: "1.5"}}
offers:
  half:  {title: Half, form: percentage_off_item, percent: 50}
  ended: {title: Over, form: percentage_off_item, percent: 50, active: false}
rewards:
  mug:   {title: Mug, cost: 100, account: rewards}
  gone:  {title: Gone, cost: 100, account: rewards, active: false}
promo_codes:
  SUMMER26: {title: Summer}
  WINTER25: {title: Winter, active: false}
code_pools:
  summer: {title: Summer codes}
tags:
  gift: {}
lists:
  friends: {file: lists/friends.txt}
channels:
  mail:   {type: email, address: mail, consent: consent}
  text:   {type: sms, address: phone, consent: consent}
  app:    {type: push, consent: consent}
  box:    {type: inbox, consent: consent}
  tiles:  {type: feed, consent: consent}
  screen: {type: in_app, consent: consent}
  braze:  {address: mail, consent: consent}
  bare:   {type: external}
variants:
  plain:  {provider: braze, channel: braze}
  mailed: {provider: braze, channel: mail, identifier: email}
  noted:  {provider: braze, channel: braze, include: [event_trigger]}
  wanted: {provider: braze, channel: braze, requires: [code]}
  open:   {provider: middleware, channel: bare}
  strict: {provider: middleware, channel: braze, contract: contracts/strict.json}
  lost:   {provider: middleware, channel: braze, contract: contracts/lost.json}
conversations:
  news:   {title: News, channel: mail, from: "Shop <news@shop.example>", quiet: "20:00 to 09:00", suppress: [never]}
  silent: {title: Silent, channel: mail}
  texts:  {title: Texts, channel: text}
  apps:   {title: App, channel: app}
seed_lists:
  qa:    {addresses: [one@shop.example, two@shop.example]}
  legal: {addresses: [two@shop.example, law@shop.example]}
suppression_lists:
  never: {table: suppressions}
holidays:
  mothers_day:
    title: Mother's Day
    rules:
      US: {rrule: "FREQ=YEARLY;BYMONTH=5;BYDAY=2SU"}
      FR: {rrule: "FREQ=YEARLY;BYMONTH=5;BYDAY=-1SU"}
  new_year:
    title: New Year
    rules:
      everywhere: {rrule: "FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=1"}
  mixed:
    title: Mixed
    rules:
      everywhere: {rrule: "FREQ=YEARLY;BYMONTH=6;BYMONTHDAY=1"}
      US: {rrule: "FREQ=YEARLY;BYMONTH=7;BYMONTHDAY=4"}
"""
FILES = {
    "content/hello.html": "<p>Hello {{ customer.surname }}</p>",
    "content/bad.html": "<p>{{ customer.nobody }}</p>",
    "content/page.mjml": "<mjml><mj-body><mj-section><mj-column><mj-text>Hello {{ customer.surname }}</mj-text>"
    "</mj-column></mj-section></mj-body></mjml>",
    "contracts/strict.json": '{"type": "object", "required": ["name"], "additionalProperties": false,'
    ' "properties": {"name": {"type": "string"}, "visits": {"type": "integer"}}}',
    "contracts/lost.json": "{",
}
AUDIENCES = "audience lapsed {\n  where age_group > 3\n}\naudience broken {\n  where nothing\n}\n"

NOTHING: Mapping[str, str] = {}

PARTS = {
    "kind": "promotion",
    "head": "",
    "audience": "everyone",
    "behavior": "on purchase",
    "outcomes": "tag gift for 1 day",
    "more": "",
}
TEMPLATE = """\
campaign gift {{
  kind {kind}
  timezone customer else "America/New_York"
  {head}
  audience {{
    {audience}
  }}
  behavior {{
    {behavior}
  }}
  outcomes {{
    {outcomes}
  }}
  {more}
}}
"""


def _load() -> Workspace:
    catalog, _, problems = load_catalog(SourceFile("catalog.yaml", CATALOG))
    assert catalog is not None, problems
    return Workspace(SAMPLE, settings=LOADED[1], catalog=catalog)


BRAND = _load()


def text_of(**parts: str) -> str:
    """A sound campaign but for the given parts."""
    assert parts.keys() <= PARTS.keys()
    return TEMPLATE.format(**(PARTS | parts))


def check(
    text: str, files: Mapping[str, str] = FILES, policies: Mapping[str, str] = NOTHING, **catalog: object
) -> tuple[ir.Campaign | None, tuple[Diagnostic, ...]]:
    """The typed campaign `gift`, and every finding.

    Args:
        policies: of the workspace, that are other ones.
        catalog: keys of the catalog that are other ones.
    """
    settings, known = BRAND.settings, BRAND.catalog
    assert settings is not None
    assert known is not None
    settings = settings.model_copy(update={"policies": settings.policies.model_copy(update=policies)})
    workspace = Workspace(SAMPLE, settings=settings, catalog=known.model_copy(update=catalog))
    workspace._texts |= {path: SourceFile(path, said) for path, said in files.items()}
    source, shared = SourceFile("x.campaign", text), SourceFile("shared.campaign", AUDIENCES)
    for each in parse(source, workspace.problems).campaigns:
        workspace.campaigns[each.name.text] = (each, source)
    for audience in parse(shared, workspace.problems).audiences:
        assert audience.name is not None
        workspace.audiences[audience.name.text] = (audience, shared)
    campaign = workspace.typed("gift")
    return campaign, workspace.problems.sorted()


def sound(**parts: str) -> ir.Campaign:
    """The typed campaign, of parts that have nothing wrong with them."""
    campaign, found = check(text_of(**parts))
    assert found == (), found
    assert campaign is not None
    return campaign


def refused(**parts: str) -> list[tuple[str, str]]:
    """The code of each finding, and the text it points at."""
    campaign, found = check(text_of(**parts))
    assert campaign is None
    return [(each.code, marked(each)) for each in found]
