"""`survey_questions`: what the company asks."""

import pyarrow as pa

from demo_company.delivery import Landing

# code, measures, item, occasion, low, high, polarity, English, Chinese
QUESTIONS = (
    ("NPS_REL", "nps", "overall", "relationship", 0, 10, "higher_is_better", "How likely are you to recommend us to a friend?", "您有多大可能把我们推荐给朋友?"),
    ("NPS_TX", "nps", "overall", "transaction", 0, 10, "higher_is_better", "After this visit, how likely are you to recommend us?", "就这次体验,您有多大可能推荐我们?"),
    ("CSAT_TX", "csat", "overall", "transaction", 1, 5, "higher_is_better", "How satisfied are you with this purchase?", "您对这次购买满意吗?"),
    ("CSAT_SVC", "csat", "overall", "transaction", 1, 5, "higher_is_better", "How satisfied are you with our service?", "您对这次服务满意吗?"),
    ("CSAT_CC", "csat", "overall", "complaint_closure", 1, 5, "higher_is_better", "How satisfied are you with how we handled your complaint?", "您对投诉处理满意吗?"),
    ("CES_EASE", "ces", "overall", "transaction", 1, 7, "higher_is_better", "It was easy to get my issue solved.", "解决问题很容易。"),
    ("CES_EFFORT", "ces", "overall", "transaction", 1, 7, "lower_is_better", "How much effort did it take you?", "您费了多大力气?"),
    *((f"TRUST_{item[:3].upper()}", "trust", item, "relationship", 1, 5, "higher_is_better", f"Trust: {item}", f"信任:{zh}") for item, zh in (("humanity", "人情味"), ("transparency", "透明"), ("capability", "能力"), ("reliability", "可靠"))),
    *((f"SAT_{place}", "satisfaction_index", item, "relationship", 1, 10, "higher_is_better", f"Satisfaction: {item}", f"满意度:{zh}") for place, (item, zh) in enumerate((("overall", "总体"), ("vs_expectation", "与期望相比"), ("vs_ideal", "与理想相比")), 1)),
    *((f"VAL_B{place}", "benefit", item, "relationship", 1, 7, "higher_is_better", f"Benefit: {item}", f"利益:{zh}") for place, (item, zh) in enumerate((("functional", "功能"), ("emotional", "情感"), ("identity", "认同"), ("learning", "学习")), 1)),
    *((f"VAL_C{place}", "cost", item, "relationship", 1, 7, "lower_is_better", f"Cost: {item}", f"成本:{zh}") for place, (item, zh) in enumerate((("economic", "金钱"), ("time", "时间"), ("mental", "精力"), ("risk", "风险")), 1)),
    ("PERS", "personalisation", "customisability", "transaction", 1, 5, "higher_is_better", "It felt made for me.", "感觉是为我定制的。"),
    ("QUIZ_POINTS", "rule_quiz", "transparency", "relationship", 0, 1, "higher_is_better", "When do points expire?", "积分什么时候过期?"),
    ("ENPS", "nps", "overall", None, 0, 10, "higher_is_better", "How likely are you to recommend working here?", "您有多大可能推荐朋友来这里工作?"),
)  # fmt: skip


CODE = {question[0]: place for place, question in enumerate(QUESTIONS)}


STAGES = ("awareness", "search", "compare", "order", "receipt", "use", "problem", "repeat_recommend")


def deliver_questions(landing: Landing) -> None:
    """The questions, in one hand-kept file."""
    names = (
        "question_code",
        "measures",
        "item",
        "occasion",
        "scale_min",
        "scale_max",
        "polarity",
        "text_en",
        "text_zh",
    )
    table = {name: pa.array([question[place] for question in QUESTIONS]) for place, name in enumerate(names)}
    landing.deliver("survey_questions", "survey_questions", table)
