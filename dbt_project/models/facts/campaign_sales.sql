-- What was sold where a campaign ran, before it, during it and afterwards. Grain: one row per campaign that has ended and
-- phase. Before and after take days of the 56 on either side on which no campaign ran that meets its channel and region.
-- Where fewer than 30 customers bought in all of a phase's days, its sales may be those of a cell that is hidden.
with campaigns as (
    select * from {{ ref('action_spans') }} where action_type = 'campaign' and ends_on is not null
),

history as (
    -- the year began before the history did
    select min(period_start) as starts_on from {{ ref('periods') }} where period_kind = 'month'
),

days as (
    select action_id, channel, region, starts_on, ends_on, cast(day as date) as day
    from (
        select
            c.*,
            {{ day_series('greatest(c.starts_on - interval 56 day, h.starts_on)', 'c.ends_on + interval 55 day') }} as day
        from campaigns as c
        cross join history as h
    ) as every_day
),

phases as (
    select
        d.*,
        case when d.day < d.starts_on then 'before' when d.day < d.ends_on then 'during' else 'after' end as phase
    from days as d
    where
        (d.day >= d.starts_on and d.day < d.ends_on)
        or not exists (
            select 1
            from {{ ref('action_spans') }} as other
            where
                other.action_type = 'campaign'
                and d.day >= other.starts_on
                and (other.ends_on is null or d.day < other.ends_on)
                and (other.channel is null or d.channel is null or other.channel = d.channel)
                and (other.region is null or d.region is null or other.region = d.region)
        )
),

sales as (
    select
        o.order_day,
        o.channel,
        coalesce(p.region, 'unknown') as region,
        sum(o.net_sales) as net_sales,
        count(distinct o.sampling_unit) as buyers
    from {{ ref('orders') }} as o
    left join {{ ref('profiles') }} as p on o.customer_no = p.customer_no
    where o.is_counting and o.order_day in (select day from phases)
    group by o.order_day, o.channel, coalesce(p.region, 'unknown')
),

daily as (
    select
        p.action_id,
        p.phase,
        p.channel,
        p.region,
        p.day,
        coalesce(sum(s.net_sales), 0) as net_sales,
        coalesce(max(s.buyers), 0) as buyers
    from phases as p
    left join sales as s
        on p.day = s.order_day
        and coalesce(p.channel, s.channel) = s.channel
        and coalesce(p.region, s.region) = s.region
    group by p.action_id, p.phase, p.channel, p.region, p.day
),

-- people are counted over days, channels and regions only where none of these alone has enough of them
uncertain as (
    select action_id, phase, channel, region, day
    from (
        select *, max(buyers) over (partition by action_id, phase) as most_buyers from daily
    ) as compared
    where most_buyers < 30
),

counted as (
    select d.action_id, d.phase, count(distinct o.sampling_unit) as buyers
    from uncertain as d
    inner join {{ ref('orders') }} as o
        on d.day = o.order_day
        and coalesce(d.channel, o.channel) = o.channel
    left join {{ ref('profiles') }} as p on o.customer_no = p.customer_no
    where o.is_counting and coalesce(d.region, p.region, 'unknown') = coalesce(p.region, 'unknown')
    group by d.action_id, d.phase
)

select
    d.action_id,
    d.phase,
    count(*) as days,
    cast(sum(d.net_sales) as decimal(18, 4)) as net_sales,
    cast(round(cast(sum(d.net_sales) as double) / count(*), 4) as decimal(18, 4)) as net_sales_per_day,
    coalesce(max(c.buyers), max(d.buyers)) < 30 as is_small
from daily as d
left join counted as c on d.action_id = c.action_id and d.phase = c.phase
group by d.action_id, d.phase
