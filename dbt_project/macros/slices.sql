{#- Slices by what is known of the customer when the month of the row's path day begins, and whether a campaign ran there on
    that day; other slices are columns of the KPI's own rows. The joins go behind the relation `unit_rows`, which holds
    that month as `path_month`, and never repeat a row. -#}
{% macro customer_slices(dimensions) -%}
{%- set slices = {
    'tenure': "case
            when profile.first_order_day is null or profile.first_order_day >= unit_rows.path_month then 'new'
            when profile.first_order_day >= unit_rows.path_month - interval 90 day then '1_90_days'
            when profile.first_order_day >= unit_rows.path_month - interval 365 day then '91_365_days'
            else 'over_1_year'
        end",
    'value_tier': "coalesce(value_tier.value_tier, 'none')",
    'loyalty_tier': "coalesce(loyalty_tier.loyalty_tier, 'none')",
    'region': "profile.region",
    'complainer': "case when complainer.customer_no is null then 'no' else 'yes' end",
} -%}
{%- for dimension in dimensions if dimension == 'campaign' -%}
case when campaign_day.day is null then 'outside' else 'inside' end as campaign{{ ',\n        ' if dimensions | select('in', slices) | list }}
{%- endfor -%}
{%- for dimension in dimensions if dimension in slices -%}
{{ ',\n        ' if not loop.first }}case when unit_rows.customer_no is null then 'unknown' else {{ slices[dimension] }} end as {{ dimension }}
{%- endfor -%}
{%- endmacro %}

{% macro customer_slice_joins(dimensions) -%}
{%- if dimensions | select('in', ['tenure', 'region', 'campaign']) | list %}
left join {{ ref('profiles') }} as profile on unit_rows.customer_no = profile.customer_no
{%- endif %}
{%- if 'value_tier' in dimensions %}
left join {{ ref('value_tiers') }} as value_tier
    on unit_rows.customer_no = value_tier.customer_no
    and cast(date_trunc('quarter', unit_rows.path_month) as date) = value_tier.quarter_start
{%- endif %}
{%- if 'loyalty_tier' in dimensions %}
left join {{ ref('loyalty_tiers') }} as loyalty_tier
    on unit_rows.customer_no = loyalty_tier.customer_no
    and unit_rows.path_month >= loyalty_tier.day_from
    and unit_rows.path_month < loyalty_tier.day_to
{%- endif %}
{%- if 'complainer' in dimensions %}
left join {{ ref('complainers') }} as complainer
    on unit_rows.customer_no = complainer.customer_no
    and unit_rows.path_day >= complainer.day_from
    and unit_rows.path_day < complainer.day_to
{%- endif %}
{%- if 'campaign' in dimensions %}
left join {{ ref('campaign_days') }} as campaign_day
    on unit_rows.path_day = campaign_day.day
    and unit_rows.channel = campaign_day.channel
    and coalesce(profile.region, 'unknown') = campaign_day.region
{%- endif %}
{%- endmacro %}

{#- A KPI's rows with the values of the slices, those that its own columns hold and those of the customer, and with one
    number for the values of each bundle. -#}
{% macro sliced_rows(relation, dimensions) -%}
{%- set joined_slices = customer_slices(dimensions) | trim -%}
select
    sliced_rows.*
    {%- for bundle in slice_bundles(dimensions) %},
    {{ text_number(bundle.dimensions | join(', ')) }} as {{ bundle.key }}
    {%- endfor %}
from (
    select
        unit_rows.*{{ ',' if joined_slices }}
        {{ joined_slices }}
    from (
        select *, cast(date_trunc('month', path_day) as date) as path_month
        from {{ relation }}
    ) as unit_rows
    {%- if dimensions %}
    {{ customer_slice_joins(dimensions) }}
    {%- endif %}
) as sliced_rows
{%- endmacro %}

{#- Slices that change together: a customer's seldom do, those of the row itself often. -#}
{% macro slice_bundles(dimensions) -%}
{%- set of_customer = ['tenure', 'value_tier', 'loyalty_tier', 'region', 'complainer'] -%}
{%- set bundles = [] -%}
{%- for key, found in [
    ('customer_slices', dimensions | select('in', of_customer) | list),
    ('row_slices', dimensions | reject('in', of_customer) | list),
] if found -%}
{%- do bundles.append({'key': key, 'dimensions': found}) -%}
{%- endfor -%}
{{ return(bundles) }}
{%- endmacro %}

{#- For the top of a model that slices: while dbt parses it does not know the slices, hence not what they need. -#}
{% macro slices_depend_on() -%}
{%- for model in ['profiles', 'value_tiers', 'loyalty_tiers', 'complainers', 'campaign_days', 'org_units'] + all_kpis() %}
-- depends_on: {{ ref(model) }}
{%- endfor %}
{%- endmacro %}
