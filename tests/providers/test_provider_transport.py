"""One request over a real socket, to servers that do everything wrong."""

import asyncio
import gzip
import json
import socket
import ssl
import struct

import pytest
from provider_world import exchange, raw_server, read_request

from campaign_dsl.run.providers import Accepted, Failure, Request, Response
from campaign_dsl.run.providers.addresses import is_public
from campaign_dsl.run.providers.braze_answers import classify
from campaign_dsl.run.providers.transport import MAX_ANSWER, open_session, send


def post(url):
    return Request("POST", f"{url}/campaigns/trigger/send", {"content-type": "application/json"}, b'{"a":1}')


def answering(*pieces, then=None):
    async def handle(reader, writer):
        await read_request(reader)
        for piece in pieces:
            writer.write(piece)
        await writer.drain()
        if then:
            await then(writer)

    return handle


def head(status=201, **headers):
    lines = [f"HTTP/1.1 {status} X", *(f"{name.replace('_', '-')}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode()


async def forever(writer):
    await asyncio.Event().wait()


# ------------------------------------------------------------------------------------------------------- answers


def test_a_plain_exchange():
    seen = []

    async def handle(reader, writer):
        seen.append(await read_request(reader))
        writer.write(head(content_length=2, X_RateLimit_Reset=7, date="Mon, 01 Jun 2026 09:00:00 GMT") + b"{}")

    answer = exchange(handle, post)
    assert (answer.status, answer.body) == (201, b"{}")
    assert answer.headers["x-ratelimit-reset"] == "7"
    assert answer.received_at.utcoffset().total_seconds() == 0
    ((text, body),) = seen
    assert body == b'{"a":1}'
    lines = text.lower().split("\r\n")
    assert "accept-encoding: identity" in lines
    assert "content-type: application/json" in lines
    assert any(line.startswith("user-agent: campaign-dsl/") for line in lines)


def test_of_repeated_headers_the_first_counts():
    assert exchange(answering(head(429, retry_after=5), b""), post).headers["retry-after"] == "5"
    twice = b"HTTP/1.1 429 X\r\nretry-after: 5\r\nretry-after: 9\r\ncontent-length: 0\r\n\r\n"
    assert exchange(answering(twice), post).headers["retry-after"] == "5"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_an_answer_like_any_other(status):
    requests = []

    async def handle(reader, writer):
        requests.append(await read_request(reader))
        writer.write(head(status, location="/elsewhere", content_length=0))

    assert exchange(handle, post).status == status
    assert len(requests) == 1


def test_a_gzip_bomb_stays_small():
    bomb = gzip.compress(b"\0" * 50_000_000)
    answer = exchange(answering(head(201, content_encoding="gzip", content_length=len(bomb)), bomb), post)
    assert answer.body == bomb
    assert isinstance(classify(answer), Accepted)


def test_an_endless_body_is_read_to_one_megabyte():
    async def flood(writer):
        while True:
            writer.write(b"x" * 65_536)
            await writer.drain()

    answer = exchange(answering(head(201), then=flood), post)
    assert len(answer.body) == MAX_ANSWER


def test_a_slow_body_ends_with_the_deadline_and_the_status_counts():
    async def drip(writer):
        while True:
            writer.write(b" ")
            await writer.drain()
            await asyncio.sleep(0.01)

    answer = exchange(answering(head(201, content_length=1_000_000), b'{"mess', then=drip), post, timeout=0.2)
    assert answer.status == 201
    assert answer.body.startswith(b'{"mess')
    assert isinstance(classify(answer), Accepted)


def test_a_body_that_breaks_off_leaves_the_status():
    answer = exchange(answering(head(400, content_length=100), b'{"mess'), post)
    assert (answer.status, answer.body) == (400, b'{"mess')


def test_chunks_that_are_none_never_count_as_not_sent():
    answer = exchange(answering(head(201, transfer_encoding="chunked"), b"zz\r\nnot a chunk"), post)
    assert getattr(answer, "status", None) == 201 or answer.kind == "ambiguous"


# ------------------------------------------------------------------------------------------------------ failures


def test_nobody_listens():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"

        async def run():
            async with open_session(allow_private=True) as session:
                return await send(session, post(url), 5)

        failure = asyncio.run(run())
    assert (failure.kind, failure.permanent) == ("not_sent", False)
    assert "no connection to `127.0.0.1`" in failure.reason


def test_an_unknown_host():
    async def run():
        async with open_session(allow_private=False) as session:
            return await send(session, post("https://nowhere.invalid"), 20)

    failure = asyncio.run(run())
    assert failure.kind == "not_sent"
    assert "nowhere.invalid" in failure.reason


def test_no_tls_where_tls_is_wanted():
    def secure(url):
        return post(url.replace("http:", "https:"))

    async def talk_plainly(reader, writer):
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        await writer.drain()

    failure = exchange(talk_plainly, secure)
    assert failure.kind == "not_sent"
    assert "TLS" in failure.reason

    async def say_nothing(reader, writer):
        await forever(writer)

    assert exchange(say_nothing, secure, timeout=0.2) == Failure(
        "not_sent", "no connection to `127.0.0.1` within 0.2 s"
    )


def reset(writer):
    """Close with RST instead of FIN."""
    linger = struct.pack("ii", 1, 0)
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    writer.transport.abort()


async def reset_at_once(reader, writer):
    reset(writer)


async def reset_after_the_head(reader, writer):
    await reader.readuntil(b"\r\n\r\n")
    reset(writer)


async def reset_after_the_body(reader, writer):
    await read_request(reader)
    reset(writer)


async def close_without_a_word(reader, writer):
    await read_request(reader)


async def half_a_status_line(reader, writer):
    await read_request(reader)
    writer.write(b"HTTP/1.1 2")
    await writer.drain()


async def not_http(reader, writer):
    await read_request(reader)
    writer.write(b"220 mail.example ESMTP\r\n\r\n")


async def half_the_headers(reader, writer):
    await read_request(reader)
    writer.write(b"HTTP/1.1 201 Created\r\ncontent-le")


@pytest.mark.parametrize(
    "handle",
    [
        reset_at_once,
        reset_after_the_head,
        reset_after_the_body,
        close_without_a_word,
        half_a_status_line,
        not_http,
        half_the_headers,
    ],
)
def test_once_connected_a_broken_exchange_is_ambiguous(handle):
    failure = exchange(handle, post)
    assert failure.kind == "ambiguous"
    assert "/campaigns" not in failure.reason


def test_silence_is_ambiguous():
    failure = exchange(answering(then=forever), post, timeout=0.2)
    assert failure == Failure("ambiguous", "`127.0.0.1` gave no answer within 0.2 s")


def test_endless_headers_end():
    async def flood(writer):
        while True:
            writer.write(b"x-a: " + b"b" * 1000 + b"\r\n")
            await writer.drain()

    assert exchange(answering(b"HTTP/1.1 201 X\r\n", then=flood), post).kind == "ambiguous"


def test_interim_answers_without_end_end():
    async def flood(writer):
        while True:
            writer.write(b"HTTP/1.1 103 Early Hints\r\n\r\n")
            await writer.drain()
            await asyncio.sleep(0.001)

    assert exchange(answering(then=flood), post, timeout=0.2).kind == "ambiguous"


def test_a_kept_connection_that_breaks_is_not_tried_again_behind_our_back():
    requests = []

    async def answer_once(reader, writer):
        requests.append(await read_request(reader))
        writer.write(head(201, content_length=0))
        await writer.drain()
        requests.append(await read_request(reader))
        reset(writer)

    first, second = exchange(answer_once, post, times=2)
    assert isinstance(first, Response)
    assert second.kind == "ambiguous"
    assert len(requests) == 2


def test_the_outside_may_cancel():
    async def run():
        async with raw_server(answering(then=forever)) as url, open_session(allow_private=True) as session:
            task = asyncio.create_task(send(session, post(url), 60))
            await asyncio.sleep(0.05)
            task.cancel()
            return await asyncio.gather(task, return_exceptions=True)

    (result,) = asyncio.run(run())
    assert isinstance(result, asyncio.CancelledError)


def test_a_session_of_another_make_never_claims_that_nothing_was_sent():
    import aiohttp

    async def run():
        async with raw_server(reset_after_the_body) as url, aiohttp.ClientSession() as session:
            return await send(session, post(url), 5)

    assert asyncio.run(run()).kind == "ambiguous"


# ----------------------------------------------------------------------------------------------------- addresses


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "127.1",
        "2130706433",
        "0x7f.1",
        "0177.0.0.1",
        "0.0.0.0",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[64:ff9b::7f00:1]",
    ],
)
def test_this_machine_is_not_a_provider_unless_allowed(host):
    connections = []

    async def handle(reader, writer):
        connections.append(1)

    async def run():
        async with raw_server(handle) as url, open_session(allow_private=False) as session:
            return await send(session, post(url.replace("127.0.0.1", host)), 5)

    failure = asyncio.run(run())
    assert failure.kind == "not_sent"
    assert connections == []


