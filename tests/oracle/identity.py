"""Who is whom: records, normalised identifiers, guards, strong and weak edges, connected components."""

import hashlib
import re
import unicodedata
from pathlib import Path
from typing import NamedTuple

import numpy as np
import phonenumbers
import polars as pl
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from .company import Company
from .contract import WITH_CUSTOMER_REF
from .people import Person, births, name_of
from .read import Landing

STRONG = ("account", "card", "union_id")
LIMITS = {"account": 20, "card": 20, "union_id": 20, "phone": 10, "email": 10, "device": 5, "cookie": 5}
_WORDS = "N/?A|NULL|NONE|NIL|UNKNOWN|TEST"
_JUNK = {
    "phone": [
        r"^\+\d{0,3}(\d)\1{6,}$|^\+\d{4,5}(\d)\2{7,}$",
        r"^\+86(13800138000|12345678901|12345678910|1234567|12345678|87654321)$|^\+(12345678901|11234567890)$",
    ],
    "email": [
        "^(na|n/a|none|null|nil|no|test|testing|tester|noemail|nomail|noreply|no-reply|unknown|anonymous|example|asdf|abc)@",
        "^(xxx|aaa|123|1234|12345|123456|123456789|000|111)@",
        r"@(na|none|null|test|example|noemail|nomail|abc|xxx|invalid)\.(com|cn|org|net)$",
    ],
    **{key: [f"^(0+|9+|X+|{_WORDS}|123456789?0?|无|暂无|没有|未知)$"] for key in ("account", "card")},
    **{key: [f"^(0+|9+|X+|{_WORDS}|UNDEFINED)$"] for key in ("union_id", "cookie")},
    "device": [f"^(0+|9+|X+|F+|{_WORDS}|UNDEFINED|9774D56D682E549C|020000000000|0123456789ABCDEF)$"],
}
_REF = ["source_system", "source_customer_id"]
Pair = tuple[int, int]


def normalise(kind: str, value: str, region: str) -> list[str]:
    """The identifiers that a cell holds, in one spelling: phones in E.164, e-mails as delivered, codes as letters and digits."""
    text = unicodedata.normalize("NFKC", value).strip()
    if kind == "phone":
        return _phones(text, region)
    if kind == "email":
        return _email(text.lower())
    return [code] if (code := "".join(c for c in text.upper() if c.isalnum())) else []


def _phones(text: str, region: str) -> list[str]:
    found: list[str | None] = []
    for part in re.split(r"[/;、,|\n\r]|\s(?:or|and)\s|或|和", text):
        number = _phone(part, region)
        runs = re.findall(r"\+?\d[\d-]{8,}\d", part)
        found += [number] if number or len(runs) < 2 else [_phone(run, region) for run in runs]
    return [number for number in dict.fromkeys(found) if number]


def _phone(text: str, region: str) -> str | None:
    text = re.split("转|轉|分机|分機|内线", text)[0].strip()
    digits = re.sub(r"\D", "", text)
    if len(digits) < 7:
        return None
    tries: list[tuple[str, str | None]] = [(text, region)]
    if "+" not in text and (digits.startswith("00") or len(digits) > 10):
        tries.append(("+" + digits.removeprefix("00"), None))
    for written, home in tries:
        try:
            number = phonenumbers.parse(written, home)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_possible_number_with_reason(number) == phonenumbers.ValidationResult.IS_POSSIBLE:
            return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return None


def _email(text: str) -> list[str]:
    found = re.search(r"(?:^|mailto:|[<\s;,])([^@\s<>;,:]+)@([^@\s<>;,]+\.[^@\s<>;,.]+)", text)
    if not found:
        return []
    local, host = found.groups()
    if host in ("gmail.com", "googlemail.com"):
        return [f"{local.split('+')[0].replace('.', '') or local}@gmail.com"]
    tagged = ("outlook.com", "hotmail.com", "live.com", "icloud.com", "fastmail.com", "proton.me")
    return [f"{(local.split('+')[0] or local) if host in tagged else local}@{host}"]


def is_junk(kind: str, value: str) -> bool:
    """Whether a normalised value is one that clerks type when they have none."""
    return any(re.search(pattern, value) for pattern in _JUNK[kind])


class Identified(NamedTuple):
    """What the records bear.

    `order_records` is (source_system, order_id, record_system, record_id): the customer ref, else the guest's record;
    `values` every usable identifier as (record_system, record_id, kind, value), `verified` those that are verified.
    """

    order_records: pl.DataFrame
    values: pl.DataFrame
    verified: pl.DataFrame


