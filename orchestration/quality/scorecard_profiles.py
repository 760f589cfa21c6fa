"""Are the scorecards fit to publish? Profiles of their lines, of department scores and of the agreed weights."""

import duckdb

from orchestration.quality.profiles import PERIOD, Profile, profile_of_faults, repeated

# Thirds of 100 in three decimals miss it by .001; nobody's agreement is off by less than this on purpose.
WEIGHT_TOLERANCE = 0.01

NOT_A_RAG = "v.rag is null or v.rag not in ('green', 'amber', 'red', 'grey')"


def _rows(table: str, measure: str, condition: str, figure: str, place: str) -> str:
    return f"""
        select v.org_unit_id as item, '{measure}' as measure, {place} as place, {figure} as figure
        from main.{table} as v
        where {condition}
    """


def scorecard_profile(connection: duckdb.DuckDBPyConnection) -> Profile:
    """Profile of `main.scorecards`; the item is the org unit, every measure a number of rows."""
    place = f"concat_ws(' ', v.org_unit_id, {PERIOD.format(t='v')}, v.kpi_id)"
    tests = {
        "unknown_verdict": (
            "v.verdict is null or v.verdict not in ('met', 'missed', 'uncertain', 'not_scored')",
            "'verdict ' || coalesce(v.verdict, 'missing')",
        ),
        "unknown_rag": (NOT_A_RAG, "'rag ' || coalesce(v.rag, 'missing')"),
        "attainment_out_of_bounds": ("not v.attainment between 0 and 120", "'attainment ' || v.attainment"),
    }
    faults = [_rows("scorecards", measure, *test, place) for measure, test in tests.items()]
    key = "v.org_unit_id, v.period_kind, v.period_start, v.kpi_id"
    faults.append(repeated("scorecards", key, "v.org_unit_id", place))
    return profile_of_faults(connection, "scorecards", _units("scorecards"), faults, (*tests, "duplicate_keys"))


def department_profile(connection: duckdb.DuckDBPyConnection) -> Profile:
    """Profile of `main.department_scores`; the item is the org unit, every measure a number of rows."""
    place = f"concat_ws(' ', v.org_unit_id, {PERIOD.format(t='v')})"
    tests = {
        "unknown_rag": (NOT_A_RAG, "'rag ' || coalesce(v.rag, 'missing')"),
        "score_out_of_bounds": ("not v.score between 0 and 120", "'score ' || v.score"),
    }
    faults = [_rows("department_scores", measure, *test, place) for measure, test in tests.items()]
    faults.append(repeated("department_scores", "v.org_unit_id, v.period_kind, v.period_start", "v.org_unit_id", place))
    return profile_of_faults(
        connection, "department_scores", _units("department_scores"), faults, (*tests, "duplicate_keys")
    )


def _units(table: str) -> str:
    return f"select distinct org_unit_id as item, org_unit_id as place from main.{table}"


def target_profile(connection: duckdb.DuckDBPyConnection) -> Profile:
    """Profile of the targets; the item is the org unit. weights_off: periods; misordered, unknown_kpi: rows.

    The place is the file and lines of the unit's targets that began by the period.
    """
    faults = f"""
        with sums as (
            select org_unit_id, period_kind, period_start, sum(weight) as weight, list(kpi_id order by kpi_id) as kpis
            from main.targets_in_force
            group by all
            having abs(sum(weight) - 100) > {WEIGHT_TOLERANCE}
        ),

        -- what is missing from a year or quarter may have been agreed for parts of it; these add up, or are named themselves
        faults as (
            select * from sums as s
            where s.weight > 100 or not exists (
                select 1 from main.targets_in_force as t
                where
                    t.org_unit_id = s.org_unit_id
                    and (t.period_kind = 'month' or (t.period_kind = 'quarter' and s.period_kind = 'year'))
                    and t.period_kind <> s.period_kind
                    and date_trunc(s.period_kind, t.period_start) = s.period_start
                    and not list_contains(s.kpis, t.kpi_id)
            )
        ),

        paths as (
            select delivery, min(path) as path from raw.deliveries where dataset = 'targets' group by delivery
        ),

        files as (
            select s.org_unit_id, s.period_kind, s.period_start, d.path, list_sort(list(t._line)) as lines
            from faults as s
            inner join main.stg_targets as t
                on s.org_unit_id = t.org_unit_id and t.period_start <= s.period_start
                and list_contains(s.kpis, t.kpi_id)
            inner join paths as d on t._delivery = d.delivery
            group by all
        ),

        places as (
            select
                org_unit_id, period_kind, period_start,
                string_agg(path || ' line ' || array_to_string(lines, ', '), '; ' order by path) as place
            from files
            group by all
        )

        select
            v.org_unit_id as item,
            'weights_off' as measure,
            coalesce(p.place, 'main.targets_in_force') as place,
            concat_ws(' ', v.org_unit_id, {PERIOD.format(t="v")} || ':', 'weights add up to', v.weight) as figure
        from faults as v
        left join places as p using (org_unit_id, period_kind, period_start)
    """
    lines = """
        select t.*, coalesce(d.path, 'main.stg_targets') || ' line ' || t._line as place
        from main.stg_targets as t
        left join (
            select delivery, min(path) as path from raw.deliveries where dataset = 'targets' group by delivery
        ) as d on t._delivery = d.delivery
    """
    misordered = f"""
        select t.org_unit_id, 'misordered', t.place, concat_ws(' ', t.kpi_id, 'is', k.direction)
        from ({lines}) as t
        inner join main.kpis as k on t.kpi_id = k.kpi_id
        where case k.direction
            when 'band' then t.threshold > t.band_low or t.band_low > t.band_high or t.band_high > t.stretch
            when 'lower' then t.threshold < t.target or t.target < t.stretch
            else t.threshold > t.target or t.target > t.stretch
        end
    """
    unknown = f"""
        select t.org_unit_id, 'unknown_kpi', t.place, t.kpi_id
        from ({lines}) as t
        where t.kpi_id not in (select kpi_id from main.kpis)
    """
    units = "select distinct org_unit_id as item, org_unit_id as place from main.stg_targets"
    measures = ("weights_off", "misordered", "unknown_kpi")
    return profile_of_faults(connection, "targets", units, [faults, misordered, unknown], measures)
