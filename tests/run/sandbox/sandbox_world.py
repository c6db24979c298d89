"""A running sandbox, and messages sent to it through the real providers and the real transport."""

import asyncio
import json
from datetime import UTC, datetime

from campaign_dsl.language.catalog.model import ProviderSettings
from campaign_dsl.run.providers import Item, Package, SandboxProvider, sandbox_secrets
from campaign_dsl.run.providers.braze import BrazeProvider
from campaign_dsl.run.providers.transport import open_session, send
from campaign_dsl.run.providers.webhook import WebhookProvider
from campaign_dsl.run.sandbox import SandboxServer

ENDPOINTS = {"braze": "https://rest.iad-01.braze.com", "webhook": "https://hooks.footwear.example/messages"}
MAKERS = {"braze": BrazeProvider, "webhook": WebhookProvider}


def document(number=1, **more):
    return {
        "canvas_id": None,
        "campaign_id": "b4d1c8f0-birthday",
        "broadcast": False,
        "customer_identifier": {"external_user_id": f"member-{number:04}"},
        "email": f"member{number}@example.com",
        "offer": {"offer_id": "birthday_half_price", "offer_title": "50% off one pair"},
        "point_award": {"point_award_amount": 500, "point_account_name": "Stride points"},
        "campaign": {"campaign_runtime": "2026-06-01T09:00:00Z", "campaign_id": "birthday_gift"},
        "properties": {"first_name": "Ana", "points": 500},
        **more,
    }


def package(*documents, ids=None, settings=None):
    documents = documents or (document(),)
    ids = ids or [f"msg_{number}" for number in range(len(documents))]
    items = tuple(Item(name, each) for name, each in zip(ids, documents, strict=True))
    return Package("p1", settings or {"braze_campaign_id": "b4d1c8f0-birthday"}, items)


def provider(kind, url):
    settings = ProviderSettings.model_validate({"kind": kind, "endpoint": ENDPOINTS[kind]})
    return SandboxProvider(MAKERS[kind](settings, sandbox_secrets), url)


class Session:
    """What tests do with a running sandbox."""

    def __init__(self, url, session):
        self.url = url
        self.session = session

    async def deliver(self, kind, pack, timeout=5.0):
        speaker = provider(kind, self.url)
        request = speaker.request(pack, attempted_at=datetime.now(UTC))
        return speaker.classify(await send(self.session, request, timeout))

    async def get(self, path, **more):
        async with self.session.get(self.url + path, **more) as answer:
            return answer.status, await answer.text(), answer.headers

    async def json(self, path):
        status, text, _ = await self.get(path)
        assert status == 200, text
        return json.loads(text)

    async def post(self, path, body=b"", **headers):
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        async with self.session.post(self.url + path, data=body, headers=named) as answer:
            text = await answer.text()
            return answer.status, json.loads(text) if text else None, answer.headers

    async def order(self, **control):
        status, answer, _ = await self.post("/control", json.dumps(control).encode(), content_type="application/json")
        assert status == 200, answer
        return answer

    async def messages(self):
        return (await self.json("/api/messages"))["messages"]


def with_sandbox(path, work):
    """Runs `await work(session)` against a sandbox on a free port."""

    async def run():
        async with SandboxServer(path / "caught.sqlite", 0) as sandbox, open_session(allow_private=True) as session:
            return await work(Session(sandbox.url, session))

    return asyncio.run(run())
