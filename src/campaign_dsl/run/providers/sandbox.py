"""The sandbox, seen from the sending side: another provider's requests, sent to this machine instead."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar
from urllib.parse import urlsplit

from campaign_dsl.run.providers.protocol import Capability, Failure, Package, Provider, Request, Response, Result

MASK = "****"


class SandboxProvider:
    """Makes the requests of ``inner`` byte for byte, but addresses them to ``{base_url}/{inner.name}{path}``.

    Credentials are masked all the same, whatever ``inner`` was made with. For webhooks that means: make ``inner`` with
    `secrets.sandbox_secrets`, whose published secret the sandbox verifies signatures with.

    Args:
        base_url: of the running sandbox, like ``http://127.0.0.1:8420``.
    """

    name: ClassVar[str] = "sandbox"

    def __init__(self, inner: Provider, base_url: str) -> None:
        self.inner = inner
        self._base_url = base_url.rstrip("/")

    def __repr__(self) -> str:
        return f"SandboxProvider({self.inner!r}, {self._base_url!r})"

    @property
    def capability(self) -> Capability:
        """That of the real provider, so that a rehearsal retries exactly as the real thing would."""
        return self.inner.capability

    def settings_problems(self, variant_settings: Mapping[str, str]) -> tuple[str, ...]:
        return self.inner.settings_problems(variant_settings)

    def request(self, package: Package, *, attempted_at: datetime) -> Request:
        """See `Provider.request`."""
        real = self.inner.request(package, attempted_at=attempted_at)
        parts = urlsplit(real.url)
        path = parts.path.rstrip("/") + (f"?{parts.query}" if parts.query else "")
        headers = {
            name: _masked(value) if name.lower() == "authorization" else value for name, value in real.headers.items()
        }
        return Request(real.method, f"{self._base_url}/{self.inner.name}{path}", headers, real.body)

    def classify(self, answer: Response | Failure) -> Result:
        """The sandbox answers as the real provider would, so that one's reading is right."""
        return self.inner.classify(answer)


def _masked(authorization: str) -> str:
    scheme, separator, _ = authorization.partition(" ")
    return f"{scheme} {MASK}" if separator else MASK
