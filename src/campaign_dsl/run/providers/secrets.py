"""Secrets by reference: read when needed, from where workspace.yaml points, and never shown."""

from __future__ import annotations

import base64
import os
from collections.abc import Mapping
from pathlib import Path

from campaign_dsl.language.catalog.model import ProviderSettings, Secret
from campaign_dsl.run.problems import EnvironmentProblem
from campaign_dsl.run.secrets import CODE, secret


class WorkspaceSecrets:
    """The secrets of one provider of a workspace.

    Each is read anew whenever it is asked for, so that a rotated key is used without a restart.

    Args:
        provider: its name in workspace.yaml, for messages.
        root: the workspace's folder; files are relative to it.
    """

    def __init__(
        self, provider: str, settings: ProviderSettings, root: Path, environment: Mapping[str, str] = os.environ
    ) -> None:
        self._provider = provider
        self._settings = settings
        self._root = root
        self._environment = environment

    def __repr__(self) -> str:
        return f"<secrets of {self._provider}>"

    def __call__(self, key: str) -> str:
        """The secret that the settings' ``key`` refers to.

        Raises:
            EnvironmentProblem: no reference, nothing where it points, or something that cannot be a secret.
        """
        reference: Secret | None = getattr(self._settings, key)
        place = f"providers.{self._provider}.{key}"
        if reference is None:
            raise EnvironmentProblem(
                f"provider `{self._provider}` has no `{key}`",
                help=f"add `{place}.env` with the name of an environment variable to workspace.yaml",
                code=CODE,
            )
        return secret(reference, place, self._root, self._environment)


SANDBOX_API_KEY = "sandbox"
SANDBOX_WEBHOOK_SECRET = "whsec_" + base64.b64encode(b"campaign-dsl sandbox test secret").decode()
"""A published test secret, as its bytes say. Webhooks to the sandbox are signed with it, and the sandbox verifies them
with it. It protects nothing."""


def sandbox_secrets(key: str) -> str:
    """Stand-ins for every secret, for requests that go no further than the sandbox. The real ones are not read."""
    return SANDBOX_WEBHOOK_SECRET if key == "secret" else SANDBOX_API_KEY
