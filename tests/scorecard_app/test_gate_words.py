"""What a gate found, in the reader's language, from the results that Great Expectations stored."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from test_pages import seen

PUBLISHED = "Warns where: something that this app has never heard of."


@pytest.mark.parametrize("lang, expected", [
    ("en", ["1 failed", "Rows without a complete key are in use. Correct the rows at their source"]),
    ("zh", ["1项未通过", "使用了键不完整的行。请在源头更正并重新交付"]),
])  # fmt: skip
def test_a_failed_check_says_what_it_means(
    own_root: Path, visit: Callable[..., AppTest], lang: str, expected: list[str]
) -> None:
    for suite, check in (("datasets", "null_keys"), ("targets", "made_up_later")):
        folder = own_root / "quality" / "results" / suite / "run" / "20250710T160000.000000Z"
        folder.mkdir(parents=True)
        config = {"type": "expect_x", "meta": {"check": check}, "severity": "critical", "description": PUBLISHED}
        result = {"success": False, "expectation_config": config}
        (folder / f"{suite}.json").write_text(json.dumps({"suite_name": suite, "results": [result]}), encoding="utf-8")
    words = seen(visit(own_root, "quality", lang=lang))
    for text in [*expected, f"made_up_later {PUBLISHED}"]:
        assert text in words, text
    assert words.count(PUBLISHED) == 1
