"""The KPI handbook as static HTML in both languages, from what the KPIs' YAML twins say of themselves."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jinja2

from orchestration.handbook.entries import entries
from orchestration.handbook.words import LANGUAGES, WORDS

FILES = {language: f"{language}.html" for language in LANGUAGES}


def write_handbook(manifest: Mapping[str, Any], folder: Path) -> list[Path]:
    """Write one page per language into `folder`, which is made where it is missing; the same twins, the same bytes.

    Args:
        manifest: dbt's manifest.json.
    """
    folder.mkdir(parents=True, exist_ok=True)
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    template, found = environment.get_template("page.html"), entries(manifest)
    written = []
    for language, name in FILES.items():
        words = {key: text[language] for key, text in WORDS.items()}
        page = template.render(kpis=found, words=words, language=language, other=LANGUAGES[language], files=FILES)
        path = folder / name
        path.write_text(page + "\n", encoding="utf-8")
        written.append(path)
    return written
