"""Thin Dagster definitions: each calls one room and reports what it did."""
