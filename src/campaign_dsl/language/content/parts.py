"""The parts of messages: what text each holds, how long it may be, and which characters can survive in it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from campaign_dsl.language.catalog.entry import ADDRESS


class Form(StrEnum):
    """How a part is read, which decides how values are made safe in it."""

    LINE = "line"
    """One line of text: a header or a notification. Line breaks and control characters in it become a space."""
    TEXT = "text"
    """Text of several lines. Control characters other than line breaks and tabs become a space."""
    HTML = "html"
    """A page: values are escaped."""
    URL = "url"
    """One whole address, of an allowed scheme."""


@dataclass(frozen=True, slots=True)
class PartKind:
    """What a part of a message is.

    Attributes:
        longest: characters that may arrive; more is refused, because it would be cut off or rejected on the way.
        advised: characters that are shown everywhere; more is cut off on some screens.
    """

    form: Form
    longest: int
    advised: int | None = None


# Longest: RFC 5322 folds subjects but gateways refuse beyond 998 octets; pushes travel in 4 KB; ten SMS in one.
PARTS: dict[tuple[str, str], PartKind] = {
    ("email", "subject"): PartKind(Form.LINE, 250, 70),
    ("email", "preheader"): PartKind(Form.LINE, 250, 110),
    ("email", "body"): PartKind(Form.HTML, 400_000),
    ("email", "text"): PartKind(Form.TEXT, 200_000),
    ("sms", "text"): PartKind(Form.LINE, 1_530, 160),
    ("push", "title"): PartKind(Form.LINE, 120, 50),
    ("push", "body"): PartKind(Form.TEXT, 1_000, 150),
    ("push", "link"): PartKind(Form.URL, 2_000),
    ("inbox", "header"): PartKind(Form.LINE, 200, 60),
    ("inbox", "body"): PartKind(Form.TEXT, 20_000),
    ("inbox", "link"): PartKind(Form.URL, 2_000),
    ("feed", "header"): PartKind(Form.LINE, 200, 60),
    ("feed", "body"): PartKind(Form.TEXT, 4_000, 300),
    ("feed", "image"): PartKind(Form.URL, 2_000),
    ("feed", "link"): PartKind(Form.URL, 2_000),
    ("in_app", "image"): PartKind(Form.URL, 2_000),
    ("in_app", "video"): PartKind(Form.URL, 2_000),
    ("in_app", "before_image"): PartKind(Form.URL, 2_000),
    ("in_app", "after_image"): PartKind(Form.URL, 2_000),
    ("in_app", "link"): PartKind(Form.URL, 2_000),
}
"""Parts by type of message and name. These are this project's limits, kept well inside those of mail and app stores."""


def part_kind(message_type: str, part: str) -> PartKind:
    """What a part is; of a type or part that is not in the table a text."""
    return PARTS.get((message_type, part), PartKind(Form.TEXT, 4_000))


# ------------------------------------------------------------------------------------------------------- characters

_CONTROLS = "\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029"
_NOT_TEXT = "\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_BREAKS = re.compile(r"\r\n?|[\u2028\u2029\x85]")
_IN_TEXT = re.compile(f"[{_CONTROLS}]")
_IN_LINE = re.compile(f"[{_CONTROLS}\t\n\r ]+")
_DROPPED = re.compile(f"[{_NOT_TEXT}]")


def one_line(text: str) -> str:
    """``text`` as one line: each run of spaces, line breaks and control characters is one space, none at the ends."""
    return _IN_LINE.sub(" ", _DROPPED.sub("", text)).strip(" ")


def plain_text(text: str) -> str:
    """``text`` with LF as its only line break and no control characters; what reorders text is dropped."""
    return _IN_TEXT.sub(" ", _BREAKS.sub("\n", _DROPPED.sub("", text)))


_ADDRESS = re.compile(ADDRESS)
_LOCAL = 64


def single_address(text: str) -> str | None:
    """``text`` as exactly one address without a name, its domain in lower case; None when it is anything else."""
    trimmed = text.strip(" ")
    local, at, domain = trimmed.rpartition("@")
    found = f"{local}{at}{domain.lower()}"
    if not trimmed.isascii() or not trimmed.isprintable() or len(found) > 254 or len(local) > _LOCAL:
        return None
    if local.startswith(".") or local.endswith(".") or ".." in local:
        return None
    return found if _ADDRESS.fullmatch(found) else None


# --------------------------------------------------------------------------------------------------------- addresses

WEB_SCHEMES = frozenset({"https"})
LINK_SCHEMES = frozenset({"https", "mailto", "tel"})
"""What a link on a page may begin with, beside the schemes that the workspace declares for its apps."""
NEVER = frozenset({"javascript", "data", "vbscript", "file", "blob", "about", "view-source", "http"})
"""Schemes that nobody can declare: they run what follows, read this machine, or travel in the open."""
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


def scheme_of(url: str) -> str | None:
    """The scheme in front of an address, in lower case; None when there is none."""
    found = _SCHEME.match(url)
    return None if found is None else found[0][:-1].lower()


def allowed_address(url: str, schemes: frozenset[str]) -> bool:
    """Whether ``url`` is one whole address of an allowed scheme, with a host where the scheme has one."""
    scheme = scheme_of(url)
    if scheme is None or scheme in NEVER or scheme not in schemes or len(url) > 4_000:
        return False
    if any(char <= " " or char in '"<>\\^`{|}\x7f' for char in url) or not url.isascii():
        return False
    rest = url[len(scheme) + 1 :]
    if scheme in WEB_SCHEMES:
        host = re.match(r"//([A-Za-z0-9.-]+)(:[0-9]{1,5})?(?=[/?#]|$)", rest)
        return host is not None and not host[1].startswith(".")
    return bool(rest)
