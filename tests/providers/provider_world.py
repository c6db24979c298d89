"""A package, its settings and secrets, and servers on loopback, for the tests of providers."""

import asyncio
from contextlib import asynccontextmanager

from campaign_dsl.language.catalog.model import ProviderSettings
from campaign_dsl.run.providers import Item, Package
from campaign_dsl.run.providers.transport import open_session, send

BRAZE_KEY = "canary-braze-rest-key"
WEBHOOK_SECRET = "whsec_Y2FuYXJ5LWNhbmFyeS1jYW5hcnktY2FuYXJ5"


def secrets(key):
    return {"api_key": BRAZE_KEY, "secret": WEBHOOK_SECRET}[key]


def settings(kind="braze", endpoint="https://rest.iad-01.braze.com", **more):
    return ProviderSettings.model_validate({"kind": kind, "endpoint": endpoint, **more})


def document(**more):
    """A messaging variant with every group, and properties."""
    return {
        "canvas_id": None,
        "campaign_id": "b4d1c8f0-birthday",
        "broadcast": False,
        "customer_identifier": {"external_user_id": "member-0001"},
        "email": "ana@example.com",
        "offer": {
            "offer_id": "off-50",
            "offer_title": "50% off one pair",
            "user_offer_id": "uo-991",
            "description": "Half price",
            "terms_and_conditions": "One use.",
            "logo": "https://cdn.example.com/l.png",
            "pos_discount_id": "POS-50",
            "expiration_date": "2026-06-30",
        },
        "point_award": {"point_award_amount": 250, "point_account_name": "Stride points"},
        "event_trigger": {"occurrence": "2026", "date": "2026-06-08"},
        "campaign": {
            "campaign_runtime": "2026-06-01T09:00:00+02:00",
            "campaign_id": "birthday_gift",
            "campaign_name": "Birthday gift",
            "campaign_custom_data": {"season": "summer"},
        },
        "properties": {"first_name": "Ana", "points": 250, "offer_title": "50% off one pair"},
        **more,
    }


def member(number, **more):
    return document(customer_identifier={"external_user_id": f"member-{number:04}"}, **more)


def package(*documents, settings=None):
    items = tuple(Item(f"msg_{number:04}", each) for number, each in enumerate(documents or (document(),)))
    return Package("package-1", settings or {"braze_campaign_id": "b4d1c8f0-birthday"}, items)


@asynccontextmanager
async def raw_server(handle):
    """A TCP server on loopback; yields its URL. `handle(reader, writer)` does with a connection what it likes."""
    tasks = set()

    async def run(reader, writer):
        tasks.add(asyncio.current_task())
        try:
            await handle(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(run, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def read_request(reader):
    """The head (as text) and the body of one request."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    length = next(
        (int(line.split(":")[1]) for line in head.lower().split("\r\n") if line.startswith("content-length")), 0
    )
    return head, await reader.readexactly(length)


def exchange(handle, request, *, timeout=5.0, times=1):
    """What `send` makes of a server that does `handle`; a list when sent several times over one session."""

    async def run():
        async with raw_server(handle) as url, open_session(allow_private=True) as session:
            return [await send(session, request(url), timeout) for _ in range(times)]

    answers = asyncio.run(run())
    return answers[0] if times == 1 else answers
