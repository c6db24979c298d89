"""Secrets by reference: read when needed, from where workspace.yaml points, and never shown."""

from __future__ import annotations

import base64
import os
import re
import stat
from collections.abc import Mapping
from pathlib import Path

from campaign_dsl.language.catalog.model import ProviderSettings, Secret
from campaign_dsl.language.source.files import lies_inside
from campaign_dsl.run.problems import EnvironmentProblem

CODE = "ENV020"
_LARGEST = 16_384
_PLAIN = re.compile(r"[\x21-\x7e]+")


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
        if reference.env is not None:
            text = self._from_environment(reference.env, place)
            source = f"environment variable `{reference.env}`"
        else:
            assert reference.file is not None  # `Secret` has exactly one of the two
            text = self._from_file(reference.file, place)
            source = f"secret file `{reference.file}`"
        if not _PLAIN.fullmatch(text):
            what = "holds characters that no secret has (spaces, or beyond ASCII)" if text else "is empty"
            raise EnvironmentProblem(
                f"{source} {what}",
                help=f"put the secret there, and nothing else; `{place}` points there",
                code=CODE,
            )
        return text

    def _from_environment(self, name: str, place: str) -> str:
        if name not in self._environment:
            raise EnvironmentProblem(
                f"environment variable `{name}` is not set",
                help=f"set it before you start; `{place}` in workspace.yaml names it",
                code=CODE,
            )
        return self._environment[name].strip("\r\n")

    def _from_file(self, name: str, place: str) -> str:
        def problem(what: str) -> EnvironmentProblem:
            return EnvironmentProblem(
                f"secret file `{name}` {what}",
                help=f"`{place}` in workspace.yaml names it, relative to the workspace",
                code=CODE,
            )

        try:
            path = os.path.realpath(self._root / name)
            if not lies_inside(Path(path), self._root):
                raise problem("is outside the workspace")
            descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)  # a FIFO must not block us
            with os.fdopen(descriptor, "rb") as file:
                if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                    raise problem("is not a file")
                content = file.read(_LARGEST + 1)
        except OSError as error:
            raise problem(f"cannot be read: {error.strerror or 'input/output error'}") from None
        except ValueError:  # a NUL in the name
            raise problem("cannot be read: its name cannot be a file's") from None
        if len(content) > _LARGEST:
            raise problem("is too large for a secret")
        return content.decode("utf-8", "replace").strip("\r\n")


SANDBOX_API_KEY = "sandbox"
SANDBOX_WEBHOOK_SECRET = "whsec_" + base64.b64encode(b"campaign-dsl sandbox test secret").decode()
"""A published test secret, as its bytes say. Webhooks to the sandbox are signed with it, and the sandbox verifies them
with it. It protects nothing."""


def sandbox_secrets(key: str) -> str:
    """Stand-ins for every secret, for requests that go no further than the sandbox. The real ones are not read."""
    return SANDBOX_WEBHOOK_SECRET if key == "secret" else SANDBOX_API_KEY
