{#- The one shape of all KPIs: rows per sampling unit become cells of period × org node × slice with exact sums.
    Every row is first counted as if it were a sampling unit of its own: such sums add up. Where the KPI's `adds` (its
    YAML twin) lets a unit have many rows, those that share a cell are then taken out and put back as one
    (macros/repeated_units.sql).
    A battery (a KPI that keeps a unit's latest response and is cut into items) has rows for the whole and rows per item:
    each are counted apart, the latter for slice `item` alone.
    Slice `all` exists for every node and period, the slices that the twin names for companies and departments, months
    and quarters. Until the end a row's slices are two numbers, one per bundle (macros/slices.sql). -#}
{% macro kpi_cells(kpi_id) -%}
{%- set slices = kpi_meta(kpi_id).get('slices', []) -%}
{%- if kpi_meta(kpi_id).get('adds') == 'latest' and 'item' in slices -%}
{{ cells_of(kpi_id, '(select * from ' ~ ref(kpi_id) ~ ' where item is null)', slices | reject('equalto', 'item') | list) }}
union all
{{ cells_of(kpi_id, '(select * from ' ~ ref(kpi_id) ~ ' where item is not null)', ['item']) }}
where slice_dimension = 'item'
{%- else -%}
{{ cells_of(kpi_id, ref(kpi_id), slices) }}
{%- endif -%}
{%- endmacro %}

{% macro cells_of(kpi_id, relation, slices) -%}
{%- set bundles = slice_bundles(slices) -%}
{%- set adds = kpi_meta(kpi_id).get('adds') -%}
{%- set repeats = adds not in ('once', 'as_of', 'index') -%}
{%- if adds == 'effect' -%}
{{ effect_cells(kpi_id) }}
{%- else -%}
select * from (
    with dated as (
        select
            *
            {%- for kind in ['month', 'quarter', 'year'] %},
            cast(date_trunc('{{ kind }}', event_day) as date) as {{ kind }}_start
            {%- endfor %}
        from {{ relation }} as unit_dates
    ),

    sliced as materialized ({{ sliced_rows('dated', slices) }}),
    {% for bundle in bundles %}
    words_of_{{ bundle.key }} as materialized (
        select distinct {{ bundle.key }}, {{ bundle.dimensions | join(', ') }}
        from sliced
    ),
    {% endfor %}
    placed as (
        select
            p.ancestor_no as node_no,
            s.sampling_unit,
            s.is_weak,
            s.x,
            s.y,
            {{ 's.place,' if adds in ('latest', 'anchor') }}
            {%- for bundle in bundles %}
            -- cells of small units are not sliced
            case when l.node_no is not null then s.{{ bundle.key }} end as {{ bundle.key }},
            {%- endfor %}
            s.month_start,
            s.quarter_start,
            s.year_start
        from sliced as s
        inner join {{ ref('unit_paths') }} as p
            on s.org_unit_id = p.org_unit_id and s.path_day >= p.day_from and s.path_day < p.day_to
        {%- if bundles %}
        left join ({{ large_nodes() }}) as l on p.ancestor_no = l.node_no
        {%- endif %}
    ),

    months as materialized (
        select node_no, month_start, {% for bundle in bundles %}{{ bundle.key }}, {% endfor %}{{ numbers(kpi_id) }}
        from placed
        group by node_no, month_start{% for bundle in bundles %}, {{ bundle.key }}{% endfor %}
    ),

    row_sums as (
        {% for kind in ['month', 'quarter', 'year'] %}
        {%- for bundle in [none] + bundles if not (bundle and kind == 'year') %}
        {%- set dimensions = bundle.dimensions if bundle else [] %}
        {{ 'union all' if not (loop.first and kind == 'month') }}
        select node_no, {{ cell_key(kind, 'period_start', dimensions) }}, {{ added() }}
        from (
            select m.*, cast(date_trunc('{{ kind }}', m.month_start) as date) as period_start{{ ', ' ~ dimensions | join(', ') if dimensions }}
            from months as m
            {%- if dimensions %}
            inner join words_of_{{ bundle.key }} using ({{ bundle.key }})
            {%- endif %}
        ) as dated
        {%- if adds == 'as_of' and kind != 'month' %}
        -- a state has no quarter or year but in their last month
        where extract(month from month_start) % {{ {'quarter': 3, 'year': 12}[kind] }} = 0
        {%- endif %}
        group by {{ cell_sets('period_start', dimensions) }}
        {%- endfor %}
        {%- endfor %}
    ){{ ',' if repeats }}

    {% if repeats -%}
    {{ repeated_units(kpi_id, bundles) }}
    {%- endif %}

    select
        '{{ kpi_id }}' as kpi_id,
        nodes.ancestor_id as org_unit_id,
        parts.period_kind,
        parts.period_start,
        parts.slice_dimension,
        parts.slice_value,
        cast(sum(parts.n) as bigint) as n,
        cast(sum(parts.n_weak) as bigint) as n_weak,
        cast(sum(parts.sum_x) as decimal(38, 9)) as sum_x,
        cast(sum(parts.sum_y) as decimal(38, 9)) as sum_y,
        cast(sum(parts.sum_xx) as double) as sum_xx,
        cast(sum(parts.sum_xy) as double) as sum_xy,
        cast(sum(parts.sum_yy) as double) as sum_yy,
        -- no row holds more than its unit
        cast(max(parts.max_x) as double) as max_x
    from (
        select * from row_sums
        {%- if repeats %}
        union all
        select * from corrections
        {%- endif %}
    ) as parts
    inner join (select distinct ancestor_no, ancestor_id from {{ ref('unit_paths') }}) as nodes on parts.node_no = nodes.ancestor_no
    group by nodes.ancestor_id, parts.period_kind, parts.period_start, parts.slice_dimension, parts.slice_value
    having sum(parts.sum_x) > 0
) as cells
{%- endif -%}
{%- endmacro %}

{#- What a cell knows, of rows or of sampling units. -#}
{% macro numbers(kpi_id) -%}
count(*) as n,
            count(*) filter (where is_weak) as n_weak,
            sum(x) as sum_x,
            sum(y) as sum_y,
            sum({{ exact_product(kpi_id, 'x', 'x') }}) as sum_xx,
            sum({{ exact_product(kpi_id, 'x', 'y') }}) as sum_xy,
            sum({{ exact_product(kpi_id, 'y', 'y') }}) as sum_yy,
            max(x) as max_x
{%- endmacro %}

{#- Product of two columns of a KPI's rows. Of two decimals of 18 digits DuckDB makes one of 18 again, too few for the square of
    100,000; one digit more in either makes it 38. -#}
{% macro exact_product(kpi_id, left, right) -%}
{%- set row_type = summed_type(kpi_id, left) | replace(' ', '') -%}
{%- if row_type.startswith('decimal(18,') -%}
cast({{ left }} as {{ row_type | replace('(18,', '(19,') }}) * {{ right }}
{%- else -%}
{{ left }} * {{ right }}
{%- endif -%}
{%- endmacro %}

{% macro added() -%}
sum(n) as n,
            sum(n_weak) as n_weak,
            sum(sum_x) as sum_x,
            sum(sum_y) as sum_y,
            sum(sum_xx) as sum_xx,
            sum(sum_xy) as sum_xy,
            sum(sum_yy) as sum_yy,
            max(max_x) as max_x
{%- endmacro %}

{#- What is to be taken out of a cell; the greatest x can stay, no unit has less than its rows. -#}
{% macro negative() -%}
-n as n,
            -n_weak as n_weak,
            -sum_x as sum_x,
            -sum_y as sum_y,
            -sum_xx as sum_xx,
            -sum_xy as sum_xy,
            -sum_yy as sum_yy,
            max_x
{%- endmacro %}

{#- The nodes whose cells are sliced: `node_no`. -#}
{% macro large_nodes() -%}
select distinct p.ancestor_no as node_no
        from {{ ref('unit_paths') }} as p
        inner join {{ ref('org_units') }} as u on p.ancestor_id = u.org_unit_id and u.kind in ('company', 'department')
{%- endmacro %}

{#- Key columns of cells grouped by `cell_sets`: one kind of period, and of the dimensions the one that is not null. -#}
{% macro cell_key(kind, period, dimensions) -%}
'{{ kind }}' as period_kind, {{ period }} as period_start,
        {%- if dimensions %}
        case {% for dimension in dimensions %}when {{ dimension }} is not null then '{{ dimension }}' {% endfor %}end as slice_dimension,
        coalesce({{ dimensions | join(', ') }}) as slice_value
        {%- else %}
        'all' as slice_dimension, 'all' as slice_value
        {%- endif %}
{%- endmacro %}

{% macro cell_sets(period, dimensions) -%}
{%- if dimensions -%}
grouping sets ({% for dimension in dimensions %}(node_no, {{ period }}, {{ dimension }}){{ ', ' if not loop.last }}{% endfor %})
{%- else -%}
node_no, {{ period }}
{%- endif -%}
{%- endmacro %}

{#- The `kpi` entry of a KPI's YAML twin; empty while dbt is still parsing. -#}
{% macro kpi_meta(kpi_id) -%}
{%- if execute -%}
    {%- for node in graph.nodes.values() if node.resource_type == 'model' and node.name == kpi_id -%}
        {{ return(node.config.meta.kpi) }}
    {%- endfor -%}
    {{ exceptions.raise_compiler_error("No KPI model '" ~ kpi_id ~ "': add models/kpis/" ~ kpi_id ~ ".sql and its YAML twin") }}
{%- endif -%}
{{ return({}) }}
{%- endmacro %}

{#- Every KPI of the catalogue, sorted. A new KPI adds its two files and one line here. -#}
{% macro all_kpis() -%}
{{ return([
    'active_members',
    'base_lift',
    'benefit_cost_per_member',
    'benefit_use_rate',
    'callback_kept',
    'campaign_increment',
    'ces_effort',
    'closed_loop',
    'cltv_12m',
    'complaint_csat',
    'complaint_formula',
    'complaint_rate',
    'contact_reason_mix',
    'core_retention',
    'csat_t2b',
    'customised_share',
    'data_quality_pass',
    'earned_new',
    'enps',
    'fcr',
    'feedback_welcome',
    'first_response',
    'identity_match',
    'intrinsic_share',
    'new_to_repeat',
    'nps_relationship',
    'nps_touchpoint',
    'perceived_value',
    'personalisation',
    'points_redemption',
    'post_complaint_retention',
    'programme_roi',
    'promise_kept',
    'promo_dependence',
    'reexplain_rate',
    'reopen_rate',
    'repurchase_90d',
    'resolution_time',
    'retention_180',
    'retention_365',
    'retention_rolling',
    'reviews_on_time',
    'rule_understood_30s',
    'satisfaction_index',
    'self_service',
    'survey_response_rate',
    'trust_index',
    'value_at_risk',
    'wait_p90',
]) }}
{%- endmacro %}
