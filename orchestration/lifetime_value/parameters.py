"""Fitted models, kept for ever: a line each in `state/lifetime_value/models.jsonl`, numbered, nothing ever changed.

A model is fitted to the history before a day and belongs to it: the same history finds it again, on every run. It is
fitted anew when a calendar quarter has begun, when what happened since then is not what it expected, or when that history
itself was corrected (late deliveries, people joined or parted). So a number published never depends on which runs came
before it, and a lost log is written again as it was.
"""

import datetime as dt
import hashlib
from dataclasses import asdict, dataclass
from typing import Any

import duckdb
import numpy as np

from orchestration.folders import DataFolder
from orchestration.identity import append_only
from orchestration.lifetime_value import calibration, history, margins, purchases
from orchestration.lifetime_value.likelihood import rounded

METHOD = 2
"""Goes up when the same history would give other parameters."""
SHOWN_DIGITS = 12


@dataclass(frozen=True)
class Fitted:
    """Parameters in force, and what is known of the history that they were fitted to.

    Attributes:
        fingerprint: names the history and the method; with `fitted_before` the name of this model.
        known_cost_share: of the net sales. correlation: of repeats and mean margin, over those in the margin model.
        margin_customers: how many these are. holdout: expected against actual purchase days.
    """

    fitted_before: dt.date
    fingerprint: str
    basis: history.Basis
    known_cost_share: float
    customers: int
    repeat_customers: int
    bg_nbd: purchases.BgNbd
    log_likelihood: float
    gamma_gamma: margins.GammaGamma
    margin_log_likelihood: float
    margin_customers: int
    correlation: float
    holdout: list[calibration.Bin]

    @property
    def name(self) -> str:
        return f"{self.fitted_before}-{self.fingerprint}"


def in_force(connection: duckdb.DuckDBPyConnection, folder: DataFolder, before: dt.date) -> Fitted:
    """The model of the history before a day: the one that is kept, else a new one, which is kept from now on.

    Leaves that day's histories in `lifetime_histories`.

    Raises:
        FitError: a model can't be fitted.
        LogDamaged: the log is not what was written.
    """
    log = folder.state / "lifetime_value" / "models.jsonl"
    share = history.known_cost_share(connection, before)
    basis: history.Basis = "margin" if share >= history.ENOUGH_KNOWN_COSTS else "net_sales"
    history.load_histories(connection, [before], basis)
    groups, (days, mean_margin) = history.groups(connection), history.earnings(connection)
    fingerprint = _fingerprint(before, basis, *groups, days, mean_margin)
    kept = append_only.entries(log)
    for entry in kept:
        if entry["fingerprint"] == fingerprint:
            return _read(entry)
    bg_nbd = purchases.BgNbd(*rounded(np.array(purchases.fit(groups))))
    gamma_gamma = margins.GammaGamma(*rounded(np.array(margins.fit(days, mean_margin))))
    fitted = Fitted(
        fitted_before=before,
        fingerprint=fingerprint,
        basis=basis,
        known_cost_share=round(share, 9),
        customers=int(groups.customers.sum()),
        repeat_customers=int(groups.customers[groups.x > 0].sum()),
        bg_nbd=bg_nbd,
        log_likelihood=round(purchases.log_likelihood(bg_nbd, groups), 4),
        gamma_gamma=gamma_gamma,
        margin_log_likelihood=round(margins.log_likelihood(gamma_gamma, days, mean_margin), 4),
        margin_customers=len(days),
        correlation=round(margins.correlation(days, mean_margin), 6),
        holdout=calibration.against_holdout(connection, before),
    )
    history.load_histories(connection, [before], basis)  # the hold-out had its own
    append_only.append(log, {"number": len(kept) + 1, "reason": _reason(kept, before), **_written(fitted)})
    return fitted


def _reason(kept: list[dict[str, Any]], before: dt.date) -> str:
    if not kept:
        return "first"
    if before.isoformat() in {entry["fitted_before"] for entry in kept}:
        return "history_corrected"
    return "quarter" if before.month % 3 == 1 else "calibration"


def _fingerprint(before: dt.date, basis: str, *columns: np.ndarray) -> str:
    digest = hashlib.sha256(f"{METHOD} {before} {basis}".encode())
    for column in columns:
        digest.update(np.ascontiguousarray(column, dtype="<f8").tobytes())
    return digest.hexdigest()[:SHOWN_DIGITS]


def _written(fitted: Fitted) -> dict[str, Any]:
    models = {"bg_nbd": fitted.bg_nbd._asdict(), "gamma_gamma": fitted.gamma_gamma._asdict()}
    return asdict(fitted) | models | {"fitted_before": fitted.fitted_before.isoformat()}


def _read(entry: dict[str, Any]) -> Fitted:
    read: dict[str, Any] = {name: entry[name] for name in Fitted.__dataclass_fields__}
    read["fitted_before"] = dt.date.fromisoformat(entry["fitted_before"])
    read["bg_nbd"] = purchases.BgNbd(**entry["bg_nbd"])
    read["gamma_gamma"] = margins.GammaGamma(**entry["gamma_gamma"])
    read["holdout"] = [calibration.Bin(**one) for one in entry["holdout"]]
    return Fitted(**read)
