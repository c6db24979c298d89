"""Builds tree nodes while the parser reduces, so that no second pass and no recursion is needed.

The range of every node is exactly its text: from its first token to its last, parentheses around it included.
"""

from __future__ import annotations

import re
import string
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from campaign_dsl.language.diagnostics.model import Problems, Span
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
        node = t.TextTest(" ".join(str(op).split()), value, text, case is not None, span=self.over(value, case or text))
        return self.deep(node, value, text)  # type: ignore[no-any-return]

    def in_audience(self, word: Token, name: Token) -> t.Expression:
        return t.InAudience(self.name(name), span=self.over(word, name))

    def everyone(self, word: Token) -> t.Expression:
        return t.Everyone(span=self.at(word))

    def arithmetic(self, left: t.Expression, op: Token, right: t.Expression) -> t.Expression:
        node = t.Arithmetic(str(op), left, right, span=self.over(left, right))
        return self.deep(node, left, right)  # type: ignore[no-any-return]

    def times(self, left: t.Expression, right: t.Expression) -> t.Expression:
        node = t.Arithmetic("*", left, right, span=self.over(left, right))
        return self.deep(node, left, right)  # type: ignore[no-any-return]

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
        return t.Quantity(" ".join(str(kind).split()), int(count.text), span=self.over(kind, word))

    def moment(self, token: Token) -> t.Moment:
        return t.Moment(self.moment_text(token), span=self.at(token))

    def window_rolling(self, word: Token, count: t.Number, unit: Token) -> t.Window:
        return t.Window("rolling", int(count.text), _unit(unit), span=self.over(word, unit))

    def window_calendar(self, word: Token, count: t.Number, unit: Token) -> t.Window:
        return t.Window("calendar", int(count.text), _unit(unit), span=self.over(word, unit))

    def window_ever(self, word: Token) -> t.Window:
        return t.Window("ever", span=self.at(word))

    def window_bound(self, word: Token, moment: t.Moment) -> t.Window:
        return t.Window(str(word), moment=moment, span=self.over(word, moment))

    def did(
        self, word: Token, event: Token, where: t.Expression | None, quantity: t.Quantity | None, window: t.Window
    ) -> t.Expression:
        node = t.Did(self.name(event), where, quantity, window, span=self.over(word, window))
        return self.deep(node, where)  # type: ignore[no-any-return]

    def did_not(self, word: Token, event: Token, where: t.Expression | None, window: t.Window) -> t.Expression:
        node = t.Did(self.name(event), where, None, window, True, span=self.over(word, window))
        return self.deep(node, where)  # type: ignore[no-any-return]

    def count_of(self, word: Token, event: Token, where: t.Expression | None, window: t.Window) -> t.Expression:
        node = t.Aggregate("count", self.name(event), None, where, window, span=self.over(word, window))
        return self.deep(node, where)  # type: ignore[no-any-return]

    def aggregate_of(
        self, word: Token, event: Token, prop: Token, where: t.Expression | None, window: t.Window
    ) -> t.Expression:
        function = str(word).split()[0]
        node = t.Aggregate(function, self.name(event), self.name(prop), where, window, span=self.over(word, window))
        return self.deep(node, where)  # type: ignore[no-any-return]

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

    def on_anniversary(self, name: Token, shift: tuple[t.Duration, bool] | None, at: Token) -> t.OnAnniversary:
        duration, before = shift or (None, True)
        return t.OnAnniversary(self.name(name), duration, before, self.clock(at), span=self.clause)

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

    def expiry(self, duration: t.Duration) -> t.Duration:
        return duration

    expires_clause = expiry

    def alias(self, name: Token) -> t.Name:
        return self.name(name)

    def when_segment(self, word: Token, name: Token) -> t.Condition:
        return t.Condition(self.name(name), None, span=self.over(word, name))

    def when_expression(self, word: Token, where: t.Expression) -> t.Condition:
        return t.Condition(None, where, span=self.over(word, where))

    def award_clause(
        self,
        amount: t.Number,
        account: Token,
        source: Token,
        expires: t.Duration | None,
        alias: t.Name | None,
        condition: t.Condition | None,
    ) -> t.Award:
        return t.Award(
            int(amount.text),
            self.name(account),
            self.name(source),
            expires,
            alias,
            condition,
            amount_span=amount.span,
            span=self.clause,
        )

    def issue_clause(
        self, offer: Token, expires: t.Duration | None, alias: t.Name | None, condition: t.Condition | None
    ) -> t.Issue:
        return t.Issue(self.name(offer), expires, alias, condition, span=self.clause)

    def tag_clause(self, tag: Token, ttl: t.Duration, alias: t.Name | None, condition: t.Condition | None) -> t.TagFor:
        return t.TagFor(self.name(tag), ttl, alias, condition, span=self.clause)

    def send_clause(self, message: Token, condition: t.Condition | None) -> t.Send:
        return t.Send(self.name(message), condition, span=self.clause)

    def message_head(self, name: Token, kind: Token) -> tuple[t.Name, t.Name]:
        return self.name(name), self.name(kind)

    def via_clause(self, provider: Token, variant: Token) -> t.Via:
        return t.Via(self.name(provider), self.name(variant), span=self.over(provider, variant))

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


def _unit(token: Token) -> str:
    return str(token).removesuffix("s")
