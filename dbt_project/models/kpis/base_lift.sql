-- Whether a campaign left the base higher: net sales per campaign-free day after it against before it, where it ran. Grain:
-- one row per campaign, dated 56 days after its end, where either side has 28 such days or more and 30 customers who bought.
select
    cast(null as integer) as customer_no,
    -1 - {{ text_number('a.action_id') }} as sampling_unit,
    false as is_weak,
    cast(a.ends_on + interval 56 day as date) as event_day,
    cast(a.ends_on + interval 56 day as date) as path_day,
    a.org_unit_id,
    earlier.net_sales_per_day as x,
    later.net_sales_per_day as y
from {{ ref('action_spans') }} as a
inner join {{ ref('campaign_sales') }} as earlier on a.action_id = earlier.action_id and earlier.phase = 'before'
inner join {{ ref('campaign_sales') }} as later on a.action_id = later.action_id and later.phase = 'after'
where
    earlier.days >= 28
    and later.days >= 28
    and not earlier.is_small
    and not later.is_small
    and {{ is_over('a.ends_on + interval 56 day') }}
