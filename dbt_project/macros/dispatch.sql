{#- The few places where SQL engines differ, one macro each; models call these and nothing engine-specific. -#}

{#- The company's calendar day of a UTC timestamp. Time zones are slow, and most have kept one offset for decades: from
    `fixed_offset_from` on it is added instead (null where the zone still changes its clocks). -#}
{% macro company_day(moment) %}{{ return(adapter.dispatch('company_day')(moment)) }}{% endmacro %}
{% macro duckdb__company_day(moment) -%}
{%- set setting = "(select s.%s from " ~ source('config', 'settings') ~ " as s)" -%}
    case
        when {{ moment }} >= {{ setting | format('fixed_offset_from') }}
            then cast({{ moment }} + {{ setting | format('fixed_offset') }} as date)
        else cast(timezone({{ setting | format('timezone') }}, {{ moment }} at time zone 'UTC') as date)
    end
{%- endmacro %}

{#- The company's wall time at a UTC time. -#}
{% macro company_time(moment) %}{{ return(adapter.dispatch('company_time')(moment)) }}{% endmacro %}
{% macro duckdb__company_time(moment) -%}
{%- set setting = "(select s.%s from " ~ source('config', 'settings') ~ " as s)" -%}
    case
        when {{ moment }} >= {{ setting | format('fixed_offset_from') }} then {{ moment }} + {{ setting | format('fixed_offset') }}
        else timezone({{ setting | format('timezone') }}, {{ moment }} at time zone 'UTC')
    end
{%- endmacro %}

{#- Text with every match of the pattern removed. -#}
{% macro regex_remove(text, pattern) %}{{ return(adapter.dispatch('regex_remove')(text, pattern)) }}{% endmacro %}
{% macro duckdb__regex_remove(text, pattern) -%}
    regexp_replace({{ text }}, '{{ pattern }}', '', 'g')
{%- endmacro %}

{#- No byte above 127: as many characters as bytes. -#}
{% macro is_ascii(text) %}{{ return(adapter.dispatch('is_ascii')(text)) }}{% endmacro %}
{% macro duckdb__is_ascii(text) -%}
    strlen({{ text }}) = length({{ text }})
{%- endmacro %}

{#- The group's text of the first match; empty without one. -#}
{% macro regex_extract(text, pattern, group) %}{{ return(adapter.dispatch('regex_extract')(text, pattern, group)) }}{% endmacro %}
{% macro duckdb__regex_extract(text, pattern, group) -%}
    regexp_extract({{ text }}, '{{ pattern }}', {{ group }})
{%- endmacro %}

{% macro regex_matches(text, pattern) %}{{ return(adapter.dispatch('regex_matches')(text, pattern)) }}{% endmacro %}
{% macro duckdb__regex_matches(text, pattern) -%}
    regexp_matches({{ text }}, {{ pattern }})
{%- endmacro %}

{#- Sorted distinct parts of a text cut at the separator. -#}
{% macro split_distinct(text, separator) %}{{ return(adapter.dispatch('split_distinct')(text, separator)) }}{% endmacro %}
{% macro duckdb__split_distinct(text, separator) -%}
    list_sort(list_distinct(string_split({{ text }}, '{{ separator }}')))
{%- endmacro %}

{% macro array_contains_all(container, contained) %}{{ return(adapter.dispatch('array_contains_all')(container, contained)) }}{% endmacro %}
{% macro duckdb__array_contains_all(container, contained) -%}
    list_has_all({{ container }}, {{ contained }})
{%- endmacro %}

{#- Seconds from one timestamp to a later one. -#}
{% macro seconds_between(earlier, later) %}{{ return(adapter.dispatch('seconds_between')(earlier, later)) }}{% endmacro %}
{% macro duckdb__seconds_between(earlier, later) -%}
    (epoch_us({{ later }}) - epoch_us({{ earlier }})) / 1000000
{%- endmacro %}

{#- A date moved by whole months. -#}
{% macro add_months(day, months) %}{{ return(adapter.dispatch('add_months')(day, months)) }}{% endmacro %}
{% macro duckdb__add_months(day, months) -%}
    cast({{ day }} + to_months({{ months }}) as date)
{%- endmacro %}

{#- Rows of consecutive dates, one a month, from the first to the last (both first days of a month). -#}
{% macro month_series(first_month, last_month) %}{{ return(adapter.dispatch('month_series')(first_month, last_month)) }}{% endmacro %}
{% macro duckdb__month_series(first_month, last_month) -%}
    unnest(generate_series({{ first_month }}, {{ last_month }}, interval 1 month))
{%- endmacro %}

{#- Quantile of the gamma distribution with scale 1 (see functions/distributions.py). -#}
{% macro gamma_quantile(probability, shape) %}{{ return(adapter.dispatch('gamma_quantile')(probability, shape)) }}{% endmacro %}
{% macro duckdb__gamma_quantile(probability, shape) -%}
    gamma_quantile({{ probability }}, {{ shape }})
{%- endmacro %}

{#- Quantile of Student's t (see functions/distributions.py). -#}
{% macro t_quantile(probability, degrees_of_freedom) %}{{ return(adapter.dispatch('t_quantile')(probability, degrees_of_freedom)) }}{% endmacro %}
{% macro duckdb__t_quantile(probability, degrees_of_freedom) -%}
    t_quantile({{ probability }}, {{ degrees_of_freedom }})
{%- endmacro %}

{#- Rows of consecutive dates, from the first day to the last. -#}
{% macro day_series(first_day, last_day) %}{{ return(adapter.dispatch('day_series')(first_day, last_day)) }}{% endmacro %}
{% macro duckdb__day_series(first_day, last_day) -%}
    unnest(generate_series({{ first_day }}, {{ last_day }}, interval 1 day))
{%- endmacro %}

{#- Day of the week, 1 for Monday to 7 for Sunday. -#}
{% macro weekday(day) %}{{ return(adapter.dispatch('weekday')(day)) }}{% endmacro %}
{% macro duckdb__weekday(day) -%}
    isodow({{ day }})
{%- endmacro %}

{#- UTC moment of so many minutes by the clock after the company's midnight. -#}
{% macro company_moment(day, minute) %}{{ return(adapter.dispatch('company_moment')(day, minute)) }}{% endmacro %}
{% macro duckdb__company_moment(day, minute) -%}
    timezone('UTC', timezone(
        (select s.timezone from {{ source('config', 'settings') }} as s), {{ day }} + to_minutes({{ minute }})
    ))
{%- endmacro %}

{#- Whole microseconds from one timestamp to a later one. -#}
{% macro microseconds_between(earlier, later) %}{{ return(adapter.dispatch('microseconds_between')(earlier, later)) }}{% endmacro %}
{% macro duckdb__microseconds_between(earlier, later) -%}
    (epoch_us({{ later }}) - epoch_us({{ earlier }}))
{%- endmacro %}

{#- A timestamp as a whole number that grows with it. -#}
{% macro microseconds(moment) %}{{ return(adapter.dispatch('microseconds')(moment)) }}{% endmacro %}
{% macro duckdb__microseconds(moment) -%}
    epoch_us({{ moment }})
{%- endmacro %}

{% macro add_microseconds(moment, microseconds) %}{{ return(adapter.dispatch('add_microseconds')(moment, microseconds)) }}{% endmacro %}
{% macro duckdb__add_microseconds(moment, microseconds) -%}
    make_timestamp(epoch_us({{ moment }}) + cast({{ microseconds }} as bigint))
{%- endmacro %}

{#- The ⌈p·n⌉-th smallest of n values: one of them, never an interpolation. -#}
{% macro quantile(values, p) %}{{ return(adapter.dispatch('quantile')(values, p)) }}{% endmacro %}
{% macro duckdb__quantile(values, p) -%}
    quantile_disc({{ values }}, {{ p }})
{%- endmacro %}

{#- A date as a whole number that grows with it. -#}
{% macro days_since_1970(day) %}{{ return(adapter.dispatch('days_since_1970')(day)) }}{% endmacro %}
{% macro duckdb__days_since_1970(day) -%}
    cast({{ day }} - date '1970-01-01' as bigint)
{%- endmacro %}

{#- A name in comparable parts, as a struct (see functions/names.py). -#}
{% macro person_name(full_name, given_name, family_name) %}{{ return(adapter.dispatch('person_name')(full_name, given_name, family_name)) }}{% endmacro %}
{% macro duckdb__person_name(full_name, given_name, family_name) -%}
    person_name({{ full_name }}, {{ given_name }}, {{ family_name }})
{%- endmacro %}

{#- Both readings of a written birth date, as a struct of day_first and month_first (see functions/dates.py). -#}
{% macro birth_dates(text, latest) %}{{ return(adapter.dispatch('birth_dates')(text, latest)) }}{% endmacro %}
{% macro duckdb__birth_dates(text, latest) -%}
    birth_dates({{ text }}, {{ latest }})
{%- endmacro %}

{#- An address in comparable parts, as a struct (see functions/addresses.py). -#}
{% macro postal_address(text, city) %}{{ return(adapter.dispatch('postal_address')(text, city)) }}{% endmacro %}
{% macro duckdb__postal_address(text, city) -%}
    postal_address({{ text }}, {{ city }})
{%- endmacro %}

{#- A city, region or country in one spelling (see functions/addresses.py). -#}
{% macro place_name(text) %}{{ return(adapter.dispatch('place_name')(text)) }}{% endmacro %}
{% macro duckdb__place_name(text) -%}
    place_name({{ text }})
{%- endmacro %}

{#- A number of 63 bits for a text, or for several texts: equal for equal ones, else different for all practical purposes. -#}
{% macro text_number(texts) %}{{ return(adapter.dispatch('text_number')(texts)) }}{% endmacro %}
{% macro duckdb__text_number(texts) %}
    -- only compared: nobody sees the number
    cast(hash({{ texts }}) >> 1 as bigint)
{%- endmacro %}

{#- All values of a group as an array, in the order of a column without ties. -#}
{% macro array_of(value, order_column) %}{{ return(adapter.dispatch('array_of')(value, order_column)) }}{% endmacro %}
{% macro duckdb__array_of(value, order_column) -%}
    list({{ value }} order by {{ order_column }})
{%- endmacro %}

{#- A sum of doubles, always in one order, so that its last bits do not follow that of the rows. -#}
{% macro ordered_sum(value, order_column) %}{{ return(adapter.dispatch('ordered_sum')(value, order_column)) }}{% endmacro %}
{% macro duckdb__ordered_sum(value, order_column) -%}
    list_reduce({{ array_of(value, order_column) }}, lambda total, one: total + one)
{%- endmacro %}

{#- Every telephone number of a cell in E.164, in the order written, as an array (see functions/phones.py). -#}
{% macro phone_numbers(text, region) %}{{ return(adapter.dispatch('phone_numbers')(text, region)) }}{% endmacro %}
{% macro duckdb__phone_numbers(text, region) -%}
    phone_numbers({{ text }}, {{ region }})
{%- endmacro %}

{#- Rows of an array's elements and their places, from 1 on; to be selected beside each other. -#}
{% macro unnested(elements, element, place) %}{{ return(adapter.dispatch('unnested')(elements, element, place)) }}{% endmacro %}
{% macro duckdb__unnested(elements, element, place) -%}
    unnest({{ elements }}) as {{ element }}, generate_subscripts({{ elements }}, 1) as {{ place }}
{%- endmacro %}

{#- An array with one more element in front. -#}
{% macro prepended(element, elements) %}{{ return(adapter.dispatch('prepended')(element, elements)) }}{% endmacro %}
{% macro duckdb__prepended(element, elements) -%}
    list_prepend({{ element }}, {{ elements }})
{%- endmacro %}

{#- Which cells must not be shown, as an array of booleans (see functions/suppression.py). -#}
{% macro hidden_cells(sizes, counts, listed, equations, floor) %}{{ return(adapter.dispatch('hidden_cells')(sizes, counts, listed, equations, floor)) }}{% endmacro %}
{% macro duckdb__hidden_cells(sizes, counts, listed, equations, floor) -%}
    hidden_cells({{ sizes }}, {{ counts }}, {{ listed }}, coalesce({{ equations }}, []), {{ floor }})
{%- endmacro %}

{#- Probability above z of the standard normal distribution (see functions/distributions.py). -#}
{% macro normal_tail(z) %}{{ return(adapter.dispatch('normal_tail')(z)) }}{% endmacro %}
{% macro duckdb__normal_tail(z) -%}
    normal_tail({{ z }})
{%- endmacro %}

{#- Values of a group of units, drawn towards each other (see functions/shrinkage.py). -#}
{% macro shrunk_values(values, sizes, variances, are_proportions) %}{{ return(adapter.dispatch('shrunk_values')(values, sizes, variances, are_proportions)) }}{% endmacro %}
{% macro duckdb__shrunk_values(values, sizes, variances, are_proportions) -%}
    shrunk_values({{ values }}, {{ sizes }}, {{ variances }}, {{ are_proportions }})
{%- endmacro %}
