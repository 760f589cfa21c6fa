"""Named questions to a version's public tables. Who may see which answer is the concern of whoever executes them."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import duckdb

Row = dict[str, Any]
OUTSIDE = "outside_campaigns"  # what a score rests on where enough happened there


def fetch(connection: duckdb.DuckDBPyConnection, query: str, parameters: Mapping[str, object]) -> list[Row]:
    """Rows as dictionaries by column."""
    found = connection.execute(query, dict(parameters) or None)
    names = [column[0] for column in found.description or ()]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


@dataclass(frozen=True)
class About:
    """What the manifest says of the version as a whole; times are UTC, `code` is the manifest's entry."""

    name: str
    as_of: datetime
    digest: str
    demo: bool
    company: str
    timezone: str
    currency: str
    language: str
    code: Row


class Queries(ABC):
    """Questions over `rows`, which the reader of a version provides."""

    about: About

    @abstractmethod
    def rows(self, query: str, **parameters: object) -> list[Row]:
        """The query's rows as dictionaries; values only ever enter as `$name` parameters."""

    def kpis(self) -> dict[str, Row]:
        """The catalogue by kpi_id."""
        return {row["kpi_id"]: row for row in self.rows("from kpis order by kpi_id")}

    def labels(self) -> dict[str, Row]:
        """Texts of codes by code."""
        return {row["code"]: row for row in self.rows("from labels")}

    def units(self) -> dict[str, Row]:
        """Org units by id, every unit right after its parent's branch begins: the tree as one reads it.

        A unit whose parent is not to be seen stands at the top.
        """
        rows = self.rows("from org_units order by depth, function nulls last, org_unit_id")
        there = {row["org_unit_id"] for row in rows}
        children: dict[str | None, list[Row]] = {}
        for row in rows:
            parent = row["parent_org_unit_id"]
            children.setdefault(parent if parent in there else None, []).append(row)
        ordered: dict[str, Row] = {}
        waiting = list(reversed(children.get(None, [])))
        while waiting:
            unit = waiting.pop()
            ordered[unit["org_unit_id"]] = unit
            waiting += reversed(children.get(unit["org_unit_id"], []))
        return ordered

    def periods(self, period_kind: str) -> dict[date, bool]:
        """Periods of a kind, newest first, with whether each is complete."""
        found = self.rows(
            "select period_start, not bool_or(status = 'provisional') as complete from kpi_values "
            "where period_kind = $kind group by period_start order by period_start desc",
            kind=period_kind,
        )
        return {row["period_start"]: row["complete"] for row in found}

    def agreed(self, unit: str, period_kind: str, start: date) -> list[Row]:
        """The scorecard's rows, heaviest first, with the state of the cell each was measured in."""
        return self.rows(
            "select s.*, v.status, v.weak_share from scorecards as s left join kpi_values as v "
            "on v.kpi_id = s.kpi_id and v.org_unit_id = s.measured_org_unit_id and v.period_kind = s.period_kind "
            "and v.period_start = s.period_start and v.slice_dimension = 'all' "
            "where s.org_unit_id = $unit and s.period_kind = $kind and s.period_start = $start "
            "order by s.weight desc, s.kpi_id",
            unit=unit, kind=period_kind, start=start,
        )  # fmt: skip

    def measured(self, unit: str, period_kind: str, start: date) -> list[Row]:
        """Every KPI's cell of a unit and period, without slices."""
        return self.rows(
            "from kpi_values where org_unit_id = $unit and period_kind = $kind and period_start = $start "
            "and slice_dimension = 'all' order by kpi_id",
            unit=unit, kind=period_kind, start=start,
        )  # fmt: skip

    def behind(self, row: Row, period_kind: str, start: date) -> Row | None:
        """The cell that a scorecard's row, or a measured one, rests on: outside campaigns where it is scored so."""
        if row.get("basis") != OUTSIDE:
            cells = self.measured(row["measured_org_unit_id"], period_kind, start)
            return next((cell for cell in cells if cell["kpi_id"] == row["kpi_id"]), None)
        found = self.rows(
            "from kpi_values where kpi_id = $kpi and org_unit_id = $unit and period_kind = $kind "
            "and period_start = $start and slice_dimension = 'campaign' and slice_value = 'outside'",
            kpi=row["kpi_id"], unit=row["measured_org_unit_id"], kind=period_kind, start=start,
        )  # fmt: skip
        return found[0] if found else None

    def last_scope(self, unit: str, period_kind: str, start: date) -> dict[str, str]:
        """Where each agreed KPI of the unit was measured in its newest scorecard before `start`: kpi_id → unit."""
        found = self.rows(
            "select kpi_id, measured_org_unit_id from scorecards where org_unit_id = $unit and period_kind = $kind "
            "and period_start = (select max(period_start) from scorecards where org_unit_id = $unit "
            "and period_kind = $kind and period_start < $start) order by weight desc, kpi_id",
            unit=unit, kind=period_kind, start=start,
        )  # fmt: skip
        return {row["kpi_id"]: row["measured_org_unit_id"] for row in found}

    def score(self, unit: str, period_kind: str, start: date) -> Row | None:
        """The unit's score row, or None where no scorecard was due."""
        found = self.rows(
            "from department_scores where org_unit_id = $unit and period_kind = $kind and period_start = $start",
            unit=unit, kind=period_kind, start=start,
        )  # fmt: skip
        return found[0] if found else None

    def scores_below(self, unit: str, period_kind: str, start: date) -> dict[str, Row]:
        """Score rows of the units directly below, by unit."""
        found = self.rows(
            "select d.* from department_scores as d inner join org_units as u on u.org_unit_id = d.org_unit_id "
            "where u.parent_org_unit_id = $unit and d.period_kind = $kind and d.period_start = $start",
            unit=unit, kind=period_kind, start=start,
        )  # fmt: skip
        return {row["org_unit_id"]: row for row in found}

    def trend(self, kpi_id: str, unit: str, measured_unit: str) -> list[Row]:
        """A KPI's monthly cells at the measured unit, oldest first, with the target the unit had agreed."""
        return self.rows(
            "select v.period_start, v.value, v.ci_low, v.ci_high, v.n, v.status, s.target from kpi_values as v "
            "left join scorecards as s on s.kpi_id = v.kpi_id and s.org_unit_id = $unit "
            "and s.period_kind = 'month' and s.period_start = v.period_start "
            "where v.kpi_id = $kpi and v.org_unit_id = $measured and v.period_kind = 'month' "
            "and v.slice_dimension = 'all' order by v.period_start",
            kpi=kpi_id, unit=unit, measured=measured_unit,
        )  # fmt: skip

    def received(self) -> Row:
        """How many deliveries and rows the version rests on, and how many rows were refused."""
        return self.rows(
            "select count(*) as deliveries, coalesce(sum(received), 0)::bigint as received, "
            "coalesce(sum(quarantined), 0)::bigint as quarantined from data_quality"
        )[0]
