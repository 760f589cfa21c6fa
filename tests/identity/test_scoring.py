"""Match weights: Splink's own, the same at any thread count, and the same whether scored at once or night by night."""

import math
import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestration.identity.clusters import Links, clusters
from orchestration.identity.comparable import COUNTED
from orchestration.identity.linkage import UNSCORED, average_linkage
from orchestration.identity.links import AGREED, CLASH, weights_of_gaps
from orchestration.identity.model import BlockingRule

GIVEN = ["maria", "mario", "marion", "jan", "jane", "wei", "xiaoming", "xiaohong", "theodora", "liam"]
FAMILY = ["smith", "smyth", "wang", "zhang", "okoro", "fairbrother", "fairbrohter", "lee"]


def people(count, seed):
    """So many customers of a few names, dates and places, many of them nearly the same."""
    rng = np.random.default_rng(seed)

    def pick(values, missing=0.1):
        return None if rng.random() < missing else str(rng.choice(values))

    return [
        {
            "source_system": str(rng.choice(["crm", "pos", "app"])),
            "source_customer_id": str(number),
            "given_name": pick(GIVEN),
            "family_name": pick(FAMILY),
            "birth_date": pick([f"19{60 + year}-0{month}-1{month}" for year in range(12) for month in (2, 3, 5)], 0.3),
            "gender": pick(["F", "M"], 0.4),
            "address": pick([f"{n} Mill Lane" for n in range(1, 12)], 0.4),
            "city": pick(["York", "Yrok", "Leeds", "Bath"], 0.3),
            "postcode": pick(["YO1 7AA", "LS1 4AB", "BA1 1AA"], 0.5),
            "phone": pick([f"139112233{n:02}" for n in range(40)], 0.5),
            "email": pick([f"mail{n}@firm.cn" for n in range(60)], 0.5),
        }
        for number in range(count)
    ]


@pytest.fixture(scope="module")
def scored(make_company):
    company = make_company(threads=1)
    company.deliver(customers=people(400, 7))
    company.run()
    assert len(company.scored()) > 200
    return company


@pytest.mark.parametrize("threads", [2, 4])
def test_the_same_bits_at_any_thread_count(make_company, scored, threads):
    company = make_company(threads=threads)
    company.deliver(customers=people(400, 7))
    company.run()
    assert company.scored() == scored.scored()
    assert company.people() == scored.people()


def test_changes_and_withdrawals_give_what_scoring_everything_gives(make_company, scored):
    """The company of before arrives bit by bit, with others who leave again and with fields that change."""
    company, rows = make_company(), people(400, 7)
    strangers = [row | {"source_customer_id": f"x{row['source_customer_id']}"} for row in people(120, 8)]
    company.deliver(customers=[*rows[:150], *strangers])
    company.run()
    company.deliver(customers=[row | {"city": "Hull", "phone": None} for row in rows[150:300]])
    company.run()
    company.withdraw(*(f"{row['source_system']}|{row['source_customer_id']}" for row in [*strangers, *rows[150:300]]))
    company.deliver(customers=rows[150:])
    company.run()
    assert company.scored() == scored.scored()
    assert company.people() == scored.people()
    company.run()
    assert company.scoring.newly_compared_pairs == 0
    assert company.scored() == scored.scored()


