"""A lint that refuses SQL whose answer depends on threads, row order, the clock or the version of DuckDB.

`python -m tests.determinism DATA` reads what dbt compiled and built for the company folder DATA (an empty company will
do) and the SQL in orchestration/. Where ties cannot happen or do not matter, a comment on the line or above it says so:

    -- total order: one row per employee and day, see employee_units
"""
