-- What codes in the published tables mean, in both languages. Grain: one row per code. The company's own words
-- (channels, touchpoints, regions, tiers) come from company.yml and win over ours.
select code, en, zh from {{ source('config', 'labels') }}
union all
select code, en, zh
from {{ ref('label_texts') }}
where code not in (select code from {{ source('config', 'labels') }})
