"""Where values stand in a page: in text and in quoted attributes they are safe once escaped, elsewhere they are not.

The text of a template is read as HTML along each branch, the way Go's html/template does; all branches of an `if` have
to end in the same place of the page. Comments that only Outlook reads (`<!--[if mso]> ... <![endif]-->`) are read as
the page they are to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from campaign_dsl.language.content import addresses
from campaign_dsl.language.content.addresses import Address, Phase, Use
from campaign_dsl.language.content.parsing import said_at
from campaign_dsl.language.content.report import Report

if TYPE_CHECKING:
    from jinja2 import nodes


class At(StrEnum):
    """A place of a page, in words for a message."""

    TEXT = "text"
    BEGINNING = "at the beginning of a tag"
    NAME = "in the name of a tag"
    INSIDE = "between the attributes of a tag"
    ATTRIBUTE = "in the name of an attribute"
    AFTER_NAME = "behind the name of an attribute"
    BEFORE_VALUE = "in an attribute without quotes"
    QUOTED = "in a quoted attribute"
    BARE = "in the middle of an attribute without quotes"
    COMMENT = "in a comment"
    DECLARATION = "in a declaration"
    RAW = "in an element whose text is not read as HTML"


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a page the reader is.

    Attributes:
        held: beginning of something whose kind is not known yet, such as `<!-`.
        tag: name of the tag, from its beginning on, and of the element whose text is raw.
        closing: whether it is an end tag.
        attribute: name of the attribute.
        quote: the quote around its value.
        address: of an attribute that holds one.
    """

    at: At = At.TEXT
    held: str = ""
    tag: str = ""
    closing: bool = False
    attribute: str = ""
    quote: str = ""
    address: Address | None = None


_TEXT = Place()
_RAW = frozenset(["script", "style", "xmp", "iframe", "noembed", "noframes", "plaintext", "title", "textarea"])
_SAYS_TEXT = frozenset(("title", "textarea"))
_OUTLOOK = re.compile(r"<!--\[if[^\]>]*\]>(?:<!-->|-->)?", re.IGNORECASE)
_OUTLOOK_END = re.compile(r"(?:<!--)?<!\[endif\]-->|<!\[endif\]>", re.IGNORECASE)
_MAX_HELD = 200