def test_the_refusal_of_an_address_is_final_and_says_why():
    async def run():
        async with open_session(allow_private=False) as session:
            return await send(session, post("http://127.0.0.1:1"), 5)

    failure = asyncio.run(run())
    assert failure.permanent
    assert "allow_private_addresses" in failure.reason


PRIVATE = """0.0.0.0 0.1.2.3 10.1.2.3 100.64.0.1 100.127.255.255 127.0.0.1 127.255.255.254 169.254.169.254 172.16.0.1
    172.31.255.255 192.0.0.1 192.0.2.1 192.168.1.1 198.18.0.1 198.51.100.1 203.0.113.1 224.0.0.1 239.255.255.255
    240.0.0.1 255.255.255.255 :: ::1 ::127.0.0.1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:100.64.0.1 64:ff9b::7f00:1
    64:ff9b::a00:1 64:ff9b:1::1 100::1 2001::1 2001:db8::1 2002:7f00:1:: 2002:a00:1:: fc00::1 fd00::1 fe80::1
    fe80::1%eth0 fec0::1 ff02::1 5f00::1 nonsense 1.2.3"""
PUBLIC = "1.1.1.1 8.8.8.8 172.32.0.1 100.128.0.1 2606:4700::1111 ::ffff:8.8.8.8 64:ff9b::808:808 2002:808:808::"


@pytest.mark.parametrize("address", PRIVATE.split())
def test_not_public(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", PUBLIC.split())
def test_public(address):
    assert is_public(address)


def test_errors_of_tls_name_the_reason():
    from campaign_dsl.run.providers.transport import _reason

    error = ssl.SSLCertVerificationError("x")
    error.verify_message = "certificate has expired"
    assert _reason(error) == "certificate has expired"
    assert json.dumps(_reason(ValueError("canary"))) == '"ValueError"'
