"""Words of the review packs."""

TEXTS: dict[str, tuple[str, str]] = {
    "pack_month": ("Monthly review", "月度复盘"),
    "pack_deep": ("Deep review", "深度复盘"),
    "pack_leaning": (
        "Parts whose 95% interval is clear of the unit's whole value. Among many comparisons some stand out by chance: a reason to look.",
        "95%置信区间不含整体值的细分。比较越多，偶然突出的也越多：仅作为查看线索。",
    ),
    "pack_talk": ("For the meeting", "会议讨论"),
    "pack_talk_questions": (
        "What changed, and is it a signal? · Why, and what speaks for it? · What will we do, who, by when? · How shall we know that it worked?",
        "发生了什么变化，是信号还是波动？ · 原因是什么，有何依据？ · 采取什么措施，谁负责，何时完成？ · 如何判断措施有效？",
    ),
    "pack_download": ("Review pack (PDF)", "复盘报告(PDF)"),
    "pack_no_font": ("No PDF: this server has no font with Chinese characters.", "无法生成PDF：服务器缺少中文字体。"),
}  # fmt: skip
