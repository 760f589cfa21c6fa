"""Publishing: the only step that makes a number public — write, check, switch, and keep the shelf tidy."""

from orchestration.publishing.publication import publish
from orchestration.publishing.verification import verify
from orchestration.publishing.versions import PublishedVersion, current_version

__all__ = ["PublishedVersion", "current_version", "publish", "verify"]
