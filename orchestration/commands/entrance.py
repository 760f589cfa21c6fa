"""The doctor's look at access.yml: both rooms are asked, which commands alone may do."""

from orchestration.doctor import Finding
from orchestration.folders import DataFolder


def who_may_enter(folder: DataFolder) -> Finding:
    """Whether access.yml can be read, and names units that the published organisation knows; never a person."""
    from scorecard_app.access.rules import NAME, AccessError, read_rules, unknown_units
    from scorecard_app.published import Damaged, NothingPublished, Published, resolve

    path = folder.root / NAME
    if not path.exists():
        return Finding(NAME, True, "none: nobody can sign in; loyalty app --local needs none")
    try:
        people = len(read_rules(path).people)
        version = Published(resolve(folder.root), everything=True)
        known = {
            row["org_unit_id"] for table in ("org_units", "org_unit_paths") for row in version.rows(f"from {table}")
        }
        problems = unknown_units(path, known)
    except AccessError as problem:
        return Finding(NAME, False, str(problem))
    except (NothingPublished, Damaged):  # the organisation comes with the first version; verify tells of a damaged one
        problems = []
    return Finding(NAME, not problems, "\n".join(problems) or f"{path}: people {people}")
