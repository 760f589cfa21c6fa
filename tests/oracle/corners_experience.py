"""The corner company's stories about batteries, promises, journeys, closures, recognition, staff and guardrails.

As in `corners_kpis`: every story happens to six people or six nobodies, # standing for the copy's number.
"""

from collections.abc import Mapping
from pathlib import Path

from .by_hand import deliver, lay
from .corners_kpis import after

DEPARTMENTS = ("battery", "promised", "selfhelp", "retold", "closing", "asked", "recognised", "sources", "engaged")
Row = dict[str, object]


def write(data: Path) -> None:
    """Lay the stories' deliveries beside the others, in files of their own."""
    _questions(data)
    _answers(data)
    _orders(data)
    _promises(data)
    _contacts(data)
    _cases(data)
    _customers(data)
    _staff(data)
    _members(data)


def _questions(data: Path) -> None:
    deliver(
        data,
        "survey_questions",
        """
        question_code | measures | item | scale_min | scale_max | polarity
        S1      | satisfaction_index | overall        | 1 | 10 |
        S2      | satisfaction_index | vs_expectation | 1 | 10 | higher_is_better
        S3      | satisfaction_index | vs_ideal       | 1 | 10 |
        S4      | satisfaction_index | vs_ideal       | 1 | 10 |
        S_short | satisfaction_index | vs_ideal       | 1 | 7  |
        T1      | trust   | humanity     | 1 | 5  | higher_is_better
        T2      | trust   | transparency | 0 | 10 |
        T3      | trust   | capability   | 1 | 5  | lower_is_better
        T4      | trust   | reliability  | 1 | 6  |
        T_flat  | trust   | reliability  | 3 | 3  |
        T_other | trust   | warmth       | 1 | 5  |
        V1      | benefit | functional   | 1 | 7 |
        V2      | benefit | emotional    | 1 | 7 | higher_is_better
        V3      | benefit | identity     | 1 | 7 | lower_is_better
        V4      | benefit | learning     | 1 | 7 |
        V5      | cost    | economic     | 1 | 7 |
        V6      | cost    | time         | 1 | 7 | lower_is_better
        V7      | cost    | mental       | 1 | 7 | higher_is_better
        V8      | cost    | risk         | 1 | 7 |
        V_wrong | cost    | functional   | 1 | 7 |
        P1      | personalisation |          | 1 | 5  |
        P2      | personalisation | whatever | 0 | 10 | lower_is_better
        P_flat  | personalisation |          | 2 | 2  |
        Q1      | rule_quiz       |          | 0 | 1  |
        """,
        "experience.csv",
    )


WHOLE = {
    "S": {"S1": 8, "S2": 7, "S3": 7},
    "T": {"T1": 4, "T2": 5, "T3": 4, "T4": 4},
    "V": {**{f"V{n}": 6 for n in range(1, 5)}, **{f"V{n}": 2.5 for n in range(5, 9)}},
}


