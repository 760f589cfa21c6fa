"""Who is whom: clusters of records, and customer ids that stay the same from run to run."""

from orchestration.identity.resolve import IdentityReport, resolve
from orchestration.identity.state import prepare, states_folder

__all__ = ["IdentityReport", "prepare", "resolve", "states_folder"]
