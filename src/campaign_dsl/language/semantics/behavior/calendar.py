"""Triggers of the calendar: anniversaries, movable feasts, schedules, single instants."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from importlib.resources import files

from campaign_dsl.language.catalog import model
from campaign_dsl.language.catalog.feasts import FIRST_YEAR, LAST_YEAR, holiday_days
from campaign_dsl.language.catalog.places import EVERYWHERE
from campaign_dsl.language.catalog.types import Kind
from campaign_dsl.language.diagnostics.model import Label, Problems
from campaign_dsl.language.diagnostics.suggest import did_you_mean
from campaign_dsl.language.ir import campaign as ir
from campaign_dsl.language.semantics import expressions
from campaign_dsl.language.semantics.behavior import saying
from campaign_dsl.language.semantics.behavior.rules import FIRST_DAY, first_tick, rule
from campaign_dsl.language.syntax import tree as t

LAST_DAY = date(2060, 12, 31)
"""As far as a plan looks ahead when a campaign has no last day. It must not depend on the day it is compiled."""
MAX_SHIFT = 180


@dataclass(frozen=True, slots=True)
class Days:
    """The days of a campaign.

    Attributes:
        runs: what the author said.
    """

    runs: t.Runs | None = None

    @property
    def first(self) -> date:
        return self.runs.first if self.runs is not None and self.runs.first is not None else FIRST_DAY

    @property
    def last(self) -> date:
        if self.runs is not None and self.runs.last is not None:
            return self.runs.last
        return max(LAST_DAY, date(self.first.year + 40, 12, 31))

    @property
    def labels(self) -> tuple[Label, ...]:
        return (Label(self.runs.span, "it runs then"),) if self.runs is not None else ()

    @property
    def sound(self) -> bool:
        """Whether there is a day at all; if not, that has been said."""
        return self.first <= self.last


def anniversary(node: t.OnAnniversary, catalog: model.Catalog, problems: Problems) -> ir.Anniversary | None:
    """`on anniversary of birth_date, 7 days before, at 09:00`."""
    name = node.attribute.text
    found = expressions.attribute(catalog, name)
    if found is None:
        problems.add(
            "NAM001",
            f"unknown customer attribute `{name}`",
            node.attribute.span,
            help=did_you_mean(name, catalog.customers.attributes, "known attributes") or "declare it in catalog.yaml",
        )
        return None
    if found.type.kind is not Kind.DATE:
        dates = [name for name, entry in catalog.customers.attributes.items() if entry.type is Kind.DATE]
        problems.add(
            "TYP003",
            f"an anniversary needs a date, `{found.name}` is {found.type}",
            node.attribute.span,
            help=did_you_mean(found.name, dates, "date attributes") or "declare a date attribute in catalog.yaml",
        )
        return None
    days = _shift(node.shift, node.before, "an anniversary", problems)
    return None if days is None else ir.Anniversary(found, days, node.at.text, node.span)


def _shift(shift: t.Duration | None, before: bool, what: str, problems: Problems) -> int | None:
    """How many days before; negative for days after."""
    if shift is None:
        return 0
    days = shift.count * {"day": 1, "week": 7}.get(shift.unit, MAX_SHIFT + 1)
    if days > MAX_SHIFT or shift.unit not in ("day", "week"):
        problems.add(
            "BEH002",
            f"{what} is shifted by at most {MAX_SHIFT} days, counted in days or weeks",
            shift.span,
            help="write `7 days before`",
        )
        return None
    return days if before else -days


def holiday(node: t.OnHoliday, days: Days, catalog: model.Catalog, problems: Problems) -> ir.Holiday | None:
    """`on holiday mothers_day in US, 3 days before, at 09:00`."""
    name = node.name.text
    entry = catalog.holidays.get(name)
    before = len(problems)
    if entry is None:
        problems.add(
            "NAM030",
            f"unknown holiday `{name}`",
            node.name.span,
            help=did_you_mean(name, catalog.holidays, "known holidays") or "declare it in catalog.yaml",
        )
    shift = _shift(node.shift, node.before, "a holiday", problems)
    if entry is None or shift is None or not days.sound:
        return None
    attribute = None
    countries: list[str | None]
    if node.country is not None:
        countries = [node.country.text]
        if entry.rule_of(node.country.text) is None:
            problems.add(
                "BEH009",
                f"`{name}` is not celebrated in `{node.country.text}`",
                node.country.span,
                help=did_you_mean(node.country.text, entry.rules, "countries") or "give it a rule in catalog.yaml",
            )
    elif set(entry.rules) == {EVERYWHERE}:
        countries = [None]
    else:
        others = _countries() if EVERYWHERE in entry.rules else frozenset[str]()
        countries = [*sorted((entry.rules.keys() - {EVERYWHERE}) | others)]
        if catalog.customers.country is None:
            problems.add(
                "BEH009",
                f"`{name}` falls on different days in different countries",
                node.name.span,
                why="the catalog does not say where the customer's country is",
                help=f"write `in {countries[0]}`, or set `customers: country:` in catalog.yaml",
            )
        else:
            attribute = expressions.attribute(catalog, catalog.customers.country)
    if len(problems) > before:
        return None
    found = [
        (None if node.country is not None else country, tuple(_celebrated(entry, country, shift, days)))
        for country in countries
    ]
    celebrated = tuple((country, on) for country, on in found if on)
    if not celebrated:
        problems.add(
            "BEH010",
            f"`{name}` never falls on a day of this campaign",
            node.span,
            help="change `runs`, or the shift",
            see_also=days.labels,
        )
        return None
    return ir.Holiday(name, entry.title, celebrated, attribute, shift, node.at.text, node.span)


def _celebrated(entry: model.Holiday, country: str | None, shift: int, days: Days) -> Iterator[date]:
    """The days of a holiday for which the campaign happens while it runs."""
    first, last = max(days.first.year - 1, FIRST_YEAR), min(days.last.year + 1, LAST_YEAR)
    for each in holiday_days(entry, country, first, last) if first <= last else ():
        if days.first <= each - timedelta(days=shift) <= days.last:
            yield each


@cache
def _countries() -> frozenset[str]:
    """Every country of ISO 3166, as the bundled tz database lists them."""
    lines = files("tzdata").joinpath("zoneinfo/iso3166.tab").read_text(encoding="utf-8").splitlines()
    return frozenset(line.split("\t")[0] for line in lines if line and not line.startswith("#"))


def schedule(node: t.Schedule, days: Days, problems: Problems) -> ir.Schedule | None:
    """`every monday at 10:00`."""
    found = rule(node, problems)
    if found is None or not days.sound:
        return None
    counts_from = node.first or days.first
    if first_tick(found, counts_from, days.first, days.last) is None:
        problems.add(
            "BEH010",
            "this schedule has no day on which the campaign runs",
            node.span,
            help="change `runs`, or the schedule",
            see_also=days.labels,
        )
        return None
    return ir.Schedule(found, counts_from, node.at.text, saying.trigger(node), node.span)


def once(node: t.Once, days: Days, problems: Problems) -> ir.Schedule | None:
    """`once at 2026-11-27 09:00`."""
    moment = datetime.fromisoformat(node.moment.text)
    if moment.tzinfo is not None or moment.second:
        what = "an offset" if moment.tzinfo is not None else "seconds"
        problems.add(
            "BEH011",
            f"`once` takes a local time without {what}",
            node.moment.span,
            why="it is the clock of the campaign's `timezone` that counts",
            help=f"write `once at {moment:%Y-%m-%d %H:%M}`",
        )
        return None
    day = moment.date()
    if not days.sound:
        return None
    if days.runs is not None and not (days.runs.first or day) <= day <= (days.runs.last or day):
        problems.add(
            "BEH010",
            "the campaign does not run on this day",
            node.moment.span,
            help="change `runs`, or the day",
            see_also=days.labels,
        )
        return None
    return ir.Schedule(None, day, f"{moment:%H:%M}", f"once at {moment:%Y-%m-%d %H:%M}", node.span)