def _answers(data: Path) -> None:
    rows: list[Row] = []

    def response(key: str, answers: Mapping[str, object], who: str, at: str = after(0), **more: object) -> None:
        more = {"source_system": "svy3", "org_unit_id": "battery", "responded_at": at} | more
        if who:
            more |= {"customer_source_system": "shop", "source_customer_id": who}
        rows.extend(
            {"response_id": f"{key}-#", "question_code": code, "score": score} | more for code, score in answers.items()
        )

    for name, whole in WHOLE.items():
        first, *rest = whole
        response(f"{name}all", whole, "battery-#")
        response(f"{name}low", dict.fromkeys(whole, 1), "battery_low-#")
        response(f"{name}part", dict(list(whole.items())[:-1]), "battery_part-#")
        response(f"{name}blank", whole | {rest[-1]: ""}, "battery_blank-#")
        response(f"{name}nobody", dict.fromkeys(whole, 5), "")
        response(f"{name}early", dict.fromkeys(whole, 2), "battery_twice-#", "2024-06-30T23:59:59")
        response(f"{name}late", dict.fromkeys(whole, 4), "battery_twice-#", "2024-07-01T00:00:00")
        response(f"{name}tie", dict.fromkeys(whole, 3), "battery_tie-#", after(1))
        response(f"{name}tie2", dict.fromkeys(whole, 5), "battery_tie-#", after(1))
        response(f"{name}all", dict.fromkeys(whole, 2), "battery_other-#", after(2), source_system="svy4")
        # the first item says who, when and where
        response(f"{name}mixed", {first: 5}, "battery_mixed-#", after(3), org_unit_id="asked", channel="web")
        response(f"{name}mixed", dict.fromkeys(rest, 3), "somebody-#", after(30), org_unit_id="sal", channel="app")
        response(f"{name}other", {first: 5}, "", after(3), org_unit_id="asked", channel="web")
        response(f"{name}other", dict.fromkeys(rest, 3), "somebody-#", after(30), org_unit_id="sal")
    response("Stwice", WHOLE["S"] | {"S4": 1}, "battery_4-#")
    response("Sdouble", {"S1": 3, "S2": 9.5, "S4": 10, "S3": ""}, "battery_5-#")
    response("Sshort", {"S1": 8, "S2": 7, "S_short": 7}, "battery_6-#")
    response("Tflat", {"T1": 4, "T2": 5, "T3": 4, "T_flat": 3, "T_other": 1}, "battery_7-#")
    response("Vwrong", {f"V{n}": 6 for n in range(2, 9)} | {"V_wrong": 6}, "battery_8-#")
    for n, score in enumerate((3, 3.001, 5, 2.999, "")):
        who = "asked-#" if n else ""
        response(f"P1{n}", {"P1": score}, who, after(n), org_unit_id="asked", touchpoint="desk", journey_stage="use")
    for n, score in enumerate((5, 4, 6)):
        response(f"P2{n}", {"P2": score}, "asked-#", after(n), org_unit_id="asked", touchpoint="shelf")
    response("Pflat", {"P_flat": 2}, "asked-#", org_unit_id="asked")
    for n, (right, seconds) in enumerate(
        (("true", 30), ("true", 31), ("true", ""), ("false", 5), ("", 5), ("true", 0))
    ):
        more = {"org_unit_id": "asked", "is_correct": right, "seconds_taken": seconds}
        response(f"Q{n}", {"Q1": ""}, f"quiz{n % 2}-#", after(n), **more)
    for n, (answers, comment) in enumerate(
        (({"N": 9}, "good"), ({"N": 8}, " "), ({"N": ""}, "no score"), ({"N": 8, "C": 4}, "twice in one"))
    ):
        response(f"N{n}", answers, "asked-#", after(n), org_unit_id="asked", comment=comment)
    lay(data, "survey_responses", rows, "experience.csv")
    told = {"source_system": "svy3", "customer_source_system": "shop", "org_unit_id": "asked", "touchpoint": "desk"}
    sent = {
        **{"same_day": "2024-06-10T00:00:00", "fortnight": "2024-05-27T12:00:00", "too_late": "2024-05-26T12:00:00"},
        **{"after_it": "2024-06-20T12:00:00", "none": after(0), "open": "2024-12-27T12:00:00"},
        "closed": "2024-12-26T12:00:00",
    }
    answered = {
        "same_day": "Sall-#",
        "fortnight": "Sall-#",
        "too_late": "Sall-#",
        "after_it": "Sall-#",
        "open": "unheard",
    }
    invitations: list[Row] = [
        told | {"invitation_id": f"{key}-#", "sent_at": at, "response_id": answered.get(key, "")}
        for key, at in sent.items()
    ]
    for row in invitations[:4]:
        row["source_customer_id"] = "asked-#"
    lay(data, "survey_invitations", invitations, "experience.csv")


