{#- Cells of a KPI that adds effects of actions instead of what customers did: increments, costs and variances each add over
    the actions of a cell. `n` is the sum of the smaller arms; sum_yy holds the variance of Σy and sum_xx the spread from which
    its degrees of freedom follow (models/facts/action_increments.sql). Where the KPI is no return on cost, x is 1 for the
    whole cell, so that its value is the sum. -#}
{% macro effect_cells(kpi_id) -%}
{%- set per_cost = kpi_meta(kpi_id).get('per_cost', false) -%}
select
    '{{ kpi_id }}' as kpi_id,
    p.ancestor_id as org_unit_id,
    k.period_kind,
    k.period_start,
    'all' as slice_dimension,
    'all' as slice_value,
    cast(sum(e.smaller_arm) as bigint) as n,
    cast(0 as bigint) as n_weak,
    cast({{ 'sum' if per_cost else 'max' }}(e.x) as decimal(38, 9)) as sum_x,
    cast(sum(e.y) as decimal(38, 9)) as sum_y,
    {{ ordered_sum('e.spread', 'e.action_id') }} as sum_xx,
    cast(0 as double) as sum_xy,
    {{ ordered_sum('e.variance', 'e.action_id') }} as sum_yy,
    cast(max(e.x) as double) as max_x
from {{ ref(kpi_id) }} as e
inner join {{ ref('unit_paths') }} as p
    on e.org_unit_id = p.org_unit_id and e.path_day >= p.day_from and e.path_day < p.day_to
inner join {{ ref('periods') }} as k on e.event_day >= k.period_start and e.event_day < k.period_end
group by p.ancestor_id, k.period_kind, k.period_start
having {{ 'sum' if per_cost else 'max' }}(e.x) > 0
{%- endmacro %}
