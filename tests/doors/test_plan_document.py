"""`plan.json` is what its schema says."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from commandline import Done
from jsonschema import Draft202012Validator

from campaign_dsl.compile.plan.schema import plan_schema


def test_the_document_validates_and_its_digest_is_true(campaign: Callable[..., Done], shop: Path) -> None:
    import hashlib

    assert campaign("compile", "birthday_gift", "-o", "build").code == 0
    document = json.loads((shop / "build/birthday_gift.plan.json").read_text("utf-8"))
    Draft202012Validator.check_schema(plan_schema())
    Draft202012Validator(plan_schema()).validate(document)
    text = json.dumps(document["plan"], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert document["digest"] == "sha256:" + hashlib.sha256(text.encode()).hexdigest()
    assert campaign("plan", "birthday_gift", "--json").json["digest"] == document["digest"]


@pytest.mark.seed("S2-14")
def test_any_byte_changes_the_digest(campaign: Callable[..., Done], shop: Path) -> None:
    digests = {campaign("plan", "birthday_gift", "--json").json["digest"]}
    for name in ("birthday_gift.campaign", "catalog.yaml", "workspace.yaml", "audiences.campaign", "vip.csv"):
        file = shop / name
        file.write_text(file.read_text("utf-8") + "# a note\n", "utf-8")
        digests.add(campaign("plan", "birthday_gift", "--json").json["digest"])
    assert len(digests) == 5