def identify(landing: Landing, company: Company) -> tuple[pl.DataFrame, Identified]:
    """Memberships (source_system, source_customer_id, customer_key, is_weak), and what led to them."""
    order_records, values = _order_records(landing.used["orders"], _identifier_values(landing, company), company)
    refs = [customer_ref(landing.used[d]) for d in WITH_CUSTOMER_REF] + [
        order_records.select("record_system", "record_id")
    ]
    named = [r.select(pl.col("record_system").alias(_REF[0]), pl.col("record_id").alias(_REF[1])) for r in refs]
    whole = [
        landing.used[d].select(_REF) for d in ("customers", "identifiers", "campaign_exposures", "pilot_assignments")
    ]
    records = pl.concat([*whole, *named]).drop_nulls().unique().sort(_REF).with_row_index("record")
    bearers = values
    values = values.join(records, on=_REF).drop(_REF).unique()

    strong = _stars(values.filter(pl.col("kind").is_in(STRONG)))
    shared = values.filter(pl.col("kind").is_in(STRONG)).select("kind", "value", "record")
    firm_pairs = set(shared.join(shared, on=["kind", "value"], suffix="_2").select("record", "record_2").iter_rows())
    weak = _weak_edges(values.filter(~pl.col("kind").is_in(STRONG)), firm_pairs, _people(records, landing, company))
    firm = _components(records.height, strong)
    cluster = _components(records.height, strong + weak)
    # A cluster that holds two firm components would fall apart without its weak edges.
    members = records.with_columns(firm=pl.Series(firm), cluster=pl.Series(cluster))
    key = pl.concat_str(_REF, separator="|").sort_by("record").first().over("cluster")
    memberships = members.select(*_REF, customer_key=key, is_weak=pl.col("firm").n_unique().over("cluster") > 1)
    borne = bearers.select(record_system=_REF[0], record_id=_REF[1], kind="kind", value="value").unique()
    return memberships, Identified(order_records, borne, _verified(landing, company))


def _verified(landing: Landing, company: Company) -> pl.DataFrame:
    """The telephones and e-mails of customers that their own row calls verified."""
    parts = [
        landing.used["customers"]
        .filter(pl.col(f"{kind}_verified").fill_null(False))
        .select(record_system=_REF[0], record_id=_REF[1], kind=pl.lit(kind), value=kind)
        for kind in ("phone", "email")
    ]
    values = pl.concat(parts).drop_nulls("value")
    usable = _normalised(values["kind"], values["value"], company)
    return values.with_columns(value=usable).explode("value", keep_nulls=False, empty_as_null=False)


def people_of_the_run(data: Path, by_identifiers: pl.DataFrame) -> pl.DataFrame:
    """The memberships a run published, so that its KPIs are recalculated for the profiles it found; else those given.

    Names and dates join people beyond exact identifiers, with a trained model's weights: that is judged against labelled
    data, not against a second model. Which records there are and what a profile's key is stays the oracle's own word.

    Raises:
        ValueError: the run knows other records, or a profile whose key is not its smallest record.
    """
    published = data / "published" / "current" / "profiles" / "customer_identities.parquet"
    if not published.exists():
        return by_identifiers
    found = pl.read_parquet(published).select(*_REF, "customer_id", "is_weak")
    found = by_identifiers.select(_REF).join(found, on=_REF, how="full", coalesce=True).sort(_REF)
    key = pl.concat_str(_REF, separator="|").first().over("customer_id")
    if found["customer_id"].null_count() or found.height != by_identifiers.height:
        raise ValueError(f"{published}: {found.height} records where the landing folder has {by_identifiers.height}")
    return found.select(*_REF, customer_key=key, is_weak="is_weak")


def customer_ref(events: pl.DataFrame) -> pl.DataFrame:
    """(record_system, record_id) of each row: the system it names, else its own; both null where it is anonymous."""
    known = pl.col("source_customer_id").is_not_null()
    return events.select(
        record_system=pl.when(known).then(pl.coalesce("customer_source_system", "source_system")),
        record_id="source_customer_id",
    )


def _identifier_values(landing: Landing, company: Company) -> pl.DataFrame:
    """(source_system, source_customer_id, kind, value, since, until): usable normalised values of customers and identifiers."""
    always = {"since": pl.lit(None, pl.Date), "until": pl.lit(None, pl.Date)}
    own = {"external_id": "account", "loyalty_card_no": "card", "phone": "phone", "email": "email"}
    customers, identifiers = landing.used["customers"], landing.used["identifiers"]
    parts = [customers.select(*_REF, kind=pl.lit(kind), value=column, **always) for column, kind in own.items()]
    parts.append(
        identifiers.select(
            *_REF, kind="identifier_type", value="identifier_value", since="valid_from", until="valid_to"
        )
    )
    values = pl.concat(parts).drop_nulls("value")
    usable = _normalised(values["kind"], values["value"], company)
    return values.with_columns(value=usable).explode("value", keep_nulls=False, empty_as_null=False)


def _normalised(kinds: pl.Series, values: pl.Series, company: Company) -> pl.Series:
    """Per cell the list of its usable identifiers."""
    cache: dict[tuple[str, str], list[str]] = {}
    for kind, value in set(zip(kinds, values, strict=True)):
        every = [] if value is None else normalise(kind, value, company.phone_region)
        cache[kind, value] = [one for one in every if not is_junk(kind, one)]
    return pl.Series("value", [cache[pair] for pair in zip(kinds, values, strict=True)], pl.List(pl.String))


