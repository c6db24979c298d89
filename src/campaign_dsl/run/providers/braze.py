"""Braze: API-triggered campaigns and Canvases, up to 50 customers in one request."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from campaign_dsl.language.catalog.model import ProviderSettings
from campaign_dsl.outcomes.settings import BRAZE_CAMPAIGN, BRAZE_CANVAS, settings_problems
from campaign_dsl.run.providers.answers import failed
from campaign_dsl.run.providers.braze_answers import classify
from campaign_dsl.run.providers.contracts import compact
from campaign_dsl.run.providers.endpoints import checked_endpoint
from campaign_dsl.run.providers.protocol import (
    Capability,
    Failure,
    Item,
    ItemsRejected,
    Package,
    RejectedItem,
    Request,
    Response,
    Result,
    Secrets,
)

MAX_RECIPIENTS = 50
"""Recipients in one request (braze-docs, endpoint pages of both trigger endpoints)."""

MAX_PROPERTY_BYTES = 50_000
"""Bytes of compact JSON per recipient. Braze says 50 KB and not which kilobyte; this is the safe reading."""

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
_GROUPS = ("offer", "point_award", "campaign")
_PRIORITY = ("identified", "most_recently_updated")


class BrazeProvider:
    """Sends each message to the Braze campaign or Canvas that the variant's settings name.

    Braze has no key against duplicates (its ``send_id`` groups analytics), so an unknown outcome stays unknown.
    Recipients are always named; a broadcast is never made.

    Raises:
        EnvironmentProblem: the endpoint in ``settings`` cannot be used.
    """

    name: ClassVar[str] = "braze"
    capability = Capability(max_items=MAX_RECIPIENTS, deduplicates=False)

    def __init__(self, settings: ProviderSettings, secrets: Secrets) -> None:
        self._endpoint = checked_endpoint(settings, path=False)
        self._canvas_properties = settings.canvas_properties
        self._secrets = secrets
        self._seen: tuple[str, ...] = ()  # keys in use, so that an answer that echoes one is masked

    def __repr__(self) -> str:
        return f"BrazeProvider({self._endpoint!r})"

    def settings_problems(self, variant_settings: Mapping[str, str]) -> tuple[str, ...]:
        """See `outcomes.settings`."""
        return tuple(problem.message for problem in settings_problems(self.name, variant_settings))

    def request(self, package: Package, *, attempted_at: datetime) -> Request:
        """See `Provider.request`. The body follows ``braze-campaigns-trigger-send.request`` or its Canvas twin."""
        if problems := self.settings_problems(package.settings):
            raise ValueError(f"package {package.package_id}: {problems[0]}")
        if not 1 <= len(package.items) <= MAX_RECIPIENTS:
            raise ValueError(f"package {package.package_id} has {len(package.items)} messages; Braze takes 1 to 50")
        canvas = BRAZE_CANVAS in package.settings
        target = package.settings[BRAZE_CANVAS if canvas else BRAZE_CAMPAIGN]
        recipients = self._recipients(package, "canvas_id" if canvas else "campaign_id", target)
        return Request(
            "POST",
            self._endpoint + ("/canvas" if canvas else "/campaigns") + "/trigger/send",
            {"authorization": f"Bearer {self._key()}", "content-type": "application/json"},
            compact({"canvas_id" if canvas else "campaign_id": target, "recipients": recipients}),
        )

    def classify(self, answer: Response | Failure) -> Result:
        """See `Provider.classify`."""
        return failed(answer) if isinstance(answer, Failure) else classify(answer, self._seen)

    def _key(self) -> str:
        key = self._secrets("api_key")
        if key not in self._seen:
            self._seen = (*self._seen[-1:], key)
        return key

    def _recipients(self, package: Package, target_key: str, target: str) -> list[dict[str, Any]]:
        properties_key = self._canvas_properties if target_key == "canvas_id" else "trigger_properties"
        recipients: list[dict[str, Any]] = []
        rejected: list[RejectedItem] = []
        seen: dict[bytes, str] = {}
        for item in package.items:
            if item.document.get(target_key) not in (None, target):
                raise ValueError(f"message {item.message_id} was made for another {target_key} than its package")
            try:
                recipient = _identifier(item)
                properties = trigger_properties(item.document)
                if len(compact(properties)) > MAX_PROPERTY_BYTES:
                    raise _Unfit("its properties are larger than the 50 KB Braze takes for one customer")
                address = compact(recipient)
            except (_Unfit, ValueError, TypeError) as error:
                reason = str(error) if isinstance(error, _Unfit) else "it holds a value that JSON cannot say"
                rejected.append(RejectedItem(item.message_id, reason))
                continue
            if address in seen:
                raise ValueError(
                    f"messages {seen[address]} and {item.message_id} of one package go to the same customer; "
                    "Braze would make them one message"
                )
            seen[address] = item.message_id
            recipients.append(recipient | {properties_key: properties})
        if rejected:
            raise ItemsRejected(tuple(rejected))
        return recipients


class _Unfit(Exception):
    """Why a message can never be accepted."""


def _identifier(item: Item) -> dict[str, Any]:
    """The recipient, without properties: exactly one kind of identifier.

    An email can belong to several profiles; Braze then asks which is meant, and we say: an identified one, and of
    several the one changed last.
    """
    if item.document.get("broadcast"):
        raise _Unfit("it is a broadcast, which names nobody")
    match item.document.get("customer_identifier"):
        case {"external_user_id": str(user), **rest} if user and not rest:
            return {"external_user_id": user}
        case {"user_alias": {"alias_name": str(name), "alias_label": str(label), **more}, **rest} if (
            name and label and not more and not rest
        ):
            return {"user_alias": {"alias_name": name, "alias_label": label}}
        case {"email": str(email), **rest} if not rest:
            if not 3 <= len(email) <= 254 or not _EMAIL.fullmatch(email):
                raise _Unfit("its email is not an address")
            return {"email": email, "prioritization": list(_PRIORITY)}
    raise _Unfit("it does not name its customer in exactly one way")


def trigger_properties(document: Mapping[str, Any]) -> dict[str, Any]:
    """The flat properties a Braze template reads, as ``{{api_trigger_properties.${offer_id}}}`` or ``context``.

    The groups `offer`, `point_award` and `campaign` of the messaging variant become keys of their own names; the data
    of the trigger event, whose names nobody knows beforehand, stays together under ``event_trigger``. ``campaign_id``
    is here the loyalty campaign's, as the interface contract has it; the Braze campaign is named outside the
    properties and never among them. The customer's ``email`` is here unless it already is the identifier.

    The author's own `properties` come last and win, because they are what was reviewed. Where one of them takes the
    name of a different value of the groups, that value is not lost: it moves to ``contract_<name>``.
    """
    values: dict[str, Any] = {}
    for group in _GROUPS:
        values |= document.get(group) or {}
    if document.get("event_trigger"):
        values["event_trigger"] = document["event_trigger"]
    email = document.get("email")
    if email is not None and (document.get("customer_identifier") or {}).get("email") != email:
        values["email"] = email
    own: Mapping[str, Any] = document.get("properties") or {}
    for name, value in own.items():
        if name in values and (values[name] != value or type(values[name]) is not type(value)):
            moved = f"contract_{name}"
            while moved in values or moved in own:
                moved = f"contract_{moved}"
            values[moved] = values[name]
        values[name] = value
    return values
