"""Hand-made companies for the oracle's own tests: deliveries written as tables in the test itself."""

from datetime import UTC, datetime
from pathlib import Path

from .company import load_company
from .read import Landing, load

AS_OF = datetime(2025, 1, 10, 4, tzinfo=UTC)


def deliver(data: Path, dataset: str, table: str, name: str = "delivery.csv") -> Path:
    """Write a table (cells separated by |, a line per row, the header first) as one CSV delivery."""
    lines = [",".join(cell.strip() for cell in line.split("|")) for line in table.strip().splitlines()]
    path = data / "landing" / dataset / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def landed(data: Path, as_of: datetime = AS_OF) -> Landing:
    """The folder's rows in use."""
    return load(data, load_company(data / "company.yml"), as_of)
