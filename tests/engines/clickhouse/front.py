"""ClickHouse's HTTP interface before a folder of chdb: `python front.py FOLDER [PROFILE]`, which prints its port.

What is behind it is ClickHouse, the same engine as that of a server; the front door is the tests' own. It takes
queries as a server does (settings, database and format in the address, tables of the client's own as parts of a form),
knows one user, and answers with a server's status, headers and words. PROFILE holds settings of that user, as in
`readonly=1`.
"""

from __future__ import annotations

import base64
import re
import sys
from email.parser import BytesParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from chdb.session import Session

USER, PASSWORD = "reader", "s3cret-of-the-tests"
_OF_THE_INTERFACE = {
    *("query", "query_id", "session_id", "database", "default_format", "wait_end_of_query", "client_protocol_version"),
    *("compress", "enable_http_compression", "session_timeout", "role", "buffer_size"),
}
_REFUSED = (
    "Code: 516. DB::Exception: {}: Authentication failed: password is incorrect, or there is no user with such name. "
    "(AUTHENTICATION_FAILED) (version {})"
)
_STATUS = {60: 404, 81: 404, 516: 403, 497: 403}


class Front(BaseHTTPRequestHandler):
    """One request: one session of chdb."""

    protocol_version = "HTTP/1.1"
    folder: str
    profile: str
    version: str

    def do_GET(self) -> None:
        self._answer(b"")

    def do_POST(self) -> None:
        self._answer(self.rfile.read(int(self.headers["Content-Length"])))

    def _answer(self, body: bytes) -> None:
        address = urlsplit(self.path)
        said = dict(parse_qsl(address.query, keep_blank_values=True))
        if address.path == "/ping":
            return self._send(200, b"Ok.\n")
        wanted = "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        if self.headers["Authorization"] != wanted:
            return self._failed(_REFUSED.format(USER, self.version))
        tables: dict[str, bytes] = {}
        if self.headers["Content-Type"] and self.headers["Content-Type"].startswith("multipart/form-data"):
            tables = _parts(self.headers["Content-Type"], body)
            query = said.get("query") or tables.pop("query").decode()
        else:
            query = said.get("query", "") + body.decode()
        described = {name: said.pop(f"{name}_structure") for name in tables}
        formats = {name: said.pop(f"{name}_format") for name in tables}
        settings = {name: value for name, value in said.items() if name not in _OF_THE_INTERFACE}
        written = re.search(r"\sFORMAT\s+(\w+)\s*;?\s*$", query)
        format_ = written[1] if written else said.get("default_format", "TabSeparated")
        query = query[: written.start()] if written else query
        try:
            answer = self._asked(query, format_, said.get("database", "default"), settings, tables, described, formats)
        except RuntimeError as error:
            return self._failed(str(error))
        return self._send(200, answer, {"X-ClickHouse-Format": format_})

    def _asked(
        self,
        query: str,
        format_: str,
        database: str,
        settings: dict[str, str],
        tables: dict[str, bytes],
        described: dict[str, str],
        formats: dict[str, str],
    ) -> bytes:
        profile = dict(parse_qsl(self.profile))
        with Session(f"{self.folder}?{urlencode({'database': database, **profile})}") as session:
            for name, rows in tables.items():
                session.query(f"CREATE TEMPORARY TABLE `{name}` ({described[name]})")
                with session.send_insert(f"INSERT INTO `{name}`", formats[name]) as inserted:
                    inserted.append(rows)
                    inserted.finish()
            for setting, value in sorted(settings.items(), key=lambda each: each[0] == "readonly"):
                session.query(f"SET {setting} = '{value}'")
            found: Any = session.query(query, format_)
            return found.bytes() if found is not None else b""

    def _failed(self, said: str) -> None:
        code = int(re.findall(r"Code: (\d+)\.", said)[-1])
        self._send(_STATUS.get(code, 500), said.encode(), {"X-ClickHouse-Exception-Code": str(code)})

    def _send(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Type", "application/octet-stream")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None: ...


def _parts(kind: str, body: bytes) -> dict[str, bytes]:
    """The parts of a form, by name."""
    form = BytesParser().parsebytes(b"Content-Type: " + kind.encode() + b"\r\n\r\n" + body)
    found = {}
    for part in form.get_payload():
        name = part.get_param("name", header="content-disposition")
        found[str(name)] = part.get_payload(decode=True)
    return found


def main() -> None:
    """Serves until it is ended."""
    Front.folder = sys.argv[1]
    Front.profile = sys.argv[2] if len(sys.argv) > 2 else ""
    kept = Session(Front.folder)  # keeps the folder open between two requests
    Front.version = kept.query("SELECT version()", "TabSeparated").bytes().decode().strip()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Front)
    print(server.server_port, flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