DELIVERIES = {  # story → promised_at, fulfilled_at, status, updated_at
    "in_time": (after(3), after(3), "", ""),
    "a_second_late": (after(3), "2024-06-13T12:00:01", "", ""),
    "open_overdue": (after(3), "", "open", ""),
    "cancelled_before": (after(3), "", "cancelled", after(2)),
    "cancelled_then": (after(3), "", "cancelled", after(3)),
    "cancelled_after": (after(3), "", "cancelled", after(4)),
    "cancelled_somewhen": (after(3), "", "cancelled", ""),
    "returned": (after(3), after(2), "returned", ""),
    "not_due": ("2025-01-10T12:00:01+08:00", "", "open", ""),
    "due_now": ("2025-01-10T12:00:00+08:00", "", "open", ""),
    "new_month": ("2024-06-30T23:59:59", "2024-07-01T00:00:00", "", ""),
    "clocks": ("2024-03-10T02:30:00", "2024-03-10T03:30:00", "", ""),
    "clocks_back": ("2024-11-03T01:30:00", "2024-11-03T06:00:00Z", "", ""),
    "no_promise": ("", after(3), "", ""),
}
REFUNDS = {  # story → order, requested_at, promised_days, completed_at
    "on_day_7": ("in_time-#", after(5), "7", after(12)),
    "a_second_over": ("in_time-#", after(5), "7", "2024-06-22T12:00:01"),
    "never": ("in_time-#", after(5), "7", ""),
    "at_once": ("in_time-#", after(5), "0", after(5)),
    "no_days": ("in_time-#", after(5), "", ""),
    "not_asked": ("in_time-#", "", "7", ""),
    "of_a_cancelled_one": ("cancelled_before-#", after(5), "7", after(6)),
    "of_nothing": ("unheard-#", after(5), "7", after(6)),
    "of_a_moved_unit": ("moved-#", after(0), "7", after(8)),
    "over_the_clocks": ("in_time-#", "2024-03-09T12:00:00", "1", "2024-03-10T12:30:00"),
}
RECOGNISED: dict[str, list[Row]] = {  # story → the customer's records: columns of `customers`
    "with_card": [{"loyalty_card_no": "RC#"}],
    "with_account": [{"external_id": "RA#"}],
    "with_nothing": [{}],
    "placeholder_card": [{"loyalty_card_no": "0000"}],
    "phone_verified": [{"phone": "1381000010#", "phone_verified": "true"}],
    "phone_not": [{"phone": "1381000011#", "phone_verified": "false"}],
    "mail_verified": [{"email": "r#@firm.cn", "email_verified": "yes"}],
    "mail_by_phone": [{"email": "rm#@firm.cn", "phone_verified": "true"}],
    "sibling_verified": [
        {"phone": "1381000012#"},
        {"source_system": "crm3", "phone": "1381000012#", "phone_verified": "true"},
    ],
    "sibling_card": [
        {"phone": "1381000013#"},
        {"source_system": "crm3", "phone": "1381000013#", "loyalty_card_no": "RS#"},
    ],
    "other_phone_verified": [
        {"phone": "1381000014#"},
        {"source_system": "crm3", "phone": "1381000014#;1381000015#", "phone_verified": "true"},
    ],
}
SOURCES: dict[str, list[Row]] = {  # story → the customer's records
    "sent_by_friend": [{"acquisition_source": "referral"}],
    "recommended": [{"acquisition_source": "recommendation"}],
    "paid": [{"acquisition_source": "paid"}],
    "nobody_knows": [{}],
    "src_earliest_wins": [
        {"acquisition_source": "paid", "registered_at": "2024-02-01", "loyalty_card_no": "E1#"},
        {
            "source_system": "crm3",
            "acquisition_source": "referral",
            "registered_at": "2024-01-01",
            "loyalty_card_no": "E1#",
        },
    ],
    "src_undated_is_last": [
        {"acquisition_source": "paid", "loyalty_card_no": "E2#"},
        {
            "source_system": "crm3",
            "acquisition_source": "referral",
            "registered_at": "2024-01-01",
            "loyalty_card_no": "E2#",
        },
    ],
    "src_earliest_is_silent": [
        {"registered_at": "2023-01-01", "loyalty_card_no": "E3#"},
        {
            "source_system": "crm3",
            "acquisition_source": "organic",
            "registered_at": "2024-01-01",
            "loyalty_card_no": "E3#",
        },
    ],
    "src_tie_by_system": [
        {"acquisition_source": "paid", "loyalty_card_no": "E4#"},
        {"source_system": "crm3", "acquisition_source": "referral", "loyalty_card_no": "E4#"},
    ],
}


