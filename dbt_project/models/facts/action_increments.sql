-- What an action earned beyond what its customers would have brought without it: those treated against those held out,
-- whether or not they took part. Grain: one row per action with two profiles or more in each arm, and span of days:
--   during [starts_on, ends_on) · after [ends_on, ends_on + 56) · whole, both together
-- variance is that of the increment; spread is Σ v²/(n − 1) over the arms, v being an arm's part of the variance
-- (Welch 1947, for the degrees of freedom variance²/spread). Both are doubles: of large amounts they have more digits than
-- any decimal. costs_known: whether 95 % of each arm's net sales have a known cost; a margin of less would be made up.
with spans as (
    select a.action_id, s.span, case when s.span = 'after' then a.ends_on else a.starts_on end as day_from,
        case when s.span = 'during' then a.ends_on else cast(a.ends_on + interval 56 day as date) end as day_to
    from {{ ref('action_spans') }} as a
    cross join (values ('during'), ('after'), ('whole')) as s (span)
    where a.ends_on is not null and a.action_id in (select e.action_id from {{ ref('stg_campaign_exposures') }} as e)
),

bought as (
    select
        s.action_id, s.span, o.customer_no, sum(o.margin) as margin, sum(o.net_sales) as net_sales,
        sum(o.net_sales) filter (where o.margin is not null) as priced_sales
    from spans as s
    inner join {{ ref('test_arms') }} as a on a.test_kind = 'action' and s.action_id = a.test_id
    inner join {{ ref('orders') }} as o
        on a.customer_no = o.customer_no and o.order_day >= s.day_from and o.order_day < s.day_to
    where o.is_counting
    group by s.action_id, s.span, o.customer_no
),

brought as (
    select s.action_id, s.span, s.day_to, a.arm, cast(coalesce(b.margin, 0) as decimal(18, 4)) as margin,
        coalesce(b.net_sales, 0) as net_sales, coalesce(b.priced_sales, 0) as priced_sales
    from spans as s
    inner join {{ ref('test_arms') }} as a on a.test_kind = 'action' and s.action_id = a.test_id and a.arm <> 'both'
    left join bought as b on s.action_id = b.action_id and s.span = b.span and a.customer_no = b.customer_no
),

arms as (
    select
        action_id, span, day_to, arm,
        count(*) as n,
        cast(sum(margin) as double) as total,
        cast(sum(cast(margin as decimal(19, 4)) * margin) as double) as squares,
        100 * sum(priced_sales) >= 95 * sum(net_sales) as costs_known
    from brought
    group by action_id, span, day_to, arm
    having count(*) > 1
),

described as (
    select *, total / n as mean, greatest(squares - total * total / n, 0) / (n - 1) as variance
    from arms
),

compared as (
    select
        t.action_id,
        t.span,
        t.day_to,
        t.n as treated,
        h.n as held_out,
        t.mean as treated_mean,
        h.mean as held_out_mean,
        t.n * t.variance as treated_part,
        cast(t.n as double) * t.n * h.variance / h.n as held_out_part,
        t.costs_known and h.costs_known as costs_known
    from described as t
    inner join described as h on t.action_id = h.action_id and t.span = h.span
    where t.arm = 'treated' and h.arm = 'holdout'
)

select
    action_id,
    span,
    day_to,
    treated,
    held_out,
    treated_mean,
    held_out_mean,
    costs_known,
    cast(round((treated_mean - held_out_mean) * treated, 4) as decimal(28, 4)) as increment,
    round(treated_part + held_out_part, 4) as variance,
    round(treated_part * treated_part / (treated - 1) + held_out_part * held_out_part / (held_out - 1), 4) as spread
from compared
