"""Both parsers of PyYAML, and a reader that does not forgive its own mistakes."""

from __future__ import annotations

import pytest
import yaml

from campaign_dsl.language.source import yaml as reader

PARSERS = {"c": getattr(yaml, "CSafeLoader", None), "python": yaml.SafeLoader}


@pytest.fixture(autouse=True)
def exact(monkeypatch):
    """Where our reading of a scalar differs from PyYAML's, users get an imprecise place and tests an error."""

    def fail(source, start, end, value):
        raise AssertionError(
            f"read {source.text[start:end][:200]!r} differently from PyYAML, which says {value[:200]!r}"
        )

    monkeypatch.setattr(reader, "imprecise", fail)


@pytest.fixture(params=[name for name, loader in PARSERS.items() if loader is not None])
def parser(request, monkeypatch):
    """Runs a test with the C parser and with the Python parser."""
    monkeypatch.setattr(reader, "_events", lambda text: yaml.parse(text, Loader=PARSERS[request.param]))
    return request.param
