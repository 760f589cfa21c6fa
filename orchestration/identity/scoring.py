"""The SQL that gives pairs of records their match weight, made from a model as Splink itself would make it."""

from collections.abc import Collection

from orchestration.identity.model import DECIMALS, Comparison, Level, Model


def weights_sql(model: Model, pairs: str, only: Collection[str] = ()) -> str:
    """Select left_record, right_record, weight and gamma_… of every pair in the table `pairs`.

    The weight is Splink's without its prior: the sum over comparisons (`only` some of them) of log2(m / u), where u of a
    frequent value is its share of people (Fellegi and Sunter 1969). Each term is rounded, so that sums are the same
    everywhere. Written here because Splink would have to be imported, and to compile its settings, in every run.
    """
    comparisons = [comparison for comparison in model.comparisons if not only or comparison.name in only]
    gammas = ",\n".join(_gamma(comparison) for comparison in comparisons)
    weights = "\n + ".join(_weight(comparison) for comparison in comparisons)
    kept = ", ".join(f"gamma_{comparison.name}" for comparison in comparisons)
    return f"""
        with sides as (
            select
                p.left_record, p.right_record,
                columns(l.* exclude (record_no, source_system, source_customer_id, fingerprint)) as '\\0_l',
                columns(r.* exclude (record_no, source_system, source_customer_id, fingerprint)) as '\\0_r'
            from {pairs} as p
            inner join identity.comparable as l on p.left_record = l.record_no
            inner join identity.comparable as r on p.right_record = r.record_no
        ),
        graded as (select *, {gammas} from sides)
        select left_record, right_record, round({weights}, {DECIMALS}) as weight, {kept} from graded
    """


def _gamma(comparison: Comparison) -> str:
    tried = " ".join(
        f"else {level.gamma}" if level.condition.upper() == "ELSE" else f"when {level.condition} then {level.gamma}"
        for level in comparison.levels
    )
    return f"cast(case {tried} end as tinyint) as gamma_{comparison.name}"


def _weight(comparison: Comparison) -> str:
    cases = " ".join(f"when {level.gamma} then {_level(level)}" for level in comparison.levels)
    return f"case gamma_{comparison.name} {cases} end"


def _level(level: Level) -> str:
    if level.frequency is None:
        return f"{level.weight}::double"
    share = f"greatest(tf_{level.frequency}_l, tf_{level.frequency}_r)"  # of two values the commoner; null: not listed
    return f"({level.weight}::double + coalesce(round(log2({level.chance} / {share}), {DECIMALS}), 0))"
