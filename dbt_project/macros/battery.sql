{#- A battery of questions: rows per response that answered all items (`item` null), and one per item of such a response.
    `answers` is a relation of survey_answers with a column y, what each item adds; x and item_x are the denominators.
    The answer to the first item says whose response it is, when and where. Customers are at home where they mostly buy. -#}
{% macro battery(answers, items, x, item_x) -%}
{%- set first = "filter (where item = '" ~ items[0] ~ "')" -%}
with asked as (
    select *
    from (
        select
            *,
            row_number() over (partition by source_system, response_id, item order by question_code) as time_asked
        from {{ answers }}
    ) as every_answer
    where time_asked = 1
),

responses as (
    select
        source_system,
        response_id,
        max(customer_no) {{ first }} as customer_no,
        bool_or(is_weak) {{ first }} as is_weak,
        max(responded_at) {{ first }} as responded_at,
        max(responded_day) {{ first }} as responded_day,
        max(org_unit_id) {{ first }} as org_unit_id,
        max(channel) {{ first }} as channel,
        sum(y) as y
    from asked
    group by source_system, response_id
    having count(*) = {{ items | length }}
),

placed as (
    select
        r.*,
        {{ sampling_unit('r.customer_no', "'response|' || r.source_system || '|' || r.response_id") }} as sampling_unit,
        coalesce(h.org_unit_id, r.org_unit_id) as home_unit_id
    from responses as r
    left join {{ ref('home_units') }} as h on r.customer_no = h.customer_no and r.responded_day = h.on_day
),

ordered as (
    select
        *,
        row_number() over (partition by sampling_unit order by responded_at, source_system, response_id) as place
    from placed
)

select
    customer_no,
    sampling_unit,
    is_weak,
    responded_day as event_day,
    responded_day as path_day,
    home_unit_id as org_unit_id,
    channel,
    cast(null as varchar) as item,
    place,
    {{ x }} as x,
    cast(y as decimal(18, 9)) as y
from ordered
union all
select
    o.customer_no,
    o.sampling_unit,
    o.is_weak,
    o.responded_day as event_day,
    o.responded_day as path_day,
    o.home_unit_id as org_unit_id,
    o.channel,
    a.item,
    o.place,
    {{ item_x }} as x,
    cast(a.y as decimal(18, 9)) as y
from ordered as o
inner join asked as a on o.source_system = a.source_system and o.response_id = a.response_id
{%- endmacro %}

{#- How far an answer lies above the middle of its scale once it is turned so that more is better. -#}
{% macro above_middle(lower_is_better_unless_said='false') -%}
case
    when polarity = 'lower_is_better' or (polarity is null and {{ lower_is_better_unless_said }})
        then scale_min + scale_max - 2 * score
    else 2 * score - scale_min - scale_max
end
{%- endmacro %}
