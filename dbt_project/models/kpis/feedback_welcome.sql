-- Do customers still say what they think: comments and suggestions against the orders of the same time and unit. Grain: one
-- row per order that counts and per piece of feedback, each for itself.
with comments as (
    select
        *,
        row_number() over (partition by source_system, response_id order by question_code) as place
    from {{ ref('survey_answers') }}
    where has_comment and score is not null
)

select
    customer_no,
    -1 - {{ text_number("source_system, order_id") }} as sampling_unit,
    is_weak,
    order_day as event_day,
    order_day as path_day,
    org_unit_id,
    1 as x,
    0 as y
from {{ ref('orders') }}
where is_counting
union all
select
    customer_no,
    -1 - {{ text_number("'response|' || source_system || '|' || response_id") }} as sampling_unit,
    is_weak,
    responded_day as event_day,
    responded_day as path_day,
    org_unit_id,
    0 as x,
    1 as y
from comments
where place = 1
union all
select
    customer_no,
    -1 - {{ text_number("'case|' || source_system || '|' || case_id") }} as sampling_unit,
    is_weak,
    opened_day as event_day,
    opened_day as path_day,
    org_unit_id,
    0 as x,
    1 as y
from {{ ref('cases') }}
where kind = 'suggestion'
