"""What each check of the gates means and what mends it; `check_` and the check's code."""

_CORRECT = (
    "Correct the rows at their source and deliver them again; the later delivery of a key wins.",
    "请在源头更正并重新交付，同一键以较晚的交付为准。",
)
_REPORT = (
    "This is an error of the pipeline, not of the data: report it; the last version stays served.",
    "这是计算流程的错误，而非数据问题：请报告；系统继续提供上一版本。",
)
_NEWER = (
    "Deliver the right row with a later updated_at, or in a file with a later date in its name.",
    "请交付正确的行，并带有较晚的 updated_at 或文件名日期。",
)


def _with(english: str, chinese: str, remedy: tuple[str, str]) -> tuple[str, str]:
    return f"{english} {remedy[0]}", f"{chinese}{remedy[1]}"


TEXTS: dict[str, tuple[str, str]] = {
    "check_absent": ("Nothing was delivered: KPIs that rest on it say no data. Deliver it if the company has it.", "没有交付：依赖它的指标显示为无数据。公司若有此数据，请交付。"),
    "check_after_as_of": ("Events that lie after the time of this run are in use. Correct the clock or time zone of the source.", "使用了晚于本次运行时间的事件。请更正数据源的时钟或时区。"),
    "check_below_minimum": _with("Values below the contract's minimum, such as negative amounts, are in use.", "使用了低于约定下限的数值，例如负金额。", _CORRECT),
    "check_conflicting_targets": _with("Two agreements about one target differ and nothing says which is newer: nobody's pay may hang on that.", "同一目标有两份不同的约定，且无法判断孰新：不能据此决定任何人的薪酬。", _NEWER),
    "check_conflicts": _with("Rows of one key differ and nothing says which is newer; one of them was taken by a fixed rule.", "同一键的行内容不同且无法判断孰新，已按固定规则取其一。", _NEWER),
    "check_drifted_columns": ("A column is filled far more or far less often than in the deliveries before. Ask the source what changed in its export.", "某列的填充率与以往交付相差很大。请询问数据源导出有何变化。"),
    "check_duplicate_keys": ("Two rows for one key, where one alone may count.", "同一键出现两行，而只应有一行。"),
    "check_excess_quarantine": ("Too many rows of a delivery were refused for its dataset to be trusted. Deliver a corrected file at the same path, or accept the loss with loyalty quarantine --dismiss.", "某次交付被拒收的行过多，该数据集不可信。请在同一路径交付更正后的文件，或用 loyalty quarantine --dismiss 接受损失。"),
    "check_freshness": ("Nothing new has happened for long. Ask whether the source still exports; numbers of the last months are incomplete if it doesn't.", "很久没有新数据。请确认数据源是否仍在导出；否则最近几个月的数值不完整。"),
    "check_misordered": _with("A target whose threshold, target and stretch don't follow each other in the KPI's good direction scores nonsense.", "门槛、目标、挑战值未按指标的好方向排列，得分没有意义。", _NEWER),
    "check_not_taken": ("Something in landing was passed over: no dataset has its folder's name, or it is no file that can be read. Put it into landing/<dataset>/ as a file that the run's user may read, or take it away.", "landing 中有内容被略过：其文件夹名不是任何数据集，或不是可读取的文件。请将其作为运行用户可读的文件放入 landing/<数据集>/，或移走。"),
    "check_null_keys": _with("Rows without a complete key are in use.", "使用了键不完整的行。", _CORRECT),
    "check_score_out_of_scale": _with("Answers outside their question's scale are in use.", "使用了超出题目量表范围的回答。", _CORRECT),
    "check_unbelievably_old": _with("Events of before 1990 are in use, as 1900-01-01 or 1970-01-01 for a time that nobody knows: they make customers old, and the company's history long.", "使用了1990年以前的事件，例如以1900-01-01或1970-01-01代替未知时间：这会使客户显得很老、公司历史显得很长。", _CORRECT),
    "check_unknown_unit": ("Rows name a unit that org_units doesn't have; they count for whoever is next in line, at last the company. Deliver the unit in org_units, or correct the rows at their source.", "数据中的部门不在 org_units 中，暂计入上一级，最终计入公司。请在 org_units 中交付该部门，或在源头更正。"),
    "check_unreadable": ("A file could not be read at all and was left out whole. Deliver it again at the same path.", "有文件完全无法读取，已整份略去。请在同一路径重新交付。"),
    "check_volume": ("The newest delivery has at least 60 % fewer rows than usual. Ask the source whether its export was complete; deliver the missing rows if it wasn't.", "最新交付的行数比往常少六成以上。请确认导出是否完整；若不完整，请补交缺失的行。"),
    "check_waiting": ("More deliveries than one run takes: the rest wait. Run again, or raise max_deliveries_per_run.", "交付数量超过一次运行的上限，其余等待。请再次运行，或调高 max_deliveries_per_run。"),
    "check_weights_off": _with("The weights of a unit's KPIs don't add up to 100, so its score would not mean what was agreed.", "某部门的指标权重之和不是100，得分不符合约定。", _NEWER),
    "check_unknown_kpi": ("A KPI that the catalogue doesn't have. In targets: correct its id and deliver it again.", "目录中没有的指标。若出现在目标中，请更正其编号并重新交付。"),
    "check_attainment_out_of_bounds": _with("An attainment outside 0 … 120.", "达成度超出0至120。", _REPORT),
    "check_below_floor": _with("A cell of so few people is shown that they could be recognised.", "某单元格人数过少仍被显示，可能识别到个人。", _REPORT),
    "check_child_above_parent": _with("A unit has more sampling units than the unit above it.", "下级部门的样本量大于上级部门。", _REPORT),
    "check_hidden_but_there": _with("A hidden cell still carries a number.", "已隐藏的单元格仍带有数值。", _REPORT),
    "check_negative_n": _with("Fewer than no sampling units.", "样本量为负。", _REPORT),
    "check_not_finite": _with("NaN or infinity among the numbers.", "数值中出现非数或无穷大。", _REPORT),
    "check_outside_interval": _with("A value outside its own interval, or an interval with one end.", "数值在其区间之外，或区间缺少一端。", _REPORT),
    "check_part_above_whole": _with("A month or quarter has more sampling units than the period it lies in.", "某月或季度的样本量大于其所在期间。", _REPORT),
    "check_score_out_of_bounds": _with("A score outside 0 … 120.", "得分超出0至120。", _REPORT),
    "check_shown_but_empty": _with("A cell that isn't hidden has no number.", "未隐藏的单元格没有数值。", _REPORT),
    "check_unbalanced": _with("Rows were lost or counted twice.", "有行遗失或被重复计数。", _REPORT),
    "check_unknown_rag": _with("A colour outside green, amber, red, grey.", "状态颜色不在绿、黄、红、灰之内。", _REPORT),
    "check_unknown_status": _with("A status outside shown, provisional, hidden.", "状态不在显示、暂定、隐藏之内。", _REPORT),
    "check_unknown_verdict": _with("A verdict outside met, missed, uncertain, not_scored.", "结论不在规定的四种之内。", _REPORT),
    "check_unstaged": _with("The dataset has no staging table, so nothing of it is used.", "该数据集没有整理表，其数据均未使用。", _REPORT),
    "check_value_out_of_bounds": _with("A value that the KPI cannot take.", "指标不可能取的数值。", _REPORT),
    "check_weak_share_out_of_bounds": _with("A share outside 0 … 1.", "占比超出0至1。", _REPORT),
}  # fmt: skip
