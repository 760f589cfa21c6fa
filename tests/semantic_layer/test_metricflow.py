"""What MetricFlow answers is what is published: `mf query` over the generated project against `kpi_values`."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner

from orchestration import dbt
from orchestration.cli import main
from orchestration.semantic_layer import beyond, queryable, write_project
from tests.conftest import CompanyRun

# What is compared, as MetricFlow and as the published table call it.
COMPANY = ("metric_time__month", "month", "all", None)
DEPARTMENTS = ("metric_time__quarter", "quarter", "all", "event__org_unit_level_1")
STORES = ("metric_time__year", "year", "all", "event__org_unit_level_2")
CHANNELS = ("metric_time__quarter", "quarter", "channel", "event__channel")
TIERS = ("metric_time__month", "month", "value_tier", "event__value_tier")
FACES = (COMPANY, DEPARTMENTS, STORES, CHANNELS, TIERS)


@pytest.fixture(scope="module")
def answers(demo_run: CompanyRun, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one CSV of MetricFlow's per face: every KPI, for the company with what it is made of."""
    folder = tmp_path_factory.mktemp("metricflow")
    told = CliRunner().invoke(main, ["metricflow", "--out", str(folder)], env={"LOYALTY_DATA": str(demo_run.data)})
    assert told.exit_code == 0, told.output
    assert f"{len(queryable(dbt.manifest()))} KPIs" in told.output and "latest: nps_relationship" in told.output
    kpis = queryable(dbt.manifest())
    queries = [
        ["--metrics", ",".join(name for kpi in kpis for name in metrics_of(kpi, face)),
         "--group-by", ",".join(filter(None, (face[0], face[3]))), "--csv", csv(number)]
        for number, face in enumerate(FACES)
    ]  # fmt: skip
    command = [sys.executable, str(Path(__file__).with_name("queries.py")), json.dumps(queries)]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3_000:] + done.stderr[-3_000:]
    return folder


def csv(number: int) -> str:
    return f"face_{number}.csv"


def metrics_of(kpi_id: str, face: tuple) -> tuple[str, ...]:
    parts = ("_numerator", "_denominator", "_n") if face == COMPANY else ()
    return kpi_id, *(kpi_id + part for part in parts)


def published(run: CompanyRun, face: tuple[str, str, str, str | None]) -> Iterator[tuple]:
    """kpi_id, key and value, numerator, denominator, n of the shown cells that this face of MetricFlow tells."""
    _, kind, dimension, group = face
    depth = {None: 0, "event__org_unit_level_1": 1, "event__org_unit_level_2": 2}.get(group, 0)
    rows = duckdb.execute(
        f"""
        select v.kpi_id, v.period_start, case when $depth > 0 then v.org_unit_id else v.slice_value end,
            v.value, v.numerator, v.denominator, v.n
        from '{run.published}/kpi_values.parquet' as v
        inner join '{run.published}/org_units.parquet' as u on v.org_unit_id = u.org_unit_id and u.depth = $depth
        where v.period_kind = $kind and v.slice_dimension = $dimension and v.status <> 'hidden'
            and v.kpi_id in (select unnest($kpis))
        """,
        {"depth": depth, "kind": kind, "dimension": dimension, "kpis": list(queryable(dbt.manifest()))},
    ).fetchall()
    for kpi_id, start, part, *numbers in rows:
        yield kpi_id, (start, part if group else None), numbers


def answered(folder: Path, number: int) -> dict[tuple, dict[str, float]]:
    found = duckdb.sql(f"from read_csv('{folder / csv(number)}', all_varchar = true)")
    rows = {}
    for row in found.fetchall():
        cells = dict(zip(found.columns, row, strict=True))
        start = duckdb.execute("select cast(cast(? as timestamp) as date)", [cells.pop(FACES[number][0])]).fetchone()
        part = cells.pop(FACES[number][3], None) if FACES[number][3] else None
        rows[(start[0] if start else None), part] = {name: float(text) for name, text in cells.items() if text}
    return rows


@pytest.mark.parametrize("number", range(len(FACES)), ids=["company", "departments", "stores", "channels", "tiers"])
def test_metricflow_says_what_is_published(demo_run: CompanyRun, answers: Path, number: int) -> None:
    rows, compared = answered(answers, number), set()
    for kpi_id, key, numbers in published(demo_run, FACES[number]):
        for metric, expected in zip(metrics_of(kpi_id, FACES[number]), numbers, strict=False):
            assert rows[key][metric] == pytest.approx(expected, rel=1e-9, abs=1e-9), (metric, key)
        compared.add(kpi_id)
    assert len(compared) >= 8, compared
    if number == FACES.index(COMPANY):
        shown = {kpi_id for kpi_id, *_ in published(demo_run, COMPANY)}
        assert compared == shown


def test_every_kpi_is_queryable_or_said_to_be_beyond(tmp_path: Path) -> None:
    """Only what adds over months and units is offered; the same twins write the same bytes."""
    manifest = dbt.manifest()
    twins = {n["name"] for n in manifest["nodes"].values() if "kpi" in (n["config"].get("meta") or {})}
    told = beyond(manifest)
    assert queryable(manifest).keys() | {kpi for kpis in told.values() for kpi in kpis} == twins
    assert set(told) == {"latest", "anchor", "as_of", "effect", "index"}
    first = {path: path.read_bytes() for path in write_project(manifest, tmp_path / "w.duckdb", 2, tmp_path)}
    (tmp_path / "models" / "a_kpi_of_yesterday.yml").touch()
    second = {path: path.read_bytes() for path in write_project(manifest, tmp_path / "w.duckdb", 2, tmp_path)}
    assert first == second and {*(tmp_path / "models").iterdir()} < first.keys()


def test_without_a_warehouse_the_command_says_what_to_do(tmp_path: Path) -> None:
    told = CliRunner().invoke(main, ["metricflow"], env={"LOYALTY_DATA": str(tmp_path)})
    assert told.exit_code == 2 and "loyalty run" in told.output
