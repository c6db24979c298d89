"""Events, windows and sequences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from campaign_dsl.language.syntax import tree as t
from campaign_dsl.language.syntax.building.conditions import Conditions
from campaign_dsl.language.syntax.building.places import unit_of, words_of

if TYPE_CHECKING:
    from lark import Token


class Events(Conditions):
    """What happened, and when."""

    def event_filter(self, inner: t.Expression) -> t.Expression:
        return inner

    def at_least(self, kind: Token, count: t.Number, word: Token) -> t.Quantity:
        return t.Quantity(words_of(kind), int(count.text), span=self.over(kind, word))

    def now(self, word: Token) -> t.Now:
        return t.Now(span=self.at(word))

    def today(self, word: Token) -> t.Today:
        return t.Today(span=self.at(word))

    def moment_word(self, word: t.Now | t.Today) -> t.Now | t.Today:
        return word

    def length_exact(self, count: t.Number, unit: Token) -> t.Length:
        return t.Length(int(count.text), unit_of(unit), span=self.over(count, unit))

    def length_calendar(self, count: t.Number, unit: Token) -> t.Length:
        return t.Length(int(count.text), unit_of(unit), True, span=self.over(count, unit))

    def ago(self, length: t.Length, word: Token) -> t.Ago:
        return t.Ago(length, span=self.over(length, word))

    def from_now(self, length: t.Length, word: Token) -> t.Ago:
        return t.Ago(length, True, span=self.over(length, word))

    def window_rolling(self, word: Token, count: t.Number, unit: Token) -> t.Window:
        return t.Window("rolling", int(count.text), unit_of(unit), span=self.over(word, unit))

    def window_calendar(self, word: Token, count: t.Number, unit: Token) -> t.Window:
        return t.Window("calendar", int(count.text), unit_of(unit), span=self.over(word, unit))

    def window_unit(self, word: Token, unit: Token) -> t.Window:
        return t.Window(str(word), unit=unit_of(unit), span=self.over(word, unit))

    def window_ever(self, word: Token) -> t.Window:
        return t.Window("ever", span=self.at(word))

    def bound(self, word: Token, moment: t.Moment) -> t.Bound:
        return t.Bound(str(word), moment, span=self.over(word, moment))

    def window_bound(self, *bounds: t.Bound) -> t.Window:
        return t.Window("bounds", bounds=bounds, span=self.over(*bounds))

    window_bounds = window_bound

    def between_window(self, word: Token, first: t.Moment, last: t.Moment) -> t.Window:
        bounds = (t.Bound("since", first, span=first.span), t.Bound("until", last, span=last.span))
        return t.Window("between", bounds=bounds, span=self.over(word, last))

    def did(
        self, word: Token, event: Token, where: t.Expression | None, quantity: t.Quantity | None, window: t.Window
    ) -> t.Expression:
        node = t.Did(self.name(event), where, quantity, window, span=self.over(word, window))
        return self.deep(node, where)

    def did_not(self, word: Token, event: Token, where: t.Expression | None, window: t.Window) -> t.Expression:
        node = t.Did(self.name(event), where, None, window, True, span=self.over(word, window))
        return self.deep(node, where)

    def did_between(self, word: Token, event: Token, window: t.Window) -> t.Expression:
        return self.did(word, event, None, None, window)

    def did_not_between(self, word: Token, event: Token, window: t.Window) -> t.Expression:
        return self.did_not(word, event, None, window)

    def count_of(self, word: Token, event: Token, where: t.Expression | None, window: t.Window) -> t.Expression:
        node = t.Aggregate("count", self.name(event), None, where, window, span=self.over(word, window))
        return self.deep(node, where)

    def aggregate_of(
        self, word: Token, event: Token, prop: t.Path, where: t.Expression | None, window: t.Window | None
    ) -> t.Expression:
        function = words_of(word).removesuffix(" of")
        span = self.over(word, window or where or prop)
        return self.deep(t.Aggregate(function, self.name(event), prop, where, window, span=span), where)

    def recency_of(self, word: Token, event: Token, where: t.Expression | None) -> t.Expression:
        node = t.Aggregate("recency", self.name(event), None, where, None, span=self.over(word, where or event))
        return self.deep(node, where)

    def first_did(self, word: Token, event: Token, where: t.Expression | None, window: t.Window) -> t.Expression:
        return self.deep(t.FirstDid(self.name(event), where, window, span=self.over(word, window)), where)

    def stopped_doing(self, word: Token, event: Token, where: t.Expression | None, window: t.Window) -> t.Expression:
        return self.deep(t.StoppedDoing(self.name(event), where, window, span=self.over(word, window)), where)

    def resumed_doing(
        self, word: Token, event: Token, where: t.Expression | None, window: t.Window, after: Token, gap: t.Duration
    ) -> t.Expression:
        return self.deep(t.ResumedDoing(self.name(event), where, window, gap, span=self.over(word, gap)), where)

    def doing_rolling(
        self, word: Token, event: Token, where: t.Expression | None, each: Token, count: t.Number, unit: Token
    ) -> t.Expression:
        return self._doing(word, event, where, count, unit, False)

    def doing_calendar(
        self, word: Token, event: Token, where: t.Expression | None, each: Token, count: t.Number, unit: Token
    ) -> t.Expression:
        return self._doing(word, event, where, count, unit, True)

    def _doing(
        self, word: Token, event: Token, where: t.Expression | None, count: t.Number, unit: Token, calendar: bool
    ) -> t.Expression:
        span = self.over(word, unit)
        node = t.DoingRegularly(self.name(event), where, int(count.text), unit_of(unit), calendar, span=span)
        return self.deep(node, where)

    def first_step(self, event: Token, where: t.Expression | None, alias: t.Name | None) -> t.Step:
        return t.Step(self.name(event), where, alias, False, None, span=self.over(event, alias or where or event))

    def step_time(self, duration: t.Duration) -> t.Duration:
        return duration

    within = step_time

    def then_step(
        self, event: Token, where: t.Expression | None, alias: t.Name | None, within: t.Duration | None
    ) -> t.Step:
        span = self.over(event, within or alias or where or event)
        return t.Step(self.name(event), where, alias, False, within, span=span)

    def then_no_step(self, word: Token, event: Token, where: t.Expression | None, within: t.Duration) -> t.Step:
        return t.Step(self.name(event), where, None, True, within, span=self.over(word, within))

    def did_sequence(self, word: Token, opening: Token, *rest: Any) -> t.Expression:
        steps, window = rest[:-2], rest[-1]
        node = t.DidSequence(steps, window, span=self.over(word, window))
        return self.deep(node, *(each.where for each in steps))
