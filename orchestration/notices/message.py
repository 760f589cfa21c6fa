"""What a head of department reads: whose scorecard is out, how it stands, where to open it."""

from urllib.parse import urlencode

from orchestration.alerts.message import Alert, Language
from orchestration.notices.news import Scorecard

WORDS: dict[str, dict[Language, str]] = {
    "title": {
        "en": "{company}: the scorecard of {unit} for {period} is out",
        "zh": "{company}：{unit} {period} 记分卡已发布",
    },
    "score": {"en": "Score: {score:.1f}", "zh": "得分：{score:.1f}"},
    "no_score": {"en": "No score this time; the card says why.", "zh": "本期没有得分，原因见记分卡。"},
    "verdicts": {
        "en": "Targets: {met} met, {uncertain} uncertain, {missed} missed",
        "zh": "目标：达成 {met} 项，不确定 {uncertain} 项，未达成 {missed} 项",
    },
    "open": {"en": "Open it: {link}", "zh": "打开：{link}"},
}


def notice(company: str, language: Language, card: Scorecard, app_url: str | None) -> Alert:
    """The notice of one scorecard; its link opens the app on that unit and period."""
    unit = card.name_zh if language == "zh" else card.name_en
    lines = [
        _say("no_score", language) if card.score is None else _say("score", language, score=card.score),
        _say("verdicts", language, met=card.met, uncertain=card.uncertain, missed=card.missed),
    ]
    if app_url:
        choice = {
            "unit": card.unit,
            "period_kind": card.kind,
            "period": card.start.isoformat(),
            "lang": language,
        }
        lines.append(_say("open", language, link=f"{app_url.rstrip('/')}/?{urlencode(choice)}"))
    title = _say("title", language, company=company or "Loyalty Scorecards", unit=unit, period=card.period)
    return Alert(title, "\n".join(lines))


def _say(word: str, language: Language, **parts: object) -> str:
    return WORDS[word][language].format(**parts)
