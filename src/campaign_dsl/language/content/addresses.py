"""Addresses made of text and values: scheme and host are written, or the whole comes from the workspace."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from campaign_dsl.language.content.parsing import said_at
from campaign_dsl.language.content.parts import NEVER, scheme_of
from campaign_dsl.language.content.report import Report

if TYPE_CHECKING:
    from jinja2 import nodes

_HOST = re.compile(r"https://[A-Za-z0-9][A-Za-z0-9.-]*(?::[0-9]{1,5})?[/?#]")


class Phase(StrEnum):
    """How far an address has come."""

    BEGINNING = "beginning"
    """Its scheme and host are still being written."""
    OPEN = "open"
    """What follows cannot change where it leads."""
    WRONG = "wrong"
    """It has been reported."""


class Use(StrEnum):
    """How a value is written where it stands."""

    ESCAPED = "escaped"
    WHOLE_ADDRESS = "whole address"
    IN_ADDRESS = "in address"


@dataclass(frozen=True, slots=True)
class Address:
    """An address, as far as it has been read.

    Attributes:
        written: its text so far, while it is beginning.
    """

    phase: Phase = Phase.BEGINNING
    written: str = ""

    def text(self, more: str, schemes: frozenset[str]) -> Address:
        """After more text."""
        if self.phase is not Phase.BEGINNING:
            return self
        written = self.written + more
        plain = html.unescape(written).strip()
        scheme = scheme_of(plain)
        opaque = scheme is not None and scheme != "https" and scheme in schemes and scheme not in NEVER
        if _HOST.match(plain) or opaque or plain.startswith("#"):
            return Address(Phase.OPEN)
        return replace(self, written=written)


def problem_of_value(address: Address, whole: bool) -> tuple[str, str] | None:
    """What is wrong with a value at this place of an address, and what to write instead.

    Args:
        whole: whether the value is a whole address that the workspace declared.
    """
    if address.phase is not Phase.BEGINNING:
        return None
    if not address.written.strip():
        if whole:
            return None
        return (
            "this address begins with a value, which could lead anywhere",
            "write `https://` and the host in front of it, or use an address of the catalog such as `offer.logo`",
        )
    return (
        "the host of this address comes from a value, which could lead anywhere",
        "write the host, and a `/` behind it",
    )


def problem_of_end(address: Address, schemes: frozenset[str]) -> tuple[str, str] | None:
    """What is wrong with an address that ends here."""
    plain = html.unescape(address.written).strip()
    if address.phase is not Phase.BEGINNING or not plain:
        return None
    scheme = scheme_of(plain)
    if scheme == "https":
        if re.fullmatch(r"https://[A-Za-z0-9][A-Za-z0-9.-]*(:[0-9]{1,5})?", plain):
            return None
        return "this address has no host", "write `https://` and the host"
    allowed = ", ".join(f"`{each}:`" for each in sorted(schemes))
    if scheme is None:
        return (
            "this address has no scheme, and a message has no place it could be relative to",
            "begin it with `https://`",
        )
    return f"addresses of the scheme `{scheme}:` are not allowed", f"schemes are {allowed}"


def check_address(tree: nodes.Template, urls: frozenset[int], schemes: frozenset[str], report: Report) -> None:
    """Checks a part that is one address."""
    ended = _Walk(urls, schemes, report).body(tree.body, Address())
    if ended.phase is Phase.BEGINNING and not ended.written.strip():
        report.add("CNT012", "there is no address here", 0, len(report.snippet.text), help="begin it with `https://`")
        return
    problem = problem_of_end(ended, schemes)
    if problem is not None:
        report.add("CNT012", problem[0], 0, len(report.snippet.text), help=problem[1])


def uses_in_address(tree: nodes.Template, schemes: frozenset[str]) -> dict[int, Use]:
    """How each value of an address that was checked is written, by its offset."""
    walk = _Walk(None, schemes, None)
    walk.body(tree.body, Address())
    return walk.uses


class _Walk:
    """Walks over a template that is one address.

    Args:
        urls: offsets of values that are whole addresses; None when that has been checked.
    """

    def __init__(self, urls: frozenset[int] | None, schemes: frozenset[str], report: Report | None) -> None:
        self.urls = urls
        self.schemes = schemes
        self.report = report
        self.uses: dict[int, Use] = {}

    def body(self, parts: Iterable[nodes.Node], address: Address) -> Address:
        from jinja2 import nodes

        for part in parts:
            match part:
                case nodes.Output():
                    for each in part.nodes:
                        address = self._said(each, address)
                case nodes.If():
                    ways = [self.body(branch.body, address) for branch in (part, *part.elif_)]
                    address = self._one(part, [*ways, self.body(part.else_, address)])
                case nodes.For():
                    address = self._one(part, [self.body(part.body, address), self.body(part.else_, address)])
        return address

    def _said(self, each: nodes.Expr, address: Address) -> Address:
        from jinja2 import nodes

        if isinstance(each, nodes.TemplateData):
            return address.text(each.data, self.schemes)
        begins = address.phase is Phase.BEGINNING and not address.written.strip()
        self.uses[each.lineno] = Use.WHOLE_ADDRESS if begins else Use.IN_ADDRESS
        problem = None if self.urls is None else problem_of_value(address, each.lineno in self.urls)
        if problem is not None and self.report is not None:
            self.report.add("CNT012", problem[0], *said_at(each, self.report), help=problem[1])
            return Address(Phase.WRONG)
        return Address(Phase.OPEN)

    def _one(self, part: nodes.Node, ways: list[Address]) -> Address:
        if len(set(ways)) == 1:
            return ways[0]
        for way in ways:
            problem = problem_of_end(way, self.schemes)
            unfinished = way.phase is Phase.BEGINNING and (problem is not None or not way.written.strip())
            if unfinished and self.report is not None:
                self.report.add(
                    "CNT012",
                    "the address does not begin the same way in all branches",
                    *said_at(part, self.report),
                    help="write a whole address in each branch, with an `else`",
                )
                return Address(Phase.WRONG)
        return Address(Phase.OPEN)


ATTRIBUTES = frozenset(
    [
        "href",
        "src",
        "action",
        "formaction",
        "background",
        "poster",
        "cite",
        "data",
        "longdesc",
        "xlink:href",
        "ping",
        "manifest",
        "icon",
        "srcset",
    ]
)
"""Attributes of HTML that hold an address."""
