"""The pieces of a page as HTML: every text that is not ours is escaped, every colour comes with an icon and words."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from scorecard_app import format as fmt
from scorecard_app.format import Language
from scorecard_app.texts import text

Row = dict[str, Any]
RAG_ICONS = {"green": "✔", "amber": "▲", "red": "✖", "grey": "○"}
VERDICT_ICONS = {"met": "✔", "missed": "✖", "uncertain": "≈", "not_scored": "–"}


@dataclass(frozen=True)
class Voice:
    """How this request speaks: language, the company's currency, and the published words for codes."""

    language: Language
    currency: str
    labels: dict[str, Row]

    def say(self, key: str, **values: str) -> str:
        """A text of the page itself."""
        return text(key, self.language, **values)

    def label(self, code: str | None) -> str:
        """The published words for a code; the code itself where none were published, so that nothing vanishes."""
        row = self.labels.get(code or "")
        return str(row[self.language]) if row else str(code or "")

    def part(self, dimension: str, value: str) -> str:
        """The words for one value of a slice, which may mean something else elsewhere."""
        return self.label(f"{dimension}.{value}" if f"{dimension}.{value}" in self.labels else value)

    def of(self, row: Row, column: str) -> str:
        """A column that is published once per language: `label` → label_en or label_zh."""
        return str(row[f"{column}_{self.language}"] or row[f"{column}_{'en' if self.language == 'zh' else 'zh'}"] or "")

    def measure(self, value: float | None, kpi: Row) -> str:
        """A value with the sign of its unit, without a unit that is a word."""
        return fmt.measure(value, kpi["unit"], self.language, self.currency)

    def ratio(self, cell: Row, kpi: Row) -> str:
        """What a value was made of: 12 of 40 where a part is counted among the whole, else 3.33 over 9, × 6 + 1."""
        scale, shift = kpi.get("scale") or 1.0, (kpi.get("scale") or 1.0) * (kpi.get("offset") or 0.0)
        sums = {part: fmt.total(cell[part]) for part in ("numerator", "denominator")}
        if kpi["unit"] in ("percent", "per_mille") and not shift:
            return self.say("ratio_of", **sums)
        steps = f" × {fmt.total(scale)}" if scale != 1 else ""
        if shift:
            steps += f" {'+' if shift > 0 else fmt.MINUS} {fmt.total(abs(shift))}"
        return self.say("ratio_over", **sums) + ("," + steps if steps else "")

    def unit_word(self, kpi: Row) -> str:
        """The unit where it is a word, else nothing."""
        return self.label(kpi["unit"]) if fmt.is_word(kpi["unit"]) else ""


def tag(language: Language) -> str:
    """The language as browsers know it, which choose Chinese rather than Japanese shapes of characters by it."""
    return "zh-CN" if language == "zh" else "en"


def html(body: str, language: Language) -> str:
    """A piece of page."""
    return f'<div class="lc" lang="{tag(language)}">{body}</div>'


def pill(rag: str | None, voice: Voice) -> str:
    """The traffic light: icon, words, colour."""
    rag = rag if rag in RAG_ICONS else "grey"
    return f'<span class="lc-pill lc-{rag}"><span aria-hidden="true">{RAG_ICONS[rag]}</span>{escape(voice.label(rag))}</span>'


def verdict(code: str | None, voice: Voice) -> str:
    """Met, missed, too close to call, or not scored: in words, with an icon."""
    return f'<span class="nowrap">{VERDICT_ICONS.get(code or "", "–")} {escape(voice.label(code))}</span>'


def table(name: str, head: Sequence[tuple[str, bool]], rows: Sequence[Sequence[str]], last_is_sum: bool = False) -> str:
    """A table of ready-made HTML cells; `head` holds (title, whether its column is numeric).

    Its `name` is for screen readers; the first cell names its row. Who has no mouse scrolls a wide one by arrow keys.
    """
    numeric = [" class=num" if is_numeric else "" for _, is_numeric in head]
    titles = "".join(
        f"<th scope=col{kind}>{escape(title)}</th>" for kind, (title, _) in zip(numeric, head, strict=True)
    )
    body = ""
    for row in rows:
        first, *rest = (f"{kind}>{cell}" for kind, cell in zip(numeric, row, strict=True))
        cells = "".join(f"<td{cell}</td>" for cell in rest)
        body += f"<tr{' class=sum' if last_is_sum and row is rows[-1] else ''}><th scope=row{first}</th>{cells}</tr>"
    named = f'aria-label="{escape(name)}"'
    return f"<div class=scroll tabindex=0 role=group {named}><table {named}><thead><tr>{titles}</tr></thead><tbody>{body}</tbody></table></div>"


def numbers(name: str, head: Sequence[tuple[str, bool]], rows: Sequence[Sequence[str]], voice: Voice) -> str:
    """What a chart shows, as a table that opens below it."""
    inner = table(name, head, [[escape(cell) for cell in row] for row in rows])
    return f"<details class=lc-numbers><summary>{escape(voice.say('as_table'))}</summary>{inner}</details>"


