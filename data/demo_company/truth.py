"""The truth beside the data: who is whom, which traps were planted, what truly had an effect."""

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet

from demo_company.answers import WEAKEST_TRUST_FACTOR
from demo_company.cases import IN_MINI, Cases
from demo_company.clock import OFFSET, day_of
from demo_company.columns import DAY, chosen, whole
from demo_company.company import (
    CRM,
    MOVED,
    MOVED_TO,
    STORES,
    SYSTEMS,
    TINY,
    UNIT_CODE,
    UNITS,
    Company,
)
from demo_company.delivery import Landing
from demo_company.orders import Orders, order_ids, order_systems
from demo_company.people import People
from demo_company.purchases import PULL_DAYS
from demo_company.quality import FROM, IMPROVING, TO
from demo_company.records import Records
from demo_company.sales import Redelivered
from demo_company.spellings import (
    CAPITALS,
    HAN,
    HAN_PARTS,
    HAN_SWAPPED,
    HAN_TYPO,
    NICKNAME,
    PINYIN,
    PINYIN_PARTS,
    PINYIN_TYPO,
    SWAPPED,
)

SHOWN = 200  # so many examples of a trap are listed


def write_truth(
    folder: Path,
    landing: Landing,
    people: People,
    records: Records,
    company: Company,
    orders: Orders,
    cases: Cases,
    answers: dict[str, np.ndarray],
    redelivered: Redelivered,
    rescored: int,
    levels: dict[str, dict[str, float]],
) -> dict:
    """Write people.parquet, guest_orders.parquet, traps.json and effects.json; returns the traps."""
    folder.mkdir(parents=True, exist_ok=True)
    who = {
        "person": whole(people.record_person),
        "source_system": chosen(SYSTEMS, people.record_system),
        "source_customer_id": records.ids,
    }
    pyarrow.parquet.write_table(pa.table(who), folder / "people.parquet", compression="zstd")
    guests = np.nonzero(orders.guest)[0]
    placed = {
        "source_system": order_systems(orders, guests),
        "order_id": order_ids(orders, guests),
        "person": whole(orders.bought.person[guests]),
    }
    pyarrow.parquet.write_table(pa.table(placed), folder / "guest_orders.parquet", compression="zstd")
    traps = _traps(landing, people, records, company, orders, cases, answers, redelivered, rescored)
    _write_json(folder / "traps.json", traps)
    _write_json(folder / "effects.json", _effects(company, people, orders, levels))
    return traps


