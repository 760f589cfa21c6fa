-- Who had to tell the story again: handed on, or heard in a second channel, within 7 days of the case's opening. Grain: one
-- row per case with a contact that can be linked to it, dated a week after it was opened.
with issues as (
    select source_system, case_id, 'issue|' || issue_id as issue_key
    from {{ ref('cases') }}
    where issue_id is not null
    union
    select case_source_system as source_system, case_id, issue_key
    from {{ ref('contacts') }}
    where is_inbound and case_id is not null
),

told as (
    select
        i.source_system,
        i.case_id,
        bool_or(k.is_transferred) as is_transferred,
        count(distinct case when k.channel <> 'unknown' then k.channel end) as channels
    from issues as i
    inner join {{ ref('cases') }} as c on i.source_system = c.source_system and i.case_id = c.case_id
    inner join {{ ref('contacts') }} as k
        on i.issue_key = k.issue_key and k.started_day <= c.opened_day + interval 7 day
    group by i.source_system, i.case_id
)

select
    c.customer_no,
    c.sampling_unit,
    c.is_weak,
    cast(c.opened_day + interval 7 day as date) as event_day,
    c.opened_day as path_day,
    c.org_unit_id,
    c.channel,
    1 as x,
    case when t.is_transferred or t.channels >= 2 then 1 else 0 end as y
from {{ ref('cases') }} as c
inner join told as t on c.source_system = t.source_system and c.case_id = t.case_id
where {{ is_over('c.opened_day + interval 7 day') }}
