"""What the one who is woken reads: which company and run, what failed, where, and what to do."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

PROBLEMS_SHOWN = 5
PLACES_SHOWN = 3
Language = Literal["en", "zh"]

WORDS: dict[str, dict[Language, str]] = {
    "title": {"en": "Loyalty Scorecards: {company}: a run failed", "zh": "忠诚度记分卡：{company}：运行失败"},
    "test_title": {"en": "Loyalty Scorecards: {company}: a test", "zh": "忠诚度记分卡：{company}：测试消息"},
    "overdue_title": {"en": "Loyalty Scorecards: {company}: needs a look", "zh": "忠诚度记分卡：{company}：需要检查"},
    "run": {"en": "Run: {run}", "zh": "运行：{run}"},
    "at": {"en": "At: {at}", "zh": "时间：{at}"},
    "host": {"en": "On: {host}, {folder}", "zh": "主机：{host}，{folder}"},
    "more": {"en": "… and {count} more", "zh": "……另有 {count} 项"},
    "served": {"en": "Still served: {version}", "zh": "仍在使用的版本：{version}"},
    "nothing_served": {"en": "Nothing has been published yet.", "zh": "尚未发布过任何版本。"},
    "log": {
        "en": "Everything about it: loyalty dev, then this run; refused rows: loyalty quarantine",
        "zh": "详情：运行 loyalty dev 查看本次运行；被拒收的行：loyalty quarantine",
    },
    "test": {
        "en": "This channel works: a failed run will be told here.",
        "zh": "该渠道可用：运行失败时会在此通知。",
    },
    "unnamed": {"en": "(no name in company.yml)", "zh": "（company.yml 未设置名称）"},
}


@dataclass(frozen=True)
class Problem:
    """One thing that failed. Names files, lines, checks and steps; never a value of a person.

    `what` is the check or step, `places` are files with lines, or cells, `remedy` what to do.
    """

    what: str
    meaning: str = ""
    places: tuple[str, ...] = ()
    remedy: str = ""

    def lines(self, language: Language) -> list[str]:
        """As the alert shows it."""
        shown = [f"• {self.what}" + (f": {self.meaning}" if self.meaning else "")]
        shown += [f"  {place}" for place in self.places[:PLACES_SHOWN]]
        if len(self.places) > PLACES_SHOWN:
            shown.append("  " + say("more", language, count=len(self.places) - PLACES_SHOWN))
        if self.remedy:
            shown.append(f"  → {self.remedy}")
        return [_one_line(line) for line in shown]


@dataclass(frozen=True)
class Alert:
    """One message for every channel."""

    title: str
    text: str


def failed_run(
    company: str,
    language: Language,
    problems: Sequence[Problem],
    *,
    run: str,
    at: str,
    host: str,
    folder: str,
    served: str | None,
) -> Alert:
    """The alert of a failed run, the most useful first: chat robots cut what is long."""
    lines = []
    for problem in problems[:PROBLEMS_SHOWN]:
        lines += problem.lines(language)
    if len(problems) > PROBLEMS_SHOWN:
        lines.append(say("more", language, count=len(problems) - PROBLEMS_SHOWN))
    lines += [
        say("served", language, version=served) if served else say("nothing_served", language),
        say("run", language, run=run),
        say("at", language, at=at),
        say("host", language, host=host, folder=folder),
        say("log", language),
    ]
    return Alert(say("title", language, company=_named(company, language)), "\n".join(lines))


def overdue(company: str, language: Language, problems: Sequence[Problem], *, host: str, folder: str) -> Alert:
    """What `loyalty doctor` found wrong, for those who let cron ask it."""
    lines = [line for problem in problems for line in problem.lines(language)]
    return Alert(
        say("overdue_title", language, company=_named(company, language)),
        "\n".join([*lines, say("host", language, host=host, folder=folder)]),
    )


def test_message(company: str, language: Language) -> Alert:
    """What tells that a channel works, before it is needed."""
    return Alert(say("test_title", language, company=_named(company, language)), say("test", language))


def say(word: str, language: Language, **parts: object) -> str:
    """One phrase in the company's language."""
    return WORDS[word][language].format(**parts)


def _named(company: str, language: Language) -> str:
    return _one_line(company) or say("unnamed", language)


def _one_line(text: str) -> str:
    """Nothing that a file's name holds may start a line of its own."""
    return "".join(character if character.isprintable() else " " for character in text).rstrip()
