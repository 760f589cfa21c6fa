-- How much a customer bought in the four quarters before, among all who bought. Grain: one row per quarter and customer
-- with an order that counts in those four quarters; ties stand in the higher tier together.
with sales as (
    select customer_no, cast(date_trunc('quarter', order_day) as date) as quarter_start, sum(net_sales) as net_sales
    from {{ ref('orders') }}
    where is_counting and customer_no is not null
    group by customer_no, cast(date_trunc('quarter', order_day) as date)
),

quarters as (
    select distinct period_start as quarter_start from {{ ref('periods') }} where period_kind = 'quarter'
),

bought as (
    select q.quarter_start, s.customer_no, sum(s.net_sales) as net_sales
    from quarters as q
    inner join sales as s
        on s.quarter_start >= {{ add_months('q.quarter_start', -12) }} and s.quarter_start < q.quarter_start
    group by q.quarter_start, s.customer_no
),

-- the ⌈N/5⌉-th and ⌈N/2⌉-th greatest: of the negated amounts the ⌈p·N⌉-th smallest
bars as (
    select
        quarter_start,
        -{{ quantile('-net_sales', 0.2) }} as high_bar,
        -{{ quantile('-net_sales', 0.5) }} as middle_bar
    from bought
    group by quarter_start
)

select
    b.quarter_start,
    b.customer_no,
    case when b.net_sales >= r.high_bar then 'high' when b.net_sales >= r.middle_bar then 'middle' else 'low' end
        as value_tier
from bought as b
inner join bars as r on b.quarter_start = r.quarter_start