def test_blocks_that_cross_the_limit_give_what_scoring_everything_gives(make_company):
    """Namesakes become too many for one person, and fewer again: pairs of records that didn't change go and come back."""

    def namesakes(first, last):
        row = {"source_system": "crm", "given_name": "Theodora", "family_name": "Fairbrother"}
        return [row | {"source_customer_id": f"{number:02}"} for number in range(first, last)]

    def at_once(rows):
        company = make_company()
        company.deliver(customers=rows)
        company.run()
        return company.scored()

    company, found = make_company(), []
    for first, last, gone in ((0, 19, 0), (19, 24, 0), (24, 24, 4)):
        company.deliver(customers=namesakes(first, last))
        company.withdraw(*(f"crm|{number:02}" for number in range(gone)))
        company.run()
        assert company.scored() == at_once(namesakes(gone, last))
        found.append(len(company.scored()))
    assert found == [19 * 18 // 2, 0, 20 * 19 // 2]


def test_weights_are_those_of_splink(scored):
    """Splink reads the model's file, blocks and scores by itself; every weight is its weight but for rounding."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        from splink import DuckDBAPI, Linker
    connection, model = scored.connection, scored.model
    api = DuckDBAPI(connection=connection.cursor())
    columns = "* exclude (fingerprint, source_system, source_customer_id)"
    records = api.register(connection.sql(f"select {columns} from identity.comparable").to_arrow_table())
    linker = Linker(records, dict(model.splink), log_level="ERROR")
    for name in COUNTED:
        table = connection.sql(
            f"select distinct {name}, tf_{name} from identity.comparable where tf_{name} is not null"
        )
        linker.table_management.register_term_frequency_lookup(api.register(table.to_arrow_table()), name)
    theirs = linker.inference.predict().as_duckdbpyrelation()
    share = model.splink["probability_two_random_records_match"]
    moved = model.prior(400) - math.log2(share / (1 - share))
    splink = {
        tuple(sorted((left, right))): weight + moved
        for left, right, weight in theirs.select("record_no_l, record_no_r, match_weight").fetchall()
    }
    ours = {(left, right): weight for left, right, weight, *_ in scored.scored()}
    assert len(ours) > 200
    # Blocks that are too large for one person are the one thing that Splink doesn't leave out.
    assert ours.keys() <= splink.keys()
    assert max(abs(weight - splink[pair]) for pair, weight in ours.items()) < 0.01


def test_a_pair_that_nobody_scored_weighs_what_its_facts_say(make_company):
    """One name here and there speaks half as loud against; other names clash; no name says nothing."""
    company = make_company()
    rows = [
        {"full_name": "Ottoline Varga", "city": "Leeds", "phone": "13911223301"},
        {"full_name": "Ottoline Varga", "city": "Hull", "birth_date": "1971-03-09", "phone": "13911223302"},
        {"full_name": "Bertram Varga", "city": "Bath", "birth_date": "1971-04-28"},
        {"phone": "13911223303", "city": "Leeds"},
    ]
    company.deliver(
        customers=[row | {"source_system": "crm", "source_customer_id": str(n)} for n, row in enumerate(rows)]
    )
    company.run()
    one_name, two_names, no_name = weights_of_gaps(
        company.connection, company.model, (np.array([0, 1, 0]), np.array([1, 2, 3]))
    ).tolist()
    assert (one_name, no_name) == (AGREED, UNSCORED)
    assert UNSCORED < AGREED < 0
    assert two_names <= 1000 * CLASH


@pytest.mark.parametrize(
    ("condition", "expressions"),
    [
        ("l.born = r.born", ["born"]),
        ("left(l.a, 2) = left(r.a, 2) AND l.b = r.b", ["left(a, 2)", "b"]),
        ("l.a = r.b", None),
        ("l.a = r.a OR l.b = r.b", None),
        ("l.a > r.a", None),
    ],
)
def test_only_equal_expressions_make_blocks(condition, expressions):
    if expressions is None:
        with pytest.raises(ValueError, match="blocking rule"):
            _ = BlockingRule(condition, None).expressions
    else:
        assert BlockingRule(condition, None).expressions == expressions


graphs = st.integers(2, 9).flatmap(
    lambda n: st.tuples(
        st.just(n),
        st.dictionaries(
            st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)).filter(lambda pair: pair[0] < pair[1]),
            st.integers(-6_000, 12_000),
            max_size=20,
        ),
    )
)


def by_the_book(records, weights):
    """Average linkage as defined: always the closest two groups, ties to the smallest, until they are below 0."""
    groups = [[record] for record in range(records)]
    while True:
        found = []
        for a, one in enumerate(groups):
            for other in groups[a + 1 :]:
                total = sum(weights.get((min(x, y), max(x, y)), UNSCORED) for x in one for y in other)
                found.append((-total / (len(one) * len(other)), one[0], other[0], one, other))
        if not found or min(found)[0] > 0:
            return {record: group[0] for group in groups for record in group}
        _, _, _, one, other = min(found)
        groups.remove(other)
        one.extend(other)


@given(graphs)
def test_average_linkage_is_the_one_of_the_book(graph):
    records, weights = graph
    gains = {pair: weight - UNSCORED for pair, weight in weights.items()}
    expected = by_the_book(records, weights)
    assert average_linkage(dict.fromkeys(range(records), 1), gains) == expected
    left, right = (np.array([pair[side] for pair in weights], dtype=np.int64) for side in (0, 1))
    links = Links(scored=(left, right), weights=np.array(list(weights.values()), dtype=np.int64))
    assert clusters(records, links).tolist() == [expected[record] for record in range(records)]
