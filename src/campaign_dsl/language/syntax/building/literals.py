"""Words, numbers, texts, days and times."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import TYPE_CHECKING

from campaign_dsl.language.syntax import tree as t
from campaign_dsl.language.syntax.building.places import FIRST_YEAR, LAST_YEAR, Places

if TYPE_CHECKING:
    from lark import Token

_ESCAPES = {'"': '"', "\\": "\\", "n": "\n", "t": "\t"}
_NUMBER = re.compile(r"[0-9]+(_[0-9]+)*(\.[0-9]+)?")


class Literals(Places):
    """Literals and paths."""

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

    @property
    def unnamed(self) -> t.Name:
        """An entry's name stands outside its body; the assembler puts it in."""
        return t.Name("", span=self.clause)
