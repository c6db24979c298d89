"""What makes a campaign happen."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from campaign_dsl.language.syntax import tree as t
from campaign_dsl.language.syntax.building.places import unit_of
from campaign_dsl.language.syntax.building.profile import Profile

if TYPE_CHECKING:
    from lark import Token


class Triggers(Profile):
    """Triggers of a behavior."""

    def on_anniversary(self, name: Token, shift: tuple[t.Duration, bool] | None, at: Token) -> t.OnAnniversary:
        duration, before = shift or (None, True)
        return t.OnAnniversary(self.name(name), duration, before, self.clock(at), span=self.clause)

    def on_holiday(
        self, name: Token, country: Token | None, shift: tuple[t.Duration, bool] | None, at: Token
    ) -> t.OnHoliday:
        duration, before = shift or (None, True)
        land = None if country is None else self.name(country)
        return t.OnHoliday(self.name(name), land, duration, before, self.clock(at), span=self.clause)

    def on_yearly(self, position: Token, weekday: Token, month: Token, at: Token) -> t.Schedule:
        return self._schedule(at, 1, "year", (weekday,), position=str(position), month=str(month))

    def on_crossing(self, word: Token, what: Token, name: Token) -> t.OnCrossing:
        return t.OnCrossing(str(what), self.name(name), word == "entering", span=self.clause)

    def on_code(self, code: Token) -> t.OnCode:
        return t.OnCode(self.name(code), False, span=self.clause)

    def on_code_pool(self, pool: Token) -> t.OnCode:
        return t.OnCode(self.name(pool), True, span=self.clause)

    def on_subscribe(self, conversation: Token) -> t.OnSubscription:
        return t.OnSubscription(self.name(conversation), True, span=self.clause)

    def on_unsubscribe(self, conversation: Token) -> t.OnSubscription:
        return t.OnSubscription(self.name(conversation), False, span=self.clause)

    def at_geofence(self, name: Token) -> t.Name:
        return self.name(name)

    def event_condition(
        self,
        geofence: t.Name | None,
        where: t.Expression | None,
        quantity: t.Quantity | None,
        within: t.Duration | None,
    ) -> t.EventCondition:
        """Without its event, which stands before it."""
        return t.EventCondition(self.unnamed, geofence, where, quantity, within, span=self.clause)

    def on_event(self, event: Token, condition: t.EventCondition) -> t.EventCondition:
        return replace(condition, event=self.name(event))

    def goal_entry(self, condition: t.EventCondition) -> t.EventCondition:
        return condition

    def goal_step(self, condition: t.EventCondition, alias: t.Name) -> tuple[t.EventCondition, t.Name]:
        """The first step of a sequence, which may have a name."""
        return condition, alias

    def every_weekday(self, *parts: Token) -> t.Schedule:
        return self._schedule(parts[-1], 1, "week", parts[:-1])

    def every_unit(self, unit: Token, at: Token) -> t.Schedule:
        return self._schedule(at, 1, unit_of(unit), ())

    def every_some(self, every: t.Number, unit: Token, weekday: Token | None, at: Token, first: Token) -> t.Schedule:
        days = () if weekday is None else (weekday,)
        return self._schedule(at, int(every.text), unit_of(unit), days, first=self.day(first))

    def every_month_day(self, unit: Token, day: t.Number, at: Token) -> t.Schedule:
        return self._schedule(at, 1, unit_of(unit), (), day=int(day.text))

    def every_month_weekday(self, unit: Token, position: Token, weekday: Token, at: Token) -> t.Schedule:
        return self._schedule(at, 1, unit_of(unit), (weekday,), position=str(position))

    def every_month_end(self, unit: Token, position: Token, at: Token) -> t.Schedule:
        return self._schedule(at, 1, unit_of(unit), (), position=str(position))

    def _schedule(
        self,
        at: Token,
        every: int,
        unit: str,
        weekdays: tuple[Token, ...],
        position: str | None = None,
        day: int | None = None,
        month: str | None = None,
        first: date | None = None,
    ) -> t.Schedule:
        days = tuple(str(each) for each in weekdays)
        return t.Schedule(every, unit, days, position, day, month, first, self.clock(at), span=self.clause)

    def every_nth(self, ordinal: Token, event: Token, where: t.Expression | None) -> t.EveryNth:
        number = str(ordinal)[:-2]
        if len(number) > 6:
            self.problems.add("SYN012", "this number is too large", self.at(ordinal), help="use at most 6 digits")
            number = "1"
        return t.EveryNth(int(number), self.name(event), where, span=self.clause)

    def once_clause(self, moment: Token) -> t.Once:
        return t.Once(self.timestamp_literal(moment), span=self.clause)

    def progress_clause(self) -> t.Text:
        return t.Text("each step", span=self.clause)

    def group_head(self, within: t.Duration | None) -> tuple[t.Duration | None]:
        return (within,)

    def sequence_head(self, within: t.Duration) -> t.Duration:
        return within

    def then_clause(self, step: t.Step) -> t.Step:
        return step

    def choice_head(self) -> t.Text:
        return t.Text("of", span=self.clause)

    def shift_before(self, count: t.Number, unit: Token) -> tuple[t.Duration, bool]:
        return self.duration(count, unit), True

    def shift_after(self, count: t.Number, unit: Token) -> tuple[t.Duration, bool]:
        return self.duration(count, unit), False

    def duration(self, count: t.Number, unit: Token) -> t.Duration:
        return t.Duration(int(count.text), unit_of(unit), span=self.over(count, unit))