def _customers(data: Path) -> None:
    rows = [
        {"source_system": "shop", "source_customer_id": f"{story}-#"} | record
        for stories in (RECOGNISED, SOURCES)
        for story, records in stories.items()
        for record in records
    ]
    lay(data, "customers", rows, "experience.csv")
    given = [
        *(
            ("union_id", "shop", "by_union-#", "RU#", "", ""),
            ("card", "shop", "card_long_gone-#", "RG#", "", "2020-01-01"),
        ),
        ("device", "shop", "by_device-#", "RD#", "", ""),
    ]
    columns = ("identifier_type", "source_system", "source_customer_id", "identifier_value", "valid_from", "valid_to")
    lay(data, "identifiers", [dict(zip(columns, row, strict=True)) for row in given], "experience.csv")


def _orders(data: Path) -> None:
    rows: list[Row] = []

    def order(key: str, who: str, unit: str, at: str = after(0), **more: object) -> None:
        row = {"source_system": "shop", "order_id": f"{key}-#", "source_customer_id": who, "org_unit_id": unit}
        rows.append({**row, "ordered_at": at, "net_amount": 10, "channel": "web", **more})

    for n, (story, (promised, done, status, updated)) in enumerate(DELIVERIES.items()):
        more = {"promised_at": promised, "fulfilled_at": done, "status": status, "updated_at": updated}
        order(story, "" if n % 3 == 2 else "promised-#", "promised", **more)
    order("moved", "promised-#", "moved", "2024-06-01", promised_at=after(7), fulfilled_at=after(7), channel="")
    for story in (*RECOGNISED, "by_union", "card_long_gone", "by_device", "unheard_of"):
        order(f"r-{story}", f"{story}-#", "recognised")
    order("r-open", "with_card-#", "recognised", status="open", channel="")
    order("r-off", "with_card-#", "recognised", status="cancelled")
    # guests: by a verified telephone, by one that is not, by a guarded one, by nothing
    for n, phone in enumerate(("1381000010#", "1381000011#", "13910000002", "")):
        order(f"r-guest{n}", "", "recognised", guest_phone=phone)
    for story in SOURCES:
        order(f"n-{story}", f"{story}-#", "sources", channel="app" if story == "paid" else "web")
    order("e1", "engaged-#", "engaged", "2024-05-31T12:00:00")
    order("e2", "engaged-#", "sal", "2024-06-05T12:00:00", channel="app")
    order("e3", "engaged-#", "sal", "2024-06-06T12:00:00", channel="app")
    for story in CLOSINGS:
        order(f"c-{story}", f"{story}-#", "closing", after(-3))
    lay(data, "orders", rows, "experience.csv")
    lines = [("in_time-#", 1, "true"), ("in_time-#", 2, "false"), ("a_second_late-#", 1, "false"), ("clocks-#", 1, "")]
    columns = ("order_id", "line_no", "is_customised")
    lay(
        data,
        "order_lines",
        [{"source_system": "shop"} | dict(zip(columns, line, strict=True)) for line in lines],
        "experience.csv",
    )


def _promises(data: Path) -> None:
    columns = ("order_id", "requested_at", "promised_days", "completed_at")
    rows: list[Row] = [
        {"source_system": "wms", "return_id": f"b-{story}-#", "order_source_system": "shop"}
        | dict(zip(columns, values, strict=True))
        for story, values in REFUNDS.items()
    ]
    lay(data, "returns", rows, "experience.csv")