class _Reader:
    """Reads text of a page from one place to the next."""

    def __init__(self, schemes: frozenset[str], report: Report | None) -> None:
        self.schemes = schemes
        self.report = report

    def read(self, place: Place, text: str, offset: int) -> Place:
        text = place.held + text
        offset -= len(place.held)
        place = replace(place, held="") if place.held else place
        index, end = 0, len(text)
        while index < end:
            place, index = _STEPS[place.at](self, place, text, index, offset)
        return place

    # Each step consumes at least one character, or holds the rest.

    def text(self, place: Place, text: str, index: int, offset: int) -> tuple[Place, int]:
        start = text.find("<", index)
        if start < 0:
            return _TEXT, len(text)
        rest = text[start : start + _MAX_HELD]
        ending = _OUTLOOK_END.match(rest) or _OUTLOOK.match(rest)
        if ending:
            return _TEXT, start + ending.end()
        if rest.startswith("<!--"):
            if (
                len(rest) < _MAX_HELD
                and start + len(rest) == len(text)
                and re.fullmatch(r"<!--(\[(i(f[^>]*)?)?)?", rest)
            ):
                return Place(At.BEGINNING, held=rest), len(text)
            if rest.startswith(("<!-->", "<!--->")):
                return _TEXT, start + rest.index(">") + 1
            return Place(At.COMMENT), start + 4
        if rest in ("<", "</", "<!", "<!-"):
            return Place(At.BEGINNING, held=rest), len(text)
        if rest.startswith(("<!", "<?")):
            return Place(At.DECLARATION), start + 2
        found = re.match(r"</?(?=[A-Za-z])", rest)
        if found is None:
            # `</` before anything but a letter is a comment that ends at `>`; a lone `<` is text.
            return (Place(At.DECLARATION), start + 2) if rest.startswith("</") else (_TEXT, start + 1)
        return Place(At.NAME, closing=found[0] == "</"), start + found.end()

    def beginning(self, place: Place, text: str, index: int, offset: int) -> tuple[Place, int]:
        return self.text(_TEXT, text, index, offset)

    def name(self, place: Place, text: str, index: int, offset: int) -> tuple[Place, int]:
        end = _end(_NAME_END, text, index)
        named = replace(place, tag=place.tag + text[index:end].lower())
        return (named, end) if end == len(text) else (replace(named, at=At.INSIDE), end)

    def inside(self, place: Place, text: str, index: int, offset: int) -> tuple[Place, int]:
        char = text[index]
        if char == ">":
            return self._after_tag(place), index + 1
        if char.isspace() or char == "/":
            return place, index + 1
        return replace(place, at=At.ATTRIBUTE, attribute=char.lower()), index + 1

    def _after_tag(self, place: Place) -> Place:
        if place.tag in _RAW and not place.closing:
            return Place(At.RAW, tag=place.tag)
        return _TEXT

    def attribute(self, place: Place, text: str, index: int, offset: int) -> tuple[Place, int]:
        end = _end(_ATTRIBUTE_END, text, index)
        named = replace(place, attribute=place.attribute + text[index:end].lower())
        return (named, end) if end == len(text) else (replace(named, at=At.AFTER_NAME), end)

    def after_name(self, place: Place, text: str, index: int, offset: int) -> tuple[Place, int]:
        char = text[index]
        if char.isspace():
            return place, index + 1
        if char == "=":
            return replace(place, at=At.BEFORE_VALUE), index + 1
        return replace(place, at=At.INSIDE, attribute=""), index

    def before_value(self, place: Place, text: str, index: int, offset: int) -> tuple[Place, int]:
        char = text[index]
        if char.isspace():
            return place, index + 1
        if char == ">":
            return self._after_tag(place), index + 1
        address = Address() if place.attribute in addresses.ATTRIBUTES else None
        if char in "\"'":
            return replace(place, at=At.QUOTED, quote=char, address=address), index + 1
        return replace(place, at=At.BARE, address=address), index

    def quoted(self, place: Place, text: str, index: int, offset: int) -> tuple[Place, int]:
        end = text.find(place.quote, index)
        stop = len(text) if end < 0 else end
        place = self._in_value(place, text[index:stop])
        if end < 0:
            return place, stop
        self._ends(place, offset + end)
        return Place(At.INSIDE, tag=place.tag, closing=place.closing), end + 1

    def bare(self, place: Place, text: str, index: int, offset: int) -> tuple[Place, int]:
        end = _end(_BARE_END, text, index)
        place = self._in_value(place, text[index:end])
        if end == len(text):
            return place, end
        self._ends(place, offset + end)
        return Place(At.INSIDE, tag=place.tag, closing=place.closing), end

    def _in_value(self, place: Place, text: str) -> Place:
        if place.address is None or not text:
            return place
        return replace(place, address=place.address.text(text, self._allowed(place)))

    def _allowed(self, place: Place) -> frozenset[str]:
        """Pictures may be those that travel with a mail."""
        return self.schemes | {"cid"} if place.attribute in ("src", "background") else self.schemes

    def _ends(self, place: Place, offset: int) -> None:
        if place.address is None or self.report is None:
            return
        problem = addresses.problem_of_end(place.address, self._allowed(place))
        if problem is not None:
            start = offset - len(place.address.written)
            self.report.add("CNT012", problem[0], start, offset, help=problem[1])

    def comment(self, place: Place, text: str, index: int, offset: int) -> tuple[Place, int]:
        end = text.find("-->", index)
        if end < 0:
            tail = "--" if text.endswith("--") else "-" if text.endswith("-") else ""
            return replace(place, held=tail), len(text)
        return _TEXT, end + 3

    def declaration(self, place: Place, text: str, index: int, offset: int) -> tuple[Place, int]:
        end = text.find(">", index)
        return (place, len(text)) if end < 0 else (_TEXT, end + 1)

    def raw(self, place: Place, text: str, index: int, offset: int) -> tuple[Place, int]:
        found = re.compile(rf"</{place.tag}(?=[\s/>])", re.IGNORECASE).search(text, index)
        if found is None:
            return place, len(text)
        return Place(At.INSIDE, tag=place.tag, closing=True), found.end()


def _end(pattern: re.Pattern[str], text: str, index: int) -> int:
    found = pattern.search(text, index)
    return len(text) if found is None else found.start()


_NAME_END = re.compile(r"[\s/>]")
_ATTRIBUTE_END = re.compile(r"[\s/>=]")
_BARE_END = re.compile(r"[\s>]")
_STEPS = {
    At.TEXT: _Reader.text,
    At.BEGINNING: _Reader.beginning,
    At.NAME: _Reader.name,
    At.INSIDE: _Reader.inside,
    At.ATTRIBUTE: _Reader.attribute,
    At.AFTER_NAME: _Reader.after_name,
    At.BEFORE_VALUE: _Reader.before_value,
    At.QUOTED: _Reader.quoted,
    At.BARE: _Reader.bare,
    At.COMMENT: _Reader.comment,
    At.DECLARATION: _Reader.declaration,
    At.RAW: _Reader.raw,
}


