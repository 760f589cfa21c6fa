-- New customers who still bought at the end of their first half year. Grain: one row per customer.
{{ cohort_retention(180) }}
