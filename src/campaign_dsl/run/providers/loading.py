"""Finding the provider of a kind: only through the entry points of installed distributions."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import EntryPoint, entry_points
from typing import cast

from campaign_dsl.language.catalog.model import ProviderSettings
from campaign_dsl.language.diagnostics.suggest import did_you_mean
from campaign_dsl.run.problems import EnvironmentProblem
from campaign_dsl.run.providers.protocol import Provider, Secrets
from campaign_dsl.run.providers.sandbox import SandboxProvider
from campaign_dsl.run.providers.secrets import sandbox_secrets

GROUP = "campaign_dsl.providers"
CODE = "ENV021"


def provider_kinds() -> tuple[str, ...]:
    """The kinds that are installed, sorted."""
    return tuple(sorted({entry.name for entry in entry_points(group=GROUP)}))


def load_provider(kind: str, settings: ProviderSettings, secrets: Secrets) -> Provider:
    """The provider of ``kind``, ready to speak to the account in ``settings``. No secret is read yet.

    Raises:
        EnvironmentProblem: no installed distribution offers this kind, it cannot be imported, two offer it, or the
            settings cannot be used.
    """
    make = cast("Callable[[ProviderSettings, Secrets], Provider]", _entry(kind).load())
    return make(settings, secrets)


def load_sandboxed(kind: str, settings: ProviderSettings, base_url: str) -> SandboxProvider:
    """The provider of ``kind``, with its requests diverted to the sandbox at ``base_url``. No secret is ever read."""
    return SandboxProvider(load_provider(kind, settings, sandbox_secrets), base_url)


def _entry(kind: str) -> EntryPoint:
    found = {entry.value: entry for entry in entry_points(group=GROUP, name=kind)}
    if len(found) == 1:
        return next(iter(found.values()))
    if found:
        raise EnvironmentProblem(
            f"two installed packages offer the provider `{kind}`: {', '.join(sorted(found))}",
            help="uninstall one of them",
            code=CODE,
        )
    known = provider_kinds()
    raise EnvironmentProblem(
        f"no installed package offers the provider `{kind}`",
        help=did_you_mean(kind, known, "installed providers")
        or ("install the package that offers it" if known else "install campaign-dsl itself, with pip: it offers some"),
        code=CODE,
    )
