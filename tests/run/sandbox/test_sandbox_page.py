"""The page, the API, and who may ask."""

import asyncio
import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys

import pytest
from sandbox_world import document, package, with_sandbox

from campaign_dsl.run.problems import EnvironmentProblem
from campaign_dsl.run.sandbox import SandboxServer, counts, find_sandbox
from campaign_dsl.run.sandbox.views import visible

HOSTILE = "<script>alert(1)</script>\x1b[31m\u202egnp.exe\r\n{{ 31337*1000 }} javascript:alert(1)"


def test_an_empty_sandbox_says_what_to_do(tmp_path):
    status, text, headers = with_sandbox(tmp_path, lambda sandbox: sandbox.get("/"))
    assert status == 200
    assert "campaign dispatch" in text
    assert headers["content-type"].startswith("text/html")


def test_messages_are_shown_newest_first_with_their_properties(tmp_path):
    async def work(sandbox):
        await sandbox.deliver("braze", package(document(1), document(2)))
        await sandbox.deliver("webhook", package(document(3)))
        return await sandbox.get("/"), await sandbox.get("/messages/1")

    (_, text, _), (_, one, _) = with_sandbox(tmp_path, work)
    assert re.findall(r"<h2>\s*(member-\d+)", text) == ["member-0003", "member-0002", "member-0001"]
    assert "50% off one pair" in text
    assert "campaign b4d1c8f0-birthday" in text
    assert "birthday_half_price" in one
    assert "Bearer ****" in one
    assert "/braze/campaigns/trigger/send" in one
    assert '<a href="/messages/2">' in one  # sent together
    assert "member-0003" not in one


def test_hostile_text_is_shown_and_does_nothing(tmp_path):
    person = document(
        customer_identifier={"external_user_id": HOSTILE}, properties={HOSTILE: HOSTILE, "o": {"<b>": HOSTILE}}
    )

    async def work(sandbox):
        await sandbox.deliver("braze", package(person))
        await sandbox.post("/braze/<img src=x onerror=alert(1)>", HOSTILE.encode(), x_evil="<b>evil</b>")
        pages = [await sandbox.get(path) for path in ("/", "/messages/1", "/messages/2", f"/?q={'%3Cscript%3E%22'}")]
        return [text for _, text, _ in pages]

    pages = with_sandbox(tmp_path, work)
    for text in pages:
        assert not re.search(r"<script|<img|<b>evil|onerror=alert\(1\)>(?!&)", text)
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]", text)
        assert "31337000" not in text
    assert '<i class="ctl">\\x1b</i>' in pages[0]
    assert '<i class="ctl">\\u{202e}</i>' in pages[0]
    assert "&lt;script&gt;" in pages[1]
    assert "&lt;img" in pages[2] or "%3Cimg" in pages[2]


def test_pages_may_load_and_run_nothing(tmp_path):
    async def work(sandbox):
        return [await sandbox.get(path) for path in ("/", "/style.css", "/health", "/messages/9")]

    index, style, _, missing = answers = with_sandbox(tmp_path, work)
    for _, text, headers in answers:
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "script-src" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert "http://" not in text
        assert "https://" not in text
    assert re.findall(r'(?:src|href)="([^"]*)"', index[1]) == ["/style.css", "/"]
    assert "<style" not in index[1]
    assert " style=" not in index[1]
    assert "url(" not in style[1]
    assert missing[0] == 404
    assert "no message #9" in missing[1]


