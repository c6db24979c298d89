"""A catalog with one attribute of every kind, and what the checks say about predicates and campaigns over it."""

from __future__ import annotations

import re

from texts import SAMPLE

from campaign_dsl.language.catalog.loading import load_catalog, load_workspace_settings
from campaign_dsl.language.catalog.model import Catalog, WorkspaceSettings
from campaign_dsl.language.diagnostics.model import Diagnostic
from campaign_dsl.language.ir import campaign as ir
from campaign_dsl.language.ir import nodes
from campaign_dsl.language.source.files import SourceFile
from campaign_dsl.workspace import Workspace, parse

CATALOG = """\
customers:
  table: customers
  key: id
  time_zone: zone
  birth_date: born
  attributes:
    id:     {type: text, nullable: false}
    zone:   {type: text}
    text:   {type: text}
    whole:  {type: integer}
    money:  {type: decimal}
    yes:    {type: boolean}
    born:   {type: date}
    seen:   {type: timestamp}
    tier:   {type: enum, values: [low, mid, high], ordered: true}
    size:   {type: enum, values: [small, large], ordered: true}
    color:  {type: enum, values: [red, blue]}
    shade:  {type: enum, values: [red, blue]}
    rank:   {type: enum, values: [red, blue], ordered: true}
    first_name: {type: text}
    last_name:  {type: text, nullable: false}
    email:      {type: text}
    consent:    {type: boolean}
events:
  buy:
    table: events
    properties:
      text:  {type: text}
      whole: {type: integer}
      money: {type: decimal}
      yes:   {type: boolean}
      born:  {type: date}
      seen:  {type: timestamp}
      tier:  {type: enum, values: [low, mid, high], ordered: true}
      color: {type: enum, values: [red, blue]}
      sku:   {type: text}
point_accounts:
  rewards: {title: Points, sources: [birthday, welcome]}
  closed:  {title: Old points, sources: [birthday], active: false}
offers:
  half:  {title: Half, form: percentage_off_item, percent: 50, description: Half price}
  full:  {title: Whole, form: percentage_off_item, percent: 100, terms_and_conditions: None, logo: "https://x/y"}
  ended: {title: Over, form: buy_x_get_y, active: false}
tags:
  gift: {}
channels:
  email: {address: email, consent: consent}
  push: {}
  sms: {address: text}
variants:
  mail:  {provider: braze, channel: email, requires: [first_name]}
  other: {provider: middleware, channel: email}
  pushed: {provider: braze, channel: push}
suppression_lists:
  listed: {table: suppressions}
"""


def load() -> tuple[Catalog, WorkspaceSettings]:
    catalog, _, problems = load_catalog(SourceFile("catalog.yaml", CATALOG))
    assert catalog is not None, problems
    path = SAMPLE / "workspace.yaml"
    settings, _, problems = load_workspace_settings(SourceFile("workspace.yaml", path.read_text("utf-8")))
    assert settings is not None, problems
    return catalog, settings


LOADED = load()


def desk(text: str = "", path: str = "x.campaign", **policies: str) -> Workspace:
    """A workspace with one file, that exists in memory only."""
    catalog, settings = LOADED
    if policies:
        settings = settings.model_copy(update={"policies": settings.policies.model_copy(update=policies)})
    workspace = Workspace(SAMPLE, settings=settings, catalog=catalog)
    source = SourceFile(path, text)
    tree = parse(source, workspace.problems)
    for each in tree.campaigns:
        workspace.campaigns[each.name.text] = (each, source)
    for audience in tree.audiences:
        assert audience.name is not None
        workspace.audiences[audience.name.text] = (audience, source)
    return workspace


def typed(text: str, audiences: str = "") -> tuple[nodes.Predicate | None, list[str]]:
    """The typed predicate of a text, and the codes of what is wrong with it."""
    workspace = desk(audiences)
    found = workspace.expression(text)
    return found, [each.code for each in workspace.problems.sorted()]


def codes(text: str, audiences: str = "") -> list[str]:
    found, problems = typed(text, audiences)
    assert (found is None) == bool(problems)
    return problems


PARTS = {
    "audience": "everyone",
    "behavior": "on anniversary of born, at 09:00",
    "outcomes": "send note",
    "settings": 'braze_campaign_id "x"',
    "properties": 'first_name customer.first_name else "friend"',
    "via": "via braze variant mail",
    "message": "",
    "more": "",
    "after": "",
}
TEMPLATE = """\
campaign gift {{
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
  message note external {{
    {via}
    settings {{
      {settings}
    }}
    {message}
    properties {{
      {properties}
    }}
  }}
  {more}
}}
{after}
"""


def text_of(**parts: str) -> str:
    """A sound campaign but for the given parts."""
    assert parts.keys() <= PARTS.keys() | {"head"}
    outcomes = parts.get("outcomes", PARTS["outcomes"])
    kind = "promotion" if re.search(r"^ *(award|issue|tag|set|record)\b", outcomes, re.MULTILINE) else "messaging"
    head = f'kind {kind}\n  timezone customer else "America/New_York"'
    return TEMPLATE.format(**(PARTS | {"head": head} | parts))


def check(text: str, **policies: str) -> tuple[ir.Campaign | None, tuple[Diagnostic, ...]]:
    """The typed campaign `gift`, and every finding."""
    workspace = desk(text, **policies)
    found = workspace.check()
    return workspace.typed("gift") if "gift" in workspace.campaigns else None, found


def findings(**parts: str) -> list[str]:
    campaign, found = check(text_of(**parts))
    assert (campaign is None) == any(each.severity == "error" for each in found)
    return [each.code for each in found]


def sound(**parts: str) -> ir.Campaign:
    campaign, found = check(text_of(**parts))
    assert found == ()
    assert campaign is not None
    return campaign
