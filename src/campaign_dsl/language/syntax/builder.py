"""Builds tree nodes while the parser reduces, so that no second pass and no recursion is needed.

The range of every node is exactly its text: from its first token to its last, parentheses around it included.
"""

from __future__ import annotations

import re
import string
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from campaign_dsl.language.diagnostics.model import Label, Problems, Span
from campaign_dsl.language.source.files import Snippet
from campaign_dsl.language.syntax import tree as t

if TYPE_CHECKING:
    from lark import Token

MAX_EXPRESSION_DEPTH = 100
MAX_JOINED = 1_000
"""Conditions that may stand beside each other, joined with `and` or `or`."""
FIRST_YEAR, LAST_YEAR = 1900, 2299
"""Years that every engine can hold as a date; others are typing mistakes."""
_ESCAPES = {'"': '"', "\\": "\\", "n": "\n", "t": "\t"}
_NUMBER = re.compile(r"[0-9]+(_[0-9]+)*(\.[0-9]+)?")
_IN_WORDS = frozenset(string.ascii_letters + string.digits + "_")
_WORD_END = re.compile(r"[A-Za-z0-9_]*")


class GluedWords(Exception):
    """Two words without a space between them, as in `age >= 13 order`, which would read `age >= 13 or der`.

    Args:
        start: where the first word begins, in the clause.
        end: where the last one ends.
        words: how Lark took them.
    """

    def __init__(self, start: int, end: int, words: tuple[str, str]) -> None:
        super().__init__(*words)
        self.start = start
        self.end = end
        self.words = words


