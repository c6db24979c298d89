"""The sandbox: a provider on this machine that sends nothing, checks everything and shows it.

It lives here and not among the doors because dispatch starts one itself when none is running.
"""

from campaign_dsl.run.sandbox.server import SandboxServer, find_sandbox
from campaign_dsl.run.sandbox.store import Counts, counts

__all__ = ["Counts", "SandboxServer", "counts", "find_sandbox"]
