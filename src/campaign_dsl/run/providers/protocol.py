"""What a provider is: it turns messages into one HTTP request, and an HTTP answer into one of four results.

Both directions are pure. Whoever sends (the dispatcher) owns the network, the clock and the retries, so that each
provider can be tested as values in, values out, and none can retry behind the ledger's back.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, Literal, Protocol

Secrets = Callable[[str], str]
"""Gives the secret behind a settings key (``api_key``, ``secret``) at the moment it is needed.

It raises EnvironmentProblem when there is none. See `secrets.py`.
"""

# ------------------------------------------------------------------------------------------------------- messages


@dataclass(frozen=True, slots=True)
class Item:
    """One message for one customer.

    Attributes:
        message_id: the message's identity, the same on every attempt. Printable ASCII without full stop or space.
        document: the messaging variant of the interface contract (``messaging-variant`` in `contracts`), with one
            more key, ``properties``: the author's own values by name.
    """

    message_id: str
    document: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Package:
    """What travels in one request.

    Attributes:
        package_id: the package's identity in the outbox, for logs.
        settings: the variant's advanced settings, shared by all items.
        items: at least one, at most the provider's ``capability.max_items``, each for another customer.
    """

    package_id: str
    settings: Mapping[str, str]
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class RejectedItem:
    """A message that cannot be sent as it is, and why, without quoting it."""

    message_id: str
    reason: str


class ItemsRejected(Exception):
    """Some messages of a package can never be accepted. Nothing was sent; the others may go without them."""

    def __init__(self, items: tuple[RejectedItem, ...]) -> None:
        super().__init__("; ".join(f"{item.message_id}: {item.reason}" for item in items))
        self.items = items


# ----------------------------------------------------------------------------------------------- HTTP, as values

_TOKEN = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_PLAIN = re.compile(r"[\x20-\x7e]*")
_URL = re.compile(r"https?://[\x21-\x7e]+")


@dataclass(frozen=True, slots=True)
class Request:
    """An HTTP request, whole. Its text form shows neither headers nor body: they hold secrets and personal data.

    Raises:
        ValueError: the method, URL or a header holds a character (a line break, say) that could end it early.
    """

    method: str
    url: str = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if not _TOKEN.fullmatch(self.method) or not _URL.fullmatch(self.url):
            raise ValueError("the method or URL of a request holds characters that cannot be sent")
        for name, value in self.headers.items():
            if not _TOKEN.fullmatch(name) or not _PLAIN.fullmatch(value):
                raise ValueError("a header of a request holds characters that cannot be sent")


@dataclass(frozen=True, slots=True)
class Response:
    """An HTTP answer, as far as it was read.

    Attributes:
        headers: names in lower case; of repeated ones the first.
        body: at most 1 MB of it, undecoded; the connection may have broken while it came.
        received_at: when the headers were complete, for waits given as an instant. The answer's own ``date`` is
            preferred, because the two instants then come from one clock.
    """

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    received_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    """No answer came.

    Attributes:
        kind: ``not_sent`` when not one byte of the request left this machine (no address, no connection, no TLS);
            ``ambiguous`` when some may have.
        permanent: the address itself may not be used; another attempt cannot end otherwise.
    """

    kind: Literal["not_sent", "ambiguous"]
    reason: str
    permanent: bool = False


# -------------------------------------------------------------------------------------------------------- results


@dataclass(frozen=True, slots=True)
class Accepted:
    """The provider has the messages. It does not say that they were delivered.

    Attributes:
        reference: the provider's own name for them, to ask about later.
        notes: what it said beside yes.
    """

    reference: str | None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """The provider did not take the messages, and the same request would be refused again.

    Attributes:
        stop_provider: every other request would be refused as well (a wrong key, a wrong address): stop, lest the
            whole outbox is spent on it.
    """

    reason: str
    stop_provider: bool = False


@dataclass(frozen=True, slots=True)
class RefusedRetryable:
    """The provider did not take the messages now; nothing was sent.

    Attributes:
        retry_after_seconds: how long it asked to be left alone, at most 3600; None when it did not say.
    """

    reason: str
    retry_after_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nobody can say whether the provider took the messages."""

    reason: str


Result = Accepted | Refused | RefusedRetryable | Unknown


@dataclass(frozen=True, slots=True)
class Capability:
    """What a provider can do for us.

    Attributes:
        max_items: messages in one request, at most.
        deduplicates: whether a second request with the same message id does nothing. Only then may an `Unknown`
            be tried again.
        key_ttl_seconds: for how long it remembers an id; None when no end is known.
    """

    max_items: int
    deduplicates: bool
    key_ttl_seconds: int | None = None


class Provider(Protocol):
    """Speaks to one account with an outside system.

    Providers are made with ``(settings: ProviderSettings, secrets: Secrets)`` and found through the entry points of
    the group ``campaign_dsl.providers``. `campaign_dsl.testing.provider` holds the tests each of them must pass.
    """

    name: ClassVar[str]
    """Its kind, as ``kind`` in workspace.yaml has it."""

    @property
    def capability(self) -> Capability: ...

    def settings_problems(self, variant_settings: Mapping[str, str]) -> tuple[str, ...]:
        """What is wrong with a variant's advanced settings; empty when nothing is. Pure."""
        ...

    def request(self, package: Package, *, attempted_at: datetime) -> Request:
        """The request that sends ``package``. Pure: the same arguments give the same bytes.

        Args:
            attempted_at: the instant of this attempt, with its offset.

        Raises:
            ItemsRejected: some messages can never be accepted.
            EnvironmentProblem: a secret is missing.
            ValueError: the package is not one this provider may be given (our bug).
        """
        ...

    def classify(self, answer: Response | Failure) -> Result:
        """What ``answer`` means. Pure and total: any status, any body, any failure has a result."""
        ...
