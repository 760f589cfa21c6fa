"""The exception tree: every error a user can cause says what is wrong, where, and what mends it."""

from collections.abc import Iterator


class LoyaltyError(Exception):
    """Base of all errors meant for a person; `exit_status` is what the command line returns."""

    exit_status = 1


class ConfigurationError(LoyaltyError):
    """Wrong usage or configuration: company.yml, arguments, environment."""

    exit_status = 2


class DeliveryError(LoyaltyError):
    """A delivered file that cannot be read at all."""


class PublishingError(LoyaltyError):
    """A version could not be written, verified or switched to."""


class WarehouseDamaged(LoyaltyError):
    """The warehouse file can't be opened; nothing is lost, since it is made of what lies elsewhere."""


class LockHeld(LoyaltyError):
    """Another run holds the warehouse."""


def causes(problem: BaseException | None) -> Iterator[BaseException]:
    """The error, what caused it, what caused that, and so on."""
    seen: set[int] = set()
    while problem is not None and id(problem) not in seen:
        seen.add(id(problem))
        yield problem
        problem = problem.__cause__ or (None if problem.__suppress_context__ else problem.__context__)
