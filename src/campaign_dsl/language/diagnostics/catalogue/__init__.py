"""Every code a message can carry: what it means, why it matters, what to do. Codes are never reused.

Each family has a file. A test runs the examples, and sees that each code in the source has an entry and each entry
a use.
"""

from __future__ import annotations

from campaign_dsl.language.diagnostics.catalogue.audiences import AUDIENCES
from campaign_dsl.language.diagnostics.catalogue.behavior import BEHAVIOR
from campaign_dsl.language.diagnostics.catalogue.campaigns import CAMPAIGNS
from campaign_dsl.language.diagnostics.catalogue.catalog import CATALOG
from campaign_dsl.language.diagnostics.catalogue.content import CONTENT
from campaign_dsl.language.diagnostics.catalogue.files import FILES
from campaign_dsl.language.diagnostics.catalogue.messages import MESSAGES
from campaign_dsl.language.diagnostics.catalogue.model import Code, Kind
from campaign_dsl.language.diagnostics.catalogue.names import NAMES
from campaign_dsl.language.diagnostics.catalogue.outcomes import OUTCOMES
from campaign_dsl.language.diagnostics.catalogue.running import DATA, ENVIRONMENT, GATES, LEDGER
from campaign_dsl.language.diagnostics.catalogue.syntax import SYNTAX
from campaign_dsl.language.diagnostics.catalogue.tables import TABLES
from campaign_dsl.language.diagnostics.catalogue.values import TYPES
from campaign_dsl.language.diagnostics.catalogue.workspace import WORKSPACE
from campaign_dsl.language.diagnostics.catalogue.yaml import YAML

__all__ = ["CODES", "FAMILIES", "Code", "Kind"]

FAMILIES: dict[str, tuple[str, tuple[Code, ...]]] = {
    "SRC": ("Files", FILES),
    "SYN": ("Syntax of campaigns", SYNTAX),
    "YML": ("YAML", YAML),
    "NAM": ("Names", NAMES),
    "TYP": ("Types", TYPES),
    "CMP": ("Campaigns", CAMPAIGNS),
    "AUD": ("Audiences", AUDIENCES),
    "BEH": ("Behavior", BEHAVIOR),
    "OUT": ("Outcomes", OUTCOMES),
    "MSG": ("Messages", MESSAGES),
    "CNT": ("Content of messages", CONTENT),
    "CAT": ("The catalog", CATALOG),
    "WSP": ("The workspace", WORKSPACE),
    "GATE": ("Gates", GATES),
    "DAT": ("Data", (*DATA, *TABLES)),
    "LED": ("The ledger", LEDGER),
    "ENV": ("The environment", ENVIRONMENT),
}
"""Families in the order of the index: what each is about, and its codes."""

CODES: dict[str, Code] = {code.code: code for _, codes in FAMILIES.values() for code in codes}
"""All codes."""
