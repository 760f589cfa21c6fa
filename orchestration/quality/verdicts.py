"""What a gate found: checks, findings, and how they read in a terminal."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from orchestration.quality.suites import Check

if TYPE_CHECKING:
    from great_expectations.core import ExpectationSuiteValidationResult

SHOWN = 8


@dataclass(frozen=True)
class Finding:
    """One place where a check fails: `place` is a file and line or a cell, `figure` what was found there."""

    place: str
    figure: str


@dataclass(frozen=True)
class Outcome:
    """One check of one subject over all its items."""

    subject: str
    check: Check
    items: int
    failed_items: int
    findings: tuple[Finding, ...]

    @property
    def passed(self) -> bool:
        return not self.failed_items

    @property
    def name(self) -> str:
        """The check's name among all checks of all subjects."""
        return f"{self.subject}_{self.check.name}"

    def lines(self) -> Iterator[str]:
        """Terminal lines of a failed check: what, where, what to do."""
        word = "BLOCKED" if self.check.severity == "block" else "warning"
        yield f"{word}  {self.name}: {self.check.meaning}"
        for finding in self.findings[:SHOWN]:
            yield f"    {finding.place}" + (f": {finding.figure}" if finding.figure else "")
        if len(self.findings) > SHOWN:
            yield f"    … {len(self.findings) - SHOWN} more places"
        yield f"    → {self.check.remedy}"


@dataclass(frozen=True)
class Verdict:
    """All outcomes of one gate; `validations` are Great Expectations' own results by subject, for its Data Docs."""

    gate: str
    outcomes: tuple[Outcome, ...]
    validations: Mapping[str, "ExpectationSuiteValidationResult"] = field(
        default_factory=dict, compare=False, repr=False
    )

    @property
    def blocking(self) -> tuple[Outcome, ...]:
        """Failed checks that forbid going on."""
        return tuple(o for o in self.outcomes if not o.passed and o.check.severity == "block")

    @property
    def warnings(self) -> tuple[Outcome, ...]:
        """Failed checks that a person should know of."""
        return tuple(o for o in self.outcomes if not o.passed and o.check.severity == "warn")

    @property
    def passed(self) -> bool:
        """Whether nothing blocks."""
        return not self.blocking

    def text(self) -> str:
        """For the terminal: what blocks first, then warnings, each with its places and remedy."""
        failed = (*self.blocking, *self.warnings)
        total = f"{len(self.outcomes)} checks, {len(self.blocking)} blocking, {len(self.warnings)} warnings"
        return "\n".join([f"Gate {self.gate}: {total}", *(line for o in failed for line in o.lines())])
