"""The accuracy report: agreement with decisions worked out by hand, bridges by taking every link away in turn."""

import base64
from collections import Counter
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestration.identity import accuracy, accuracy_plot
from orchestration.identity.bridges import bridges
from orchestration.identity.clusters import components
from orchestration.identity.decisions import COLUMNS


def test_agreement_by_hand():
    # Found: {0, 1, 2} and {3}, {4}. Decided: 0 and 1 are one, 3 and 4 are one, 1 and 2 are two.
    # Pairs: of two found or forbidden pairs one is right; of two wanted ones it is found.
    # B³ over records 0 to 4: precision 2/3, 2/3, 1/3, 1, 1; recall 1, 1, 1, 1/2, 1/2.
    labels = np.array([0, 0, 0, 3, 4])
    found = accuracy.agreement(labels, must=[(0, 1), (3, 4)], cannot=[(1, 2)])
    assert (found.must_links, found.cannot_links) == (2, 1)
    assert (found.precision, found.recall, found.f1) == (0.5, 0.5, 0.5)
    assert (found.b3_precision, found.b3_recall) == (pytest.approx(11 / 15, abs=1e-4), 0.8)


def test_nothing_decided_of_one_kind_says_nothing():
    found = accuracy.agreement(np.array([0, 1]), must=[], cannot=[(0, 1)])
    assert (found.precision, found.recall, found.f1) == (None, None, None)
    assert (found.b3_precision, found.b3_recall) == (1, 1)


links = st.lists(
    st.tuples(st.integers(0, 7), st.integers(0, 7), st.sampled_from(["exact", "model"])).filter(lambda k: k[0] != k[1]),
    max_size=14,
)


@given(links)
def test_a_bridge_is_what_splits_a_cluster(every):
    def parts(chosen):
        left, right = (np.array([link[side] for link in chosen], dtype=np.int64) for side in (0, 1))
        return len(np.unique(components(8, left, right)))

    alone = Counter(
        link[2] for number, link in enumerate(every) if parts(every[:number] + every[number + 1 :]) > parts(every)
    )
    assert bridges(every) == alone


def test_the_report_of_a_company(make_company):
    """The card joins two whom the decision parts: rules and model alone are wrong about them, and right about the others."""
    company = make_company()
    known = {"full_name": "Theodora Quill", "birth_date": "1970-08-19", "address": "3 Mill Lane", "city": "York"}
    cards = [{"source_system": s, "source_customer_id": "k", "loyalty_card_no": "K1"} for s in ("app", "pos")]
    company.deliver(
        customers=[*cards, *({"source_system": s, "source_customer_id": "q", **known} for s in ("crm", "shop"))]
    )
    company.run()
    quiet = accuracy.report(company.connection, company.model)
    assert (quiet["agreement"], quiet["bridges"], quiet["sizes"]) == (None, None, {2: 2})
    assert quiet["segments"] == [
        {"left_system": "app", "right_system": "pos", "exact": 1, "model": 0, "decision": 0},
        {"left_system": "crm", "right_system": "shop", "exact": 0, "model": 1, "decision": 0},
    ]
    company.connection.execute(f"create or replace table identity.decisions ({COLUMNS})")
    for number, (kind, one, other) in enumerate([("cannot_link", "app|k", "pos|k"), ("must_link", "crm|q", "shop|q")]):
        company.connection.execute(
            "insert into identity.decisions (decision_id, kind, left_source_system, left_source_customer_id, "
            "right_source_system, right_source_customer_id) values (?, ?, ?, ?, ?, ?)",
            [f"D{number}", kind, *one.split("|"), *other.split("|")],
        )
    company.run()
    report = accuracy.report(company.connection, company.model)
    assert {name: report["agreement"][name] for name in ("precision", "recall", "f1")} == {
        "precision": 0.5,
        "recall": 1.0,
        "f1": 0.6667,
    }
    assert report["sizes"] == {1: 2, 2: 1}


def test_the_plot_is_a_picture_of_all_pairs():
    text = accuracy_plot.as_markdown(accuracy_plot.weights_svg({-3: 10, 0: 1, 12: 100}, 0.0))
    svg = base64.b64decode(text.partition("base64,")[2].rstrip(")"))
    titles = [title.text for title in ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}title")]
    assert titles == ["-3 to -2: 10 pairs", "0 to 1: 1 pairs", "12 to 13: 100 pairs"]
    assert "<svg" in accuracy_plot.weights_svg({}, 0.0)
