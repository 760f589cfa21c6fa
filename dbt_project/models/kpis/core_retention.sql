-- Rolling retention of the customers on whom the profit rests: the fifth with the greatest margin in the 365 days before
-- home_day, among all who were active then. Grain: one row per month and customer.
with home_days as (
    select distinct ends_on, cast(home_day - interval 365 day as date) as year_starts from {{ ref('active_customers') }}
),

-- what each had brought before the year began: the running totals of the last order day before it
earlier as (
    select h.ends_on, d.customer_no, d.net_sales, d.priced_sales, d.margin
    from home_days as h
    inner join {{ ref('customer_days') }} as d
        on h.year_starts > d.order_day and h.year_starts <= coalesce(d.next_order_day, date '9999-12-31')
),

brought as (
    select
        a.*,
        d.net_sales - coalesce(e.net_sales, 0) as net_sales,
        d.priced_sales - coalesce(e.priced_sales, 0) as priced_sales,
        d.margin - coalesce(e.margin, 0) as margin
    from {{ ref('active_customers') }} as a
    inner join {{ ref('customer_days') }} as d on a.customer_no = d.customer_no and a.order_day = d.order_day
    left join earlier as e on a.customer_no = e.customer_no and a.ends_on = e.ends_on
),

-- where too few costs are known all are ranked by net sales: a mixture would compare nobody
valued as (
    select
        *,
        case
            when 100 * sum(priced_sales) over (partition by ends_on) < 95 * sum(net_sales) over (partition by ends_on)
                then net_sales
            when priced_sales > 0 then margin
        end as worth,
        count(*) over (partition by ends_on) as customers
    from brought
),

ranked as (
    -- total order: a customer stands once under each ends_on
    select *, row_number() over (partition by ends_on order by worth desc nulls last, customer_no asc) as place
    from valued
)

select
    a.customer_no,
    cast(a.customer_no as bigint) as sampling_unit,
    p.is_weak,
    cast(a.ends_on - interval 1 day as date) as event_day,
    a.home_day as path_day,
    h.org_unit_id,
    h.channel,
    1 as x,
    a.is_retained as y
from ranked as a
inner join {{ ref('home_units') }} as h on a.customer_no = h.customer_no and a.home_day = h.on_day
inner join {{ ref('profiles') }} as p on a.customer_no = p.customer_no
where 5 * (a.place - 1) < a.customers
