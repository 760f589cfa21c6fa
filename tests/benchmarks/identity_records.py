"""Synthetic records for the identity measure: people of common and rare names, half of whom two or more systems know."""

import duckdb
import numpy as np
import pandas as pd

SYSTEMS = np.array(["app", "crm", "pos", "shop"])
VOWELS, CONSONANTS = np.array(list("aeiou")), np.array(list("bcdfghklmnprstvw"))
PERSONS_PER_RECORD = 0.6


def write_records(connection: duckdb.DuckDBPyConnection, records: int, seed: int = 1) -> None:
    """Write main.identity_records, identity_keys, identity_guards, identity_edges and truth(record_no, person).

    Names are unevenly common (the commonest family name is borne by about 1 %), dates the last eighty years; of the records
    of a person, 8 % have a letter of the name wrong, 20 % no birth date, 30 % another phone, 15 % another address.
    """
    rng = np.random.default_rng(seed)
    persons = max(1, int(records * PERSONS_PER_RECORD))
    person = np.sort(np.concatenate([np.arange(persons), rng.integers(0, persons, records - persons)]))
    given, family = _names(rng, 2_000), _names(rng, max(2_000, records // 50))

    def uneven(count: int) -> np.ndarray:
        return (count * rng.random(persons) ** 1.6).astype(np.int64)

    frame = pd.DataFrame({"person": person})
    frame["given_name"] = given[uneven(len(given))][person]
    frame["family_name"] = family[uneven(len(family))][person]
    typo = rng.random(records) < 0.08
    frame.loc[typo, "family_name"] = (
        frame.loc[typo, "family_name"].str.slice(0, 2) + "x" + frame.loc[typo, "family_name"].str.slice(3)
    )
    born = np.datetime64("1940-01-01") + rng.integers(0, 29_000, persons)[person].astype("timedelta64[D]")
    frame["birth_date"] = pd.Series(born).where(rng.random(records) >= 0.2)
    place = np.where(rng.random(records) < 0.15, rng.integers(0, persons, records), person)
    frame["house_number"] = (place * 7 % 199 + 1).astype(str)
    frame["street"] = family[place * 31 % len(family)]
    frame["postcode"] = (10_000 + place * 17 % max(50, records // 200)).astype(str)
    frame["city"] = family[place * 17 % max(50, records // 200) % 300]
    phone = np.where(rng.random(records) < 0.3, rng.integers(persons, 3 * persons, records), person)
    frame["phone"] = pd.Series("+4479" + pd.Series(phone).astype(str).str.zfill(8)).where(rng.random(records) < 0.7)
    frame["source_system"] = SYSTEMS[rng.integers(0, len(SYSTEMS), records)]
    frame["source_customer_id"] = rng.permutation(records).astype(str)
    connection.register("frame", frame)
    connection.execute("""
        create table main.identity_records as
        select
            row_number() over (order by source_system, source_customer_id) - 1 as record_no,
            source_system, source_customer_id, given_name, family_name, cast(null as varchar) as han_name,
            list_sort([given_name, family_name]) as name_tokens,
            least(given_name, family_name) || greatest(given_name, family_name) as name_key,
            false as name_is_chinese, cast(birth_date as date) as birth_date,
            cast(null as date) as birth_date_alternative, cast(null as varchar) as gender,
            house_number || ' ' || street || ' street' as address,
            list_sort([house_number, street, 'street']) as address_tokens,
            house_number, city, cast(null as varchar) as region, postcode, 'GB' as country
        from frame;
        create table main.identity_keys as
        select
            r.record_no, 'phone' as identifier_type, f.phone as identifier_value,
            cast(null as timestamp) as valid_from, cast(null as timestamp) as valid_to
        from frame as f inner join main.identity_records as r using (source_system, source_customer_id)
        where f.phone is not null;
        create table main.identity_guards (identifier_type varchar, identifier_value varchar, records bigint, reason varchar);
        create table main.identity_edges as
        select
            a.record_no as left_record, b.record_no as right_record, 'weak' as strength, 'phone' as rule
        from main.identity_keys as a
        inner join main.identity_keys as b using (identifier_value)
        inner join main.identity_records as l on a.record_no = l.record_no
        inner join main.identity_records as r on b.record_no = r.record_no
        where a.record_no < b.record_no and l.name_key = r.name_key;
        create table main.truth as
        select r.record_no, f.person
        from frame as f inner join main.identity_records as r using (source_system, source_customer_id)
    """)
    connection.unregister("frame")


def _names(rng: np.random.Generator, count: int) -> np.ndarray:
    """Distinct pronounceable names of three to four syllables."""
    syllables = np.char.add(CONSONANTS[:, None], VOWELS[None, :]).ravel()
    names = [rng.choice(syllables, 3 * count) for _ in range(4)]
    texts = np.char.add(
        np.char.add(names[0], names[1]), np.char.add(names[2], np.where(rng.random(3 * count) < 0.5, names[3], ""))
    )
    return np.unique(texts)[rng.permutation(len(np.unique(texts)))][:count]