def test_filter_and_paging(tmp_path):
    async def work(sandbox):
        await sandbox.deliver("braze", package(*(document(number) for number in range(50))))
        await sandbox.deliver("webhook", package(document(777)))
        pages = [await sandbox.get("/")]
        for _ in range(2):
            (older,) = re.findall(r'<a href="(/\?before=\d+)">Older', pages[-1][1])
            pages.append(await sandbox.get(older))
        searched = [
            await sandbox.get(path)
            for path in (
                "/?q=MEMBER-0777",
                "/?q=b4d1c8f0",
                "/?q=campaign.message",
                "/?q=%25",
                "/?q=member-001&before=15",
                "/?q=Day_GIFT&before=2",
            )
        ]
        return pages, searched

    pages, searched = with_sandbox(tmp_path, work)
    shown = [re.findall(r"<h2>\s*(member-\d+)", text) for _, text, _ in pages]
    assert [len(each) for each in shown] == [25, 25, 1]
    assert [name for each in shown for name in each] == [
        "member-0777",
        *(f"member-{number:04}" for number in range(49, -1, -1)),
    ]
    assert "Older" not in pages[2][1]
    assert "Newest" in pages[1][1]
    found = [re.findall(r"<h2>\s*(member-\d+)", text) for _, text, _ in searched]
    assert found[0] == found[2] == ["member-0777"]
    assert len(found[1]) == 25
    assert "before=26&amp;q=b4d1c8f0" in searched[1][1] or "before=26&q=b4d1c8f0" in searched[1][1]
    assert found[3] == []
    assert found[5] == ["member-0000"]
    assert found[4] == [f"member-{number:04}" for number in (13, 12, 11, 10)]


@pytest.mark.parametrize(
    "query", ["before=x", "before=-1", "before=" + "9" * 50, "q=%ff%00", "q=" + "a" * 5000, "before=1"]
)
def test_no_query_breaks_the_page(tmp_path, query):
    async def work(sandbox):
        await sandbox.deliver("braze", package())
        return (await sandbox.get(f"/?{query}"))[0], (await sandbox.get(f"/api/messages?{query}&limit=x&after=x"))[0]

    assert with_sandbox(tmp_path, work) == (200, 200)


def test_programs_read_on_from_where_they_were(tmp_path):
    async def work(sandbox):
        await sandbox.deliver("braze", package(*(document(number) for number in range(5))))
        first = await sandbox.json("/api/messages?limit=3")
        rest = await sandbox.json(f"/api/messages?limit=3&after={first['last']}")
        return first, rest, await sandbox.json(f"/api/messages?after={rest['last']}")

    first, rest, none = with_sandbox(tmp_path, work)
    assert [len(each["messages"]) for each in (first, rest, none)] == [3, 2, 0]
    assert (first["last"], rest["last"], none["last"]) == (3, 5, 5)


def test_a_fault_is_announced(tmp_path):
    async def work(sandbox):
        await sandbox.order(fail="timeout", times=3)
        before = await sandbox.get("/")
        await sandbox.order(fail="429")
        await sandbox.deliver("braze", package())
        return before[1], (await sandbox.get("/"))[1]

    before, after = with_sandbox(tmp_path, work)
    assert "the next 3 requests end with <b>timeout</b>" in before
    assert "the next" not in after
    assert "ordered fault: 429" in after


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8420", "192.168.0.1", "localhost.evil.example", "[", ""]
)
def test_a_foreign_name_for_this_machine_is_refused(tmp_path, host):
    async def work(sandbox):
        return await sandbox.get("/", headers={"host": host})

    assert with_sandbox(tmp_path, work)[0] in (400, 421)


def test_a_foreign_page_cannot_order_faults(tmp_path):
    async def work(sandbox):
        return [
            (await sandbox.post("/control", b'{"fail":"500"}', content_type=kind))[0] for kind in ("text/plain", "x")
        ]

    assert with_sandbox(tmp_path, work) == [415, 415]


# ------------------------------------------------------------------------------------------------- start and stop


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.1", "example.com", ""])
def test_it_listens_on_this_machine_only(tmp_path, host):
    with pytest.raises(ValueError, match="this machine"):
        SandboxServer(tmp_path / "a", 0, host)


def test_a_taken_port_is_said(tmp_path):
    async def run():
        async with SandboxServer(tmp_path / "a", 0) as first:
            port = int(first.url.rpartition(":")[2])
            async with SandboxServer(tmp_path / "b", port):
                pass

    with pytest.raises(EnvironmentProblem, match="something else does") as caught:
        asyncio.run(run())
    assert "--port" in caught.value.help


