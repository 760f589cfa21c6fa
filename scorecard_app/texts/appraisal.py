"""The appraisal page's words."""

TEXTS: dict[str, tuple[str, str]] = {
    "page_appraisal": ("Appraisal export", "绩效导出"),
    "appraisal_intro": (
        "What {command} writes, for the chosen unit and all below it that have a scorecard: value, interval, sample, target, attainment, weight, verdict, score, and how they were measured.",
        "与命令{command}输出相同：包含所选部门及其下级中有记分卡的部门的数值、区间、样本量、目标、达成度、权重、结论、得分与统计方法。",
    ),
    "appraisal_open": (
        "The period is still open: nothing is scored, and provisional values belong into no appraisal. Choose one that is complete.",
        "期间尚未结束：尚未计分，暂定数值不得用于绩效考核。请选择已结束的期间。",
    ),
    "appraisal_none": (
        "No unit here has a scorecard in this period: no target was in force that had been agreed in time.",
        "所选部门本期没有记分卡：没有按时约定并生效的目标。",
    ),
    "appraisal_units": ("In the file", "文件内容"),
    "appraisal_language": ("Language of the file", "文件语言"),
    "appraisal_both": ("English and Chinese", "中英双语"),
    "appraisal_state": (
        "Not frozen and not signed: these are the figures of version {version}; data that arrives later can change them. A person reviews them before they count.",
        "尚未冻结，亦未签核：数值来自版本{version}，之后到达的数据可能使其变化。计入绩效前须由人工复核。",
    ),
    "appraisal_gaps": (
        "Months of this period without a single value: {months}. The period is complete by the calendar and yet not covered.",
        "本期内完全没有数据的月份：{months}。期间虽已结束，但数据并不完整。",
    ),
    "appraisal_xlsx": ("XLSX, for people", "下载XLSX（供阅读）"),
    "appraisal_csv": ("CSV, for an HR system (ZIP of two files)", "下载CSV（供人事系统导入，ZIP含两个文件）"),
    "appraisal_json": ("JSON, for programs (both languages)", "下载JSON（供程序读取，含双语）"),
}  # fmt: skip
