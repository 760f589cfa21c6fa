"""The look of every chart: colours and fonts, light and dark, in one place; also the style sheet's variables.

Charts are Vega-Lite as plain dictionaries, because building the same with Altair objects took four fifths of the time
a page takes; tests read them with Altair, which refuses what is not Vega-Lite. Colours mean the same everywhere, and
never alone: a word, an icon, a dash or a place says the same.
"""

from dataclasses import asdict, dataclass
from typing import Any

FONT = "Source Sans, Noto Sans CJK SC, PingFang SC, Microsoft YaHei, sans-serif"


@dataclass(frozen=True)
class Look:
    """Colours by what they mean; `scale` runs from worst over neutral to best and is safe for colour-blind readers."""

    ink: str
    muted: str
    line: str
    paper: str
    wash: str
    brand: str
    second: str
    green: str
    green_wash: str
    amber: str
    amber_wash: str
    red: str
    red_wash: str
    grey: str
    grey_wash: str
    zone_bad: str
    zone_near: str
    zone_good: str
    zone_best: str
    scale: tuple[str, str, str]

    def css(self) -> str:
        """The colours as CSS variables, `--zone-bad` for `zone_bad`."""
        plain = {name: value for name, value in asdict(self).items() if isinstance(value, str)}
        plain |= {"worst": self.scale[0], "best": self.scale[2]}
        return ":root {" + "".join(f"--{name.replace('_', '-')}:{value};" for name, value in plain.items()) + "}"

    def config(self) -> dict[str, Any]:
        """Vega-Lite's `config` for every chart."""
        axis = {
            "labelFont": FONT,
            "labelFontSize": 11.5,
            "labelColor": self.muted,
            "titleFont": FONT,
            "titleFontWeight": "normal",
            "titleColor": self.muted,
            "gridColor": self.line,
            "domainColor": self.line,
            "tickColor": self.line,
            "aria": False,  # a screen reader gets the chart's sentence and its table, not each mark and tick
        }
        return {
            "background": "transparent",
            "font": FONT,
            "axis": axis,
            "header": {
                "labelFont": FONT,
                "labelColor": self.ink,
                "labelFontSize": 12,
                "labelAnchor": "start",
                "title": None,
            },
            "mark": {"aria": False},
            "legend": {
                "aria": False,
                "labelFont": FONT,
                "labelColor": self.muted,
                "titleFont": FONT,
                "titleColor": self.muted,
            },
            "title": {"font": FONT, "color": self.ink, "anchor": "start", "fontSize": 13},
            "text": {"font": FONT, "color": self.ink},
            "rule": {"color": self.muted},
            "view": {"strokeWidth": 0},
        }


LIGHT = Look(
    ink="#17242f", muted="#5a6b78", line="#e1e6ea", paper="#ffffff", wash="#f3f5f7", brand="#0f5c6e", second="#8a97a1",
    green="#17693f", green_wash="#e2f3e9", amber="#7d5200", amber_wash="#fcefd0", red="#a3221b", red_wash="#fae3e1",
    grey="#51616d", grey_wash="#eaeef1",
    zone_bad="#f3cdca", zone_near="#f8e1ad", zone_good="#bfe3cd", zone_best="#94cfae",
    scale=("#b2451f", "#f3f1ec", "#1f6f8b"),
)  # fmt: skip
DARK = Look(
    ink="#e8edf1", muted="#a3b1bc", line="#33414c", paper="#12191f", wash="#1b252d", brand="#63c2d6", second="#7d8b96",
    green="#7fd6a3", green_wash="#17382a", amber="#f0c368", amber_wash="#3d2f10", red="#f49a93", red_wash="#45201d",
    grey="#b3bfc8", grey_wash="#2a353e",
    zone_bad="#6b3531", zone_near="#6a5321", zone_good="#28583f", zone_best="#3a7f5a",
    scale=("#e08a5f", "#26313a", "#5fb6d3"),
)  # fmt: skip


def look(kind: str | None) -> Look:
    """The look for the browser's theme; anything but `dark` is light."""
    return DARK if kind == "dark" else LIGHT
