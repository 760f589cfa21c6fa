-- Recency, frequency and monetary value as of the run, in the 365 days that end with its day. Grain: one row per customer
-- with an order day. Quintiles (5 is best) are among those who bought in these days; ties stand in the higher one together.
with clock as (
    select {{ company_day('as_of') }} as today from {{ source('config', 'settings') }}
),

days as (
    select
        d.customer_no,
        max(d.order_day) as last_order_day,
        count(*) filter (where d.order_day > c.today - interval 365 day) as frequency
    from {{ ref('customer_days') }} as d
    cross join clock as c
    group by d.customer_no
),

sales as (
    select o.customer_no, sum(o.net_sales) as monetary
    from {{ ref('orders') }} as o
    cross join clock as c
    where o.is_counting and o.customer_no is not null and o.order_day > c.today - interval 365 day
    group by o.customer_no
),

purchases as (
    select
        d.customer_no,
        d.last_order_day,
        {{ days_since_1970('c.today') }} - {{ days_since_1970('d.last_order_day') }} as recency_days,
        d.frequency,
        coalesce(s.monetary, 0) as monetary
    from days as d
    cross join clock as c
    left join sales as s on d.customer_no = s.customer_no
),

bars as (
    select
        {%- for fifth in [1, 2, 3, 4] %}
        {{ quantile('recency_days', fifth / 5) }} as recency_{{ fifth }},
        {{ quantile('-frequency', fifth / 5) }} as frequency_{{ fifth }},
        {{ quantile('-monetary', fifth / 5) }} as monetary_{{ fifth }},
        {%- endfor %}
        {{ quantile('frequency', 0.5) }} as median_frequency
    from purchases
    where frequency > 0
)

select
    p.*,
    {%- for measure, value in {'recency': 'p.recency_days', 'frequency': '-p.frequency', 'monetary': '-p.monetary'}.items() %}
    case
        when p.frequency = 0 then null
        {%- for fifth in [1, 2, 3, 4] %}
        when {{ value }} <= b.{{ measure }}_{{ fifth }} then {{ 6 - fifth }}
        {%- endfor %}
        else 1
    end as {{ measure }}_quintile,
    {%- endfor %}
    coalesce(p.frequency > b.median_frequency, false) as is_often_here
from purchases as p
cross join bars as b
