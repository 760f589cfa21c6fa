"""Why a row, a file or a cell was refused: code → what it means and what mends it, in both languages."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Reason:
    """`level` is file, row, cell (all fixed by the content) or set (depends on the other deliveries and on as_of)."""

    level: str
    en: str
    remedy_en: str
    zh: str
    remedy_zh: str


REASONS: dict[str, Reason] = {
    "empty_file": Reason(
        "file", "The file is empty.", "Deliver it again with its header line.", "文件为空。", "请连同表头重新交付。"
    ),
    "truncated_gzip": Reason(
        "file",
        "The gzip file ends too early.",
        "Deliver the complete file; write it under a name ending in .part until it is done.",
        "gzip 文件不完整。",
        "请交付完整文件;写完之前使用以 .part 结尾的文件名。",
    ),
    "bad_gzip": Reason(
        "file", "The gzip file is damaged.", "Compress and deliver it again.", "gzip 文件已损坏。", "请重新压缩并交付。"
    ),
    "expands_too_much": Reason(
        "file",
        "The file expands beyond the limits of company.yml (max_expanded_mb, max_expansion_ratio).",
        "Split the delivery, or raise the limits if the file is genuine.",
        "文件解压后超出 company.yml 的限制(max_expanded_mb、max_expansion_ratio)。",
        "请拆分文件;确属正常时可提高限制。",
    ),
    "unknown_encoding": Reason(
        "file",
        "The text is neither UTF-8, UTF-16 with BOM nor GB18030.",
        "Export it as UTF-8 (in Excel: CSV UTF-8).",
        "文本编码不是 UTF-8、带 BOM 的 UTF-16 或 GB18030。",
        "请以 UTF-8 导出(Excel 中选“CSV UTF-8”)。",
    ),
    "not_parquet": Reason(
        "file",
        "The Parquet file cannot be read.",
        "Write it again; it may have been cut off.",
        "Parquet 文件无法读取。",
        "请重新生成;文件可能不完整。",
    ),
    "not_json_lines": Reason(
        "file",
        "The file is one JSON document, not JSON Lines.",
        "Write one complete JSON object per line, without brackets around them (jq -c '.[]').",
        "文件是单个 JSON 文档,不是 JSON Lines。",
        "每行写一个完整的 JSON 对象,外面不加方括号(jq -c '.[]')。",
    ),
    "reserved_column": Reason(
        "file",
        "The Parquet file has a column whose name the reader needs for itself.",
        "Leave the column out, or rename it.",
        "Parquet 文件中有一列的名称为读取程序所保留。",
        "请去掉该列或改名。",
    ),
    "decimal_too_wide_column": Reason(
        "file",
        "A decimal column of the Parquet file has more than 38 digits, which can't be read exactly.",
        "Write the column as DECIMAL(38, 9) or narrower.",
        "Parquet 文件中某个 decimal 列超过 38 位,无法精确读取。",
        "请将该列写为 DECIMAL(38, 9) 或更窄。",
    ),
    "not_xlsx": Reason(
        "file",
        "The XLSX workbook cannot be read.",
        "Save it again as .xlsx, without a password.",
        "XLSX 工作簿无法读取。",
        "请另存为 .xlsx,且不要加密。",
    ),
    "xlsx_not_accepted": Reason(
        "file",
        "This dataset is not taken as XLSX, which mangles ids and long numbers.",
        "Deliver CSV, JSON Lines or Parquet.",
        "该数据集不接受 XLSX,因其会破坏编号和长数字。",
        "请交付 CSV、JSON Lines 或 Parquet。",
    ),
    "no_header": Reason(
        "file",
        "The first line is no header.",
        "Start the file with the column names of the template.",
        "首行不是表头。",
        "请以模板的列名作为首行。",
    ),
    "missing_key_column": Reason(
        "file",
        "A key column is missing from the header.",
        "Add the column; columns are separated by commas and named as in the template.",
        "表头缺少主键列。",
        "请补上该列;列以逗号分隔,列名见模板。",
    ),
    "missing_required_column": Reason(
        "file",
        "A required column is missing from the header.",
        "Add the column; its name is in the template.",
        "表头缺少必填列。",
        "请补上该列;列名见模板。",
    ),
    "duplicate_column": Reason(
        "file", "The header names a column twice.", "Keep one of them.", "表头中同一列出现两次。", "请只保留一列。"
    ),
    "unreadable": Reason(
        "file", "The file cannot be read.", "Export and deliver it again.", "文件无法读取。", "请重新导出并交付。"
    ),
    "damaged_copy": Reason(
        "file",
        "The kept copy no longer has the bytes that were delivered.",
        "Restore the folder deliveries/ from a backup, or deliver the file again.",
        "保存的副本与原交付内容不一致。",
        "请从备份恢复 deliveries/,或重新交付。",
    ),
    "wrong_field_count": Reason(
        "row",
        "The row has more or fewer fields than the header.",
        "Put values that contain commas or line breaks in double quotes.",
        "本行字段数与表头不一致。",
        "含逗号或换行的值请用双引号括起。",
    ),
    "unterminated_quote": Reason(
        "row",
        "A double quote is opened and never closed; everything after it is refused.",
        "Close the quote, or write it twice inside a value.",
        "双引号未闭合,其后内容全部被拒。",
        "请闭合引号;值内的引号写两次。",
    ),
    "stray_quote": Reason(
        "row",
        "Text follows a closing double quote.",
        "Write double quotes inside a value twice.",
        "闭合双引号之后还有文字。",
        "值内的双引号请写两次。",
    ),
    "formula_without_value": Reason(
        "row",
        "A formula of the workbook has no value yet: the program that wrote it does not calculate.",
        "Open the workbook in Excel or LibreOffice and save it again, or write values instead of formulas.",
        "工作簿中的公式尚无计算结果:写入它的程序不进行计算。",
        "请用 Excel 或 LibreOffice 打开并重新保存,或以数值代替公式。",
    ),
    "percentage": Reason(
        "row",
        "The cell is formatted as a percentage: where it shows 80%, the workbook holds 0.8.",
        "Format the cell as a number and write the value in the column's own unit, such as 80.",
        "单元格为百分比格式:显示 80% 时,工作簿中的值是 0.8。",
        "请将单元格改为数字格式,按该列的单位填写,例如 80。",
    ),
    "field_too_long": Reason(
        "row",
        "A value is longer than one megabyte.",
        "Shorten it; look for a missing double quote.",
        "单个值超过 1 MB。",
        "请缩短;或检查是否缺少双引号。",
    ),
    "nul_byte": Reason(
        "row",
        "The row contains a NUL byte.",
        "Export again; the transfer may have damaged the file.",
        "本行含 NUL 字节。",
        "请重新导出;传输可能损坏了文件。",
    ),
    "invalid_json": Reason(
        "row",
        "The line is no JSON object.",
        "Write one complete JSON object per line.",
        "本行不是 JSON 对象。",
        "每行写一个完整的 JSON 对象。",
    ),
    "not_utf8": Reason(
        "cell",
        "The bytes are no text in UTF-8.",
        "Write the column as text (in Spark and Arrow: string).",
        "该值的字节不是 UTF-8 文本。",
        "请将该列写为文本(Spark、Arrow 中为 string)。",
    ),
    "nested_value": Reason(
        "cell",
        "The value is a list or an object.",
        "Deliver plain values only.",
        "值为列表或对象。",
        "请只交付简单值。",
    ),
    "missing_required": Reason("cell", "A required value is empty.", "Fill it in.", "必填值为空。", "请填写。"),
    "excel_error": Reason(
        "cell",
        "The value is a spreadsheet error such as #REF!.",
        "Mend the formula and export again.",
        "值为表格错误,如 #REF!。",
        "请修正公式后重新导出。",
    ),
    "excel_number": Reason(
        "cell",
        "The spreadsheet turned this id or number into one like 1.38E+10; digits are lost.",
        "Format the column as text before pasting, and export again.",
        "编号被表格软件转成 1.38E+10 之类,位数已丢失。",
        "请先将该列设为文本格式,再重新导出。",
    ),
    "not_a_timestamp": Reason(
        "cell",
        "The value is no date and time.",
        "Write ISO 8601 such as 2026-03-31 18:05:00 or …Z, or set formats in company.yml.",
        "值不是日期时间。",
        "请用 ISO 8601,如 2026-03-31 18:05:00,或在 company.yml 设置 formats。",
    ),
    "not_a_date": Reason(
        "cell",
        "The value is no date.",
        "Write ISO 8601 such as 2026-03-31, or set formats in company.yml.",
        "值不是日期。",
        "请用 ISO 8601,如 2026-03-31,或在 company.yml 设置 formats。",
    ),
    "not_a_number": Reason(
        "cell",
        "The value is no plain decimal number, or too large.",
        "Write digits with a point, no thousands separator, sign or currency.",
        "值不是普通小数,或过大。",
        "请只写数字和小数点,不带千分位与货币符号。",
    ),
    "not_an_integer": Reason(
        "cell", "The value is no whole number.", "Write digits only.", "值不是整数。", "请只写数字。"
    ),
    "not_a_boolean": Reason(
        "cell",
        "The value is neither true nor false.",
        "Write true/false, 1/0, yes/no or 是/否.",
        "值不是布尔值。",
        "请写 true/false、1/0、yes/no 或 是/否。",
    ),
    "not_in_list": Reason(
        "cell",
        "The value is not one of the contract's closed list.",
        "Use one of the values in the template.",
        "值不在约定的取值列表中。",
        "请使用模板中的取值。",
    ),
    "out_of_range": Reason(
        "cell",
        "The number is outside the allowed range.",
        "Correct it; the range is in the template's documentation.",
        "数值超出允许范围。",
        "请更正;范围见模板说明。",
    ),
    "placeholder_time": Reason(
        "set",
        "The order is dated before 1970-01-02, as systems write where they know no time (0001-01-01, 1900-01-01, 1970-01-01).",
        "Deliver the order again with the time at which it was placed.",
        "订单时间早于 1970-01-02,通常是系统在没有时间时写入的占位值(0001-01-01、1900-01-01、1970-01-01)。",
        "请以真实下单时间重新交付该订单。",
    ),
    "future": Reason(
        "set",
        "The row is stamped after the time of the run.",
        "Correct the clock or time zone; a later run takes the row by itself.",
        "本行时间晚于运行时点。",
        "请更正时钟或时区;其后的运行会自动接收。",
    ),
    "no_exchange_rate": Reason(
        "set",
        "The order is in another currency and no rate is in force on its day.",
        "Deliver the rate in exchange_rates.",
        "订单为外币,且当日无有效汇率。",
        "请在 exchange_rates 中交付汇率。",
    ),
    "ambiguous_reference": Reason(
        "set",
        "Several systems have the id that the row refers to, and its own system does not.",
        "Fill in the column that names the system.",
        "多个系统都有被引用的编号,而本行系统没有。",
        "请填写注明系统的列。",
    ),
    "score_out_of_scale": Reason(
        "set",
        "The score lies outside its question's scale.",
        "Correct the score, or the scale in survey_questions.",
        "分值超出题目量表。",
        "请更正分值,或更正 survey_questions 中的量表。",
    ),
}


def reason(code: str) -> Reason:
    """The reason of that code; an unknown code reads as `unreadable`."""
    return REASONS.get(code, REASONS["unreadable"])
