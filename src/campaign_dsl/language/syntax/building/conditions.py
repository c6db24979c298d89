"""Conditions and calculations."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from campaign_dsl.language.syntax import tree as t
from campaign_dsl.language.syntax.building.literals import Literals
from campaign_dsl.language.syntax.building.places import MAX_JOINED, words_of

if TYPE_CHECKING:
    from lark import Token


class Conditions(Literals):
    """What compares and joins."""

    def expression(self, inner: t.Expression) -> t.Expression:
        return inner

    def group(self, opening: Token, inner: t.Expression, closing: Token) -> t.Expression:
        return self.deep(replace(inner, span=self.over(opening, closing)), inner)

    def joined(self, node: t.AnyOf | t.AllOf) -> t.Expression:
        if len(node.items) > MAX_JOINED:
            self.problems.add(
                "SYN014",
                f"{len(node.items):,} conditions are joined here; at most {MAX_JOINED:,} are read",
                node.span,
                help="write `in [...]` where one value is compared with many; name a part as an audience of its own",
            )
        return self.deep(node, *node.items)

    def disjunction(self, *items: t.Expression) -> t.Expression:
        return self.joined(t.AnyOf(items, span=self.over(*items)))

    def conjunction(self, *items: t.Expression) -> t.Expression:
        return self.joined(t.AllOf(items, span=self.over(*items)))

    def negated(self, word: Token, item: t.Expression) -> t.Expression:
        return self.deep(t.Not(item, span=self.over(word, item)), item)

    def comparison(self, left: t.Expression, op: Token, right: t.Expression) -> t.Expression:
        node = t.Compare(str(op), left, right, op_span=self.at(op), span=self.over(left, right))
        return self.deep(node, left, right)

    def between(self, value: t.Expression, low: t.Expression, high: t.Expression) -> t.Expression:
        node = t.Between(value, low, high, span=self.over(value, high))
        return self.deep(node, value, low, high)

    def not_between(self, value: t.Expression, low: t.Expression, high: t.Expression) -> t.Expression:
        node = t.Between(value, low, high, True, span=self.over(value, high))
        return self.deep(node, value, low, high)

    def list(self, *items: Any) -> tuple[tuple[t.Expression, ...], Token]:
        """The items, and the bracket that ends them."""
        return tuple(item for item in items[:-1] if item is not None), items[-1]

    def in_list(self, value: t.Expression, items: tuple[tuple[t.Expression, ...], Token]) -> t.Expression:
        node = t.InList(value, items[0], span=self.over(value, items[1]))
        return self.deep(node, value, *items[0])

    def not_in_list(self, value: t.Expression, items: tuple[tuple[t.Expression, ...], Token]) -> t.Expression:
        node = t.InList(value, items[0], True, span=self.over(value, items[1]))
        return self.deep(node, value, *items[0])

    def is_known(self, value: t.Expression, word: Token) -> t.Expression:
        return self.deep(t.Known(value, True, span=self.over(value, word)), value)

    def is_missing(self, value: t.Expression, word: Token) -> t.Expression:
        return self.deep(t.Known(value, False, span=self.over(value, word)), value)

    def text_test(self, value: t.Expression, op: Token, text: t.Expression, case: Token | None) -> t.Expression:
        node = t.TextTest(words_of(op), value, text, case is not None, span=self.over(value, case or text))
        return self.deep(node, value, text)

    def in_audience(self, word: Token, name: Token) -> t.Expression:
        return t.InAudience(self.name(name), span=self.over(word, name))

    def everyone(self, word: Token) -> t.Expression:
        return t.Everyone(span=self.at(word))

    def arithmetic(self, left: t.Expression, op: Token, right: t.Expression) -> t.Expression:
        node = t.Arithmetic(str(op), left, right, span=self.over(left, right))
        return self.deep(node, left, right)

    times = arithmetic

    def signed(self, sign: Token, value: t.Expression) -> t.Expression:
        span = self.over(sign, value)
        if isinstance(value, t.Constant) and value.kind in ("integer", "decimal"):
            text = (
                value.text
                if sign == "+"
                else value.text.removeprefix("-")
                if value.text[0] == "-"
                else "-" + value.text
            )
            return t.Constant(value.kind, text, span=span)
        zero = t.Constant("integer", "0", span=self.at(sign))
        return self.deep(t.Arithmetic(str(sign), zero, value, span=span), value)
