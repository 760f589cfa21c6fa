"""The measuring helper measures: what a child burns and holds, not what its parent does."""

import sys

import pytest

from .measure import Cost, measure, measured

BURN = "import time\nwhile time.process_time() < 0.5: pass"
SLEEP = "import time; time.sleep(0.5)"
HOLD = "held = bytearray(b'x') * 200_000_000"


def python(code: str) -> list[str]:
    return [sys.executable, "-I", "-S", "-c", code]


def test_cpu_is_what_the_child_burns():
    burnt = measure(python(BURN))
    assert 0.5 <= burnt.cpu < 1.0
    assert burnt.wall >= 0.45


def test_sleep_takes_time_but_no_cpu():
    slept = measure(python(SLEEP))
    assert slept.wall >= 0.5 and slept.cpu < 0.3


def test_the_children_of_a_child_count():
    nested = f"import subprocess, sys; subprocess.run([sys.executable, '-I', '-S', '-c', {BURN!r}], check=True)"
    assert 0.5 <= measure(python(nested)).cpu < 1.0


def test_peak_is_what_the_child_holds():
    # What this process holds must not count: a pytest that ran the pipeline is larger than most children.
    ballast = bytearray(b"x") * 150_000_000
    small, large = measure(python("pass")), measure(python(HOLD))
    assert len(ballast) and small.peak < 60
    assert 200 <= large.peak < 260
    assert large.peak - small.peak == pytest.approx(200, abs=20)


def test_a_failing_command_says_why():
    with pytest.raises(RuntimeError, match=r"(?s)ended with 3.*nothing to see"):
        measure(python("import sys; print('nothing to see'); sys.exit(3)"))
    with pytest.raises(RuntimeError, match="ended with 137"):
        measure(python("import os; os.kill(os.getpid(), 9)"))


def test_the_output_and_the_environment_of_a_child():
    _, written = measured(python("import os; print(os.environ['COLOUR'])"), {"COLOUR": "blue"})
    assert written == "blue\n"


def test_costs_one_after_the_other():
    assert Cost(1, 2, 30) + Cost(0.5, 1, 20) == Cost(1.5, 3, 30)
