"""How well each unit truly treats its customers, and how that becomes a score."""

import numpy as np

from demo_company.company import CS_UNITS, STORES, UNIT_CODE, UNITS, Company

# The one department that truly gets better: its quality runs from the first to the second figure over the covered time.
IMPROVING, FROM, TO = "CS", -0.35, 0.45
_FIXED = {"ECM-WEB": -0.12, "ECM-APP": 0.1, "ECM-MINI": 0.0}


def quality(company: Company, unit: np.ndarray, at: np.ndarray) -> np.ndarray:
    """True quality of a unit at a time, in points of a 1–5 scale around the company's level."""
    level = np.zeros(len(UNITS))
    for code, store in enumerate(STORES):
        level[code] = store[5]
    for name, value in _FIXED.items():
        level[UNIT_CODE[name]] = value
    calendar = company.calendar
    progress = (at - calendar.start) / (calendar.stop - calendar.start)
    improving = np.isin(unit, [UNIT_CODE[name] for name in (*CS_UNITS, IMPROVING)])
    return np.where(improving, FROM + (TO - FROM) * progress, level[unit])


def score(centre: np.ndarray, spread: float, low: int, high: int, rng: np.random.Generator) -> np.ndarray:
    """Whole-number answers on a scale around a latent centre."""
    return np.clip(np.rint(centre + rng.normal(0, spread, len(centre))), low, high).astype(np.int64)
