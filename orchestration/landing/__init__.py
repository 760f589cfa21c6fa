"""The landing room: deliveries in, typed rows out, everything refused with a reason.

`load_deliveries` is its entry point; `check_file` tries one file without writing anything.
"""

from orchestration.landing.check import CheckReport, check_file
from orchestration.landing.contract import Column, Contract, Dataset, load_contract
from orchestration.landing.quarantine import Refused, dismiss, refused
from orchestration.landing.run import LoadReport, load_deliveries

__all__ = [
    "CheckReport",
    "Column",
    "Contract",
    "Dataset",
    "LoadReport",
    "Refused",
    "check_file",
    "dismiss",
    "load_contract",
    "load_deliveries",
    "refused",
]
