"""The head of a campaign: its kind and name, when it runs and on whose clock, its languages, its test, its data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from campaign_dsl.language.catalog import model
from campaign_dsl.language.catalog.zones import known_zone, zone_names
from campaign_dsl.language.diagnostics.model import Label, Problems
from campaign_dsl.language.diagnostics.suggest import did_you_mean
from campaign_dsl.language.ir import campaign as ir
from campaign_dsl.language.ir.nodes import Attribute
from campaign_dsl.language.semantics import expressions
from campaign_dsl.language.semantics.checks import MAX_NAME, check_name, choice, is_percent
from campaign_dsl.language.semantics.world import World
from campaign_dsl.language.syntax import tree as t

KINDS = ("promotion", "messaging", "subscription")
LEAP_DAYS = ("feb_28", "mar_1")
MAX_LANGUAGES = 50
MAX_VARIANTS = 20
MAX_DATA = 100


@dataclass(frozen=True, slots=True)
class Head:
    """What the head of a campaign says, policies of the workspace included."""

    kind: str
    priority: int
    runs: tuple[date | None, date | None]
    review: date | None
    zone: ir.ZoneRule | None
    leap_day: str
    catch_up_days: int
    languages: tuple[str, ...]
    language: Attribute | None
    arms: tuple[ir.Arm, ...]
    data: tuple[tuple[str, str], ...]

    @property
    def arm_names(self) -> tuple[str, ...]:
        return tuple(arm.name for arm in self.arms)


def head(node: t.Campaign, world: World, problems: Problems) -> Head:
    """What the head of a campaign says; whatever is wrong with it is reported."""
    name, settings = node.name.text, world.settings
    if not model.is_name(name) or len(name) > MAX_NAME:
        problems.add(
            "CMP002",
            f"`{name[:80]}` cannot name a campaign",
            node.name.span,
            help=f"use at most {MAX_NAME} lower case letters, digits and `_`",
        )
    for place, old in enumerate(node.formerly):
        # Who takes the first name back says so: `formerly gift, present` in `gift`.
        if old.text == name and (place > 0 or len(node.formerly) == 1):
            problems.add(
                "CMP006", f"`{name}` is its own former name", old.span, help="name the campaign's earlier name here"
            )
    if node.kind is None:
        problems.add(
            "CMP003",
            f"`{name}` does not say what kind it is",
            node.name.span,
            help="add `kind promotion`, `kind messaging` or `kind subscription`",
        )
    languages, language = _languages(node, world.catalog, problems)
    return Head(
        kind=choice(node.kind, KINDS, "kind of campaign", "", problems),
        priority=_priority(node, problems),
        runs=_runs(node, problems),
        review=_review(node, problems),
        zone=_zone(node, world, problems),
        leap_day=choice(node.leap_day, LEAP_DAYS, "leap day policy", settings.policies.leap_day, problems),
        catch_up_days=node.misfire.catch_up_days if node.misfire else _catch_up(settings.policies.misfire),
        languages=languages,
        language=language,
        arms=_arms(node, problems),
        data=_data(node, problems),
    )


def _catch_up(policy: str) -> int:
    return 0 if policy == "skip" else int(policy.split()[4])


def _priority(node: t.Campaign, problems: Problems) -> int:
    if node.priority is None:
        return 0
    if int(node.priority.text) > 1000:
        problems.add("CMP007", "a priority goes from 0 to 1000", node.priority.span, help="write `1000` or less")
    return int(node.priority.text)


def _runs(node: t.Campaign, problems: Problems) -> tuple[date | None, date | None]:
    runs = node.runs
    if runs is None:
        return None, None
    if runs.first and runs.last and runs.first > runs.last:
        problems.add("CMP005", "this campaign ends before it begins", runs.span, help="swap the two days")
    return runs.first, runs.last


def _review(node: t.Campaign, problems: Problems) -> date | None:
    if node.review is None:
        return None
    day = date.fromisoformat(node.review.text)
    if node.runs is not None and node.runs.first is not None and day <= node.runs.first:
        problems.add(
            "CMP005",
            "this review comes before the campaign",
            node.review.span,
            help="write a day on which there is something to look at",
            see_also=(Label(node.runs.span, "it begins here"),),
        )
    return day


def _zone(node: t.Campaign, world: World, problems: Problems) -> ir.ZoneRule | None:
    catalog = world.catalog
    if node.timezone is None:
        problems.add(
            "CMP008",
            f"`{node.name.text}` does not say whose clock it means",
            node.name.span,
            why="09:00 in New York is midnight in Sydney",
            help=f'add `timezone customer else "{world.settings.timezone}"` or `timezone "{world.settings.timezone}"`',
        )
        return None
    zone = node.timezone.zone
    if not known_zone(zone.text):
        problems.add(
            "CMP009",
            f"`{zone.text}` is not a zone of the tz database",
            zone.span,
            help=did_you_mean(zone.text, zone_names()) or "zones look like `America/New_York`",
        )
        return None
    if not node.timezone.customer:
        return ir.ZoneRule(None, zone.text)
    if catalog.customers.time_zone is None:
        problems.add(
            "CMP010",
            "the catalog does not say where the customer's zone is",
            node.timezone.span,
            help="set `customers: time_zone:` in catalog.yaml, or name one zone here",
        )
        return None
    return ir.ZoneRule(expressions.attribute(catalog, catalog.customers.time_zone), zone.text)


def _languages(
    node: t.Campaign, catalog: model.Catalog, problems: Problems
) -> tuple[tuple[str, ...], Attribute | None]:
    if node.languages is None:
        return (), None
    seen: dict[str, t.Name] = {}
    for code in node.languages.codes:
        if not model.is_language(code.text):
            problems.add(
                "CMP011",
                f"`{code.text}` is not a language",
                code.span,
                help="codes look like `de`, `fr-CA` or `zh-Hant`",
            )
        elif code.text in seen:
            problems.add(
                "CMP011",
                f"`{code.text}` stands here twice",
                code.span,
                help="delete one of them",
                see_also=(Label(seen[code.text].span, "first here"),),
            )
        seen.setdefault(code.text, code)
    if len(seen) > MAX_LANGUAGES:
        problems.add(
            "CMP011",
            f"these are {len(seen)} languages; at most {MAX_LANGUAGES} are possible",
            node.languages.span,
            help="split the campaign by country",
        )
    attribute = catalog.customers.language
    if len(seen) > 1 and attribute is None:
        problems.add(
            "CMP012",
            "the catalog does not say where the customer's language is",
            node.languages.span,
            help="set `customers: language:` in catalog.yaml, or keep one language here",
        )
    return tuple(seen), expressions.attribute(catalog, attribute) if attribute and len(seen) > 1 else None


def _arms(node: t.Campaign, problems: Problems) -> tuple[ir.Arm, ...]:
    seen: dict[str, t.Name] = {}
    arms: list[ir.Arm] = []
    before = len(problems)
    for each in node.variants:
        check_name(each.name, "a variant", problems)
        _once("variant", each.name, seen, problems)
        percent = Decimal(each.percent.text)
        if not is_percent(percent):
            problems.add(
                "CMP013",
                "a variant has more than 0% and less than 100%, with at most three decimals",
                each.percent.span,
                help=f"write `{each.name.text}  50%`",
            )
        arms.append(ir.Arm(each.name.text, percent, each.span))
    if not arms or len(problems) > before:
        return tuple(arms)
    whole = sum(arm.percent for arm in arms)
    where = node.variants[0].span.to(node.variants[-1].span)
    if len(arms) > MAX_VARIANTS:
        problems.add(
            "CMP013",
            f"these are {len(arms)} variants; at most {MAX_VARIANTS} are possible",
            where,
            help="test fewer things at once",
        )
    elif whole != 100:
        problems.add(
            "CMP013",
            f"these variants make {whole.normalize():f}%" if isinstance(whole, Decimal) else "these variants make 0%",
            where,
            why="every customer falls into exactly one of them",
            help="let them add up to exactly 100%",
        )
    return tuple(arms)


def _data(node: t.Campaign, problems: Problems) -> tuple[tuple[str, str], ...]:
    seen: dict[str, t.Name] = {}
    for each in node.data:
        check_name(each.name, "a value of the campaign", problems)
        _once("value", each.name, seen, problems)
    if len(seen) > MAX_DATA:
        problems.add(
            "CMP014",
            f"`data` has {len(seen)} values; at most {MAX_DATA} are possible",
            node.data[MAX_DATA].span,
            help="keep what belongs to customers, products or stores in the catalog's tables",
        )
    return tuple((each.name.text, each.value.text) for each in node.data)


def _once(what: str, name: t.Name, seen: dict[str, t.Name], problems: Problems) -> None:
    if name.text in seen:
        problems.add(
            "NAM012",
            f"{what} `{name.text}` is defined twice",
            name.span,
            help="give one of them another name",
            see_also=(Label(seen[name.text].span, "first defined here"),),
        )
    seen.setdefault(name.text, name)