class Builder:
    """Has a method for each rule of the grammar: called with what the rule's parts became, it returns the node.

    Holds the clause being read; one instance serves one parser, one clause at a time. It sees every token go by.
    """

    def __init__(self) -> None:
        self.snippet: Snippet
        self.problems: Problems
        self.first: Token | None = None
        self.last: Token | None = None
        self._depths: dict[int, tuple[int, Any]] = {}

    def begin(self, snippet: Snippet, problems: Problems) -> None:
        self.snippet = snippet
        self.problems = problems
        self.first = self.last = None
        self._depths = {}

    def end(self) -> None:
        """Forget the clause."""
        self.first = self.last = None
        self._depths = {}

    def see(self, token: Token) -> None:
        """Note where the clause begins and ends, and see that words stand apart.

        Raises:
            GluedWords: they do not. Lark takes the longest keyword that fits, whatever letters follow.
        """
        last, start = self.last, token.start_pos or 0
        if last is None:
            self.first = token
        elif last.end_pos == start and last[-1] in _IN_WORDS and token[0] in _IN_WORDS:
            rest = _WORD_END.match(self.snippet.text, start)
            assert rest is not None
            raise GluedWords(last.start_pos or 0, rest.end(), (str(last), rest[0]))
        self.last = token

    # ---- places

    def at(self, token: Any) -> Span:
        return self.snippet.span(token.start_pos or 0, token.end_pos or 0)

    def place(self, part: Any) -> Span:
        """Where a token or a node stands."""
        return self.at(part) if isinstance(part, str) else part.span

    def over(self, *parts: Any) -> Span:
        """From the first part to the last."""
        first, last = parts[0], parts[-1]
        return self.place(first) if first is last else self.place(first).to(self.place(last))

    @property
    def seen(self) -> int:
        """Where the last token that was read ends, in the clause."""
        return (self.last.end_pos or 0) if self.last is not None else 0

    @property
    def clause(self) -> Span:
        """The whole clause, from its first token to its last. Known when the rule of a clause is reduced."""
        if self.first is None or self.last is None:
            return self.snippet.whole
        return self.over(self.first, self.last)

    def deep(self, node: Any, *children: Any) -> Any:
        """Remember how deep ``node`` is; too deep is a problem once, since every later pass recurses."""
        depth = 1 + max((self._depths[id(child)][0] for child in children if id(child) in self._depths), default=0)
        self._depths[id(node)] = depth, node  # with the node, so that no other takes its id while we remember it
        if depth == MAX_EXPRESSION_DEPTH:
            self.problems.add(
                "SYN005",
                f"nested deeper than {MAX_EXPRESSION_DEPTH} levels",
                node.span,
                help="name a part as an audience of its own",
            )
        return node

    # ---- words and literals

    def name(self, token: Token) -> t.Name:
        return t.Name(str(token), span=self.at(token))

    def string(self, token: Token) -> t.Text:
        body, out, index = str(token)[1:-1], [], 0
        if "\\" not in body:
            return t.Text(body, span=self.at(token))
        while index < len(body):
            char = body[index]
            if char == "\\":
                index += 1
                if body[index] not in _ESCAPES:
                    start = (token.start_pos or 0) + index
                    self.problems.add(
                        "SYN013",
                        f"`\\{body[index]}` is not an escape",
                        self.snippet.span(start, start + 2),
                        help='write `\\"`, `\\\\`, `\\n` or `\\t`',
                    )
                char = _ESCAPES.get(body[index], body[index])
            out.append(char)
            index += 1
        return t.Text("".join(out), span=self.at(token))

    def digits(self, token: Token) -> str:
        """The text of a number without its underscores."""
        if not _NUMBER.fullmatch(token):
            self.problems.add(
                "SYN012",
                f"`{token[:40]}` is not a number",
                self.at(token),
                help="put single underscores between digits, as in `1_000_000`",
            )
        return str(token).replace("_", "")

    def integer(self, token: Token) -> t.Number:
        text = self.digits(token)
        if "." in text:
            self.problems.add(
                "SYN012", f"`{token}` is not a whole number", self.at(token), help="leave out the decimals"
            )
            text = text.split(".")[0]
        if len(text) > 18:
            self.problems.add("SYN012", "this number is too large", self.at(token), help="use at most 18 digits")
            text = "1"
        return t.Number(str(int(text)), span=self.at(token))

    def day(self, token: Token) -> date:
        try:
            found = date.fromisoformat(str(token))
        except ValueError:
            self.problems.add(
                "SYN011",
                f"`{token}` is not a day of the calendar",
                self.at(token),
                help="write year-month-day, as in `2026-02-28`",
            )
            return date(2000, 1, 1)
        self.sane_year(found.year, token)
        return found

    def sane_year(self, year: int, token: Token) -> None:
        if not FIRST_YEAR <= year <= LAST_YEAR:
            self.problems.add(
                "SYN011",
                f"the year of `{token}` lies outside {FIRST_YEAR} to {LAST_YEAR}",
                self.at(token),
                why="not every engine can hold it",
                help="check the year",
            )

    def clock(self, token: Token) -> t.Text:
        hour, _, minute = str(token).partition(":")
        if int(hour) > 23 or int(minute) > 59:
            self.problems.add(
                "SYN011", f"`{token}` is not a time of day", self.at(token), help="write `00:00` to `23:59`"
            )
            return t.Text("00:00", span=self.at(token))
        return t.Text(f"{int(hour):02d}:{minute}", span=self.at(token))

    def text_literal(self, token: Token) -> t.Constant:
        return t.Constant("text", self.string(token).text, span=self.at(token))

    def number_literal(self, token: Token) -> t.Constant:
        text = self.digits(token)
        if len(text.replace(".", "")) > 18:
            self.problems.add("SYN012", "this number is too large", self.at(token), help="use at most 18 digits")
            text = "1"
        whole, point, part = text.partition(".")
        return t.Constant("decimal" if point else "integer", str(int(whole)) + point + part, span=self.at(token))

    def date_literal(self, token: Token) -> t.Constant:
        return t.Constant("date", self.day(token).isoformat(), span=self.at(token))

    def time_literal(self, token: Token) -> t.Constant:
        return t.Constant("time", self.clock(token).text, span=self.at(token))

    def timestamp_literal(self, token: Token) -> t.Constant:
        return t.Constant("timestamp", self.moment_text(token), span=self.at(token))

    def true_literal(self, token: Token) -> t.Constant:
        return t.Constant("boolean", "true", span=self.at(token))

    def false_literal(self, token: Token) -> t.Constant:
        return t.Constant("boolean", "false", span=self.at(token))

    def moment_text(self, token: Token) -> str:
        if token.type == "DATE":
            return self.day(token).isoformat()
        text = str(token).replace(" ", "T")
        try:
            found = datetime.fromisoformat(text)
        except ValueError:
            self.problems.add(
                "SYN011",
                f"`{token}` is not an instant",
                self.at(token),
                help="write `2026-11-27 09:00` or with a zone, `2026-11-27T09:00Z`",
            )
            return "2000-01-01T00:00:00"
        self.sane_year(found.year, token)
        return found.isoformat()

    def path(self, *names: Token) -> t.Path:
        return t.Path(tuple(self.name(each) for each in names), span=self.over(*names))

    # ---- expressions

    def expression(self, inner: t.Expression) -> t.Expression:
        return inner

    def group(self, opening: Token, inner: t.Expression, closing: Token) -> t.Expression:
        return self.deep(replace(inner, span=self.over(opening, closing)), inner)  # type: ignore[no-any-return]

    def joined(self, node: t.AnyOf | t.AllOf) -> t.Expression:
        if len(node.items) > MAX_JOINED:
            self.problems.add(
                "SYN014",
                f"{len(node.items):,} conditions are joined here; at most {MAX_JOINED:,} are read",
                node.span,
                help="write `in [...]` where one value is compared with many; name a part as an audience of its own",
            )
        return self.deep(node, *node.items)  # type: ignore[no-any-return]

    def disjunction(self, *items: t.Expression) -> t.Expression:
        return self.joined(t.AnyOf(items, span=self.over(*items)))

    def conjunction(self, *items: t.Expression) -> t.Expression:
        return self.joined(t.AllOf(items, span=self.over(*items)))

    def negated(self, word: Token, item: t.Expression) -> t.Expression:
        return self.deep(t.Not(item, span=self.over(word, item)), item)  # type: ignore[no-any-return]

    def comparison(self, left: t.Expression, op: Token, right: t.Expression) -> t.Expression:
        node = t.Compare(str(op), left, right, op_span=self.at(op), span=self.over(left, right))
        return self.deep(node, left, right)  # type: ignore[no-any-return]

    def between(self, value: t.Expression, low: t.Expression, high: t.Expression) -> t.Expression:
        node = t.Between(value, low, high, span=self.over(value, high))
        return self.deep(node, value, low, high)  # type: ignore[no-any-return]

    def not_between(self, value: t.Expression, low: t.Expression, high: t.Expression) -> t.Expression:
        node = t.Between(value, low, high, True, span=self.over(value, high))
        return self.deep(node, value, low, high)  # type: ignore[no-any-return]

    def list(self, *items: Any) -> tuple[tuple[t.Expression, ...], Token]:
        """The items, and the bracket that ends them."""
        return tuple(item for item in items[:-1] if item is not None), items[-1]

    def in_list(self, value: t.Expression, items: tuple[tuple[t.Expression, ...], Token]) -> t.Expression:
        node = t.InList(value, items[0], span=self.over(value, items[1]))
        return self.deep(node, value, *items[0])  # type: ignore[no-any-return]

    def not_in_list(self, value: t.Expression, items: tuple[tuple[t.Expression, ...], Token]) -> t.Expression:
        node = t.InList(value, items[0], True, span=self.over(value, items[1]))
        return self.deep(node, value, *items[0])  # type: ignore[no-any-return]

    def is_known(self, value: t.Expression, word: Token) -> t.Expression:
        return self.deep(t.Known(value, True, span=self.over(value, word)), value)  # type: ignore[no-any-return]

    def is_missing(self, value: t.Expression, word: Token) -> t.Expression:
        return self.deep(t.Known(value, False, span=self.over(value, word)), value)  # type: ignore[no-any-return]

    def text_test(self, value: t.Expression, op: Token, text: t.Expression, case: Token | None) -> t.Expression:
        node = t.TextTest(_words(op), value, text, case is not None, span=self.over(value, case or text))
        return self.deep(node, value, text)  # type: ignore[no-any-return]

    def in_audience(self, word: Token, name: Token) -> t.Expression:
        return t.InAudience(self.name(name), span=self.over(word, name))

    def everyone(self, word: Token) -> t.Expression:
        return t.Everyone(span=self.at(word))

    def arithmetic(self, left: t.Expression, op: Token, right: t.Expression) -> t.Expression:
        node = t.Arithmetic(str(op), left, right, span=self.over(left, right))
        return self.deep(node, left, right)  # type: ignore[no-any-return]

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
        return self.deep(t.Arithmetic(str(sign), zero, value, span=span), value)  # type: ignore[no-any-return]

    # ---- events

    def event_filter(self, inner: t.Expression) -> t.Expression:
        return inner

    def at_least(self, kind: Token, count: t.Number, word: Token) -> t.Quantity:
        return t.Quantity(_words(kind), int(count.text), span=self.over(kind, word))

    def now(self, word: Token) -> t.Now:
        return t.Now(span=self.at(word))

    def today(self, word: Token) -> t.Today:
        return t.Today(span=self.at(word))

    def moment_word(self, word: t.Now | t.Today) -> t.Now | t.Today:
        return word

    def length_exact(self, count: t.Number, unit: Token) -> t.Length:
        return t.Length(int(count.text), _unit(unit), span=self.over(count, unit))

    def length_calendar(self, count: t.Number, unit: Token) -> t.Length:
        return t.Length(int(count.text), _unit(unit), True, span=self.over(count, unit))

    def ago(self, length: t.Length, word: Token) -> t.Ago:
        return t.Ago(length, span=self.over(length, word))

    def from_now(self, length: t.Length, word: Token) -> t.Ago:
        return t.Ago(length, True, span=self.over(length, word))

    def window_rolling(self, word: Token, count: t.Number, unit: Token) -> t.Window:
        return t.Window("rolling", int(count.text), _unit(unit), span=self.over(word, unit))

    def window_calendar(self, word: Token, count: t.Number, unit: Token) -> t.Window:
        return t.Window("calendar", int(count.text), _unit(unit), span=self.over(word, unit))

    def window_unit(self, word: Token, unit: Token) -> t.Window:
        return t.Window(str(word), unit=_unit(unit), span=self.over(word, unit))

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
        return self.deep(node, where)  # type: ignore[no-any-return]

    def did_not(self, word: Token, event: Token, where: t.Expression | None, window: t.Window) -> t.Expression:
        node = t.Did(self.name(event), where, None, window, True, span=self.over(word, window))
        return self.deep(node, where)  # type: ignore[no-any-return]

    def did_between(self, word: Token, event: Token, window: t.Window) -> t.Expression:
        return self.did(word, event, None, None, window)

    def did_not_between(self, word: Token, event: Token, window: t.Window) -> t.Expression:
        return self.did_not(word, event, None, window)

    def count_of(self, word: Token, event: Token, where: t.Expression | None, window: t.Window) -> t.Expression:
        node = t.Aggregate("count", self.name(event), None, where, window, span=self.over(word, window))
        return self.deep(node, where)  # type: ignore[no-any-return]

    def aggregate_of(
        self, word: Token, event: Token, prop: t.Path, where: t.Expression | None, window: t.Window | None
    ) -> t.Expression:
        function = _words(word).removesuffix(" of")
        span = self.over(word, window or where or prop)
        return self.deep(t.Aggregate(function, self.name(event), prop, where, window, span=span), where)  # type: ignore[no-any-return]

    def recency_of(self, word: Token, event: Token, where: t.Expression | None) -> t.Expression:
        node = t.Aggregate("recency", self.name(event), None, where, None, span=self.over(word, where or event))
        return self.deep(node, where)  # type: ignore[no-any-return]

    def first_did(self, word: Token, event: Token, where: t.Expression | None, window: t.Window) -> t.Expression:
        return self.deep(t.FirstDid(self.name(event), where, window, span=self.over(word, window)), where)  # type: ignore[no-any-return]

    def stopped_doing(self, word: Token, event: Token, where: t.Expression | None, window: t.Window) -> t.Expression:
        return self.deep(t.StoppedDoing(self.name(event), where, window, span=self.over(word, window)), where)  # type: ignore[no-any-return]

    def resumed_doing(
        self, word: Token, event: Token, where: t.Expression | None, window: t.Window, after: Token, gap: t.Duration
    ) -> t.Expression:
        return self.deep(t.ResumedDoing(self.name(event), where, window, gap, span=self.over(word, gap)), where)  # type: ignore[no-any-return]

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
        node = t.DoingRegularly(self.name(event), where, int(count.text), _unit(unit), calendar, span=span)
        return self.deep(node, where)  # type: ignore[no-any-return]

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
        return self.deep(node, *(each.where for each in steps))  # type: ignore[no-any-return]

    # ---- more values and tests

    def rounded(self, value: t.Expression, word: Token, digits: t.Number) -> t.Expression:
        mode = _words(word).removeprefix("round ")
        return self.deep(t.Rounded(value, mode, int(digits.text), span=self.over(value, digits)), value)  # type: ignore[no-any-return]

    def call(self, word: Token, value: t.Expression) -> t.Expression:
        return self.deep(t.Call(_words(word), value, span=self.over(word, value)), value)  # type: ignore[no-any-return]

    def quintile(self, word: Token, value: t.Expression) -> t.Expression:
        return self.deep(t.Quintile(value, span=self.over(word, value)), value)  # type: ignore[no-any-return]

    def local_time(self, word: Token, zone: t.Constant | t.Path | None) -> t.Expression:
        return t.LocalTime(_words(word), zone, span=self.over(word, zone or word))

    def zone_text(self, word: Token, zone: Token) -> t.Constant:
        return self.text_literal(zone)

    def zone_path(self, word: Token, zone: t.Path) -> t.Path:
        return zone

    def points_in(self, word: Token, account: Token) -> t.Expression:
        return t.PointsIn(self.name(account), span=self.over(word, account))

    def number_of(self, word: Token, items: t.Path, where: t.Expression | None) -> t.Expression:
        return self.deep(t.NumberOf(items, where, span=self.over(word, where or items)), where)  # type: ignore[no-any-return]

    def is_empty(self, value: t.Expression, word: Token) -> t.Expression:
        return self.deep(t.Empty(value, True, span=self.over(value, word)), value)  # type: ignore[no-any-return]

    def is_not_empty(self, value: t.Expression, word: Token) -> t.Expression:
        return self.deep(t.Empty(value, False, span=self.over(value, word)), value)  # type: ignore[no-any-return]

    def matches(self, value: t.Expression, op: Token, pattern: Token, case: Token | None) -> t.Expression:
        span = self.over(value, case or pattern)
        node = t.Matches(value, self.string(pattern), case is not None, _words(op) != "matches", span=span)
        return self.deep(node, value)  # type: ignore[no-any-return]

    def list_test(self, value: t.Expression, op: Token, items: tuple[tuple[t.Expression, ...], Token]) -> t.Expression:
        node = t.ListTest(_words(op).split()[1], value, items[0], span=self.over(value, items[1]))
        return self.deep(node, value, *items[0])  # type: ignore[no-any-return]

    def unchanged(self, value: t.Expression, duration: t.Duration) -> t.Expression:
        return self.deep(t.Unchanged(value, duration, span=self.over(value, duration)), value)  # type: ignore[no-any-return]

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
        return self.deep(node, value)  # type: ignore[no-any-return]

    def in_geofence(self, value: t.Expression, name: Token) -> t.Expression:
        return self.deep(t.InGeofence(value, self.name(name), span=self.over(value, name)), value)  # type: ignore[no-any-return]

    def in_static_list(self, word: Token, name: Token) -> t.Expression:
        return t.InStaticList(self.name(name), span=self.over(word, name))

    def sample(self, word: Token, percent: Token, salt: Token) -> t.Expression:
        share = t.Number(self.digits(percent), span=self.at(percent))
        return t.Sample(share, self.string(salt), span=self.over(word, salt))

    def exists(self, word: Token, name: Token, where: t.Expression | None) -> t.Expression:
        return self.deep(t.Exists(self.name(name), where, span=self.over(word, where or name)), where)  # type: ignore[no-any-return]

    def quantified(self, word: Token, items: t.Path, where: t.Expression) -> t.Expression:
        node = t.Quantified(_words(word).split()[0], items, where, span=self.over(word, where))
        return self.deep(node, where)  # type: ignore[no-any-return]

    def rank_percent(self, word: Token, percent: Token, of: t.Expression) -> t.Expression:
        share = t.Number(self.digits(percent), span=self.at(percent))
        return self.deep(t.Rank(word == "top", share, None, of, span=self.over(word, of)), of)  # type: ignore[no-any-return]

    def rank_count(self, word: Token, count: t.Number, of: t.Expression) -> t.Expression:
        return self.deep(t.Rank(word == "top", None, int(count.text), of, span=self.over(word, of)), of)  # type: ignore[no-any-return]

    def anniversary_today(self, word: Token, day: t.Path, today: Token) -> t.Expression:
        return t.AnniversaryTest(day, "today", None, span=self.over(word, today))

    def anniversary_near(self, word: Token, day: t.Path, which: Token, count: t.Number, unit: Token) -> t.Expression:
        length = t.Length(int(count.text), _unit(unit), True, span=self.over(count, unit))
        return t.AnniversaryTest(day, _words(which).removeprefix("in "), length, span=self.over(word, unit))

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
        return t.OfferHappened(_words(word).split()[0], self.name(offer), window, span=self.over(word, window))

    def subscribed(self, word: Token, conversation: Token) -> t.Expression:
        return t.Subscribed(self.name(conversation), word[0] == "s", span=self.over(word, conversation))

    def message_happened(
        self, word: Token, message: Token, campaign: Token, quantity: t.Quantity | None, window: t.Window
    ) -> t.Expression:
        names = self.name(message), self.name(campaign)
        return t.MessageHappened(_words(word), *names, None, quantity, window, span=self.over(word, window))

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
        return t.MessageHappened(_words(word), None, of, on, quantity, window, span=self.over(word, window))

    def received_campaign(
        self, word: Token, campaign: Token, quantity: t.Quantity | None, window: t.Window
    ) -> t.Expression:
        return t.ReceivedCampaign(self.name(campaign), quantity, window, span=self.over(word, window))

    # ---- clauses

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
        if _unit(unit) != "day" or not 1 <= int(count.text) <= 99:
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
        return self._schedule(at, 1, _unit(unit), ())

    def every_some(self, every: t.Number, unit: Token, weekday: Token | None, at: Token, first: Token) -> t.Schedule:
        days = () if weekday is None else (weekday,)
        return self._schedule(at, int(every.text), _unit(unit), days, first=self.day(first))

    def every_month_day(self, unit: Token, day: t.Number, at: Token) -> t.Schedule:
        return self._schedule(at, 1, _unit(unit), (), day=int(day.text))

    def every_month_weekday(self, unit: Token, position: Token, weekday: Token, at: Token) -> t.Schedule:
        return self._schedule(at, 1, _unit(unit), (weekday,), position=str(position))

    def every_month_end(self, unit: Token, position: Token, at: Token) -> t.Schedule:
        return self._schedule(at, 1, _unit(unit), (), position=str(position))

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
        return t.Duration(int(count.text), _unit(unit), span=self.over(count, unit))

    def period_one(self, unit: Token) -> tuple[int, str]:
        return 1, _unit(unit)

    def period_many(self, every: t.Number, unit: Token) -> tuple[int, str]:
        return int(every.text), _unit(unit)

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

    def option_expires(self, duration: t.Duration) -> tuple[str, t.Duration]:
        return "expires", duration

    def option_at_most(self, word: Token, most: t.Number) -> tuple[str, t.Number]:
        return "at_most", most

    def option_delay(self, duration: t.Duration) -> tuple[str, t.Duration]:
        return "delay", duration

    def tail(self, *parts: Any) -> t.Tail:
        options: dict[str, Any] = {}
        for key, value in parts[:-2]:
            if key in options:
                self.problems.add(
                    "SYN009",
                    f"`{_OPTIONS[key]}` is written twice",
                    value.span,
                    help="keep one of them",
                    see_also=(Label(options[key].span, "first written here"),),
                )
            options.setdefault(key, value)
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

    def message_head(self, name: Token, kind: Token) -> tuple[t.Name, t.Name]:
        return self.name(name), self.name(kind)

    def via_clause(self, provider: Token, variant: Token | None) -> t.Via:
        named = None if variant is None else self.name(variant)
        return t.Via(self.name(provider), named, span=self.over(provider, variant or provider))

    def content_head(self, *axes: tuple[str, t.Name]) -> dict[str, t.Name]:
        found: dict[str, t.Name] = {}
        for key, name in axes:
            if key in found:
                self.problems.add(
                    "SYN009",
                    f"`{key}` is written twice",
                    name.span,
                    help="write a `content` of its own for each of them",
                    see_also=(Label(found[key].span, "first written here"),),
                )
            found.setdefault(key, name)
        return found

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

    @property
    def unnamed(self) -> t.Name:
        """An entry's name stands outside its body; the assembler puts it in."""
        return t.Name("", span=self.clause)


_OPTIONS = {"expires": "expires after", "at_most": "at most", "delay": "after"}


def _unit(token: Token) -> str:
    return str(token).removesuffix("s")


def _words(token: Token) -> str:
    """The words of a terminal, with one space between them."""
    return " ".join(str(token).split())
