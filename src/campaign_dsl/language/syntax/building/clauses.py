"""The other clauses of campaigns, audiences and messages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from campaign_dsl.language.syntax import tree as t
from campaign_dsl.language.syntax.building.outcomes import Outcomes
from campaign_dsl.language.syntax.building.places import unit_of

if TYPE_CHECKING:
    from lark import Token


class Clauses(Outcomes):
    """Clauses of one line."""

    def text_clause(self, token: Token) -> t.Text:
        return self.string(token)

    def word_clause(self, token: Token) -> t.Name:
        return self.name(token)

    leap_day_clause = word_clause

    def integer_clause(self, number: t.Number) -> t.Number:
        return number

    def names_clause(self, *names: Token) -> tuple[t.Name, ...]:
        return tuple(self.name(each) for each in names)

    def runs_from(self, first: Token) -> t.Runs:
        return t.Runs(self.day(first), None, span=self.clause)

    def runs_between(self, first: Token, last: Token) -> t.Runs:
        return t.Runs(self.day(first), self.day(last), span=self.clause)

    def runs_until(self, last: Token) -> t.Runs:
        return t.Runs(None, self.day(last), span=self.clause)

    def review_clause(self, token: Token) -> t.Constant:
        return self.date_literal(token)

    def languages_clause(self, *codes: Token) -> t.Languages:
        return t.Languages(tuple(self.name(each) for each in codes), span=self.clause)

    def zone_customer(self, zone: Token) -> t.TimeZone:
        return t.TimeZone(self.string(zone), True, span=self.clause)

    def zone_named(self, zone: Token) -> t.TimeZone:
        return t.TimeZone(self.string(zone), False, span=self.at(zone))

    def misfire_skip(self) -> t.Misfire:
        return t.Misfire(0, span=self.clause)

    def misfire_catch_up(self, count: t.Number, unit: Token) -> t.Misfire:
        if unit_of(unit) != "day" or not 1 <= int(count.text) <= 99:
            self.problems.add(
                "SYN012",
                "catching up is counted in 1 to 99 days",
                self.over(count, unit),
                help="write `catch up at most 3 days`",
            )
        return t.Misfire(int(count.text), span=self.clause)

    def where_clause(self, inner: t.Expression) -> t.Expression:
        return inner

    def exclude_audience(self, name: Token) -> t.Exclude:
        return t.Exclude(self.name(name), None, span=self.clause)

    def exclude_where(self, where: t.Expression) -> t.Exclude:
        return t.Exclude(None, where, span=self.clause)

    def segment_where(self, where: t.Expression) -> t.Expression:
        return where

    def segment_otherwise(self) -> None:
        return None

    def holdout_clause(self, token: Token) -> t.Number:
        return t.Number(str(token).replace("_", ""), span=self.at(token))

    variant_entry = holdout_clause

    def period_one(self, unit: Token) -> tuple[int, str]:
        return 1, unit_of(unit)

    def period_many(self, every: t.Number, unit: Token) -> tuple[int, str]:
        return int(every.text), unit_of(unit)

    def period_ever(self) -> tuple[int, str]:
        return 1, "ever"

    def limit_once(self, period: tuple[int, str]) -> t.Limit:
        return t.Limit(1, *period, span=self.clause)

    def limit_count(self, count: t.Number, period: tuple[int, str]) -> t.Limit:
        return t.Limit(int(count.text), *period, span=self.clause)

    def budget_item(self, amount: t.Number, unit: Token, approver: Token | None) -> t.BudgetItem:
        approved = self.string(approver) if approver is not None else None
        return t.BudgetItem(int(amount.text), str(unit), approved, span=self.over(amount, approver or unit))

    def budget_clause(self, *items: t.BudgetItem) -> tuple[t.BudgetItem, ...]:
        return items

    def expires_clause(self, duration: t.Duration) -> t.Duration:
        return duration

    visible_clause = expires_clause

    def alias(self, name: Token) -> t.Name:
        return self.name(name)

    def message_head(self, name: Token, kind: Token) -> tuple[t.Name, t.Name]:
        return self.name(name), self.name(kind)

    def via_clause(self, provider: Token, variant: Token | None) -> t.Via:
        named = None if variant is None else self.name(variant)
        return t.Via(self.name(provider), named, span=self.over(provider, variant or provider))

    def content_head(self, *axes: tuple[str, t.Name]) -> dict[str, t.Name]:
        return self.each_once(axes, help="write a `content` of its own for each of them")

    def axis_segment(self, name: Token) -> tuple[str, t.Name]:
        return "segment", self.name(name)

    def axis_language(self, code: Token) -> tuple[str, t.Name]:
        return "language", self.name(code)

    def axis_variant(self, name: Token) -> tuple[str, t.Name]:
        return "variant", self.name(name)

    def part_text(self, token: Token) -> t.Part:
        return t.Part(self.unnamed, "text", self.string(token), span=self.clause)

    def part_file(self, token: Token) -> t.Part:
        return t.Part(self.unnamed, "file", self.string(token), span=self.clause)

    def part_mjml(self, token: Token) -> t.Part:
        return t.Part(self.unnamed, "mjml", self.string(token), span=self.clause)

    def quiet_hours(self, start: Token, end: Token) -> t.Quiet:
        return t.Quiet(self.clock(start), self.clock(end), span=self.clause)

    def quiet_none(self) -> t.Quiet:
        return t.Quiet(None, None, span=self.clause)

    def property_constant(self, constant: t.Constant) -> t.PropertyOf:
        return t.PropertyOf(self.unnamed, None, constant, span=self.clause)

    def property_path(self, path: t.Path, fallback: t.Constant | None) -> t.PropertyOf:
        return t.PropertyOf(self.unnamed, path, fallback, span=self.clause)
