"""What users download: a header to fill in, and the contract in words; both derived from the contract."""

from pathlib import Path

import openpyxl
from openpyxl.comments import Comment
from openpyxl.styles import Font

from orchestration.landing.contract import Column, Contract, Dataset

_TYPES = {
    "en": {"varchar": "text", "timestamp": "time", "date": "date", "boolean": "true/false", "bigint": "whole number"},
    "zh": {"varchar": "文本", "timestamp": "时间", "date": "日期", "boolean": "是/否", "bigint": "整数"},
}
_WORDS = {
    "en": ("Column", "Type", "Needed", "Meaning", "key", "yes", "", "number", "One of", "at least", "at most"),
    "zh": ("列", "类型", "必填", "含义", "主键", "是", "", "数字", "取值", "不小于", "不大于"),
}


def csv_template(dataset: Dataset) -> str:
    """The header line of a CSV delivery, with line end."""
    return ",".join(dataset.names) + "\n"


def write_xlsx_template(dataset: Dataset, file: Path) -> None:
    """A workbook with the header in its first row, key columns in bold, each explained in a comment; all cells text."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = dataset.name[:31]
    sheet.freeze_panes = "A2"
    for position, column in enumerate(dataset.columns, start=1):
        cell = sheet.cell(row=1, column=position, value=column.name)
        cell.font = Font(bold=column.name in dataset.key)
        cell.comment = Comment(f"{meaning(column, 'en')}\n{meaning(column, 'zh')}", "loyalty")
        sheet.column_dimensions[cell.column_letter].width = max(12, len(column.name) + 2)
        # Text format keeps leading zeros and long numbers as typed.
        for row in range(2, 502):
            sheet.cell(row=row, column=position).number_format = "@"
    book.save(file)


def meaning(column: Column, language: str) -> str:
    """What a column means, with its allowed values."""
    one_of, least, most = _WORDS[language][8:]
    parts = [column.description_zh if language == "zh" else column.description]
    if column.accepted:
        parts.append(f"{one_of}: {', '.join(column.accepted)}.")
    if column.minimum is not None:
        parts.append(f"{least} {column.minimum.normalize():f}.")
    if column.maximum is not None:
        parts.append(f"{most} {column.maximum.normalize():f}.")
    return " ".join(parts)


def markdown(dataset: Dataset, language: str = "en") -> str:
    """The dataset's documentation as a Markdown section."""
    column, kind, needed, means, key, yes, no, number, *_ = _WORDS[language]
    lines = [
        f"## {dataset.name}",
        "",
        dataset.description_zh if language == "zh" else dataset.description,
        "",
        f"| {column} | {kind} | {needed} | {means} |",
        "|---|---|---|---|",
    ]
    for c in dataset.columns:
        need = key if c.name in dataset.key else yes if c.required else no
        words = meaning(c, language).replace("|", "\\|")
        lines.append(f"| {c.name} | {_TYPES[language].get(c.data_type, number)} | {need} | {words} |")
    return "\n".join(lines) + "\n"


def write_templates(contract: Contract, folder: Path) -> list[Path]:
    """Write `<dataset>.csv` (and .xlsx where taken) and the contract in both languages; returns the files."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for dataset in contract.datasets.values():
        written.append(folder / f"{dataset.name}.csv")
        written[-1].write_text(csv_template(dataset), encoding="utf-8")
        if dataset.xlsx:
            written.append(folder / f"{dataset.name}.xlsx")
            write_xlsx_template(dataset, written[-1])
    for language, title in (("en", "What to deliver"), ("zh", "交付说明")):
        sections = [markdown(dataset, language) for dataset in contract.datasets.values()]
        written.append(folder / f"contract.{language}.md")
        written[-1].write_text(f"# {title}\n\n" + "\n".join(sections), encoding="utf-8")
    return written
