"""MJML to HTML, once, when a campaign is compiled. What Jinja does passes through untouched."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from campaign_dsl.language.content import limits
from campaign_dsl.language.content.parsing import Piece, parse
from campaign_dsl.language.content.report import Report, normalized
from campaign_dsl.language.diagnostics.model import Diagnostic
from campaign_dsl.language.source.files import Snippet


class NotInstalled(Exception):
    """The extra `mjml` is not there."""


def converter() -> Callable[[str], str]:
    """What makes HTML of MJML.

    Raises:
        NotInstalled: the extra is missing.
    """
    try:
        from mjml import mjml2html
    except ImportError:
        raise NotInstalled from None
    return lambda text: str(mjml2html(text, disable_comments=True))


@dataclass(frozen=True, slots=True)
class Page:
    """HTML made of MJML.

    Attributes:
        html: a template whose values and tags point at the MJML they came from; None when there is none.
    """

    html: Snippet | None
    findings: tuple[Diagnostic, ...]


_MARK = "jinja{:04d}mark"
_MARKS = re.compile(r"jinja([0-9]{4})mark")
_BETWEEN = re.compile(
    r"<(?:mjml|mj-body|mj-head|mj-section|mj-column|mj-wrapper|mj-group|mj-hero)\b[^<>]*(?<!/)>|"
    r"</(?:mj-[a-z-]+|mjml)>|<mj-[a-z-]+\b[^<>]*/>",
    re.IGNORECASE,
)
"""Tags behind which a tag of Jinja stands between components, not in text."""
_ENDING = re.compile(
    r"<(?:mj-text|mj-button|mj-table|mj-raw|mj-title|mj-preview|mj-style|mj-navbar-link)\b[^<>]*>", re.I
)


def page_of(snippet: Snippet, convert: Callable[[str], str] | None = None) -> Page:
    """HTML of a template in MJML; check that like any other page.

    Args:
        snippet: the MJML, values and tags of Jinja in it.
        convert: what makes HTML of MJML; default: the library of the extra `mjml`.
    """
    snippet = normalized(snippet)
    report = Report(snippet)
    if convert is None:
        try:
            convert = converter()
        except NotInstalled:
            report.add(
                "CNT015",
                "making a page of MJML needs the extra `mjml`, which is not installed",
                0,
                min(6, len(snippet.text)),
                help='install it: `pip install "campaign-dsl[mjml]"`',
            )
            return Page(None, report.findings)
    parsed = parse(snippet.text, report)
    if parsed is None:
        return Page(None, report.findings)
    deep = _too_deep(snippet.text)
    if deep is not None:
        report.add("CNT003", f"more than {MAX_NESTED} elements inside each other", deep, deep + 1, help="close them")
        return Page(None, report.findings)
    said = _constructs(parsed.pieces)
    if len(said) > 9_999 or _MARKS.search(snippet.text):
        report.add("CNT014", "this cannot be made into a page", 0, 6, help="shorten it")
        return Page(None, report.findings)
    marked = _marked(snippet.text, said)
    try:
        made = convert(marked)
    except ValueError as error:
        _not_mjml(marked, said, str(error), report)
        return Page(None, report.findings)
    if len(made) > limits.MAX_TEMPLATE:
        report.add("CNT003", "the page that this makes is too long", 0, 6, help="shorten it")
        return Page(None, report.findings)
    return _restored(snippet, said, made, report)


@dataclass(frozen=True, slots=True)
class _Construct:
    """`{{ ... }}`, `{% ... %}` or `{# ... #}` of the source."""

    kind: str
    start: int
    end: int


def _constructs(pieces: tuple[Piece, ...]) -> list[_Construct]:
    found: list[_Construct] = []
    opened: Piece | None = None
    for piece in pieces:
        if piece.kind.endswith("_begin"):
            opened = piece
        elif piece.kind.endswith("_end") and opened is not None:
            found.append(_Construct(opened.kind.removesuffix("_begin"), opened.start, piece.end))
            opened = None
    return found


def _marked(text: str, said: list[_Construct]) -> str:
    """The MJML with a word for each construct. Between components a tag needs `mj-raw` around it to be allowed."""
    made: list[str] = []
    place = 0
    for index, each in enumerate(said):
        made.append(text[place : each.start])
        place = each.end
        if each.kind == "comment":
            continue
        mark = _MARK.format(index)
        between = each.kind == "block" and _between_components(text, each)
        made.append(f"<mj-raw>{mark}</mj-raw>" if between else mark)
    made.append(text[place:])
    return "".join(made)


def _between_components(text: str, each: _Construct) -> bool:
    before = text[: each.start]
    between = max((found.end() for found in _BETWEEN.finditer(before)), default=-1)
    ending = max((found.end() for found in _ENDING.finditer(before)), default=-1)
    return between > ending and "<" not in text[between : each.start]


def _restored(snippet: Snippet, said: list[_Construct], made: str, report: Report) -> Page:
    """The page with its constructs back, each character of which points at the source."""
    found = [int(each[1]) for each in _MARKS.finditer(made)]
    tags = [index for index in found if said[index].kind == "block"]
    wanted = [index for index, each in enumerate(said) if each.kind == "block"]
    if tags != wanted:
        odd = next((index for index in wanted if tags.count(index) != 1), wanted[0] if wanted else 0)
        report.add(
            "CNT014",
            "MJML does not keep this tag where it stands",
            said[odd].start,
            said[odd].end,
            help="put it into the text of one component, or around whole components",
        )
        return Page(None, report.findings)
    text: list[str] = []
    offsets: list[int] = []
    ends: list[int] = []
    last = snippet.span(0, 0).start
    place = 0
    for mark in _MARKS.finditer(made):
        between = made[place : mark.start()]
        text.append(between)
        offsets += [last] * len(between)
        ends += [last] * len(between)
        place = mark.end()
        each = said[int(mark[1])]
        for index in range(each.start, each.end):
            span = snippet.span(index, index + 1)
            text.append(snippet.text[index])
            offsets.append(span.start)
            ends.append(span.end)
            last = span.end
    rest = made[place:]
    text.append(rest)
    offsets += [last] * (len(rest) + 1)
    ends += [last] * len(rest)
    return Page(Snippet(snippet.source, "".join(text), 0, offsets, ends), report.findings)


_AT = re.compile(r" in root template|( at position ([0-9]+):[0-9]+)")


def _not_mjml(marked: str, said: list[_Construct], error: str, report: Report) -> None:
    """The library said ``error``, as a rule with the byte of the marked text where it stopped."""
    position = next((int(found[2]) for found in _AT.finditer(error) if found[2]), 0)
    words = " ".join(_AT.sub("", error).split())[:120].replace("`", "'").rstrip(".")
    start = _source_offset(len(marked.encode()[:position].decode("utf-8", "ignore")), marked, said)
    report.add(
        "CNT014",
        f"this is not MJML: {words[:1].lower()}{words[1:]}",
        start,
        start + 1,
        help="begin with `<mjml><mj-body>`, and close every component, `<br />` too",
    )


def _source_offset(place: int, marked: str, said: list[_Construct]) -> int:
    """Where in the source a place of the marked text comes from."""
    shift = 0
    for found in re.finditer(rf"<mj-raw>{_MARKS.pattern}</mj-raw>|{_MARKS.pattern}", marked):
        each = said[int(found[1] or found[2])]
        if found.end() > place:
            return min(place + shift, each.end) if found.start() > place else each.start
        shift = each.end - found.end()
    return place + shift


MAX_NESTED = 200
_VOID = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"]
)
_ELEMENT = re.compile(
    r"<!--.*?(?:-->|\Z)|<!\[CDATA\[.*?(?:\]\]>|\Z)|"
    r"<(?P<close>/)?(?P<name>[A-Za-z][^\s/<>]*)(?P<rest>(?:[^\"'<>]|\"[^\"]*\"|'[^']*')*+>)?",
    re.DOTALL,
)


def _too_deep(text: str) -> int | None:
    """Where elements lie too deep inside each other: the library recurses, and would take the process down."""
    opened: list[str] = []
    for found in _ELEMENT.finditer(text):
        name = (found["name"] or "").lower()
        if not name or name in _VOID or (found["rest"] or "").endswith("/>"):
            continue
        if not found["close"]:
            opened.append(name)
        elif opened and opened[-1] == name:
            opened.pop()  # one that closes nothing is counted as nothing: better too deep than too late
        if len(opened) > MAX_NESTED:
            return found.start()
    return None
