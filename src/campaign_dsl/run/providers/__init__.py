"""Providers: messages in, HTTP requests out; HTTP answers in, one of four results out. `protocol` says how."""

from campaign_dsl.run.providers.loading import load_provider, load_sandboxed, provider_kinds
from campaign_dsl.run.providers.protocol import (
    Accepted,
    Capability,
    Failure,
    Item,
    ItemsRejected,
    Package,
    Provider,
    Refused,
    RefusedRetryable,
    RejectedItem,
    Request,
    Response,
    Result,
    Secrets,
    Unknown,
)
from campaign_dsl.run.providers.sandbox import SandboxProvider
from campaign_dsl.run.providers.secrets import WorkspaceSecrets, sandbox_secrets

__all__ = [
    "Accepted",
    "Capability",
    "Failure",
    "Item",
    "ItemsRejected",
    "Package",
    "Provider",
    "Refused",
    "RefusedRetryable",
    "RejectedItem",
    "Request",
    "Response",
    "Result",
    "SandboxProvider",
    "Secrets",
    "Unknown",
    "WorkspaceSecrets",
    "load_provider",
    "load_sandboxed",
    "provider_kinds",
    "sandbox_secrets",
]
