"""Judging a caught request: does it keep the provider's contract, and which messages are in it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from standardwebhooks import Webhook, WebhookVerificationError

from campaign_dsl.run.providers.braze import trigger_properties
from campaign_dsl.run.providers.contracts import validate
from campaign_dsl.run.providers.secrets import SANDBOX_WEBHOOK_SECRET
from campaign_dsl.run.providers.webhook import EVENT_TYPE
from campaign_dsl.run.sandbox.reading import Unreadable, read_json

_PROPERTIES = ("trigger_properties", "context", "canvas_entry_properties")
_IDENTIFIERS = ("external_user_id", "user_alias", "email", "braze_id")
_MOST_MESSAGES = 1000


@dataclass(frozen=True, slots=True)
class Message:
    """One message to one customer, as far as it could be made out.

    Attributes:
        recipient: who it is for, as the provider would be told; None when it does not say.
        target: ``Braze campaign <id>`` or ``Braze Canvas <id>``, or the event type of a webhook.
        campaign: our own campaign, if the message says which.
        key: what a second sight of the same message is known by: the webhook-id, or target and recipient.
        properties: what a template of the provider could show.
    """

    recipient: str | None = None
    target: str | None = None
    campaign: str | None = None
    key: str | None = None
    properties: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the sandbox makes of a request; ``problems`` is empty when the contract is kept."""

    provider: str
    problems: tuple[str, ...]
    messages: tuple[Message, ...]


def judge(path: str, headers: Mapping[str, str], body: bytes) -> Judgement:
    """Judge a request by its path.

    Args:
        path: without query.
        headers: names in lower case.
    """
    match path.strip("/").split("/"):
        case ["braze", "campaigns", "trigger", "send"]:
            return _braze("campaign", headers, body)
        case ["braze", "canvas", "trigger", "send"]:
            return _braze("canvas", headers, body)
        case ["webhook", *_]:
            return _webhook(headers, body)
        case _:
            return Judgement("unknown", ("the sandbox knows no such address",), (Message(),))


def _braze(kind: str, headers: Mapping[str, str], body: bytes) -> Judgement:
    problems = []
    if headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        problems.append("content-type: must be application/json")
    try:
        document = read_json(body)
    except Unreadable as error:
        return Judgement("braze", (*problems, str(error)), (Message(),))
    problems += validate(f"braze-{'campaigns' if kind == 'campaign' else 'canvas'}-trigger-send.request", document)
    return Judgement("braze", tuple(problems), _recipients(kind, document))


def _recipients(kind: str, document: Any) -> tuple[Message, ...]:
    """The messages of a Braze body, even of a wrong one: whoever made it wants to see what is in it."""
    if not isinstance(document, dict):
        return (Message(),)
    target = f"Braze {'Canvas' if kind == 'canvas' else kind} {_word(document.get(f'{kind}_id'))}"
    shared = _properties(document)
    recipients = document.get("recipients")
    if not isinstance(recipients, list) or not recipients:
        return (Message(None, target, _campaign(shared), None, shared),)
    messages = []
    for entry in recipients[:_MOST_MESSAGES]:
        person = entry if isinstance(entry, dict) else {}
        identifier = {name: person[name] for name in _IDENTIFIERS if name in person}
        recipient = ", ".join(_person(value) for value in identifier.values()) or None
        key = f"{target} {json.dumps(identifier, sort_keys=True)}" if identifier else None
        properties = shared | _properties(person)
        messages.append(Message(recipient, target, _campaign(properties), key, properties))
    return tuple(messages)


def _properties(holder: Mapping[str, Any]) -> dict[str, Any]:
    return next((holder[name] for name in _PROPERTIES if isinstance(holder.get(name), dict)), {})


def _webhook(headers: Mapping[str, str], body: bytes) -> Judgement:
    problems = validate("standard-webhooks-headers", {name: value for name, value in headers.items() if _ours(name)})
    if not problems:
        problems += _signature(headers, body)
    message_id = headers.get("webhook-id")
    key = f"webhook-id {message_id}" if message_id else None
    try:
        document = read_json(body)
    except Unreadable as error:
        return Judgement("webhook", (*problems, str(error)), (Message(key=key),))
    problems += validate("standard-webhooks-payload", document)
    if not isinstance(document, dict) or not isinstance(document.get("data"), dict):
        return Judgement("webhook", tuple(problems), (Message(key=key),))
    data: dict[str, Any] = document["data"]
    kept = True
    if document.get("type") == EVENT_TYPE:
        wrong = _variant(data)
        kept = not wrong
        problems += wrong
    person = data.get("customer_identifier")
    recipient = ", ".join(_person(value) for value in person.values()) if isinstance(person, dict) else None
    properties = trigger_properties(data) if kept and document.get("type") == EVENT_TYPE else data
    target = f"event {_word(document.get('type'))}"
    message = Message(recipient or None, target, _campaign(data.get("campaign")), key, properties)
    return Judgement("webhook", tuple(problems), (message,))


def _ours(header: str) -> bool:
    return header == "content-type" or header.startswith("webhook-")


def _signature(headers: Mapping[str, str], body: bytes) -> list[str]:
    """Verified as a receiver does, against the sandbox's published secret; five minutes either way are allowed."""
    try:
        Webhook(SANDBOX_WEBHOOK_SECRET).verify(body, dict(headers), json_parse=False)
    except WebhookVerificationError as error:
        return [f"webhook-signature: {str(error).lower()}"]
    except ValueError:
        return ["webhook-signature: cannot be read"]
    return []


def _variant(data: Mapping[str, Any]) -> list[str]:
    """Problems of a message document. A webhook's own receiver needs no Braze target, so a missing one is no breach."""
    variant = {key: value for key, value in data.items() if key != "properties"}
    if variant.get("canvas_id") is None and variant.get("campaign_id") is None:
        variant["campaign_id"] = "none"
    problems = [f"data/{problem}" for problem in validate("messaging-variant", variant)]
    if not isinstance(data.get("properties", {}), dict):
        problems.append("data/properties: must be object")
    return problems


def _person(value: Any) -> str:
    if isinstance(value, dict):
        return f"{_word(value.get('alias_name'))} ({_word(value.get('alias_label'))})"
    return _word(value)


def _campaign(holder: Any) -> str | None:
    """The loyalty campaign's name; in a Braze body it travels among the properties, apart from the Braze campaign."""
    name = holder.get("campaign_id") if isinstance(holder, dict) else None
    return name if isinstance(name, str) else None


def _word(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)
