"""Names inside the catalog that must fit each other: attributes, channels, providers."""

from __future__ import annotations

from campaign_dsl.language.catalog.model import Attribute, Catalog, WorkspaceSettings
from campaign_dsl.language.catalog.positions import Positions
from campaign_dsl.language.catalog.types import Kind
from campaign_dsl.language.diagnostics.model import Diagnostic, Label, Problems
from campaign_dsl.language.diagnostics.suggest import did_you_mean


def check_catalog(catalog: Catalog, positions: Positions, settings: WorkspaceSettings | None) -> tuple[Diagnostic, ...]:
    """Every name of the catalog that does not exist or does not fit.

    Args:
        positions: of the catalog's file.
        settings: of the workspace; None when they could not be loaded, then providers are not checked.
    """
    checker = _Checker(catalog, positions)
    customers = catalog.customers
    checker.key()
    checker.attribute(customers.time_zone, (Kind.TEXT,), "customers", "time_zone")
    checker.attribute(customers.birth_date, (Kind.DATE,), "customers", "birth_date")
    for name, channel in catalog.channels.items():
        checker.attribute(channel.address, (Kind.TEXT,), "channels", name, "address")
        checker.attribute(channel.consent, (Kind.BOOLEAN,), "channels", name, "consent")
    for name in catalog.variants:
        checker.variant(name, settings)
    return checker.problems.sorted()


class _Checker:
    def __init__(self, catalog: Catalog, positions: Positions) -> None:
        self.catalog = catalog
        self.attributes = catalog.customers.attributes
        self.positions = positions
        self.problems = Problems()

    def attribute(self, name: str | None, kinds: tuple[Kind, ...], *path: str) -> Attribute | None:
        """The attribute that the key at ``path`` names, when it exists and is of one of ``kinds``."""
        if name is None:
            return None
        fitting = [other for other, attribute in self.attributes.items() if attribute.type in kinds]
        wanted = " or ".join(kinds)
        help = did_you_mean(name, fitting, f"{wanted} attributes") or "describe it below `customers: attributes:`"
        span = self.positions.value(*path)
        attribute = self.attributes.get(name)
        if attribute is None:
            self.problems.add("CAT020", f"there is no attribute `{name}`", span, help=help)
            return None
        if attribute.type not in kinds:
            self.problems.add(
                "CAT021",
                f"`{path[-1]}` names {_a(attribute.type)} attribute, but needs {_a(wanted)} one",
                span,
                help=did_you_mean(name, [other for other in fitting if other != name], f"{wanted} attributes"),
                see_also=(Label(self.positions.key("customers", "attributes", name), "declared here"),),
            )
            return None
        return attribute

    def key(self) -> None:
        """The attribute that identifies a customer must always be there."""
        name = self.catalog.customers.key
        attribute = self.attribute(name, (Kind.TEXT, Kind.INTEGER), "customers", "key")
        if attribute is not None and attribute.nullable:
            self.problems.add(
                "CAT022",
                f"`{name}` identifies a customer and may be missing",
                self.positions.value("customers", "attributes", name, "nullable"),
                why="a customer without a key could not be told from others",
                help=f"write `nullable: false` for `{name}`",
                see_also=(Label(self.positions.value("customers", "key"), "named as the key here"),),
            )

    def variant(self, name: str, settings: WorkspaceSettings | None) -> None:
        variant = self.catalog.variants[name]
        channel = self.catalog.channels.get(variant.channel)
        if channel is None:
            self.problems.add(
                "CAT023",
                f"there is no channel `{variant.channel}`",
                self.positions.value("variants", name, "channel"),
                help=did_you_mean(variant.channel, self.catalog.channels, "channels")
                or f"add `{variant.channel}` to `channels`",
            )
        elif variant.identifier == "email" and channel.address is None:
            self.problems.add(
                "CAT025",
                f"`{name}` identifies customers by `email`, but `channels.{variant.channel}` has no `address`",
                self.positions.value("variants", name, "identifier"),
                help=f"add `address: ...` with the attribute that holds it to `channels.{variant.channel}`",
                see_also=(Label(self.positions.key("channels", variant.channel), "the channel"),),
            )
        if settings is not None and variant.provider not in settings.providers:
            self.problems.add(
                "CAT024",
                f"there is no provider `{variant.provider}`",
                self.positions.value("variants", name, "provider"),
                help=did_you_mean(variant.provider, settings.providers, "providers of the workspace")
                or f"add `{variant.provider}` to `providers` of the workspace",
            )


def _a(noun: str) -> str:
    return f"an {noun}" if noun[0] in "aeiou" else f"a {noun}"
