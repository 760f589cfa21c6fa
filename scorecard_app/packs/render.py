"""From content to PDF: charts to SVG by vl-convert, pages by Typst, fonts from the machine.

Same content, same bytes: the document's date is the version's as-of time, and nothing else is read from a clock.
"""

import json
from datetime import datetime
from functools import cache
from pathlib import Path

from scorecard_app.packs.content import Pack
from scorecard_app.queries import Row

TEMPLATE = Path(__file__).with_name("pack.typ")
# The first that the machine has; all of them hold Latin and Chinese characters.
FONTS = ("Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "PingFang SC", "Microsoft YaHei")
WIDTH = {"kpi": 360, "moved": 560, "units": 560, "pareto": 420}


class NoFont(Exception):
    """This machine has no font with Chinese characters; the text says what to install."""


@cache
def font() -> str:
    """The font to set in; raises NoFont."""
    import typst

    known = set(typst.Fonts().families())
    found = next((name for name in FONTS if name in known), None)
    if found is None:
        raise NoFont(
            f"no font with Chinese characters here; install one of {', '.join(FONTS)}, on Debian fonts-noto-cjk"
        )
    return found


def pdf(pack: Pack, as_of: datetime) -> bytes:
    """The pack as a tagged PDF with selectable text.

    Raises NoFont where the machine has no font that holds Chinese characters.
    """
    import typst

    name = font()
    drawn = {chart: _svg(chart, spec, name) for chart, spec in pack.charts.items()}
    content = pack.content | {"font": name, "drawn": drawn}
    return typst.compile(
        str(TEMPLATE),
        root=str(TEMPLATE.parent),
        sys_inputs={"content": json.dumps(content, ensure_ascii=False)},
        timestamp=int(as_of.timestamp()),
    )


def _svg(chart: str, spec: Row, font_name: str) -> str:
    """A chart on paper: as wide as its place, in the document's font, without what only a screen needs."""
    import vl_convert

    wide = WIDTH[chart.split("_", 1)[0]]
    axis = spec["config"]["axis"] | {"labelFont": font_name, "titleFont": font_name}
    config = spec["config"] | {"font": font_name, "axis": axis, "text": spec["config"]["text"] | {"font": font_name}}
    return vl_convert.vegalite_to_svg(spec | {"width": wide, "config": config})