SESSIONS = {  # story → (days after, what it is) per talk; purpose p unless said
    "alone": [(0, {"handled_by": "bot"})],
    "before_a_person": [(-1, {"handled_by": "person"}), (0, {"handled_by": "self_service"})],
    "person_72h": [(0, {"handled_by": "bot"}), (3, {"handled_by": "person"})],
    "person_72h_1s": [(0, {"handled_by": "bot"}), (3 + 1 / 86400, {"handled_by": "person"})],
    "other_purpose": [(0, {"handled_by": "bot"}), (1, {"handled_by": "person", "purpose": "q"})],
    "bot_again": [(0, {"handled_by": "bot"}), (1, {"handled_by": "bot"})],
    "called_back": [(0, {"handled_by": "bot"}), (1, {"handled_by": "person", "direction": "outbound"})],
    "at_once": [(0, {"handled_by": "bot"}), (0, {"handled_by": "person"})],
    "at_once_before": [(0, {"handled_by": "person"}), (0, {"handled_by": "bot"})],
    "gave_up": [(0, {"handled_by": "bot", "abandoned": "true"})],
    "unresolved": [(0, {"handled_by": "bot", "resolved": "false"})],
    "nobody_linked": [
        (0, {"handled_by": "bot", "issue_id": "L#"}),
        (1, {"handled_by": "person", "issue_id": "L#"}),
        (2, {"handled_by": "bot", "issue_id": "L#"}),
    ],
    "nobody_unlinked": [(0, {"handled_by": "bot"})],
    "outbound_bot": [(0, {"handled_by": "bot", "direction": "outbound"})],
    "closes_now": [(211, {"handled_by": "bot"})],
    "closes_later": [(211 + 1 / 86400, {"handled_by": "bot", "resolved": "true"})],
    "at_month_end": [(17.75, {"handled_by": "bot", "resolved": "true"})],
}
RETOLD = {  # case → its talks, by the case's issue unless said
    "one": [(0, {"channel": "phone"}), (1, {"channel": "phone"})],
    "two": [(0, {"channel": "phone"}), (7, {"channel": "chat"})],
    "late": [(0, {"channel": "phone"}), (8, {"channel": "chat", "transferred": "true"})],
    "only_late": [(8, {"channel": "chat", "transferred": "true"})],
    "passed": [(0, {"channel": "phone", "transferred": "true"})],
    "blank": [(0, {"channel": "phone"}), (1, {"channel": ""})],
    "called": [(0, {"channel": "phone"}), (1, {"channel": "chat", "direction": "outbound", "transferred": "true"})],
    "only_called": [(0, {"channel": "chat", "direction": "outbound", "transferred": "true"})],
    "long_before": [(-300, {"channel": "chat"}), (0, {"channel": "phone"})],
    "named": [
        (0, {"channel": "phone", "issue_id": "", "case_id": "t-named-#"}),
        (1, {"channel": "chat", "issue_id": ""}),
    ],
    "both": [(0, {"channel": "phone"}), (1, {"channel": "chat", "issue_id": "elsewhere#", "case_id": "t-both-#"})],
    "elsewhere": [(0, {"channel": "phone", "case_id": "unheard"})],
    "silent": [],
}


def _contacts(data: Path) -> None:
    rows: list[Row] = []

    def talk(who: str, unit: str, days: float, **more: object) -> None:
        row: Row = {"source_system": "cc", "contact_id": f"v{len(rows):03}-#", "source_customer_id": who}
        rows.append({**row, "org_unit_id": unit, "started_at": after(days), "touchpoint": "app", **more})

    for story, talks in SESSIONS.items():
        for days, what in talks:
            talk(
                "" if "nobody" in story else f"{story}-#",
                "selfhelp",
                days,
                **{"purpose": "p", "channel": "chat", **what},
            )
    for case, talks in RETOLD.items():
        for days, what in talks:
            talk(f"told_{case}-#", "retold", days, **{"issue_id": f"told_{case}#", "purpose": "why", **what})
    for promised, done, direction in (
        *((after(1), after(1), ""), (after(1), after(1.1), ""), (after(1), "", "outbound"), (after(300), "", "")),
    ):
        more = {"callback_promised_at": promised, "callback_at": done, "direction": direction}
        talk("promised-#", "promised", 0, channel="phone", purpose="call", **more)
    for seconds, by, abandoned in (
        *((30, "person", ""), (60, "", ""), (90, "person", "true"), (120, "bot", ""), ("", "person", "")),
        *((240, "person", ""), (0, "person", "")),
    ):
        talk("asked-#", "asked", 0, channel="phone", wait_seconds=seconds, handled_by=by, abandoned=abandoned)
    lay(data, "contacts", rows, "experience.csv")


