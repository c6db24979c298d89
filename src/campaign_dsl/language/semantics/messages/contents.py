"""What a message says: blocks of content, their parts, and the files these come from."""

from __future__ import annotations

from dataclasses import dataclass

from campaign_dsl.language.content.matrix import Axes
from campaign_dsl.language.content.mjml import page_of
from campaign_dsl.language.diagnostics.model import Diagnostic, Problems
from campaign_dsl.language.diagnostics.suggest import did_you_mean
from campaign_dsl.language.ir import campaign as ir
from campaign_dsl.language.semantics.messages.quoting import Quotable
from campaign_dsl.language.semantics.messages.templates import check_part, whole, written_here
from campaign_dsl.language.semantics.world import ReadText
from campaign_dsl.language.source.files import Snippet
from campaign_dsl.language.syntax import tree as t
from campaign_dsl.language.syntax.spec import DISPLAYS, MESSAGE_TYPES

MAX_CONTENTS = 500


@dataclass(frozen=True, slots=True)
class Desk:
    """What a content is checked with.

    Attributes:
        used: gets the values that contents say.
    """

    axes: Axes
    may: Quotable
    read: ReadText
    used: set[str]

    @property
    def languages(self) -> tuple[str, ...]:
        return self.axes.languages or ("en",)


def contents(node: t.Message, display: str | None, desk: Desk, problems: Problems) -> tuple[ir.Content, ...]:
    """What a message says; what is wrong with it is reported."""
    if not node.contents and node.type.text != "external":
        parts = " and ".join(f"`{part}`" for part in _required(node.type.text, display))
        problems.add(
            "MSG021",
            f"message `{node.name.text}` says nothing",
            node.name.span,
            help=f"add `content {{ ... }}` with {parts}" if parts else "add `content { ... }`",
        )
    if len(node.contents) > MAX_CONTENTS:
        problems.add(
            "MSG021",
            f"{len(node.contents)} contents; at most {MAX_CONTENTS} are possible",
            node.contents[MAX_CONTENTS].span,
            help="let content depend on fewer things",
        )
        return ()
    found = [_content(each, node, display, desk, problems) for each in node.contents]
    return tuple(each for each in found if each is not None)


def _content(
    node: t.Content, message: t.Message, display: str | None, desk: Desk, problems: Problems
) -> ir.Content | None:
    before, axes = len(problems), desk.axes
    for name, known, what, help in (
        (node.segment, axes.segments, "segment", "add `segments { ... }` to the audience"),
        (node.language, axes.languages, "language", "add `languages en, de` to the campaign"),
        (node.variant, axes.arms, "variant", "add `variants { ... }` to the campaign"),
    ):
        if name is not None and name.text not in known:
            problems.add(
                "MSG022",
                f"this campaign has no {what} `{name.text}`",
                name.span,
                why="nobody would get this content",
                help=did_you_mean(name.text, known, f"{what}s") or help,
            )
    if node.template is not None:
        _check_held(node, message, problems)
    else:
        _check_parts(node, message, display, problems)
    if len(problems) > before:
        return None
    parts = tuple(_part(each, message.type.text, desk, problems) for each in node.parts)
    if len(problems) > before:
        return None
    return ir.Content(
        node.segment.text if node.segment else None,
        node.language.text if node.language else None,
        node.variant.text if node.variant else None,
        tuple(each for each in parts if each is not None),
        node.template.text if node.template else None,
        node.span,
    )


def _check_held(node: t.Content, message: t.Message, problems: Problems) -> None:
    """Content that the provider holds."""
    assert node.template is not None
    if node.parts:
        problems.add(
            "MSG023",
            f"`{node.parts[0].name.text}` beside a `template`",
            node.parts[0].name.span,
            why="what the provider holds is the whole content",
            help="leave one of the two out",
        )
    if message.via is None:
        problems.add(
            "MSG023",
            "a `template` is held by a provider, and this message has none",
            node.template.span,
            help="add `via PROVIDER`, or write the content here",
        )
    if not node.template.text.strip():
        problems.add("MSG023", "this `template` has no id", node.template.span, help="copy the id from the provider")


def article(type_: str) -> str:
    """`an email message`, `a push message`."""
    return "an" if type_[0] in "aeiou" or type_ == "sms" else "a"


def _required(type_: str, display: str | None) -> tuple[str, ...]:
    return (*MESSAGE_TYPES[type_].required, *DISPLAYS.get(display or "", ()))


def _allowed(type_: str, display: str | None) -> tuple[str, ...]:
    if display in DISPLAYS:
        return (*DISPLAYS[display], "link")
    return (*MESSAGE_TYPES[type_].required, *MESSAGE_TYPES[type_].optional)


def _check_parts(node: t.Content, message: t.Message, display: str | None, problems: Problems) -> None:
    """Which parts there must be, and which there may be."""
    type_ = message.type.text
    allowed, given = _allowed(type_, display), {part.name.text for part in node.parts}
    kind = f"`{type_}` message" if display is None else f"`{type_}` message with `display {display}`"
    for part in node.parts:
        if part.name.text not in allowed:
            problems.add(
                "MSG023",
                f"{article(type_)} {kind} has no `{part.name.text}`",
                part.name.span,
                help="its parts are " + ", ".join(f"`{each}`" for each in allowed)
                if allowed
                else "another system makes it: send values with `properties`, or name a `template` that it holds",
            )
    missing = [name for name in _required(type_, display) if name not in given]
    for name in missing:
        problems.add(
            "MSG023",
            f"this content has no `{name}`",
            node.span,
            why=f"{article(type_)} {kind} is not whole without it",
            help=f'add `{name} "..."`',
        )
    if not node.parts and not missing:
        problems.add("MSG023", "this content is empty", node.span, help="add its parts, or delete it")


def _part(node: t.Part, type_: str, desk: Desk, problems: Problems) -> ir.Part | None:
    """A part with its text, from where it stands."""
    if node.kind == "mjml" and (type_, node.name.text) != ("email", "body"):
        problems.add(
            "MSG023",
            f"`{node.name.text}` cannot be MJML",
            node.value.span,
            why="MJML makes pages, and only the body of an e-mail is one",
            help='write `file "..."`, or the text itself',
        )
        return None
    if node.kind == "text" and not node.value.text.strip():
        problems.add(
            "MSG023",
            f"`{node.name.text}` is empty",
            node.value.span,
            why="customers would see that something is missing",
            help="write its text, or leave it out where it need not be there",
        )
        return None
    template = written_here(node.value) if node.kind == "text" else _file(node, desk.read, problems)
    path = None if node.kind == "text" else node.value.text
    if template is not None and node.kind == "mjml":
        page = page_of(template)
        problems.extend(page.findings)
        template = page.html
    if template is None:
        return None
    return check_part(node, type_, template, path, desk.languages, desk.may, desk.used, problems)


def _file(node: t.Part, read: ReadText, problems: Problems) -> Snippet | None:
    found = read(node.value.text)
    if not isinstance(found, Diagnostic):
        return whole(found)
    if found.where is not None:
        problems.extend((found,))
    else:
        problems.add(
            "MSG024",
            found.message,
            node.value.span,
            why=found.why,
            help=found.help if found.code != "SRC001" else "paths begin where `workspace.yaml` is",
        )
    return None
