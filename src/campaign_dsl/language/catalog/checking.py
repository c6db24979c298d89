"""Names inside the catalog and the settings that must fit each other."""

from __future__ import annotations

from campaign_dsl.language.catalog.attributes import Attribute
from campaign_dsl.language.catalog.giving import check_giving
from campaign_dsl.language.catalog.model import Catalog, WorkspaceSettings
from campaign_dsl.language.catalog.naming import Checker
from campaign_dsl.language.catalog.places import EVERYWHERE
from campaign_dsl.language.catalog.positions import Positions
from campaign_dsl.language.catalog.types import Kind
from campaign_dsl.language.diagnostics.model import Diagnostic, Label, Problems
from campaign_dsl.language.diagnostics.suggest import did_you_mean

_NUMBERS = (Kind.INTEGER, Kind.DECIMAL)
_WORDS = (Kind.TEXT, Kind.ENUM)


def check_catalog(catalog: Catalog, positions: Positions, settings: WorkspaceSettings | None) -> tuple[Diagnostic, ...]:
    """Every name of the catalog that does not exist or does not fit.

    Args:
        positions: of the catalog's file.
        settings: of the workspace; None when they could not be loaded, then providers are not checked.
    """
    checker = Checker(catalog, positions)
    _customers(checker)
    _events(checker)
    for name, dimension in catalog.dimensions.items():
        checker.attribute(
            dimension.key, (Kind.TEXT, Kind.INTEGER), "dimensions", name, "key", among=("dimensions", name)
        )
        _rows(checker, dimension.attributes, "dimensions", name, "attributes")
    for name, relation in catalog.relations.items():
        _rows(checker, relation.attributes, "relations", name, "attributes")
    check_giving(checker)
    for name, channel in catalog.channels.items():
        checker.attribute(channel.address, (Kind.TEXT,), "channels", name, "address")
        checker.attribute(channel.consent, (Kind.BOOLEAN,), "channels", name, "consent")
    for name in catalog.variants:
        _variant(checker, name, settings)
    for name in catalog.conversations:
        _conversation(checker, name)
    _geofence_events(checker)
    _holidays(checker)
    return checker.problems.sorted()


def check_settings(settings: WorkspaceSettings, positions: Positions, catalog: Catalog) -> tuple[Diagnostic, ...]:
    """Every name of the settings that the catalog does not have.

    Args:
        positions: of the settings' file.
    """
    problems = Problems()
    for name, cap in settings.caps.items():
        for key, value, known, number in (
            ("channel", cap.channel, catalog.channels, "WSP012"),
            ("tag", cap.tag, catalog.tags, "WSP013"),
        ):
            if value is not None and value not in known:
                problems.add(
                    number,
                    f"there is no {key} `{value}`",
                    positions.value("caps", name, key),
                    help=did_you_mean(value, known, f"{key}s") or f"add `{value}` to `{key}s` of the catalog",
                )
    return problems.sorted()


def _customers(checker: Checker) -> None:
    customers = checker.catalog.customers
    key = checker.attribute(customers.key, (Kind.TEXT, Kind.INTEGER), "customers", "key")
    path = ("customers", "attributes", customers.key)
    if key is not None and key.nullable:
        checker.add(
            "CAT022",
            f"`{customers.key}` identifies a customer and may be missing",
            checker.positions.value(*path, "nullable"),
            why="a customer without a key could not be told from others",
            help=f"write `nullable: false` for `{customers.key}`",
            see_also=(Label(checker.positions.value("customers", "key"), "named as the key here"),),
        )
    if key is not None and key.writable:
        checker.add(
            "CAT022",
            f"`{customers.key}` identifies a customer and may be changed",
            checker.positions.value(*path, "writable"),
            why="a customer with another key would be another customer, and get everything again",
            help="delete `writable`",
            see_also=(Label(checker.positions.value("customers", "key"), "named as the key here"),),
        )
    checker.attribute(customers.time_zone, (Kind.TEXT,), "customers", "time_zone")
    checker.attribute(customers.birth_date, (Kind.DATE,), "customers", "birth_date")
    checker.attribute(customers.language, (Kind.TEXT,), "customers", "language")
    checker.attribute(customers.country, (Kind.TEXT,), "customers", "country")
    for name, attribute in customers.attributes.items():
        _pointer(checker, attribute, "customers", "attributes", name)


def _rows(checker: Checker, attributes: dict[str, Attribute], *path: str) -> None:
    """The attributes of what is no customer."""
    for name, attribute in attributes.items():
        _pointer(checker, attribute, *path, name)
        for key in ("changed_at", "writable"):
            if getattr(attribute, key):
                checker.add(
                    "CAT035",
                    f"`{key}` belongs to attributes of customers only",
                    checker.positions.key(*path, name, key),
                    help="delete it",
                )


