"""Dispatch: take what is due out of the outbox and hand it to providers, each message at most once where it matters."""

from campaign_dsl.run.dispatch.dispatcher import DispatchReport, dispatch

__all__ = ["DispatchReport", "dispatch"]