def bullet(row: Row, kpi: Row) -> str:
    """Value and interval against threshold, target and stretch on one scale; empty where there is nothing to compare."""
    goals = [row.get("threshold"), row.get("target"), row.get("stretch")]
    value = row.get("value")
    if value is None or row.get("target") is None:
        return ""
    low_end, high_end = row.get("ci_low"), row.get("ci_high")
    shown = [float(x) for x in (*goals, value, low_end, high_end) if x is not None]
    room = (max(shown) - min(shown)) * 0.12 or 1.0
    left, right = min(shown) - room, max(shown) + room

    def at(x: float) -> float:
        return 100 * (x - left) / (right - left)

    kinds = ["bad", "near", "good", "best"]
    threshold, target, stretch = goals
    edges = [(threshold, "near"), (target, "good"), (stretch, "best")]
    stops = [(at(float(x)), kind) for x, kind in edges if x is not None]
    if kpi["direction"] == "lower":
        stops = [(100 - x, kind) for x, kind in stops]
    zones, begun, kind = [], 0.0, kinds[0]
    for x, following in [*stops, (100.0, "")]:
        start = begun if kpi["direction"] != "lower" else 100 - x
        zones.append(f'<span class="zone {kind}" style="left:{start:.2f}%;width:{max(x - begun, 0):.2f}%"></span>')
        begun, kind = x, following
    whisker = ""
    if low_end is not None and high_end is not None:
        a, b = at(float(low_end)), at(float(high_end))
        whisker = (
            f'<span class="whisker" style="left:{a:.2f}%;width:{b - a:.2f}%"></span>'
            f'<span class="end" style="left:{a:.2f}%"></span><span class="end" style="left:{b:.2f}%"></span>'
        )
    return f'<div class="lc-bar" aria-hidden="true">{"".join(zones)}{whisker}<span class="dot" style="left:{at(float(value)):.2f}%"></span></div>'


def figure(row: Row, kpi: Row, voice: Voice) -> str:
    """The value large, with interval and n under it; or why there is none."""
    if row.get("status") == "hidden":
        why = voice.say("hidden_why", floor=str(kpi["shown_floor"]))
        return f'<div class="lc-figure none">{escape(voice.say("hidden"))}</div><div class="muted lc-small">{escape(why)}</div>'
    if row.get("value") is None:
        return (
            f'<div class="lc-figure none">{escape(voice.say("no_data"))}</div>'
            f'<div class="muted lc-small">{escape(voice.label(row.get("reason") or "no_value"))}</div>'
        )
    word = voice.unit_word(kpi)
    interval = voice.say("no_interval")
    if row.get("ci_low") is not None:
        ends = (voice.measure(row["ci_low"], kpi), voice.measure(row["ci_high"], kpi))
        interval = voice.say("interval", span=fmt.span(*ends, voice.language))
    size = voice.say("n", n=fmt.number(row["n"]))
    return (
        f'<div class="lc-figure">{escape(voice.measure(row["value"], kpi))}{f"<small>{escape(word)}</small>" if word else ""}</div>'
        f'<div class="lc-small"><span class="nowrap">{escape(interval)}</span> <span class="muted nowrap">· {escape(size)}</span></div>'
    )


def goals(row: Row, kpi: Row, voice: Voice) -> str:
    """Threshold, target, stretch, attainment and weight side by side."""
    attainment = fmt.number(row["attainment"], 1) if row.get("attainment") is not None else fmt.NONE
    cells = [
        ("threshold", voice.measure(row.get("threshold"), kpi)),
        ("target", voice.measure(row.get("target"), kpi)),
        ("stretch", voice.measure(row.get("stretch"), kpi)),
        ("attainment", attainment),
        ("weight", fmt.number(row["weight"], 0)),
    ]
    return (
        '<div class="lc-goals">'
        + "".join(f"<div><span>{escape(voice.say(key))}</span><b>{escape(value)}</b></div>" for key, value in cells)
        + "</div>"
    )


def notes(kpi: Row, voice: Voice) -> str:
    """What the KPI counts, what it is good for, and what it cannot tell: on every card."""
    lines = (("counts", "definition"), ("good_for", "role"), ("limits", "limitation"))
    cells = "".join(
        f"<b>{escape(voice.say(key))}</b><span>{escape(voice.of(kpi, column))}</span>" for key, column in lines
    )
    return f'<div class="lc-notes">{cells}</div>'


def state(icon: str, title: str, body: str, detail: str, language: Language) -> str:
    """A whole page that explains why there is nothing else on it."""
    more = f'<p class="muted lc-small"><code>{escape(detail)}</code></p>' if detail else ""
    return html(
        f'<div class="lc-state"><div class="icon">{icon}</div><h2>{escape(title)}</h2><p>{escape(body)}</p>{more}</div>',
        language,
    )
