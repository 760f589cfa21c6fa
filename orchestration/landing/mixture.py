"""A demo company's files beside a company's own: nobody could tell invented numbers from real ones afterwards."""

from orchestration.errors import ConfigurationError
from orchestration.folders import DataFolder


def refuse_mixture(folder: DataFolder) -> None:
    """Before anything is taken in.

    Raises:
        ConfigurationError: in landing/, or among what runs took from there, are files of the demo company and others.
    """
    from demo_company import ForeignFiles, status

    try:
        mixed = status(folder.root) == "mixed"
    except ForeignFiles as problem:
        raise ConfigurationError(str(problem)) from problem
    if mixed:
        raise ConfigurationError(
            f"{folder.root} holds the demo company's files and others, in landing/ or taken in by an earlier run; "
            "remove the demo company with: loyalty demo --remove"
        )
