"""The handbook page's words."""

TEXTS: dict[str, tuple[str, str]] = {
    "page_handbook": ("KPI handbook", "指标手册"),
    "handbook_intro": (
        "What every KPI means, how it is counted, what it is good for, and how not to use it: generated from the definitions that made this version.",
        "每个指标的含义、口径、用途与误用提醒：由生成当前版本的定义自动生成。",
    ),
    "handbook_none": ("This version was published without a handbook; the catalogue below says the essential.", "当前版本未附手册；下表列出要点。"),
    "handbook_catalogue": ("The catalogue", "指标目录"),
    "handbook_download": ("The handbook (HTML)", "下载手册(HTML)"),
    "unit_title": ("Measured in", "计量单位"),
    "handbook_scored": ("Scored from", "计分起点"),
    "handbook_version": ("Definition", "定义版本"),
}  # fmt: skip