OPENED, RESOLVED = "2024-10-14T09:00:00", "2024-10-16T12:00:00"
CLOSINGS: dict[str, Row] = {  # story → what differs from a complaint opened on a Monday morning
    "plain": {},
    "cared": {"follow_up_at": RESOLVED, "follow_up_kind": "care"},
    "cared_a_second_before": {"follow_up_at": "2024-10-16T11:59:59", "follow_up_kind": "care"},
    "cared_on_day_14": {"follow_up_at": "2024-10-30T23:59:59", "follow_up_kind": "care"},
    "cared_on_day_15": {"follow_up_at": "2024-10-31T00:00:00", "follow_up_kind": "care"},
    "sold_to": {"follow_up_at": "2024-10-17T00:00:00", "follow_up_kind": "marketing"},
    "just_followed": {"follow_up_at": "2024-10-17T00:00:00"},
    "reopened": {"reopened_at": "2024-10-17T00:00:00"},
    "reopened_on_day_14": {"reopened_at": "2024-10-30T23:59:59"},
    "reopened_on_day_15": {"reopened_at": "2024-10-31T00:00:00"},
    "reopened_before": {"reopened_at": "2024-10-15T00:00:00"},
    "reopened_then": {"reopened_at": RESOLVED},
    "unresolved": {"resolved_at": ""},
    "open_for_ever": {
        "first_response_at": "9999-12-31",
        "resolved_at": "9999-12-31T23:59:59",
        "follow_up_at": "9999-12-31",
    },
    "request": {"kind": "request"},
    "suggestion": {"kind": "suggestion", "resolved_at": ""},
    "slow": {"resolved_at": "2024-10-21T14:00:00"},
    "slow_by_a_second": {"resolved_at": "2024-10-28T09:00:01"},
    "resolved_lately": {"resolved_at": "2024-12-26T12:00:00"},
    "resolved_too_lately": {"resolved_at": "2024-12-27T12:00:00"},
    "estimated": {"eta_at": RESOLVED},
    "estimated_too_early": {"eta_at": "2024-10-16T11:59:59"},
    "estimated_unresolved": {"eta_at": "2024-10-31T23:59:59", "resolved_at": ""},
    "estimated_for_later": {"eta_at": "2025-02-01T00:00:00", "resolved_at": ""},
    "admitted": {"responsibility_accepted": "true", "first_response_at": "2024-10-14T14:00:00"},
    "denied": {"responsibility_accepted": "false", "first_response_at": "2024-10-14T18:00:01"},
    "paid": {"compensation_amount": 10, "policy_amount": 10},
    "paid_too_little": {"compensation_amount": 9.99, "policy_amount": 10},
    "paid_nothing": {"policy_amount": 10},
    "owed_nothing": {"policy_amount": 0},
    "no_policy": {"compensation_amount": 1},
}


