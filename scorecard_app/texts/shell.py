"""Words around every page: sidebar, states, foot."""

TEXTS: dict[str, tuple[str, str]] = {
    "title": ("Loyalty scorecard", "客户忠诚度记分卡"),
    "language": ("Language", "语言"),
    "unit": ("Unit", "部门"),
    "period_kind": ("By", "周期"),
    "period": ("Period", "期间"),
    "kind_month": ("Month", "月"),
    "kind_quarter": ("Quarter", "季"),
    "kind_year": ("Year", "年"),
    "open_period": ("{period} (open)", "{period}（未结束）"),
    "empty_title": ("Nothing has been published yet", "尚未发布任何数据"),
    "empty_text": (
        "Put your files into {landing} and run the command below. The numbers appear here as soon as they have passed every check.",
        "请将数据文件放入 {landing}，然后运行以下命令。数据通过全部检查后会显示在此处。",
    ),
    "damaged_title": ("The published numbers are not whole", "已发布的数据不完整"),
    "damaged_text": (
        "Nothing is shown rather than something wrong. Publish afresh with the command below; what was delivered is not affected.",
        "为避免显示错误数据，本页暂不展示任何数值。请运行以下命令重新发布；已接收的原始数据不受影响。",
    ),
    "no_periods_title": ("No KPI has a value yet", "尚无任何指标数值"),
    "no_periods_text": (
        "This version was published without orders, survey answers or complaints to count.",
        "当前版本中没有可统计的订单、调研回答或投诉。",
    ),
    "demo": ("Demo company: invented data, nobody's performance", "演示公司：数据均为虚构，不代表任何真实绩效"),
    "renewed": (
        "You are now reading a newer version, as of {as_of}.",
        "数据已更新，当前显示的是截至 {as_of} 的新版本。",
    ),
    "newer": ("A newer version has been published.", "已有更新的版本发布。"),
    "show_newer": ("Show it", "立即查看"),
    "as_of": ("As of", "数据截至"),
    "version": ("Version", "版本"),
    "digest": ("Digest", "数字指纹"),
    "received": (
        "Rests on deliveries: {deliveries}; rows received: {rows}, refused: {refused}",
        "数据来源：交付{deliveries}次，接收{rows}行，拒收{refused}行",
    ),
    "page_scorecard": ("My scorecard", "我的记分卡"),
    "section_read": ("Scorecards", "记分卡"),
    "local": (
        "Local mode: no sign-in, this machine only. Whoever uses this browser sees everything.",
        "本机模式：无需登录，仅限本机访问。使用此浏览器者可查看全部内容。",
    ),
    "closed_title": ("Nobody is signed in", "尚未登录"),
    "closed_text": (
        "These numbers are for people who sign in. Ask whoever runs this server.",
        "登录后方可查看。请联系本系统的管理员。",
    ),
}  # fmt: skip
