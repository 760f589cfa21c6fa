"""Functions and clauses that are refused by name, wherever they stand: found by the lexer, so neither CTE nor macro hides them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlglot import tokenize
from sqlglot.tokens import Token, TokenType

from tests.determinism.findings import Finding, excused, names


@dataclass(frozen=True)
class Rule:
    """Names refused as calls (`calls`) or as bare words (`words`); whether `-- total order:` excuses them, and whether
    only models must do without them, not what Python asks of DuckDB on the way."""

    problem: str
    remedy: str
    calls: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()
    excusable: bool = False
    models_only: bool = False


EXCUSE = "or say `-- total order: why` where ties cannot happen"
RULES = (
    Rule(
        "reads a clock",
        "take as_of from settings",
        calls=names(
            "now today getdate get_current_timestamp get_current_time transaction_timestamp statement_timestamp"
        ),
        words=names("current_date current_time current_timestamp localtime localtimestamp"),
    ),
    Rule(
        "is another value in every run",
        "form ids from keys with md5",
        calls=names("random rand setseed uuid gen_random_uuid uuidv4 uuidv7 nextval"),
    ),
    Rule(
        "differs between DuckDB versions",
        "use md5 or an exact count or quantile",
        calls=names("approx_count_distinct approx_quantile approx_top_k reservoir_quantile"),
    ),
    Rule(
        "differs between DuckDB versions",
        "use md5, or say above it `-- only compared: why` where nobody sees the number",
        calls=names("hash"),
        models_only=True,
        excusable=True,
    ),
    Rule("is unknown to Spark", "rank in a subquery and filter outside", words=names("qualify"), models_only=True),
    Rule(
        "takes whichever row comes first, or of equal ones any",
        f"use min, max, or row_number over a total order, {EXCUSE}",
        calls=names(
            "any_value arbitrary first last arg_max arg_min argmax argmin arg_max_null arg_min_null max_by min_by mode"
        ),
        excusable=True,
    ),
    Rule("follows the order of insertion", "order by a key", words=names("rowid"), excusable=True),
    Rule(
        "takes any of several equal matches",
        f"join on a range and rank, {EXCUSE}",
        words=names("asof positional"),
        excusable=True,
    ),
    Rule("reads a random part", "select rows by a key", words=names("tablesample")),
)
LISTS = names("list array_agg string_agg group_concat listagg json_group_array json_group_object")
SORTERS = names("list_sort array_sort list_reverse_sort array_reverse_sort")


def refused_words(sql: str, *, in_model: bool = True) -> Iterator[Finding]:
    """Findings in SQL text, also a fragment; `in_model` adds the rules for models only.

    Raises:
        sqlglot.errors.TokenError: where the text is no SQL, such as an unclosed quote.
    """
    rules = [rule for rule in RULES if in_model or not rule.models_only]
    lines, tokens = sql.splitlines(), tokenize(sql, dialect="duckdb")
    for at, token in enumerate(tokens):
        word, following = token.text.lower(), _word(tokens, at + 1)
        if token.token_type in (TokenType.IDENTIFIER, TokenType.STRING) or _word(tokens, at - 1) in (".", "as"):
            continue  # quoted, a column or an alias of that name
        called = following == "("
        for rule in rules:
            there = word in rule.words or (called and word in rule.calls)
            if there and not (rule.excusable and excused(lines, token.line)):
                yield Finding(token.line, word + "()" * called, rule.problem, rule.remedy)
        if called and word in LISTS and not _ordered(tokens, at) and not excused(lines, token.line):
            yield Finding(token.line, f"{word}()", "collects in any order", f"add `order by` inside it, {EXCUSE}")
        if word == "distinct" and following == "on":
            yield Finding(token.line, "distinct on", "keeps any of several rows", "use row_number over a total order")
        if word == "using" and following == "sample":
            yield Finding(token.line, "using sample", "reads a random part", "select rows by a key")
        if word == "limit" and not _follows_order(tokens, at) and not excused(lines, token.line):
            yield Finding(token.line, "limit", "without order by keeps any rows", f"order by a key, {EXCUSE}")


def _word(tokens: Sequence[Token], at: int) -> str:
    return tokens[at].text.lower() if 0 <= at < len(tokens) else ""


def _ordered(tokens: Sequence[Token], at: int) -> bool:
    """Has the call at `at` its own `order by`, or is its list sorted by the function around it?"""
    around = [_word(tokens, place) for place in range(at - 4, at)]
    if around[3] == "(" and (
        around[2] in SORTERS or (around[2] == "list_distinct" and around[1] == "(" and around[0] in SORTERS)
    ):
        return True
    depth = 0
    for token in tokens[at + 1 :]:
        depth += (token.text == "(") - (token.text == ")")
        if depth == 0:
            return False
        if depth == 1 and token.token_type is TokenType.ORDER_BY:
            return True
    return False


def _follows_order(tokens: Sequence[Token], at: int) -> bool:
    """Does an `order by` of the same query stand before the `limit` at `at`?"""
    depth = 0
    for token in reversed(tokens[:at]):
        depth += (token.text == ")") - (token.text == "(")
        if depth < 0:
            return False
        if depth == 0 and token.token_type is TokenType.ORDER_BY:
            return True
        if depth == 0 and token.token_type is TokenType.FROM:
            return False
    return False