# -------------------------------------------------------------------------------------------------------- templates


def check(tree: nodes.Template, urls: frozenset[int], schemes: frozenset[str], report: Report) -> None:
    """Reports values where they would not be safe, addresses that lead nowhere, and tags that branches tear apart."""
    _Page(urls, schemes, report).whole(tree)


def uses(tree: nodes.Template, schemes: frozenset[str]) -> dict[int, Use]:
    """How each value of a template that was checked is written, by its offset."""
    page = _Page(None, schemes, None)
    page.whole(tree)
    return page.uses


class _Page:
    """Walks over a template that is a page.

    Args:
        urls: offsets of values that are whole addresses; None when that has been checked.
    """

    def __init__(self, urls: frozenset[int] | None, schemes: frozenset[str], report: Report | None) -> None:
        self.urls = urls
        self.report = report
        self.reader = _Reader(schemes, report)
        self.uses: dict[int, Use] = {}

    def whole(self, tree: nodes.Template) -> None:
        ended = self.body(tree.body, _TEXT)
        if self.report is not None and ended.at is not At.TEXT:
            end = len(self.report.snippet.text)
            self.report.add("CNT013", f"the page ends {ended.at}", end, end, help="close the tag or comment")

    def body(self, parts: Iterable[nodes.Node], place: Place) -> Place:
        from jinja2 import nodes

        for part in parts:
            match part:
                case nodes.Output():
                    for each in part.nodes:
                        if isinstance(each, nodes.TemplateData):
                            place = self.reader.read(place, each.data, each.lineno)
                        else:
                            place = self._value(each, place)
                case nodes.If():
                    ways = [self.body(branch.body, place) for branch in (part, *part.elif_)]
                    place = self._one(part, [*ways, self.body(part.else_, place)])
                case nodes.For():
                    place = self._one(part, [place, self.body(part.body, place), self.body(part.else_, place)])
        return place

    def _one(self, part: nodes.Node, ways: list[Place]) -> Place:
        """The place after a block, which has to be the same whichever way was taken."""
        if len(set(ways)) > 1 and self.report is not None:
            self.report.add(
                "CNT013",
                "the branches of this block end in different places of the page",
                *said_at(part, self.report),
                help="open and close each tag, attribute and address in the same branch",
            )
        return ways[0]

    def _value(self, each: nodes.Expr, place: Place) -> Place:
        match place.at:
            case At.TEXT:
                self.uses[each.lineno] = Use.ESCAPED
                return place
            case At.RAW if place.tag in _SAYS_TEXT:
                self.uses[each.lineno] = Use.ESCAPED
                return place
            case At.QUOTED:
                return self._in_attribute(each, place)
        where = f"in `<{place.tag}>`" if place.at is At.RAW else place.at
        helps = {
            At.BEFORE_VALUE: f'write quotes around it: `{place.attribute}="..."`',
            At.BARE: f'write quotes around it: `{place.attribute}="..."`',
            At.COMMENT: "delete the comment, or the value in it",
        }
        self._unsafe(
            each, f"a value stands {where}, where escaping does not help", helps.get(place.at, "put it into the text")
        )
        return replace(place, held="")

    def _in_attribute(self, each: nodes.Expr, place: Place) -> Place:
        name = place.attribute
        if name.startswith("on") or name in ("style", "srcdoc", "srcset") or (place.tag, name) == ("meta", "content"):
            self._unsafe(each, f"a value stands in `{name}`, where escaping does not help", "put it into the text")
            return place
        if place.address is None:
            self.uses[each.lineno] = Use.ESCAPED
            return place
        begins = place.address.phase is Phase.BEGINNING and not place.address.written.strip()
        self.uses[each.lineno] = Use.WHOLE_ADDRESS if begins else Use.IN_ADDRESS
        problem = None
        if self.urls is not None:
            problem = addresses.problem_of_value(place.address, each.lineno in self.urls)
        if problem is not None and self.report is not None:
            self.report.add("CNT012", problem[0], *said_at(each, self.report), help=problem[1])
            return replace(place, address=Address(Phase.WRONG))
        return replace(place, address=Address(Phase.OPEN))

    def _unsafe(self, each: nodes.Expr, message: str, help: str) -> None:
        if self.report is not None:
            self.report.add("CNT011", message, *said_at(each, self.report), help=help)