def _order_records(orders: pl.DataFrame, values: pl.DataFrame, company: Company) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Each order's record (the customer ref, else a guest's), and all usable identifier values, the guests' among them.

    A guest's record is made of what it gave that is not junk. A value that more records carry than its limit joins
    nobody, but still names the guest.
    """
    orders = pl.concat([orders, customer_ref(orders)], how="horizontal")
    anonymous = orders.filter(pl.col("record_id").is_null())
    given = {kind: _first(kind, anonymous[f"guest_{kind}"], company) for kind in ("phone", "email")}
    anonymous = anonymous.with_columns(**given)
    anonymous = anonymous.filter(pl.col("phone").is_not_null() | pl.col("email").is_not_null())
    words = anonymous.select(_guest_words().alias("words"))["words"]
    ids = {text: "guest-" + hashlib.md5(text.encode(), usedforsecurity=False).hexdigest() for text in words.unique()}
    anonymous = anonymous.with_columns(
        record_system="source_system", record_id=pl.Series([ids[text] for text in words], dtype=pl.String)
    )
    columns = ["source_system", "order_id", "record_system", "record_id"]
    records = pl.concat([orders.filter(pl.col("record_id").is_not_null()).select(columns), anonymous.select(columns)])
    carried = pl.concat([values, *_guest_values(anonymous)])
    held = carried.select("kind", "value", *_REF).unique().group_by("kind", "value").len()
    guarded = held.filter(pl.col("len") > pl.col("kind").replace_strict(LIMITS))
    usable = carried.join(guarded, on=["kind", "value"], how="anti")
    return records, usable.unique()


def _first(kind: str, cells: pl.Series, company: Company) -> pl.Series:
    """Per cell the first identifier, null where that is none or not usable."""
    every = [normalise(kind, cell, company.phone_region)[:1] if cell else [] for cell in cells]
    return pl.Series(kind, [one[0] if one and not is_junk(kind, one[0]) else None for one in every], pl.String)


def _guest_words() -> pl.Expr:
    return pl.concat_str(pl.col("phone").fill_null(""), pl.lit("|"), pl.col("email").fill_null(""))


def _guest_values(guests: pl.DataFrame) -> list[pl.DataFrame]:
    always = {"since": pl.lit(None, pl.Date), "until": pl.lit(None, pl.Date)}
    return [
        guests.select(
            "source_system", source_customer_id="record_id", kind=pl.lit(kind), value=kind, **always
        ).drop_nulls("value")
        for kind in ("phone", "email")
    ]


def _people(records: pl.DataFrame, landing: Landing, company: Company) -> dict[int, Person]:
    columns = ["record", "source_system", "full_name", "given_name", "family_name", "birth_date"]
    rows = list(records.join(landing.used["customers"], on=_REF).select(columns).iter_rows())
    born = births(
        [(system, text) for _, system, *_, text in rows], landing.today, company.date_order, company.phone_region
    )
    return {
        record: Person(name_of(full, given, family), days)
        for (record, _, full, given, family, _), days in zip(rows, born, strict=True)
    }


def _stars(values: pl.DataFrame) -> list[Pair]:
    return list(values.select(pl.col("record").min().over("kind", "value"), other="record").unique().iter_rows())


def _weak_edges(values: pl.DataFrame, firm_pairs: set[Pair], people: dict[int, Person]) -> list[Pair]:
    """Pairs that share a value at the same time and don't contradict; on a contested value only those that also agree.

    A contradiction between two records that share a strong identifier contests nothing.
    """
    pairs = values.join(values, on=["kind", "value"], suffix="_2").filter(pl.col("record") < pl.col("record_2"))
    early = pl.col("since").is_null() | pl.col("until_2").is_null() | (pl.col("since") < pl.col("until_2"))
    late = pl.col("since_2").is_null() | pl.col("until").is_null() | (pl.col("since_2") < pl.col("until"))
    by_value: dict[tuple[str, str], list[Pair]] = {}
    for kind, value, left, right in (
        pairs.filter(early & late).select("kind", "value", "record", "record_2").unique().iter_rows()
    ):
        by_value.setdefault((kind, value), []).append((left, right))
    nobody = Person()
    edges: list[Pair] = []
    for sharing in by_value.values():
        met = [(pair, people.get(pair[0], nobody), people.get(pair[1], nobody)) for pair in sharing]
        contested = any(left.contradicts(right) for pair, left, right in met if pair not in firm_pairs)
        edges += [pair for pair, left, right in met if not contested or left.agrees(right)]
    return edges


def _components(records: int, edges: list[Pair]) -> np.ndarray:
    left, right = np.array(edges, dtype=np.int64).reshape(-1, 2).T
    graph = coo_array((np.ones(len(left), dtype=np.int8), (left, right)), shape=(records, records))
    return connected_components(graph, directed=False)[1]
