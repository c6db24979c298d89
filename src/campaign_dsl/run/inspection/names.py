"""What names of tables and columns usually mean. Guesses, all of them; whoever reads a draft decides."""

from __future__ import annotations

import re
import unicodedata

from campaign_dsl.language.diagnostics.text import printable
from campaign_dsl.language.source.files import SourceFile, refused_character

PEOPLE = frozenset(
    [
        "customer",
        "user",
        "member",
        "contact",
        "person",
        "people",
        "client",
        "subscriber",
        "shopper",
        "guest",
        "buyer",
        "patron",
        "consumer",
        "profile",
    ]
)
"""What tables of customers are called."""
_GENERIC = ("id", "key", "no", "nr", "number", "code", "uuid", "guid")
_KEYS = (*_GENERIC, "sku")
_KEYS_IN_ONE_WORD = frozenset(f"{each}id" for each in (*PEOPLE, "event", "order", "store", "product", "item", "u"))
_TELLERS = frozenset(
    [
        "kind",
        "type",
        "event",
        "event_type",
        "event_name",
        "event_kind",
        "eventtype",
        "eventname",
        "action",
        "activity",
        "activity_type",
    ]
)
OCCURRED = (
    *("occurred_at", "happened_at", "event_time", "event_at", "event_timestamp", "event_ts", "event_date"),
    *("timestamp", "ts", "time", "datetime", "occurred_on", "occurred", "created_at", "created", "created_on"),
)
"""Instants at which something happened, the likeliest first."""
RECEIVED = (
    *("received_at", "arrived_at", "loaded_at", "ingested_at", "inserted_at", "recorded_at", "synced_at"),
    *("processed_at", "load_time", "etl_loaded_at", "ingestion_time", "received", "imported_at"),
)
"""Instants at which a row arrived, the likeliest first."""
EVENTS = frozenset(
    [
        "event",
        "log",
        "activity",
        "history",
        "click",
        "visit",
        "view",
        "purchase",
        "transaction",
        "action",
        "message",
        "interaction",
    ]
)
"""What tables of events are called."""
ZONES = ("time_zone", "timezone", "tz", "zone")
BIRTHS = ("birth_date", "birthdate", "birthday", "date_of_birth", "dob", "born", "born_on")
LANGUAGES = ("language", "lang", "locale", "preferred_language", "language_code")
COUNTRIES = ("country", "country_code", "country_iso")
LATITUDES, LONGITUDES = ("latitude", "lat"), ("longitude", "lon", "lng", "long")
_PERSONAL = frozenset(
    [
        "firstname",
        "lastname",
        "surname",
        "fullname",
        "email",
        "mail",
        "phone",
        "mobile",
        "address",
        "street",
        "postal",
        "postcode",
        "zip",
        "birthday",
        "birthdate",
        "birth",
        "dob",
        "born",
        "ssn",
        "iban",
        "ip",
        "latitude",
        "longitude",
        "lat",
        "lon",
        "lng",
        "passport",
    ]
)
_NAMES = ("name", "first_name", "last_name", "full_name", "middle_name", "given_name", "family_name", "display_name")
SUPPRESSED = frozenset(
    ["suppress", "suppression", "suppressions", "suppressed", "blocklist", "blacklist", "unsubscribed", "optout"]
)
ADDRESSES = ("address", "email", "email_address", "mail", "phone")
_RESERVED = frozenset(["true", "false", "yes", "no", "on", "off", "null", "none", "y", "n"])


def slug(name: str) -> str:
    """A name that the catalog may use, as much like ``name`` as can be; empty when nothing is left of it."""
    plain = unicodedata.normalize("NFKD", name.replace("ß", "ss")).encode("ascii", "ignore").decode("ascii")
    plain = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", plain)  # customerId
    made = re.sub(r"[^a-z0-9]+", "_", plain.lower()).strip("_")[:60].rstrip("_")
    return f"c_{made}" if made[:1].isdigit() else made


def taken(name: str, others: set[str], fallback: str) -> str:
    """The slug of ``name``, made another one when it is among ``others``; it is put there."""
    made = first = slug(name) or fallback
    number = 1
    while made in others:
        number += 1
        made = f"{first}_{number}"
    others.add(made)
    return made


def parts(name: str) -> list[str]:
    """The words of a name."""
    return slug(name).split("_")


def singular(name: str) -> str:
    """One of what a table is called after: `store` of `stores`, `category` of `categories`."""
    made = slug(name)
    if made.endswith("ies"):
        return made[:-3] + "y"
    if made.endswith(("sses", "xes")):
        return made[:-2]
    return made[:-1] if made.endswith("s") and not made.endswith("ss") else made


def like_a_key(name: str) -> bool:
    """Whether a column is called like one that tells rows apart."""
    last = parts(name)[-1]
    return last in _KEYS or last in _KEYS_IN_ONE_WORD


def tells_events_apart(name: str) -> bool:
    """Whether a column is called like one that says which event a row is."""
    return slug(name) in _TELLERS


def of_people(table: str) -> bool:
    """Whether a table is called like one of customers: `dim_customer`, not `customer_tags`."""
    last = parts(table)[-1]
    return last in PEOPLE or singular(last) in PEOPLE


def of_events(table: str) -> bool:
    """Whether a table is called like one of events."""
    return any(singular(each) in EVENTS for each in parts(table))


def points_to(name: str, owner: str, key: str) -> bool:
    """Whether a column is called like one that holds the key of a table: `store_id`, of `stores` by `id`."""
    made, one = slug(name), singular(owner.rpartition(".")[2]).removeprefix("dim_")
    if made == slug(key) and made not in _GENERIC:
        return True
    return made in {f"{one}_{word}" for word in _KEYS} | {one + "id"}


def leads_to(name: str, owner: str, key: str) -> bool:
    """The same, or called after it: `home_store`, `billing_store_id`."""
    one = singular(owner.rpartition(".")[2]).removeprefix("dim_")
    return points_to(name, owner, key) or slug(name).endswith((f"_{one}", f"_{one}_id"))


def is_personal(name: str) -> bool:
    """Whether a column of customers is called like personal data."""
    return slug(name) in _NAMES or not _PERSONAL.isdisjoint(parts(name))


def writable(text: str) -> bool:
    """Whether YAML can show a text as it is."""
    return bool(text) and text.isprintable() and refused_character(SourceFile("draft", text)) is None


def scalar(text: str) -> str:
    """A text as YAML: plain where it is a word, in quotes everywhere else."""
    if re.fullmatch(r"[A-Za-z_][A-Za-z0-9_.-]*", text) and text.lower() not in _RESERVED:
        return text
    return "'" + text.replace("'", "''") + "'"


def remark(text: str) -> str:
    """A text as part of a comment: on one line, and nothing that a terminal would obey."""
    shown = printable(text)
    return "".join(each if each.isprintable() else "?" for each in shown)
