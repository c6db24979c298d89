"""Looking up the names of a catalog in the catalog, and saying what was meant when they are not there."""

from __future__ import annotations

import re
from typing import Any

from campaign_dsl.language.catalog.attributes import Attribute
from campaign_dsl.language.catalog.entry import ADDRESS
from campaign_dsl.language.catalog.model import Catalog
from campaign_dsl.language.catalog.positions import Positions
from campaign_dsl.language.catalog.types import Kind
from campaign_dsl.language.diagnostics.model import Label, Problems, Span
from campaign_dsl.language.diagnostics.suggest import did_you_mean

MAX_PROBLEMS = 200
"""So many problems of one catalog are reported."""


class Checker:
    """One catalog, where its entries stand, and what is wrong with them so far."""

    def __init__(self, catalog: Catalog, positions: Positions) -> None:
        self.catalog = catalog
        self.positions = positions
        self.problems = Problems()

    def add(
        self,
        code: str,
        message: str,
        span: Span,
        *,
        help: str | None,
        why: str | None = None,
        see_also: tuple[Label, ...] = (),
    ) -> None:
        """Note a problem, unless there are enough."""
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.add(code, message, span, help=help, why=why, see_also=see_also)

    def named(self, code: str, what: str, name: str, section: str, *path: str | int) -> Any:
        """The entry of ``section`` that the value at ``path`` names; None after having reported that there is none."""
        entries: dict[str, Any] = getattr(self.catalog, section)
        if name not in entries:
            self.add(
                code,
                f"there is no {what} `{name}`",
                self.positions.value(*path),
                help=did_you_mean(name, entries, f"{what}s") or f"add `{name}` to `{section}`",
            )
        return entries.get(name)

    def attribute(
        self, name: str | None, kinds: tuple[Kind, ...], *path: str, among: tuple[str, str] | None = None
    ) -> Attribute | None:
        """The attribute that the key at ``path`` names, when it exists and is of one of ``kinds``.

        Args:
            among: the event or the dimension whose properties or attributes are meant; the customer's when None.
        """
        if name is None:
            return None
        where, what, attributes = self._described(among)
        fitting = [other for other, attribute in attributes.items() if attribute.type in kinds]
        wanted = " or ".join(kinds)
        plural = "properties" if what == "property" else "attributes"
        span = self.positions.value(*path)
        attribute = attributes.get(name)
        if attribute is None:
            self.add(
                "CAT020",
                f"there is no {what} `{name}`",
                span,
                help=did_you_mean(name, fitting, f"{wanted} {plural}") or f"describe it below `{': '.join(where)}:`",
            )
            return None
        if attribute.type not in kinds:
            self.add(
                "CAT021",
                f"`{path[-1]}` names {self.a(attribute.type)} {what}, but needs {self.a(wanted)} one",
                span,
                help=did_you_mean(name, [other for other in fitting if other != name], f"{wanted} {plural}"),
                see_also=(Label(self.positions.key(*where, name), "declared here"),),
            )
            return None
        return attribute

    def _described(self, among: tuple[str, str] | None) -> tuple[tuple[str, ...], str, dict[str, Attribute]]:
        """Where attributes are described, what they are called there, and the attributes."""
        if among is None:
            return ("customers", "attributes"), "attribute", self.catalog.customers.attributes
        section, name = among
        if section == "events":
            return (*among, "properties"), "property", self.catalog.events[name].properties
        return (*among, "attributes"), "attribute", self.catalog.dimensions[name].attributes

    @staticmethod
    def a(noun: str) -> str:
        """With its article."""
        return f"an {noun}" if noun[0] in "aeiou" else f"a {noun}"

    @staticmethod
    def is_address(text: str) -> bool:
        return re.fullmatch(ADDRESS, text) is not None
