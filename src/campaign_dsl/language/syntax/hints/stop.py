"""Where reading a clause stopped, and what a rule says about it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from campaign_dsl.language.syntax.spec import every_block


@dataclass(frozen=True, slots=True)
class Hint:
    """What to write instead, and the place that is wrong.

    Args:
        message: what is wrong, when it is more than that the text at the place was unexpected.
    """

    start: int
    end: int
    help: str
    message: str | None = None


@dataclass(frozen=True)
class Stop:
    """Where reading a clause stopped.

    Args:
        text: the body of the clause.
        at: offset of what does not fit; the end of the text when something is missing there.
        found: what stands there; empty at the end.
        expected: names of the terminals that could have stood there, keywords and punctuation as they are written.
        start: start symbol of the clause.
        keyword: the clause's keyword, or the name of an entry.
        yaml: whether the file is in the YAML spelling.
        reach: how far a changed text could be read; the length of the text and more when all of it.
    """

    text: str
    at: int
    found: str
    expected: frozenset[str]
    start: str
    keyword: str
    yaml: bool
    reach: Callable[[str], int]

    @property
    def end(self) -> int:
        return self.at + len(self.found)

    @property
    def at_end(self) -> bool:
        return not self.found

    @property
    def rest(self) -> str:
        """What follows on the same line."""
        return self.text[self.end :].split("\n", 1)[0]

    @cached_property
    def before(self) -> str:
        """The word before the place; empty when something else stands there."""
        found = re.search(r"([A-Za-z_][A-Za-z0-9_]*)\s*$", self.text[: self.at])
        return found.group(1) if found else ""

    @property
    def wants_value(self) -> bool:
        return {"NAME", "STRING", "NUMBER"} <= self.expected

    @property
    def wants_only_text(self) -> bool:
        return "STRING" in self.expected and "NAME" not in self.expected

    def mended(self, start: int, end: int, by: str) -> bool:
        """Whether the clause, with ``by`` for ``text[start:end]``, reads to its end or three words further."""
        changed = f"{self.text[:start]} {by} {self.text[end:]}"
        behind = start + len(by) + 2
        far = self.reach(changed)
        return far > len(changed) or len(re.findall(r"\w+|[^\w\s]", changed[behind:far])) >= 3

    def mended_wholly(self, start: int, end: int, by: str) -> bool:
        changed = f"{self.text[:start]} {by} {self.text[end:]}"
        return self.reach(changed) > len(changed)

    def clause(self, body: str) -> str:
        """The whole clause with another body, as it is spelt in this file."""
        return f"{self.keyword}: {body}" if self.yaml else f"{self.keyword} {body}"


Rule = Callable[[Stop], Hint | None]


CLAUSE_KEYWORDS = frozenset(word for spec in every_block() for word in spec.keywords)


def example(stop: Stop) -> str:
    """A clause of this kind that reads."""
    for spec in every_block():
        clause = spec.clauses.get(stop.keyword)
        if clause is not None and clause.start == stop.start:
            return stop.clause(clause.example.strip('"') if clause.text and stop.yaml else clause.example)
        if spec.entry == stop.start and stop.keyword not in CLAUSE_KEYWORDS:
            name, _, body = spec.entry_example.partition(" ")
            body = body.strip().strip('"') if spec.entry_text and stop.yaml else body
            return f"{name}: {body.strip()}" if stop.yaml else f"{name} {body.strip()}"
    return ""


def is_name(text: str) -> bool:
    return re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", text) is not None


def slug(text: str) -> str:
    """A name made of ``text``; digits that would lead go to the end. Empty when nothing is left."""
    plain = "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))
    words = re.findall(r"[a-z]+|[0-9]+", plain.casefold())
    while words and words[0].isdigit() and not all(word.isdigit() for word in words):
        words.append(words.pop(0))
    return "_".join(words) if words and not words[0].isdigit() else ""


def short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 40 else text[:37] + "..."


def either(words: list[str]) -> str:
    quoted = [f"`{word}`" for word in words[:4]]
    return quoted[0] if len(quoted) == 1 else ", ".join(quoted[:-1]) + f" or {quoted[-1]}"