def _pointer(checker: Checker, attribute: Attribute, *path: str) -> None:
    """The dimension that an attribute is the key of."""
    if attribute.dimension is None:
        return
    dimension = checker.named("CAT026", "dimension", attribute.dimension, "dimensions", *path, "dimension")
    key = dimension.attributes.get(dimension.key) if dimension is not None else None
    if dimension is not None and key is not None and key.type is not attribute.type:
        checker.add(
            "CAT027",
            f"`{path[-1]}` is of type `{attribute.type}`, but keys of `{attribute.dimension}` are of type `{key.type}`",
            checker.positions.value(*path, "type"),
            help="give both the same type",
            see_also=(
                Label(
                    checker.positions.value("dimensions", attribute.dimension, "attributes", dimension.key, "type"),
                    "the key",
                ),
            ),
        )


def _events(checker: Checker) -> None:
    for name, event in checker.catalog.events.items():
        _rows(checker, event.properties, "events", name, "properties")
        place = ("events", name)
        checker.attribute(event.place, (Kind.GEO,), *place, "place", among=place)
        if event.accuracy is not None:
            checker.attribute(event.accuracy.property, _NUMBERS, *place, "accuracy", "property", among=place)


def _variant(checker: Checker, name: str, settings: WorkspaceSettings | None) -> None:
    variant = checker.catalog.variants[name]
    channel = checker.named("CAT023", "channel", variant.channel, "channels", "variants", name, "channel")
    if channel is not None and variant.identifier == "email" and channel.address is None:
        checker.add(
            "CAT025",
            f"`{name}` identifies customers by `email`, but `channels.{variant.channel}` has no `address`",
            checker.positions.value("variants", name, "identifier"),
            help=f"add `address: ...` with the attribute that holds it to `channels.{variant.channel}`",
            see_also=(Label(checker.positions.key("channels", variant.channel), "the channel"),),
        )
    if settings is not None and variant.provider not in settings.providers:
        checker.add(
            "CAT024",
            f"there is no provider `{variant.provider}`",
            checker.positions.value("variants", name, "provider"),
            help=did_you_mean(variant.provider, settings.providers, "providers of the workspace")
            or f"add `{variant.provider}` to `providers` of the workspace",
        )


def _conversation(checker: Checker, name: str) -> None:
    conversation = checker.catalog.conversations[name]
    path = ("conversations", name)
    for index, entry in enumerate(conversation.suppress):
        checker.named("CAT038", "suppression list", entry, "suppression_lists", *path, "suppress", index)
    channel = checker.named("CAT023", "channel", conversation.channel, "channels", *path, "channel")
    if channel is None:
        return
    if channel.type == "email":
        address = conversation.sender_address
        if address is None:
            checker.add(
                "CAT036",
                f"conversation `{name}` sends mail and does not say from whom",
                checker.positions.key(*path),
                why="mail without a sender is not delivered",
                help="add `from: Stride <hello@footwear.example>`",
            )
        elif not checker.is_address(address):
            checker.add(
                "CAT036",
                f"`{address}` is not an e-mail address",
                checker.positions.value(*path, "from"),
                help="write it as in `Stride <hello@footwear.example>`",
            )
        elif conversation.dkim is not None:
            domain = address.rpartition("@")[2]
            if domain != conversation.dkim.domain and not domain.endswith("." + conversation.dkim.domain):
                checker.add(
                    "CAT037",
                    f"mail from `{domain}` is signed by `{conversation.dkim.domain}`",
                    checker.positions.value(*path, "dkim", "domain"),
                    why="receivers trust a signature of the sender's own domain only",
                    help=f"write `domain: {domain}`, or send from an address below `{conversation.dkim.domain}`",
                    see_also=(Label(checker.positions.value(*path, "from"), "the sender"),),
                )
        return
    for key in ("reply_to", "dkim"):
        if getattr(conversation, key) is not None:
            checker.add(
                "CAT036",
                f"`{key}` is for mail, and `{conversation.channel}` is {checker.a(channel.type)} channel",
                checker.positions.key(*path, key),
                help=f"delete it, or write `type: email` for `channels.{conversation.channel}`",
            )


def _geofence_events(checker: Checker) -> None:
    mapping = checker.catalog.geofence_events
    if mapping is None:
        return
    event = checker.named("CAT032", "event", mapping.event, "events", "geofence_events", "event")
    if event is None:
        return
    among = ("events", mapping.event)
    checker.attribute(mapping.geofence, _WORDS, "geofence_events", "geofence", among=among)
    direction = checker.attribute(mapping.direction, _WORDS, "geofence_events", "direction", among=among)
    if direction is not None and direction.type is Kind.ENUM:
        for key in ("entering", "leaving"):
            word = getattr(mapping, key)
            if word not in direction.values:
                checker.add(
                    "CAT034",
                    f"`{mapping.direction}` never says `{word}`",
                    checker.positions.value("geofence_events", key),
                    help=did_you_mean(word, direction.values, "its words"),
                    see_also=(Label(checker.positions.value(*among, "properties", mapping.direction), "its words"),),
                )


def _holidays(checker: Checker) -> None:
    if not checker.catalog.holidays:
        return
    from campaign_dsl.language.catalog.feasts import check_rule

    for name, holiday in checker.catalog.holidays.items():
        for country, rule in holiday.rules.items():
            for inner, problem in check_rule(rule, None if country == EVERYWHERE else country):
                path = ("holidays", name, "rules", country, *([inner] if inner else []), problem.key)
                checker.add("CAT039", problem.message, checker.positions.value(*path), help=problem.help)
