-- What somebody would write by hand for this one company, trusting its files: from the Parquet files in the folder
-- {landing} to three files in {written}. No quarantine, no late corrections, no org tree, no intervals, no checks.

-- Who is whom: records that share a card are one customer, numbered.
create table people as
select
    source_system,
    source_customer_id,
    cast(dense_rank() over (order by loyalty_card_no) as integer) as customer
from read_parquet('{landing}/customers/*.parquet');

-- Every event once, with its customer's number. A second delivery repeats the first.
create type channels as enum (select distinct channel from read_parquet('{landing}/orders/*.parquet'));
create type departments as enum (select distinct org_unit_id from read_parquet('{landing}/orders/*.parquet'));
create type kinds as enum ('order', 'visit', 'contact', 'nps', 'csat', 'ces');

create table events as
with delivered as (
    select
        'order'::kinds as kind, source_system, order_id as id, customer_source_system, source_customer_id,
        channel::channels as channel, org_unit_id::departments as department, ordered_at as moment,
        case when status = 'completed' then net_amount::double end as amount
    from read_parquet('{landing}/orders/*.parquet')
    union all
    select
        'visit', source_system, event_id, customer_source_system, source_customer_id, null, null, occurred_at, null
    from read_parquet('{landing}/loyalty_events/*.parquet')
    union all
    select
        question_code::kinds, source_system, response_id, customer_source_system, source_customer_id,
        channel::channels, org_unit_id::departments, responded_at, score::double
    from read_parquet('{landing}/survey_responses/*.parquet')
    union all
    select
        'contact', source_system, contact_id, customer_source_system, source_customer_id,
        channel::channels, org_unit_id::departments, started_at, null
    from read_parquet('{landing}/contacts/*.parquet')
)

select
    any_value(e.kind) as kind,
    any_value(p.customer) as customer,
    any_value(e.channel) as channel,
    any_value(e.department) as department,
    any_value(e.moment) as moment,
    cast(date_trunc('month', any_value(e.moment) + interval 8 hour) as date) as month,
    any_value(e.amount) as amount
from delivered as e
inner join people as p
    on e.customer_source_system = p.source_system and e.source_customer_id = p.source_customer_id
group by e.source_system, e.id;

create table customer_months as
select
    customer,
    month,
    count(*) filter (where kind = 'order' and amount is not null) as orders,
    sum(amount) filter (where kind = 'order' and amount is not null) as revenue,
    max(moment) filter (where kind = 'order' and amount is not null) as last_ordered_at,
    count(*) filter (where kind = 'visit') as visits,
    count(*) filter (where kind = 'contact') as contacts,
    avg(amount) filter (where kind = 'nps') as nps,
    avg(amount) filter (where kind = 'csat') as csat,
    avg(amount) filter (where kind = 'ces') as ces
from events
group by customer, month;

-- One row per customer: what they did in all, and recency, frequency and money in fifths.
create table profiles as
with summed as (
    select
        customer,
        min(month) as first_month,
        sum(orders) as orders,
        sum(revenue) as revenue,
        max(last_ordered_at) as last_ordered_at,
        sum(visits) as visits,
        sum(contacts) as contacts,
        arg_max(nps, month) as nps,
        arg_max(csat, month) as csat,
        arg_max(ces, month) as ces
    from customer_months
    group by customer
)

select
    *,
    ntile(5) over (order by last_ordered_at) as recency,
    ntile(5) over (order by orders) as frequency,
    ntile(5) over (order by revenue) as money
from summed;

-- Who bought here in a month, and whether they came back anywhere in the three months after.
create table retention as
with bought as (
    select customer, month, lead(month) over (partition by customer order by month) as next_month
    from customer_months
    where orders > 0
),

buyers as (
    select distinct customer, department, channel, month from events where kind = 'order' and amount is not null
)

select
    s.department,
    s.channel,
    s.month,
    count(*) as buyers,
    count(*) filter (where b.next_month <= b.month + interval 3 month) as retained
from buyers as s
inner join bought as b on s.customer = b.customer and s.month = b.month
group by s.department, s.channel, s.month;

create table kpis as
with counted as (
    select
        department,
        channel,
        month,
        count(*) filter (where kind = 'order' and amount is not null) as orders,
        sum(amount) filter (where kind = 'order' and amount is not null) as revenue,
        count(*) filter (where kind = 'contact') as contacts,
        count(*) filter (where kind = 'nps') as nps_answers,
        100.0 * (count(*) filter (where kind = 'nps' and amount >= 9) - count(*) filter (where kind = 'nps' and amount <= 6))
        / count(*) filter (where kind = 'nps') as nps,
        100.0 * count(*) filter (where kind = 'csat' and amount >= 4) / count(*) filter (where kind = 'csat') as csat,
        avg(amount) filter (where kind = 'ces') as ces
    from events
    where department is not null
    group by department, channel, month
)

select c.*, r.buyers, r.retained, r.retained / r.buyers as retention
from counted as c
left join retention as r using (department, channel, month);

copy customer_months to '{written}/customer_months.parquet' (format parquet, compression zstd);
copy profiles to '{written}/profiles.parquet' (format parquet, compression zstd);
copy kpis to '{written}/kpis.parquet' (format parquet, compression zstd);
