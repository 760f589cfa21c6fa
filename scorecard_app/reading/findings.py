"""What the rules of diagnosis found, as sentences with their evidence, from the published `diagnoses`."""

import re
from dataclasses import dataclass
from datetime import date

from scorecard_app import format as fmt
from scorecard_app.cards import Voice
from scorecard_app.queries import Queries, Row
from scorecard_app.reading.tables import has_table

SEVERITIES = ("act", "watch", "note", "good")
ICONS = {"act": "✖", "watch": "▲", "note": "○", "good": "✔"}
SIGNALS = ("experience_engine", "coincidence")
"""Rules whose numbers are a signal's: the limits of its usual course stand where others have an interval. The value may lie
within them, where eight months on one side are the signal."""
# Where the sentence itself says what the number is in, the number comes without its KPI's sign.
_SAYS_UNIT = re.compile(r"\{value\}\s?(?:%|percentage|个百分点)")


@dataclass(frozen=True)
class Finding:
    """A sentence, how much it presses, and the numbers behind it."""

    severity: str
    rule: str
    sentence: str
    evidence: str
    row: Row


def findings(data: Queries, voice: Voice, unit: str, kind: str, start: date) -> list[Finding]:
    """The unit's findings of a period, the most pressing first; each rule's worst before its others."""
    rows = data.rows(
        "from diagnoses where org_unit_id = $unit and period_kind = $kind and period_start = $start",
        unit=unit, kind=kind, start=start,
    )  # fmt: skip
    rows.sort(
        key=lambda row: (SEVERITIES.index(row["severity"]), row["place"], row["rule"], row["kpi_id"], row["subject"])
    )
    names = _actions(data, voice)
    kpis = data.kpis()
    return [_finding(row, kpis.get(row["kpi_id"]), names, voice) for row in rows]


def _finding(row: Row, kpi: Row | None, names: dict[str, str], voice: Voice) -> Finding:
    text = voice.label(row["finding"])
    plain = kpi is None or bool(_SAYS_UNIT.search(text))

    def number(value: float | None) -> str:
        return fmt.number(value, 1) if plain or kpi is None else voice.measure(value, kpi)

    sentence = text.format(
        kpi=voice.of(kpi, "label") if kpi else voice.label(row["kpi_id"]),
        subject=names.get(row["subject"]) or voice.label(row["subject"]),
        value=number(row["value"]),
        reference=number(row["reference"]),
        n=fmt.number(row["n"]),
    )
    evidence = []
    if row["ci_low"] is not None and row["ci_high"] is not None:
        span = fmt.span(number(row["ci_low"]), number(row["ci_high"]), voice.language)
        inside = row["value"] is not None and row["ci_low"] <= row["value"] <= row["ci_high"]
        limits = row["rule"] in SIGNALS or not inside
        evidence.append(voice.say("finding_limits", span=span) if limits else voice.say("interval", span=span))
    if row["n"] is not None:
        evidence.append(voice.say("n", n=fmt.number(row["n"])))
    if row["attainment"] is not None:
        evidence.append(f"{voice.say('attainment')} {fmt.number(row['attainment'])}")
    return Finding(row["severity"], voice.label(row["rule"]), sentence, " · ".join(evidence), row)


def _actions(data: Queries, voice: Voice) -> dict[str, str]:
    """Business actions' names, for findings about a coincidence in time."""
    if not has_table(data, "business_actions"):
        return {}
    return {row["action_id"]: voice.of(row, "name") for row in data.rows("from business_actions")}
