-- What campaigns and changes of the programme's rules did: increments against customers held out, and what was sold per day
-- before, during and afterwards. Grain: one row per campaign or programme_rule that has ended.
-- A campaign that only moved sales earns while it runs, loses afterwards what it had earned, and nothing as a whole.
with increments as (
    select
        *,
        {{ t_quantile('cast(0.975 as double)', 'variance * variance / nullif(spread, 0)') }} * sqrt(variance) as reach
    from {{ ref('action_increments') }}
    where costs_known and {{ is_over('day_to') }}
),

-- the arms are the same whatever the span
arms as (
    select action_id, treated, held_out, costs_known from {{ ref('action_increments') }} where span = 'whole'
),

both_arms as (
    select test_id, count(*) as customers
    from {{ ref('test_arms') }}
    where test_kind = 'action' and arm = 'both'
    group by test_id
),

described as (
    select
        a.*,
        coalesce(least(r.treated, r.held_out) < 30, false) as is_hidden,
        r.treated,
        r.held_out,
        r.costs_known,
        {{ is_over('a.ends_on + interval 56 day') }} as is_final,
        {%- for span, letter in [('during', 'd'), ('after', 'f'), ('whole', 'w')] %}
        cast({{ letter }}.increment as double) as increment_{{ span }},
        cast({{ letter }}.increment as double) - {{ letter }}.reach as increment_{{ span }}_low,
        cast({{ letter }}.increment as double) + {{ letter }}.reach as increment_{{ span }}_high,
        {%- endfor %}
        case when not b.is_small then cast(b.net_sales_per_day as double) end as before_per_day,
        case when not m.is_small then cast(m.net_sales_per_day as double) end as during_per_day,
        case when not l.is_small and {{ is_over('a.ends_on + interval 56 day') }} then cast(l.net_sales_per_day as double) end
            as after_per_day,
        b.days as days_before,
        l.days as days_after
    from {{ ref('action_spans') }} as a
    left join arms as r on a.action_id = r.action_id
    {%- for span, letter in [('during', 'd'), ('after', 'f'), ('whole', 'w')] %}
    left join increments as {{ letter }} on a.action_id = {{ letter }}.action_id and {{ letter }}.span = '{{ span }}'
    {%- endfor %}
    {%- for phase, letter in [('before', 'b'), ('during', 'm'), ('after', 'l')] %}
    left join {{ ref('campaign_sales') }} as {{ letter }}
        on a.action_id = {{ letter }}.action_id and {{ letter }}.phase = '{{ phase }}'
    {%- endfor %}
    where a.action_type in ('campaign', 'programme_rule') and a.ends_on is not null and {{ is_over('a.ends_on') }}
)

select
    d.action_id,
    d.action_type,
    n.name_en,
    n.name_zh,
    d.channel,
    d.region,
    d.org_unit_id,
    d.starts_on,
    d.ends_on,
    cast(d.cost_amount as double) as cost_amount,
    case
        when d.treated is null then 'no_holdout'
        when d.is_hidden then 'hidden'
        when not d.costs_known then 'costs_unknown'
        when d.is_final then 'shown'
        else 'provisional'
    end as status,
    case when not d.is_hidden then cast(d.treated as bigint) end as treated,
    case when not d.is_hidden then cast(d.held_out as bigint) end as held_out,
    case when d.treated is not null and not d.is_hidden then cast(coalesce(b.customers, 0) as bigint) end as in_both_arms,
    {%- for span in ['during', 'after', 'whole'] %}
    {%- for end in ['', '_low', '_high'] %}
    case when not d.is_hidden then round(d.increment_{{ span }}{{ end }}, 4) end as increment_{{ span }}{{ end }},
    {%- endfor %}
    {%- endfor %}
    case
        when d.is_hidden or d.increment_whole_low is null then null
        when d.increment_whole_low > 0 then 'better'
        when d.increment_whole_high < 0 then 'worse'
        else 'uncertain'
    end as verdict,
    cast(d.days_before as bigint) as days_before,
    cast(d.days_after as bigint) as days_after,
    -- in three digits, and per cent in tenths: the sales of a campaign that ran for a month may be those of a hidden cell
    {%- for phase in ['before', 'during', 'after'] %}
    {{ three_digits('d.' ~ phase ~ '_per_day') }} as {{ phase }}_per_day,
    {%- endfor %}
    case when d.days_before >= 28 then round(100 * (d.during_per_day / nullif(d.before_per_day, 0) - 1), 1) end as spike,
    case
        when d.days_before >= 28 and d.days_after >= 28
            then round(100 * (d.after_per_day / nullif(d.before_per_day, 0) - 1), 1)
    end as base_lift
from described as d
inner join {{ ref('stg_business_actions') }} as n on d.action_id = n.action_id
left join both_arms as b on d.action_id = b.test_id
