-- What codes in the published tables mean, in both languages. Grain: one row per code.
select code, en, zh from {{ ref('label_texts') }}
