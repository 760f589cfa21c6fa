"""Are the deliveries fit to use, and the numbers fit to publish? Suites are data, a factory makes asset checks of them."""

from orchestration.quality.gates import judge_deliveries, judge_numbers
from orchestration.quality.verdicts import Verdict

__all__ = ["Verdict", "judge_deliveries", "judge_numbers"]
