"""What a campaign is checked against."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from campaign_dsl.language.catalog import model
from campaign_dsl.language.diagnostics.model import Diagnostic, Problems, Span
from campaign_dsl.language.ir.nodes import Predicate
from campaign_dsl.language.semantics.expressions import Names
from campaign_dsl.language.source.files import SourceFile
from campaign_dsl.language.syntax import tree as t

ReadText = Callable[[str], SourceFile | Diagnostic]
"""The file of the workspace at a path relative to it; or why there is none."""


@dataclass(frozen=True, slots=True)
class World:
    """What a campaign is checked against.

    Args:
        audience: gives the predicate of a named audience, or None after having reported why there is none.
        read_text: gives files with content; nothing else of the world is touched.
        static_list: gives the keys in a list of the catalog, or None after having reported why they cannot be read.
        campaigns: every name of a campaign that there is or was.
        defined: where a named audience says who it means.
    """

    catalog: model.Catalog
    settings: model.WorkspaceSettings
    audience: Callable[[t.Name, Problems], Predicate | None]
    read_text: ReadText
    static_list: Callable[[t.Name, Problems], tuple[str, ...] | None]
    campaigns: frozenset[str]
    defined: Callable[[str], Span | None]

    def names(self, default_zone: str) -> Names:
        """What expressions may name."""
        return Names(self.catalog, self.audience, default_zone, self.static_list, self.campaigns, defined=self.defined)
