"""Text of templates, as the room of content makes it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from campaign_dsl.language.content.parts import PartKind, part_kind
from campaign_dsl.language.content.rendering import ContentError, Rendered, compile_template
from campaign_dsl.review.reference.messages import Draft


@dataclass(frozen=True)
class Renderer:
    """Renders parts of messages.

    Attributes:
        schemes: schemes of apps that links may have.
    """

    schemes: Sequence[str] = ()

    def __call__(self, draft: Draft) -> str | None:
        """The text; None when these values cannot be said."""
        kind = part_kind(draft.message.type, draft.part.name)
        try:
            ready = _compiled(draft.part.template, kind, tuple(self.schemes))
            return ready.render(draft.quoted, language=draft.language, zone=draft.zone)
        except ContentError:
            return None


@cache
def _compiled(text: str, kind: PartKind, schemes: tuple[str, ...]) -> Rendered:
    return compile_template(text, kind, schemes)
