"""Every page of the app: where it is, what it is called, who may open it. A page that is not here does not exist."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

from scorecard_app.access.roles import EVERYONE, NUMBERS, Role
from scorecard_app.view import View

MANAGERS = frozenset({Role.HEAD, Role.EXECUTIVE})


@dataclass(frozen=True)
class Page:
    """A page: `name` is its address, its module in `views` and, after `page_`, its title in the catalogue."""

    name: str
    section: str
    icon: str
    roles: frozenset[Role]
    needs_period: bool = True
    needs_company: bool = False  # its tables have no unit: nothing on it for whoever doesn't see the whole company

    @property
    def title(self) -> str:
        """The title's key in the catalogue."""
        return f"page_{self.name}"

    def draw(self) -> Callable[[View], None]:
        """The module's `page`; imported when first opened."""
        return import_module(f"scorecard_app.views.{self.name}").page


# In the order of the sidebar; the first that a viewer may open is the one that opens by itself.
PAGES = (
    Page("scorecard", "section_read", ":material/speed:", NUMBERS),
    Page("company", "section_read", ":material/domain:", NUMBERS),
    Page("appraisal", "section_read", ":material/assignment_turned_in:", frozenset({Role.HR})),
    Page("diagnose", "section_understand", ":material/troubleshoot:", MANAGERS),
    Page("journey", "section_understand", ":material/route:", MANAGERS),
    Page("engines", "section_understand", ":material/bolt:", MANAGERS),
    Page("economics", "section_understand", ":material/savings:", MANAGERS, needs_company=True),
    Page("customer", "section_serve", ":material/person_search:", frozenset({Role.CARE}), needs_period=False),
    Page("handbook", "section_trust", ":material/menu_book:", EVERYONE, needs_period=False),
    Page("quality", "section_trust", ":material/fact_check:", MANAGERS | {Role.HR, Role.ADMIN}, needs_period=False),
    Page("sessions", "section_admin", ":material/key:", frozenset({Role.ADMIN}), needs_period=False),
)


def open_to(roles: frozenset[Role], sees_company: bool) -> tuple[Page, ...]:
    """The pages of someone with these roles."""
    return tuple(page for page in PAGES if page.roles & roles and (sees_company or not page.needs_company))


def section(pages: tuple[Page, ...]) -> dict[str, list[Page]]:
    """Pages by section, in order."""
    found: dict[str, list[Page]] = {}
    for page in pages:
        found.setdefault(page.section, []).append(page)
    return found


__all__ = ["EVERYONE", "MANAGERS", "PAGES", "Page", "open_to", "section"]
