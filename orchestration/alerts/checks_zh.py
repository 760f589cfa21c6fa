"""The blocking checks in Chinese: what each means and what mends it; the English stands in the suites."""

OURS = "这是流程本身的错误，与数据无关：请附上本消息上报；上一版本继续使用。"
SOURCE = "请在来源系统中更正这些行并重新提交；同一主键以较晚的提交为准。"
LATER = "更正后以较晚的 updated_at，或放入文件名日期更晚的文件，重新提交。"

CHECKS_ZH: dict[str, tuple[str, str]] = {
    "deliveries_unbalanced": ("行有丢失或重复计数：收到 ≠ 已加载 + 被取代 + 重复 + 隔离。", OURS),
    "deliveries_excess_quarantine": (
        "某次提交被拒收的行过多，其数据集不可信。",
        "请在同一路径提交更正后的文件，或接受损失：loyalty quarantine --dismiss DELIVERY --reason TEXT。"
        "`loyalty quarantine` 列出每一行。",
    ),
    "deliveries_conflicting_targets": (
        "同一目标有两份不同的约定，且无法判断哪份更新：不能据此计算任何人的报酬。",
        LATER,
    ),
    "datasets_unstaged": ("该数据集没有 staging 表，因此完全未被使用。", OURS),
    "datasets_null_keys": ("正在使用主键不完整的行。", SOURCE),
    "datasets_duplicate_keys": ("多行使用同一主键，合计会重复计算。", SOURCE),
    "datasets_score_out_of_scale": ("正在使用超出问题量表范围的答案。", SOURCE),
    "datasets_after_as_of": ("正在使用晚于本次运行时间的事件。", "请校正来源系统的时钟或时区。"),
    "kpi_values_duplicate_keys": ("同一单元格有两个数值。", OURS),
    "kpi_values_unknown_kpi": ("出现目录中没有的 KPI 的数值。", OURS),
    "kpi_values_value_out_of_bounds": ("出现该 KPI 不可能取到的值。", OURS),
    "kpi_values_outside_interval": ("数值落在自身区间之外，或区间只有一端。", OURS),
    "kpi_values_not_finite": ("数值中出现 NaN 或无穷大。", OURS),
    "kpi_values_negative_n": ("抽样单位数为负。", OURS),
    "kpi_values_weak_share_out_of_bounds": ("占比超出 0 … 1。", OURS),
    "kpi_values_unknown_status": ("状态不是 shown、provisional、hidden 之一。", OURS),
    "kpi_values_below_floor": ("显示了人数过少、可能被识别的单元格。", OURS),
    "kpi_values_hidden_but_there": ("隐藏的单元格仍带有数值。", OURS),
    "kpi_values_shown_but_empty": ("未隐藏的单元格没有数值。", OURS),
    "kpi_values_child_above_parent": ("下级单位的抽样单位多于其上级单位。", OURS),
    "kpi_values_part_above_whole": ("某月或某季度的抽样单位多于其所属期间。", OURS),
    "scorecards_duplicate_keys": ("同一记分卡上同一 KPI 有两行。", OURS),
    "scorecards_unknown_verdict": ("结论不是 met、missed、uncertain、not_scored 之一。", OURS),
    "scorecards_unknown_rag": ("颜色不是 green、amber、red、grey 之一。", OURS),
    "scorecards_attainment_out_of_bounds": ("达成率超出 0 … 120。", OURS),
    "department_scores_duplicate_keys": ("同一单位同一期间有两个得分。", OURS),
    "department_scores_unknown_rag": ("颜色不是 green、amber、red、grey 之一。", OURS),
    "department_scores_score_out_of_bounds": ("得分超出 0 … 120。", OURS),
    "targets_weights_off": (
        "某单位各 KPI 的权重之和不是 100，其得分将不符合约定。",
        f"更正权重（0 表示该 KPI 不再计分），{LATER}",
    ),
    "targets_misordered": ("目标的门槛值、目标值、挑战值未按该 KPI 的好方向排列，计分没有意义。", LATER),
}
