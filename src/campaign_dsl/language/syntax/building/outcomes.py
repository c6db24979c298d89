"""What a customer gets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from campaign_dsl.language.syntax import tree as t
from campaign_dsl.language.syntax.building.triggers import Triggers

if TYPE_CHECKING:
    from lark import Token

_OPTIONS = {"expires": "expires after", "at_most": "at most", "delay": "after"}


class Outcomes(Triggers):
    """Outcomes, their options and conditions."""

    def option_expires(self, duration: t.Duration) -> tuple[str, t.Duration]:
        return "expires", duration

    def option_at_most(self, word: Token, most: t.Number) -> tuple[str, t.Number]:
        return "at_most", most

    def option_delay(self, duration: t.Duration) -> tuple[str, t.Duration]:
        return "delay", duration

    def tail(self, *parts: Any) -> t.Tail:
        options = self.each_once(parts[:-2], help="keep one of them", called=_OPTIONS)
        return t.Tail(**options, alias=parts[-2], condition=parts[-1])

    def when_segment(self, word: Token, name: Token) -> t.Condition:
        return t.Condition(self.name(name), None, None, span=self.over(word, name))

    def when_variant(self, word: Token, name: Token) -> t.Condition:
        return t.Condition(None, self.name(name), None, span=self.over(word, name))

    def when_expression(self, word: Token, where: t.Expression) -> t.Condition:
        return t.Condition(None, None, where, span=self.over(word, where))

    def when_otherwise(self, word: Token) -> t.Condition:
        return t.Condition(None, None, None, span=self.at(word))

    def award_clause(self, amount: t.Expression, account: Token, source: Token, tail: t.Tail) -> t.Award:
        return t.Award(amount, self.name(account), self.name(source), tail, span=self.clause)

    def issue_offer(self, name: Token, tail: t.Tail) -> t.Issue:
        return t.Issue("offer", self.name(name), tail, span=self.clause)

    def issue_code(self, name: Token, tail: t.Tail) -> t.Issue:
        return t.Issue("code", self.name(name), tail, span=self.clause)

    def issue_code_from(self, name: Token, tail: t.Tail) -> t.Issue:
        return t.Issue("pool", self.name(name), tail, span=self.clause)

    def issue_reward(self, name: Token, tail: t.Tail) -> t.Issue:
        return t.Issue("reward", self.name(name), tail, span=self.clause)

    def tag_clause(self, tag: Token, ttl: t.Duration | None, tail: t.Tail) -> t.TagFor:
        return t.TagFor(self.name(tag), ttl, tail, span=self.clause)

    def untag_clause(self, tag: Token, tail: t.Tail) -> t.Untag:
        return t.Untag(self.name(tag), tail, span=self.clause)

    def set_clause(self, name: Token, value: t.Expression, tail: t.Tail) -> t.SetTo:
        return t.SetTo(self.name(name), value, tail, span=self.clause)

    def subscribe_clause(self, conversation: Token, tail: t.Tail) -> t.Subscription:
        return t.Subscription(self.name(conversation), True, tail, span=self.clause)

    def unsubscribe_clause(self, conversation: Token, tail: t.Tail) -> t.Subscription:
        return t.Subscription(self.name(conversation), False, tail, span=self.clause)

    def assignment(self, name: Token, value: t.Expression) -> t.Assignment:
        return t.Assignment(self.name(name), value, span=self.over(name, value))

    def assignments(self, *items: t.Assignment) -> tuple[t.Assignment, ...]:
        return items

    def record_clause(self, event: Token, items: tuple[t.Assignment, ...] | None, tail: t.Tail) -> t.Record:
        return t.Record(self.name(event), items or (), tail, span=self.clause)

    def send_clause(self, message: Token, tail: t.Tail) -> t.Send:
        return t.Send(self.name(message), tail, span=self.clause)
