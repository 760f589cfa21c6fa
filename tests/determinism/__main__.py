"""`python -m tests.determinism DATA`: exit status 0 where nothing is refused, 1 with a line per finding, 2 without a build."""

import sys
from pathlib import Path

from orchestration import dbt
from orchestration.errors import LoyaltyError
from orchestration.folders import REPOSITORY
from tests.determinism.compiled import project_findings
from tests.determinism.python_sql import python_findings


def refused(data: Path) -> list[str]:
    """A message per finding, in the dbt project as built in the company folder `data` and in orchestration's strings."""
    found = list(project_findings(dbt.manifest(), data))
    for path in sorted((REPOSITORY / "orchestration").glob("**/*.py")):
        found += [finding.at(f"{path.relative_to(REPOSITORY)}:{finding.line}") for finding in python_findings(path)]
    return list(dict.fromkeys(found))  # a macro's line is refused once, however many models use it


def main(data: Path) -> int:
    """Print what is refused; the exit status."""
    try:
        found = refused(data)
    except LoyaltyError as error:
        print(error, file=sys.stderr)
        return 2
    print("\n".join(found) or "determinism: nothing refused")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).absolute()))