def test_a_file_that_is_something_else_is_said(tmp_path):
    (tmp_path / "text").write_text("this is no database, and it is long enough to be seen as such " * 50)
    sqlite3.connect(tmp_path / "other").execute("CREATE TABLE customers (id)").connection.close()
    (tmp_path / "folder").mkdir()
    for name in ("text", "other", "folder", "text/below"):

        async def run(path=tmp_path / name):
            async with SandboxServer(path, 0):
                pass

        with pytest.raises(EnvironmentProblem, match="the sandbox cannot use"):
            asyncio.run(run())
    with pytest.raises(EnvironmentProblem):
        counts(tmp_path / "text")


def test_it_is_found_when_it_runs_and_is_ours(tmp_path):
    async def run():
        async with SandboxServer(tmp_path / "a", 0) as sandbox:
            port = int(sandbox.url.rpartition(":")[2])
            ours = await find_sandbox(tmp_path / "a", port)
            try:
                await find_sandbox(tmp_path / "b", port)
            except EnvironmentProblem as problem:
                other = problem.message
        return ours == sandbox.url, other, await find_sandbox(tmp_path / "a", port)

    ours, other, gone = asyncio.run(run())
    assert ours
    assert "another workspace" in other
    assert gone is None


def test_something_else_on_the_port_is_not_taken_for_it(tmp_path):
    async def run():
        async def talk(reader, writer):
            writer.write(b"220 mail.example ESMTP\r\n")
            await writer.drain()
            writer.close()

        server = await asyncio.start_server(talk, "127.0.0.1", 0)
        async with server:
            await find_sandbox(tmp_path / "a", server.sockets[0].getsockname()[1])

    with pytest.raises(EnvironmentProblem, match="no sandbox"):
        asyncio.run(run())


def test_what_was_caught_is_still_there_after_a_restart(tmp_path):
    for number in (1, 2):
        with_sandbox(tmp_path, lambda sandbox, number=number: sandbox.deliver("braze", package(document(number))))
    messages = with_sandbox(tmp_path, lambda sandbox: sandbox.messages())
    assert [message["recipient"] for message in messages] == ["member-0001", "member-0002"]


def test_a_server_can_be_started_again(tmp_path):
    sandbox = SandboxServer(tmp_path / "a", 0)

    async def run():
        async with sandbox:
            return await find_sandbox(tmp_path / "a", int(sandbox.url.rpartition(":")[2]))

    assert asyncio.run(run())
    assert asyncio.run(run())


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_until_it_is_told_to_stop(tmp_path, number):
    code = "import sys; from pathlib import Path; from campaign_dsl.run.sandbox import SandboxServer as S; "
    code += "S(Path(sys.argv[1]), 0).serve_forever(lambda url: print(url, flush=True))"
    process = subprocess.Popen(
        [sys.executable, "-W", "error", "-c", code, str(tmp_path / "a")],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    url = process.stdout.readline().strip()
    with socket.create_connection(("127.0.0.1", int(url.rpartition(":")[2]))) as connection:
        connection.sendall(b"GET /health HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")
        answer = b"".join(iter(lambda: connection.recv(65_536), b""))
    process.send_signal(number)
    _, errors = process.communicate(timeout=20)
    assert (process.returncode, errors) == (0, "")
    assert json.loads(answer.split(b"\r\n\r\n")[1])["service"] == "campaign-sandbox"


# ---------------------------------------------------------------------------------------------------------- text


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("a<b>&\"'", "a&lt;b&gt;&amp;&#34;&#39;"),
        ("a\tb", 'a<i class="ctl">\\t</i>b'),
        ("\ud800", '<i class="ctl">\\u{d800}</i>'),
        ("a\xa0b", 'a<i class="ctl">\\xa0</i>b'),
        ("émoji 🎂", "émoji 🎂"),
    ],
)
def test_visible(text, html):
    assert visible(text) == html


def test_long_text_is_cut_and_says_so():
    assert visible("x" * 1500, 10) == 'xxxxxxxxxx<i class="cut">… 1,490 more</i>'
