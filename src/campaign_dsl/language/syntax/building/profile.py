"""Lists, places, ranks, samples, and what the profile holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from campaign_dsl.language.syntax import tree as t
from campaign_dsl.language.syntax.building.events import Events
from campaign_dsl.language.syntax.building.places import unit_of, words_of

if TYPE_CHECKING:
    from lark import Token


class Profile(Events):
    """The other values and tests."""

    def rounded(self, value: t.Expression, word: Token, digits: t.Number) -> t.Expression:
        mode = words_of(word).removeprefix("round ")
        return self.deep(t.Rounded(value, mode, int(digits.text), span=self.over(value, digits)), value)

    def call(self, word: Token, value: t.Expression) -> t.Expression:
        return self.deep(t.Call(words_of(word), value, span=self.over(word, value)), value)

    def quintile(self, word: Token, value: t.Expression) -> t.Expression:
        return self.deep(t.Quintile(value, span=self.over(word, value)), value)

    def local_time(self, word: Token, zone: t.Constant | t.Path | None) -> t.Expression:
        return t.LocalTime(words_of(word), zone, span=self.over(word, zone or word))

    def zone_text(self, word: Token, zone: Token) -> t.Constant:
        return self.text_literal(zone)

    def zone_path(self, word: Token, zone: t.Path) -> t.Path:
        return zone

    def points_in(self, word: Token, account: Token) -> t.Expression:
        return t.PointsIn(self.name(account), span=self.over(word, account))

    def number_of(self, word: Token, items: t.Path, where: t.Expression | None) -> t.Expression:
        return self.deep(t.NumberOf(items, where, span=self.over(word, where or items)), where)

    def is_empty(self, value: t.Expression, word: Token) -> t.Expression:
        return self.deep(t.Empty(value, True, span=self.over(value, word)), value)

    def is_not_empty(self, value: t.Expression, word: Token) -> t.Expression:
        return self.deep(t.Empty(value, False, span=self.over(value, word)), value)

    def matches(self, value: t.Expression, op: Token, pattern: Token, case: Token | None) -> t.Expression:
        span = self.over(value, case or pattern)
        node = t.Matches(value, self.string(pattern), case is not None, words_of(op) != "matches", span=span)
        return self.deep(node, value)

    def list_test(self, value: t.Expression, op: Token, items: tuple[tuple[t.Expression, ...], Token]) -> t.Expression:
        node = t.ListTest(words_of(op).split()[1], value, items[0], span=self.over(value, items[1]))
        return self.deep(node, value, *items[0])

    def unchanged(self, value: t.Expression, duration: t.Duration) -> t.Expression:
        return self.deep(t.Unchanged(value, duration, span=self.over(value, duration)), value)

    def degrees(self, sign: Token | None, number: Token) -> t.Number:
        text = self.digits(number)
        return t.Number("-" + text if sign == "-" else text, span=self.over(sign or number, number))

    def near(
        self,
        value: t.Expression,
        word: Token,
        distance: Token,
        unit: Token,
        latitude: t.Number,
        longitude: t.Number,
    ) -> t.Expression:
        many = t.Number(self.digits(distance), span=self.at(distance))
        of = "miles" if str(unit) == "mile" else str(unit)
        node = t.Near(value, many, of, latitude, longitude, span=self.over(value, longitude))
        return self.deep(node, value)

    def in_geofence(self, value: t.Expression, name: Token) -> t.Expression:
        return self.deep(t.InGeofence(value, self.name(name), span=self.over(value, name)), value)

    def in_static_list(self, word: Token, name: Token) -> t.Expression:
        return t.InStaticList(self.name(name), span=self.over(word, name))

    def sample(self, word: Token, percent: Token, salt: Token) -> t.Expression:
        share = t.Number(self.digits(percent), span=self.at(percent))
        return t.Sample(share, self.string(salt), span=self.over(word, salt))

    def exists(self, word: Token, name: Token, where: t.Expression | None) -> t.Expression:
        return self.deep(t.Exists(self.name(name), where, span=self.over(word, where or name)), where)

    def quantified(self, word: Token, items: t.Path, where: t.Expression) -> t.Expression:
        node = t.Quantified(words_of(word).split()[0], items, where, span=self.over(word, where))
        return self.deep(node, where)

    def rank_percent(self, word: Token, percent: Token, of: t.Expression) -> t.Expression:
        share = t.Number(self.digits(percent), span=self.at(percent))
        return self.deep(t.Rank(word == "top", share, None, of, span=self.over(word, of)), of)

    def rank_count(self, word: Token, count: t.Number, of: t.Expression) -> t.Expression:
        return self.deep(t.Rank(word == "top", None, int(count.text), of, span=self.over(word, of)), of)

    def anniversary_today(self, word: Token, day: t.Path, today: Token) -> t.Expression:
        return t.AnniversaryTest(day, "today", None, span=self.over(word, today))

    def anniversary_near(self, word: Token, day: t.Path, which: Token, count: t.Number, unit: Token) -> t.Expression:
        length = t.Length(int(count.text), unit_of(unit), True, span=self.over(count, unit))
        return t.AnniversaryTest(day, words_of(which).removeprefix("in "), length, span=self.over(word, unit))

    def name_list(self, *parts: Any) -> tuple[tuple[t.Name, ...], Token]:
        """The names, and the bracket that ends them."""
        return tuple(self.name(each) for each in parts[:-1] if each is not None), parts[-1]

    def has_tag(self, word: Token, tag: Token) -> t.Expression:
        return t.HasTags("one", (self.name(tag),), span=self.over(word, tag))

    def has_tags(self, word: Token, op: Token, tags: tuple[tuple[t.Name, ...], Token]) -> t.Expression:
        return t.HasTags(str(op), tags[0], span=self.over(word, tags[1]))

    def has_offer(self, word: Token, offer: Token) -> t.Expression:
        return t.HasOffer(self.name(offer), span=self.over(word, offer))

    def offer_happened(self, word: Token, offer: Token, window: t.Window) -> t.Expression:
        return t.OfferHappened(words_of(word).split()[0], self.name(offer), window, span=self.over(word, window))

    def subscribed(self, word: Token, conversation: Token) -> t.Expression:
        return t.Subscribed(self.name(conversation), word[0] == "s", span=self.over(word, conversation))

    def message_happened(
        self, word: Token, message: Token, campaign: Token, quantity: t.Quantity | None, window: t.Window
    ) -> t.Expression:
        names = self.name(message), self.name(campaign)
        return t.MessageHappened(words_of(word), *names, None, quantity, window, span=self.over(word, window))

    def any_message_happened(
        self,
        word: Token,
        campaign: Token | None,
        channel: Token | None,
        quantity: t.Quantity | None,
        window: t.Window,
    ) -> t.Expression:
        of = None if campaign is None else self.name(campaign)
        on = None if channel is None else self.name(channel)
        return t.MessageHappened(words_of(word), None, of, on, quantity, window, span=self.over(word, window))

    def received_campaign(
        self, word: Token, campaign: Token, quantity: t.Quantity | None, window: t.Window
    ) -> t.Expression:
        return t.ReceivedCampaign(self.name(campaign), quantity, window, span=self.over(word, window))
