"""What content may say: names, their types, and why one of them could be missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from campaign_dsl.language.catalog.types import BOOLEAN, DATE, INTEGER, TEXT, TIMESTAMP, Kind, Type


@dataclass(frozen=True, slots=True)
class Entry:
    """One name of the context.

    Attributes:
        type: nullable when a customer who gets the message may lack it.
        reason: why it can be missing, for the help; None: the usual one.
        url: it holds whole addresses that the workspace declared, such as the logo of an offer.
    """

    type: Type
    reason: str | None = None
    url: bool = False

    def maybe(self, reason: str | None) -> Entry:
        """The same, but missing where ``reason`` says; None leaves it as it is."""
        return self if reason is None else Entry(self.type.maybe(), self.reason or reason, self.url)


@dataclass(frozen=True, slots=True)
class Context:
    """Names that content may use, by dotted name: `customer.first_name`, `offer.title`, `segment`.

    Attributes:
        entries: what there is. Fields of records (`customer.address.city`) come with their record.
        absent: what exists elsewhere but not in this campaign, and why: `offer.title` where no offer is issued. A group
            (`event`) stands for all of its names.
    """

    entries: Mapping[str, Entry]
    absent: Mapping[str, str] = field(default_factory=dict)

    def find(self, path: str) -> Entry | None:
        """The entry of a dotted path, inside records too."""
        found = self.entries.get(path)
        if found is not None:
            return found
        above, _, last = path.rpartition(".")
        if not above:
            return None
        record = self.find(above)
        inner = record.type.field(last) if record is not None and record.type.kind is Kind.RECORD else None
        if record is None or inner is None:
            return None
        return Entry(inner.maybe(record.type.nullable), record.reason)

    def is_group(self, path: str) -> bool:
        """Whether names begin with ``path`` and a dot."""
        return any(name.startswith(path + ".") for name in (*self.entries, *self.absent))

    @property
    def names(self) -> tuple[str, ...]:
        """Every name, those inside records included."""
        return tuple(sorted(_with_fields((name, entry.type) for name, entry in self.entries.items())))

    @property
    def roots(self) -> frozenset[str]:
        """First parts of names: `customer`, `offer`, `segment`."""
        return frozenset(name.partition(".")[0] for name in (*self.entries, *self.absent))

    def with_absent(self, names: Iterable[str], reason: str) -> Context:
        """The same, with names that are there in other campaigns."""
        return Context(self.entries, dict(self.absent) | dict.fromkeys(names, reason))


def _with_fields(typed: Iterable[tuple[str, Type]]) -> Iterable[str]:
    for name, kind in typed:
        yield name
        if kind.kind is Kind.RECORD:
            yield from _with_fields((f"{name}.{inner}", of) for inner, of in kind.fields)


def context_of(*groups: Mapping[str, Entry]) -> Context:
    """One context of several groups."""
    merged: dict[str, Entry] = {}
    for group in groups:
        merged |= group
    return Context(merged)


# ----------------------------------------------------------------------------------------------------------- groups


def typed_entries(prefix: str, types: Mapping[str, Type]) -> dict[str, Entry]:
    """`customer.first_name` and so on, from a table of types."""
    return {f"{prefix}.{name}": Entry(kind) for name, kind in types.items()}


def customer_entries(types: Mapping[str, Type]) -> dict[str, Entry]:
    """Attributes of the customer."""
    return typed_entries("customer", types)


def event_entries(types: Mapping[str, Type], missing: str | None = None) -> dict[str, Entry]:
    """Properties of the event that made the campaign happen. ``missing``: when no event did."""
    return {name: entry.maybe(missing) for name, entry in typed_entries("event", types).items()}


POINTS = {"amount": INTEGER, "account": TEXT}
OFFER = {"id": TEXT, "title": TEXT, "user_offer_id": TEXT}
OFFER_TERMS = {"description": TEXT, "terms_and_conditions": TEXT, "logo": TEXT, "pos_discount_id": TEXT}
EXPIRY = "it has no end in this campaign"


def points_entries(*, expires: bool, missing: str | None = None) -> dict[str, Entry]:
    """`outcome.points.*`. ``expires``: whether every award has an end; ``missing``: why somebody may get none."""
    found = typed_entries("outcome.points", POINTS)
    found["outcome.points.expires_at"] = Entry(TIMESTAMP).maybe(None if expires else EXPIRY)
    return {name: entry.maybe(missing) for name, entry in found.items()}


def offer_entries(*, has: Iterable[str], expires: bool, missing: str | None = None) -> dict[str, Entry]:
    """`offer.*`: the eight facts of an issued offer.

    Args:
        has: those of `OFFER_TERMS` that the catalog gives for every offer that may be issued.
        expires: whether each of them has an end.
        missing: why somebody who gets the message may get no offer.
    """
    given = set(has)
    found = typed_entries("offer", OFFER)
    for name, kind in OFFER_TERMS.items():
        entry = Entry(kind, url=name == "logo")
        found[f"offer.{name}"] = entry if name in given else entry.maybe(f"the catalog gives no `{name}` of this offer")
    found["offer.expires_at"] = Entry(TIMESTAMP).maybe(None if expires else EXPIRY)
    return {name: entry.maybe(missing) for name, entry in found.items()}


def code_entries(*, expires: bool, missing: str | None = None) -> dict[str, Entry]:
    """`outcome.code.*`: a promo code that was issued."""
    found = {
        "outcome.code.code": Entry(TEXT),
        "outcome.code.pool": Entry(TEXT),
        "outcome.code.expires_at": Entry(TIMESTAMP).maybe(None if expires else EXPIRY),
    }
    return {name: entry.maybe(missing) for name, entry in found.items()}


def reward_entries(*, expires: bool, missing: str | None = None) -> dict[str, Entry]:
    """`reward.*`: a reward that was issued."""
    found = {
        "reward.id": Entry(TEXT),
        "reward.title": Entry(TEXT),
        "reward.expires_at": Entry(TIMESTAMP).maybe(None if expires else EXPIRY),
    }
    return {name: entry.maybe(missing) for name, entry in found.items()}


def campaign_entries(data: Mapping[str, str], addresses: Iterable[str] = ()) -> dict[str, Entry]:
    """`campaign.*`, its own data included. ``addresses``: keys of the data whose text is a whole, allowed address."""
    whole = set(addresses)
    found = {f"campaign.{name}": Entry(TEXT) for name in ("name", "title", "id")}
    found["campaign.runtime"] = Entry(TIMESTAMP)
    return found | {f"campaign.data.{key}": Entry(TEXT, url=key in whole) for key in data}


def occurrence_entries() -> dict[str, Entry]:
    """`occurrence.*`: what made it happen, and on which day where the customer is."""
    return {"occurrence.key": Entry(TEXT), "occurrence.date": Entry(DATE)}


WALLET_OFFER = Type(
    Kind.RECORD,
    fields=(
        ("id", TEXT),
        ("title", TEXT),
        ("user_offer_id", TEXT),
        ("description", TEXT.maybe()),
        ("terms_and_conditions", TEXT.maybe()),
        ("logo", TEXT.maybe()),
        ("pos_discount_id", TEXT.maybe()),
        ("issued_at", TIMESTAMP),
        ("expires_at", TIMESTAMP.maybe()),
    ),
)


def wallet_entries(accounts: Iterable[str]) -> dict[str, Entry]:
    """`wallet.*`: balances by account, all of them together, and the offers that can be used at the time of sending."""
    found = {f"wallet.points.{account}": Entry(INTEGER) for account in accounts}
    found["wallet.available_points"] = Entry(INTEGER)
    found["wallet.offers"] = Entry(Type(Kind.LIST, element=WALLET_OFFER))
    return found


def goal_entries() -> dict[str, Entry]:
    """`goal.*`: how far a customer has come with `progress each step`."""
    return {"goal.step": Entry(INTEGER), "goal.target": Entry(INTEGER), "goal.completed": Entry(BOOLEAN)}


def choice_entries(segments: Iterable[str], arms: Iterable[str], languages: Iterable[str]) -> dict[str, Entry]:
    """`segment`, `variant` and `language`, each as far as the campaign has some."""
    words = {"segment": tuple(segments), "variant": tuple(arms), "language": tuple(languages)}
    return {name: Entry(Type(Kind.ENUM, values=values)) for name, values in words.items() if values}


def link_entries(names: Iterable[str]) -> dict[str, Entry]:
    """`links.*`: addresses made at the time of sending, such as `links.unsubscribe`."""
    return {f"links.{name}": Entry(TEXT, url=True) for name in names}


# ------------------------------------------------------------------------------------------------ types as documents


def type_document(of: Type) -> dict[str, Any]:
    """A type as JSON, for plans."""
    found: dict[str, Any] = {"kind": of.kind.value}
    if of.nullable:
        found["nullable"] = True
    if of.values:
        found["values"] = list(of.values)
    if of.element is not None:
        found["element"] = type_document(of.element)
    if of.fields:
        found["fields"] = {name: type_document(inner) for name, inner in of.fields}
    return found


def read_type(document: Mapping[str, Any]) -> Type:
    """The type that `type_document` wrote."""
    element = document.get("element")
    return Type(
        Kind(document["kind"]),
        nullable=bool(document.get("nullable", False)),
        values=tuple(document.get("values", ())),
        element=None if element is None else read_type(element),
        fields=tuple((name, read_type(inner)) for name, inner in document.get("fields", {}).items()),
    )
