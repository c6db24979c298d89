"""Pages of the sandbox. Everything on them was written by strangers, so everything is escaped."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from campaign_dsl.run.sandbox.reading import Unreadable, read_json
from campaign_dsl.run.sandbox.store import CaughtMessage, CaughtRequest, Counts

PAGE = 25
"""Messages on a page."""

_LONGEST_VALUE = 400
_MOST_PROPERTIES = 60
_LONGEST_BODY = 200_000


def index(
    found: Sequence[CaughtMessage], counts: Counts, fault: Mapping[str, Any], *, search: str, first_page: bool
) -> str:
    """The list of messages.

    Args:
        found: newest first; one more than `PAGE` when there are older ones.
        fault: the fault that was ordered, as `Faults.as_json` has it.
    """
    return _page(
        "index.html",
        messages=found[:PAGE],
        older=found[PAGE - 1].id if len(found) > PAGE else None,
        counts=counts,
        fault=fault,
        search=search,
        first_page=first_page,
    )


def message(request: CaughtRequest, message_id: int) -> str:
    """One message, and its request whole."""
    chosen = next(each for each in request.messages if each.id == message_id)
    body, cut = _pretty(request.body)
    return _page("message.html", request=request, message=chosen, body=body, cut=cut)


def missing(message_id: int) -> str:
    return _page("missing.html", message_id=message_id)


@cache
def style() -> str:
    return (files(__package__) / "pages" / "style.css").read_text(encoding="utf-8")


def as_json(message: CaughtMessage) -> dict[str, Any]:
    """A message for programs."""
    return {
        "id": message.id,
        "request": message.request_id,
        "at": message.at.isoformat(),
        "provider": message.provider,
        "recipient": message.recipient,
        "target": message.target,
        "campaign": message.campaign,
        "properties": message.properties,
        "verdict": message.verdict,
        "problems": message.problems,
        "repeats": message.repeats,
        "status": message.status,
        "fault": message.fault,
    }


def visible(text: str, most: int | None = None) -> Markup:
    """Text as HTML, with characters that would not show, or would move others, as marked escapes.

    Args:
        most: characters that are shown; what is left out is said.
    """
    rest = 0 if most is None else max(len(text) - most, 0)
    shown = text[:most]
    if shown.isprintable():
        html = escape(shown)
    else:
        html = Markup("").join(
            escape(character) if character.isprintable() else Markup('<i class="ctl">{}</i>').format(_code(character))
            for character in shown
        )
    return html + Markup('<i class="cut">… {} more</i>').format(f"{rest:,}") if rest else html


def _code(character: str) -> str:
    short = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}.get(character)
    return short or (f"\\x{ord(character):02x}" if ord(character) < 256 else f"\\u{{{ord(character):04x}}}")


def _lines(text: str) -> Markup:
    return Markup("\n").join(visible(line) for line in text.split("\n"))


def _value(value: Any) -> Markup:
    """A property's value; what is not text is marked as such, so that 5 and "5" differ."""
    if isinstance(value, str):
        return visible(value, _LONGEST_VALUE) if value else Markup('<i class="none">empty</i>')
    if value is None:
        return Markup('<i class="none">null</i>')
    text = json.dumps(value, ensure_ascii=False, indent=None)
    return Markup('<span class="raw">{}</span>').format(visible(text, _LONGEST_VALUE))


def _properties(message: CaughtMessage) -> list[tuple[str, Any]]:
    return list(message.properties.items())[:_MOST_PROPERTIES]


def _pretty(body: bytes) -> tuple[str, int]:
    """A body to read, and how many bytes of it were left out."""
    try:
        text = json.dumps(read_json(body), ensure_ascii=False, indent=2)
    except Unreadable:
        text = body.decode("utf-8", "backslashreplace")
    return text[:_LONGEST_BODY], max(len(text) - _LONGEST_BODY, 0)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader(__package__, "pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"visible": visible, "lines": _lines, "value": _value, "properties": _properties}
    return environment


def _page(name: str, **values: Any) -> str:
    return _environment().get_template(name).render(**values)
