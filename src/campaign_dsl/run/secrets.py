"""Secrets by reference: read when needed, from where workspace.yaml points, and never shown."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Mapping
from pathlib import Path

from campaign_dsl.language.catalog.model import Secret
from campaign_dsl.language.source.files import lies_inside
from campaign_dsl.run.problems import EnvironmentProblem

CODE = "ENV020"
_LARGEST = 16_384
_PLAIN = re.compile(r"[\x21-\x7e]+")


def secret(reference: Secret, place: str, root: Path, environment: Mapping[str, str] = os.environ) -> str:
    """The secret that is where ``reference`` points.

    Args:
        place: where the reference stands in workspace.yaml, for messages.
        root: the workspace's folder; files are relative to it.

    Raises:
        EnvironmentProblem: nothing is there, or something that cannot be a secret.
    """
    if reference.env is not None:
        text = _from_environment(reference.env, place, environment)
        source = f"environment variable `{reference.env}`"
    else:
        assert reference.file is not None  # `Secret` has exactly one of the two
        text = _from_file(reference.file, place, root)
        source = f"secret file `{reference.file}`"
    if not _PLAIN.fullmatch(text):
        what = "holds characters that no secret has (spaces, or beyond ASCII)" if text else "is empty"
        raise EnvironmentProblem(
            f"{source} {what}", help=f"put the secret there, and nothing else; `{place}` points there", code=CODE
        )
    return text


def _from_environment(name: str, place: str, environment: Mapping[str, str]) -> str:
    if name not in environment:
        raise EnvironmentProblem(
            f"environment variable `{name}` is not set",
            help=f"set it before you start; `{place}` in workspace.yaml names it",
            code=CODE,
        )
    return environment[name].strip("\r\n")


def _from_file(name: str, place: str, root: Path) -> str:
    def problem(what: str) -> EnvironmentProblem:
        return EnvironmentProblem(
            f"secret file `{name}` {what}",
            help=f"`{place}` in workspace.yaml names it, relative to the workspace",
            code=CODE,
        )

    try:
        path = os.path.realpath(root / name)
        if not lies_inside(Path(path), root):
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
