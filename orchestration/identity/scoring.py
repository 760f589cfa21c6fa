"""The SQL that gives pairs of records their match weight, made from a model as Splink itself would make it."""

import math
import re
from collections import Counter
from collections.abc import Collection

from orchestration.identity.model import DECIMALS, Comparison, Level, Model

_CALL = re.compile(r"\b(?:jaro_winkler_similarity|damerau_levenshtein|list_has_any)\([\w\[\]]+, [\w\[\]]+\)")
_CASE = re.compile(r"\bCASE\b(?:(?!\bCASE\b).)*?\bEND\b")
_DEAR = "damerau_levenshtein"
_ONE_EDIT = re.compile(rf"(?<!\w){_DEAR}\((\w+), (\w+)\) = 1\b")
_MANY = 3
"""Calls of the dear function from which on a comparison is worth a look at which pairs still need it."""


def weights_sql(model: Model, pairs: str, only: Collection[str] = (), floor: float | None = None) -> str:
    """Select left_record, right_record, weight and gamma_… of every pair in the table `pairs`, or of those from `floor` on.

    The weight is Splink's without its prior: the sum over comparisons (`only` some of them) of log2(m / u), where u of a
    frequent value is its share of people (Fellegi and Sunter 1969). Each term is rounded, so that sums are the same
    everywhere. Written here because Splink would have to be imported, and to compile its settings, in every run.

    What several levels ask is computed once. Dear comparisons come last, and a pair doesn't come to them that their best
    outcome can't lift to `floor`.
    """
    chosen = [comparison for comparison in model.comparisons if not only or comparison.name in only]
    waiting = sorted(chosen, key=_dearness)
    reused = {call: f"reused_{place}" for place, call in enumerate(_asked_again(chosen))}
    new, stages = dict(reused), [_sides(pairs, [] if floor is None else chosen, model)]
    weight = "0.0::double"
    while waiting:
        comparison = waiting.pop(0)
        calls = [call for call in new if call in _text([comparison])]
        columns = "".join(f", {_once(call)} as {new.pop(call)}" for call in calls)
        name = comparison.name
        stages.append(f"asked_{name} as (select *{columns} from {_last(stages)})")
        stages.append(f"graded_{name} as (select *, {_gamma(comparison, reused)} from {_last(stages)})")
        weight += f" + {_weight(comparison)}"
        if floor is not None and waiting and _dearness(waiting[0]) >= _MANY:
            hope = " + ".join(f"hope_{later.name}" for later in waiting)
            stages.append(f"summed_{name} as (select *, {weight} as sum_{name} from {_last(stages)})")
            kept = f"round(sum_{name} + {hope}, {DECIMALS}) >= {floor}"
            stages.append(f"hopeful_{name} as (select * from {_last(stages)} where {kept})")
            weight = f"sum_{name}"
    gammas = ", ".join(f"gamma_{comparison.name}" for comparison in chosen)
    return f"""
        with {", ".join(stages)}
        select * from (
            select left_record, right_record, round({weight}, {DECIMALS}) as weight, {gammas} from {_last(stages)}
        )
        {"" if floor is None else f"where weight >= {floor}"}
    """


def _sides(pairs: str, hoped: Collection[Comparison], model: Model) -> str:
    described = "* exclude (record_no, source_system, source_customer_id, fingerprint)"
    hopes = "".join(f", {_hope(comparison, model)}" for comparison in hoped)
    return f"""sides as (
            select
                p.left_record, p.right_record,
                columns(l.{described}) as '\\0_l', columns(r.{described}) as '\\0_r'
            from {pairs} as p
            inner join identity.comparable as l on p.left_record = l.record_no
            inner join identity.comparable as r on p.right_record = r.record_no
        ),
        hoping as (select *{hopes} from sides)"""


def _last(stages: list[str]) -> str:
    """What the last stage is called."""
    return "hoping" if len(stages) == 1 else stages[-1].partition(" ")[0]


def _text(comparisons: Collection[Comparison]) -> str:
    return "\n".join(level.condition for comparison in comparisons for level in comparison.levels)


def _dearness(comparison: Comparison) -> int:
    return _text([comparison]).count(_DEAR)


def _once(call: str) -> str:
    """The call, spared where both texts are the same."""
    if not call.startswith(_DEAR):
        return call
    return f"case when {call.removeprefix(_DEAR).strip('()').replace(', ', ' = ')} then 0 else {call} end"


def _asked_again(comparisons: Collection[Comparison]) -> list[str]:
    """Calls that stand in more than one place; not those which a CASE spares most pairs."""
    text, spared = _text(comparisons), 1
    while spared:
        text, spared = _CASE.subn("", text)
    return sorted(call for call, times in Counter(_CALL.findall(text)).items() if times > 1)


def _hope(comparison: Comparison, model: Model) -> str:
    """The most that a comparison can add: nothing where a value is missing."""
    found = [0.0]
    for level in comparison.levels:
        shares = model.frequencies.get(level.frequency, {}).values() if level.frequency else ()
        rarest = max((math.log2(level.chance / share) for share in shares if share > 0), default=0.0)
        found.append(level.weight + max(0.0, round(rarest, DECIMALS)))
    best = f"{max(found)}::double"
    missing = " or ".join(f"({level.condition})" for level in comparison.levels if level.gamma == -1)
    if missing and max(found) > 0:
        best = f"case when {missing} then 0 else {best} end"
    return f"{best} as hope_{comparison.name}"


def _gamma(comparison: Comparison, reused: dict[str, str]) -> str:
    tried = " ".join(
        f"else {level.gamma}" if level.condition.upper() == "ELSE" else f"when {level.condition} then {level.gamma}"
        for level in comparison.levels
    )
    tried = _CALL.sub(lambda call: reused.get(call[0], call[0]), tried)
    tried = _ONE_EDIT.sub(_one_edit, tried)
    return f"cast(case {tried} end as tinyint) as gamma_{comparison.name}"


def _one_edit(call: re.Match[str]) -> str:
    """An edit or a swap leaves all but two neighbours as they are: the first or the last half of the rest is the same."""
    left, right = call[1], call[2]
    half = f"(least(length({left}), length({right})) - 1) // 2"
    same = " or ".join(f"{end}({left}, {half}) = {end}({right}, {half})" for end in ("left", "right"))
    return f"(({same}) and {call[0]})"


def _weight(comparison: Comparison) -> str:
    cases = " ".join(f"when {level.gamma} then {_level(level)}" for level in comparison.levels)
    return f"case gamma_{comparison.name} {cases} end"


def _level(level: Level) -> str:
    if level.frequency is None:
        return f"{level.weight}::double"
    share = f"greatest(tf_{level.frequency}_l, tf_{level.frequency}_r)"  # of two values the commoner; null: not listed
    return f"({level.weight}::double + coalesce(round(log2({level.chance} / {share}), {DECIMALS}), 0))"