def _cases(data: Path) -> None:
    rows: list[Row] = [
        {
            **{
                "source_system": "cs",
                "case_id": f"z-{story}-#",
                "customer_source_system": "shop",
                "org_unit_id": "closing",
            },
            **{"source_customer_id": f"{story}-#", "kind": "complaint", "category": story, "channel": "mail"},
            **{"opened_at": OPENED, "resolved_at": RESOLVED, **what},
        }
        for story, what in CLOSINGS.items()
    ]
    rows.append({**rows[1], "case_id": "z-nobody-#", "source_customer_id": ""})
    rows.append({**rows[1], "case_id": "z-moved-#", "org_unit_id": "moved", "opened_at": "2024-06-10T09:00:00"})
    rows += [
        {
            **{
                "source_system": "cc",
                "case_id": f"t-{case}-#",
                "source_customer_id": f"told_{case}-#",
                "kind": "request",
            },
            **{"org_unit_id": "retold", "channel": "phone", "opened_at": after(0)},
            "issue_id": "" if case == "named" else f"told_{case}#",
        }
        for case in RETOLD
    ]
    lay(data, "cases", rows, "experience.csv")


def _staff(data: Path) -> None:
    answers = [("N", score, "sto") for score in (10, 9, 8.5, 6.999, 7, 0, "")]
    answers += [("C", 5, "sto"), ("N_short", 10, "sto"), ("T_nps", 9, "unheard_of"), ("unheard", 9, "")]
    rows: list[Row] = [
        {"response_id": f"w{n}-#", "question_code": code, "score": score, "org_unit_id": unit, "responded_at": at}
        for n, (code, score, unit) in enumerate(answers)
        for at in ["2024-06-30T23:59:59" if n % 2 else "2024-07-01T00:00:00"]
    ]
    rows.append({"response_id": "undated-#", "question_code": "N", "score": 9})
    lay(data, "employee_survey", rows, "experience.csv")
    held = [
        *(("sto", after(0), after(0)), ("sto", after(0), "2024-06-10T12:00:01"), ("ecm", after(0), "")),
        *(("unheard_of", after(0), after(-9)), ("", after(0), after(-9)), ("moved", "2024-06-15", "2024-06-14")),
        *(
            ("moved", "2024-06-14T23:59:59", ""),
            ("sto", "2025-01-10T12:00:00+08:00", ""),
            ("sto", "2025-01-10T13:00:00+08:00", ""),
        ),
        ("sto", "", after(0)),
    ]
    columns = ("org_unit_id", "due_at", "held_at")
    lay(
        data,
        "reviews",
        [{"review_id": f"m{n}-#"} | dict(zip(columns, row, strict=True)) for n, row in enumerate(held)],
        "experience.csv",
    )


def _members(data: Path) -> None:
    rows: list[Row] = []

    def event(who: str, kind: str, at: str, **more: object) -> None:
        row: Row = {"source_system": "loy2", "event_id": f"i{len(rows):03}-#", "customer_source_system": "shop"}
        rows.append({**row, "source_customer_id": who, "event_type": kind, "occurred_at": at, **more})

    for n, kind in enumerate(("check_in", "share", "review", "content", "community", "referral", "challenge", "badge")):
        event("engaged-#", kind, after(n), is_rewarded=("false", "true", "")[n % 3])
    event("engaged-#", "check_in", "2024-07-02", is_rewarded="false")  # at home elsewhere by then
    event("", "check_in", after(0), is_rewarded="false")
    event("engaged-#", "enrol", "2024-01-05")
    for at, cost in (
        ("2024-06-01T00:00:00", 1.5),
        ("2024-05-31T23:59:59", 2),
        ("2024-06-30T23:59:59", ""),
        ("2024-07-01", 4),
    ):
        event("engaged-#", "benefit_use", at, cost_amount=cost, benefit_id="parking")
    for n, benefit in enumerate(("parking", "free", "unheard_of", "")):
        event("engaged-#", ("redeem", "benefit_use")[n % 2], after(n), benefit_id=benefit)
    event("engaged-#", "redeem", "2024-06-11", cost_amount=0.0001, points=5)
    event("engaged-#", "redeem", "2024-08-11", cost_amount=7, points=5)
    event("never-#", "benefit_use", "2024-06-11", cost_amount=99)
    lay(data, "loyalty_events", rows, "experience.csv")
    deliver(data, "benefits", "benefit_id|kind|unit_cost\nparking|service|2.5\nfree|content|")
