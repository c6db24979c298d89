"""The address in a provider's settings, checked before anything is sent to it."""

from __future__ import annotations

from urllib.parse import urlsplit

from campaign_dsl.language.catalog.model import ProviderSettings
from campaign_dsl.run.problems import EnvironmentProblem

CODE = "ENV022"


def checked_endpoint(settings: ProviderSettings, *, path: bool) -> str:
    """``settings.endpoint`` without a slash at its end.

    Plain http is for private networks only: keys and personal data travel in these requests.

    Args:
        path: whether a path and a query may be part of it.

    Raises:
        EnvironmentProblem: it cannot be used.
    """
    endpoint = settings.endpoint

    def problem(what: str, help: str) -> EnvironmentProblem:
        return EnvironmentProblem(f"the endpoint of a `{settings.kind}` provider {what}", help=help, code=CODE)

    try:
        parts = urlsplit(endpoint)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise problem("is not a URL", "it looks like `https://rest.iad-01.braze.com`") from None
    if not host or not endpoint.isascii() or not endpoint.isprintable() or " " in endpoint:
        raise problem("is not a URL", "it looks like `https://rest.iad-01.braze.com`")
    if parts.scheme == "http" and not settings.allow_private_addresses:
        raise problem("is not https", "use `https://`, or set `allow_private_addresses: true` on a private network")
    if "@" in parts.netloc:
        raise problem("holds a user or password", "secrets are given by reference, as `api_key` or `secret`")
    if parts.fragment or (not path and (parts.path.strip("/") or parts.query)):
        raise problem("has more than a host", "give the base URL only; the path is added")
    return endpoint if path else endpoint.rstrip("/")
