"""The cheap test for the usual way to write a time lets nothing pass that the pattern of ISO 8601 refuses."""

import random

import duckdb
import pandas as pd

from orchestration.landing.typed import _DAY, _OFFSET, _TIME, _USUAL

USUAL = "2026-03-31T18:05:09Z"
LEAPS = ("2026-03-31T24:00:00Z", "2026-03-31T23:60:00Z", "2026-03-31T23:59:60Z", "-001-01-01T00:00:00Z", "2026-02-30T00:00:00Z")  # fmt: skip


def test_what_looks_usual_and_can_be_read_is_iso_8601():
    rng = random.Random(20260331)
    texts = {USUAL, *LEAPS}
    for _ in range(200_000):
        cells = list(USUAL)
        for _ in range(rng.randint(1, 3)):
            cells[rng.randrange(len(cells))] = rng.choice("0123456789 +-:TZ./\\\t\v\f\r\n\0e_０")
        texts.add("".join(cells))
    tried = pd.DataFrame({"text": sorted(texts)})
    with duckdb.connect() as connection:
        connection.register("tried", tried)
        found = connection.execute(
            f"""
            select text, regexp_full_match(text, '{_DAY}({_TIME}{_OFFSET}?)?') as is_iso from tried
            where {_USUAL.format("text")} and try_cast(text as timestamptz) is not null
            """
        ).df()
    assert len(found) > 1_000 and USUAL in set(found["text"])
    assert found.loc[~found["is_iso"], "text"].tolist() == []
