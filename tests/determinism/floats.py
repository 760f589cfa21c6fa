"""Aggregates of DOUBLE whose last bits follow the order of rows; DuckDB itself says which type an argument has."""

import json
import re
from collections.abc import Iterator
from typing import Any

import duckdb
from sqlglot import tokenize
from sqlglot.tokens import TokenType

from tests.determinism.findings import Finding, names

# Found by adding the same ten numbers in sixty orders (test_floats.py). Medians, quantiles, min and max pick from a
# sorted list and stay; sums and means of integers and DECIMAL are exact.
ORDER_SENSITIVE = names(
    "sum avg mean fsum kahan_sum sumkahan favg product geomean geometric_mean stddev stddev_samp stddev_pop variance "
    "var_samp var_pop sem skewness kurtosis kurtosis_pop corr covar_samp covar_pop regr_slope regr_intercept regr_r2 "
    "regr_avgx regr_avgy regr_sxx regr_sxy regr_syy weighted_avg wavg"
)
FLOATING = names("DOUBLE FLOAT")
MARK = re.compile(r"aggregate #(\d+)#")


class NotBound(Exception):
    """DuckDB cannot bind the SQL against this warehouse."""


def floating_sums(connection: duckdb.DuckDBPyConnection, sql: str) -> Iterator[Finding]:
    """Order-sensitive aggregates of DOUBLE or FLOAT in one query.

    Every call gets a filter that is always true and carries its line, so that the bound plan tells where it came from.

    Raises:
        NotBound: with DuckDB's message.
    """
    [(text,)] = connection.execute("select json_serialize_plan(?::varchar)", [_marked(sql)]).fetchall()
    plan = json.loads(text)
    if plan["error"]:
        raise NotBound(plan["error_message"])
    found = set()
    for call in _aggregates(plan):
        types = {argument["id"] for argument in call.get("arguments", ())}
        if call.get("name") in ORDER_SENSITIVE and types & FLOATING:
            # a window keeps the filters of all its calls beside each other
            marks = MARK.findall(json.dumps([call.get("filter"), call.get("filter_expr"), call.get("filters")]))
            found |= {(int(mark), call["name"]) for mark in marks or [1]}
    for line, name in sorted(found):
        yield Finding(
            line,
            f"{name}()",
            "adds floating-point numbers, whose last bits follow the order of rows",
            "cast to DECIMAL before adding",
        )


def _marked(sql: str) -> str:
    tokens = tokenize(sql, dialect="duckdb")
    insertions: list[tuple[int, str]] = []
    for at, token in enumerate(tokens[:-1]):
        if (
            token.text.lower() not in ORDER_SENSITIVE
            or tokens[at + 1].text != "("
            or token.token_type is TokenType.IDENTIFIER
        ):
            continue
        mark, depth = f"'aggregate #{token.line}#' <> ''", 0
        for end in range(at + 1, len(tokens)):
            depth += (tokens[end].text == "(") - (tokens[end].text == ")")
            if depth == 0:
                break
        after = [one.text.lower() for one in tokens[end + 1 : end + 4]]
        if after == ["filter", "(", "where"]:
            insertions.append((tokens[end + 3].end + 1, f" {mark} and "))
        else:
            insertions.append((tokens[end].end + 1, f" filter (where {mark})"))
    for place, words in sorted(insertions, reverse=True):
        sql = sql[:place] + words + sql[place:]
    return sql


def _aggregates(plan: Any) -> Iterator[dict[str, Any]]:
    """Every bound aggregate and window anywhere in DuckDB's serialised plan."""
    if isinstance(plan, dict):
        if plan.get("expression_class") in ("BOUND_AGGREGATE", "BOUND_WINDOW"):
            yield plan
        for value in plan.values():
            yield from _aggregates(value)
    elif isinstance(plan, list):
        for value in plan:
            yield from _aggregates(value)
