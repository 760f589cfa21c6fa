-- Settled by the first person reached. Grain: one row per issue that began with a person, dated a week later.
select
    customer_no,
    sampling_unit,
    is_weak,
    cast(first_day + interval 7 day as date) as event_day,
    first_day as path_day,
    org_unit_id,
    channel,
    touchpoint,
    1 as x,
    case when is_contacted_again then 0 else 1 end as y
from {{ ref('contact_issues') }}
where is_by_person
    and not is_repeated
    and (
        purpose in (select purpose from {{ source('config', 'first_contact_purposes') }})
        or not exists (select 1 from {{ source('config', 'first_contact_purposes') }})
    )
    and {{ is_over('first_day + interval 7 day') }}
