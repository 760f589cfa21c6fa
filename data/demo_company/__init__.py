"""The demo company: a believable retailer with known truth, generated at any size."""

from demo_company.folder import ForeignFiles, invented, remove, status, write
from demo_company.generator import generate

__all__ = ["ForeignFiles", "generate", "invented", "remove", "status", "write"]
