-- A join that fans out would count one purchase twice and pay somebody for it; one that loses rows hides a purchase.
with repeated as (
    select 'orders' as fact, count(*) as rows_there
    from {{ ref('orders') }}
    group by source_system, order_id
    having count(*) > 1
    union all
    select 'survey_answers' as fact, count(*) as rows_there
    from {{ ref('survey_answers') }}
    group by source_system, response_id, question_code
    having count(*) > 1
    union all
    select 'complaint_issues' as fact, count(*) as rows_there
    from {{ ref('complaint_issues') }}
    group by issue_key
    having count(*) > 1
    union all
    select 'contact_issues' as fact, count(*) as rows_there
    from {{ ref('contact_issues') }}
    group by issue_key
    having count(*) > 1
    union all
    select 'case_responses' as fact, count(*) as rows_there
    from {{ ref('case_responses') }}
    group by source_system, case_id, promise
    having count(*) > 1
    union all
    select 'profiles' as fact, count(*) as rows_there
    from {{ ref('profiles') }}
    group by customer_no
    having count(*) > 1
),

lost as (
    select 'orders' as fact, o.rows_there
    from (select count(*) as rows_there from {{ ref('orders') }}) as o
    cross join (select count(*) as rows_due from {{ ref('stg_orders') }}) as s
    where o.rows_there <> s.rows_due
    union all
    select 'case_responses' as fact, c.rows_there
    from (select count(*) as rows_there from {{ ref('case_responses') }}) as c
    cross join (select 2 * count(*) as rows_due from {{ ref('stg_cases') }}) as s
    where c.rows_there <> s.rows_due
)

select fact, rows_there from repeated
union all
select fact, rows_there from lost
