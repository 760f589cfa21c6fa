-- What satisfaction goes with: how much higher the satisfaction index of those who agree is than of those who don't, for
-- reliability and for customisability. Grain: one row per driver and complete quarter. Each customer's latest answers of
-- the 365 days before the quarter's end; Welch's interval (1947, Biometrika 34, 28-35). Goes with, not: is caused by.
with answers as (
    select
        customer_no, responded_at, source_system, response_id, question_code, responded_day, item,
        {{ above_middle() }} > 0 as agrees
    from {{ ref('survey_answers') }}
    where item in ('reliability', 'customisability') and scale_min < scale_max and customer_no is not null
),

latest_answers as (
    select p.period_start, a.customer_no, a.item, a.agrees, row_number() over (
        partition by p.period_start, a.customer_no, a.item
        order by a.responded_at desc, a.source_system desc, a.response_id desc, a.question_code desc
    ) as place
    from answers as a
    inner join {{ ref('periods') }} as p
        on p.period_kind = 'quarter'
        and p.is_complete
        and a.responded_day < p.period_end
        and a.responded_day >= p.period_end - interval 365 day
),

latest_index as (
    -- total order: a customer's responses are numbered
    select p.period_start, s.customer_no, cast(100.0 * s.y / s.x as decimal(18, 9)) as index_value, row_number() over (
        partition by p.period_start, s.customer_no order by s.place desc
    ) as place
    from {{ ref('satisfaction_index') }} as s
    inner join {{ ref('periods') }} as p
        on p.period_kind = 'quarter'
        and p.is_complete
        and s.event_day < p.period_end
        and s.event_day >= p.period_end - interval 365 day
    where s.item is null and s.customer_no is not null
),

sides as (
    select
        a.period_start,
        a.item,
        a.agrees,
        count(*) as n,
        cast(sum(i.index_value) as double) / count(*) as mean,
        cast(sum(i.index_value) as double) as total,
        cast(sum(cast(i.index_value * i.index_value as decimal(38, 9))) as double) as squares
    from latest_answers as a
    inner join latest_index as i on a.period_start = i.period_start and a.customer_no = i.customer_no and i.place = 1
    where a.place = 1
    group by a.period_start, a.item, a.agrees
),

compared as (
    select
        y.period_start,
        y.item,
        least(y.n, o.n) as n,
        y.mean - o.mean as value,
        greatest(0.0, y.squares - y.total * y.mean) / (y.n - 1) / y.n as variance,
        greatest(0.0, o.squares - o.total * o.mean) / (o.n - 1) / o.n as other_variance,
        y.n - 1 as freedom,
        o.n - 1 as other_freedom
    from sides as y
    inner join sides as o on y.period_start = o.period_start and y.item = o.item and y.agrees and not o.agrees
    where least(y.n, o.n) >= 5
),

spread as (
    select *, {{ t_quantile(
        'cast(0.975 as double)',
        'power(variance + other_variance, 2) / (variance * variance / freedom + other_variance * other_variance / other_freedom)'
    ) }} * sqrt(variance + other_variance) as reach
    from compared
    where variance + other_variance > 0
)

select period_start, item, n, value, value - reach as ci_low, value + reach as ci_high
from spread