def _write_json(path: Path, content: dict) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _traps(
    landing: Landing,
    people: People,
    records: Records,
    company: Company,
    orders: Orders,
    cases: Cases,
    answers: dict[str, np.ndarray],
    redelivered: Redelivered,
    rescored: int,
) -> dict:
    groups, style, system = people.groups, records.name_style, people.record_system

    def keys(rows: np.ndarray) -> list[str]:
        rows = rows[:SHOWN]
        ids = records.ids.take(pa.array(rows)).to_pylist()
        return [f"{SYSTEMS[code]}|{name}" for code, name in zip(system[rows], ids, strict=True)]

    def pairs(people_pairs: np.ndarray) -> list[list[str]]:
        flat = keys(people.anchor[people_pairs[: SHOWN // 2].ravel()])
        return [flat[place : place + 2] for place in range(0, len(flat), 2)]

    def order_keys(index: np.ndarray) -> list[str]:
        index = index[:SHOWN]
        names = zip(order_systems(orders, index).to_pylist(), order_ids(orders, index).to_pylist(), strict=True)
        return ["|".join(name) for name in names]

    def of_style(*codes: int) -> np.ndarray:
        return np.nonzero(np.isin(style, codes))[0]

    han = np.zeros(people.count, dtype=bool)
    latin = np.zeros(people.count, dtype=bool)
    han[people.record_person[np.isin(style, (HAN, HAN_PARTS, HAN_TYPO, HAN_SWAPPED))]] = True
    latin[people.record_person[np.isin(style, (PINYIN, PINYIN_PARTS, PINYIN_TYPO, SWAPPED, CAPITALS))]] = True
    both = np.nonzero(han & latin)[0]
    buyers = groups.promo_only[np.isin(groups.promo_only, orders.bought.person)]
    outage = company.calendar.firsts[company.outage]
    resent = [path for path in landing.files if "_resent" in path]
    crossing = cases.issue[cases.system == IN_MINI]
    crossing = np.unique(crossing[crossing >= 0])
    tiny_orders = int((orders.bought.unit == TINY).sum())
    tiny_answers = len(np.unique(answers["response"][answers["unit"] == UNIT_CODE["HR"]]))
    bad_phone, bad_mail, bad_birth = (
        np.nonzero(flag)[0]
        for flag in (records.placeholder_phone, records.placeholder_email, records.placeholder_birth)
    )
    traps = {
        "household_phone": (len(groups.households_phone), "two people, different full names, the same customers.phone in the CRM", pairs(groups.households_phone)),
        "household_address": (len(groups.households_address), "two people with the same customers.address", pairs(groups.households_address)),
        "recycled_phone": (len(groups.recycled), "identifiers: the same phone on two CRM customers, the first valid_to before the second valid_from; [old owner, new owner]", [keys(people.record_of[pair, CRM]) for pair in groups.recycled[: SHOWN // 2]]),
        "store_tablet": (len(records.tablet), "identifiers: device TABLET-0106-01 on so many customers", keys(records.tablet)),
        "guest_checkout": (int(orders.guest.sum()), "orders without source_customer_id but with guest_phone or guest_email", order_keys(np.nonzero(orders.guest)[0])),
        "placeholder_phone": (len(bad_phone), "customers.phone = 13800000000", keys(bad_phone)),
        "placeholder_email": (len(bad_mail), "customers.email = na@na.com", keys(bad_mail)),
        "placeholder_birth_date": (len(bad_birth), "customers.birth_date = 1990-01-01", keys(bad_birth)),
        "name_typo": (len(of_style(HAN_TYPO, PINYIN_TYPO)), "a customers row whose name differs by a letter or character from the person's other rows", keys(of_style(HAN_TYPO, PINYIN_TYPO))),
        "nickname": (len(of_style(NICKNAME)), "a customers row with 小X, 阿X or an English first name", keys(of_style(NICKNAME))),
        "swapped_name": (len(of_style(SWAPPED, HAN_SWAPPED)), "given and family name in each other's place", keys(of_style(SWAPPED, HAN_SWAPPED))),
        "pinyin_and_characters": (len(both), "people with one record in pinyin and one in Chinese characters (the main record is listed)", keys(people.anchor[both])),
        "same_name_and_birth_date": (len(groups.twins), "two people, the same CRM full_name and birth_date", [keys(people.record_of[pair, CRM]) for pair in groups.twins[: SHOWN // 2]]),
        "late_delivery": (len(redelivered.late), "orders that arrive in the file of the month after ordered_at", order_keys(redelivered.late)),
        "duplicated_delivery": (len(resent), "the same bytes twice, under a name with _resent", resent),
        "repeated_row": (len(redelivered.overlapping), "orders whose identical row stands in two monthly files", order_keys(redelivered.overlapping)),
        "out_of_order_delivery": (len(redelivered.outdated), "orders_queue_replay_*: rows in a later file with an older updated_at", order_keys(redelivered.outdated)),
        "corrected_delivery": (len(redelivered.corrected) + rescored, "orders_corrections_*: later updated_at, a tenth of the gross amount; survey_rescored_*: later file, other score", order_keys(redelivered.corrected)),
        "survey_outage": (1, f"no survey_responses and survey_invitations in {outage:%Y-%m} (company time)", [f"{outage:%Y-%m}"]),
        "tiny_department": (tiny_answers + tiny_orders, f"department HR has {tiny_answers} responses and store {STORES[TINY][0]} {tiny_orders} orders in all", ["HR", STORES[TINY][0]]),
        "three_channel_complaint": (len(crossing), "cases of one issue_id in miniprogram, callcentre and pos", [f"I{issue:09d}" for issue in crossing[:SHOWN]]),
        "promo_only_customer": (len(buyers), "people all of whose orders have a campaign_id or coupon_code", keys(people.anchor[buyers])),
        "moved_store": (1, f"org_units: store {UNITS[MOVED]} belongs to {MOVED_TO} from {company.moved_on}", [UNITS[MOVED]]),
        "revised_target": (1, "targets: STO csat_t2b agreed again after the period had ended", ["STO|csat_t2b"]),
        "bad_row": (len(landing.bad_rows), "rows that must be quarantined", landing.bad_rows),
    }  # fmt: skip
    return {
        name: {"count": count, "find": find, "examples": examples} for name, (count, find, examples) in traps.items()
    }


def _effects(company: Company, people: People, orders: Orders, levels: dict[str, dict[str, float]]) -> dict:
    def day(seconds: int) -> str:
        return day_of((seconds + OFFSET) // DAY).isoformat()

    def arms(name: str) -> dict[str, float]:
        _, treated = orders.bought.arms[name]
        return {"treated": int(treated.sum()), "holdout": int((~treated).sum())}

    campaigns = [
        {"action_id": a.action_id, "name": a.name_en, "kind": a.kind, "starts_on": day(a.starts), "ends_on": day(a.ends), **(arms(a.action_id) if a.has_holdout else {}),
         "true_share_of_orders_added": a.size if a.kind == "lift" else 0.0,
         "true_share_of_later_orders_moved": a.size if a.kind == "pulled_forward" else 0.0,
         "moved_from_days_after": PULL_DAYS if a.kind == "pulled_forward" else 0}
        for a in company.campaigns
    ]  # fmt: skip
    return {
        "people": people.count,
        "orders": len(orders),
        "pilots": [
            {"pilot_id": p[0], "name": p[1], "starts_on": day(p[7]), "ends_on": day(p[8]), **arms(p[0]), "true_share_of_orders_added": p[11]}
            for p in company.pilots
        ],
        "campaigns": campaigns,
        "programme_rules_without_effect": [{"action_id": a.action_id, **arms(a.action_id)} for a in company.actions if a.kind == "no_effect"],
        "only_pulled_forward": [a.action_id for a in company.campaigns if a.kind == "pulled_forward"],
        "improving_department": {"org_unit_id": IMPROVING, "quality_from": FROM, "quality_to": TO, "moves": "CSAT and NPS answers about it, its response and resolution times"},
        "weakest_trust_factor": WEAKEST_TRUST_FACTOR,
        "true_levels": {unit: {kpi: None if np.isnan(v) else round(v, 3) for kpi, v in values.items()} for unit, values in levels.items()},
    }  # fmt: skip
