"""company.yml as people write it: what is wrong is named with file, line, key and remedy, and never ends in a stack."""

from pathlib import Path

import pytest

from orchestration.alerts.settings import alert_settings
from orchestration.errors import ConfigurationError
from orchestration.settings import Settings, load_settings


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "company.yml"


def refused(file: Path, content: str | bytes) -> str:
    """Why it is refused, without the folder; whom to alert is read from it nevertheless."""
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(ConfigurationError) as problem:
        load_settings(file)
    assert alert_settings(file)
    return str(problem.value).replace(str(file), file.name)


@pytest.mark.parametrize("key", ["2026-10-10", "1", "on", "~"])
def test_a_key_that_is_no_text(file: Path, key: str) -> None:
    said = refused(file, f"name: Tea\n{key}: [x]\n")
    assert said.startswith(f"company.yml line 2: {key}: is no setting's name; indent it") and "known keys: name" in said


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (
            "alerts: []\nname: Tea\nalerts: []\n",
            "company.yml line 3: not readable as YAML: 'alerts' stands here and in line 1",
        ),
        (
            "labels:\n  shop: {en: a, zh: b}\n  'shop': {en: a, zh: b}\n",
            "line 3: not readable as YAML: 'shop' stands here",
        ),
        (
            "special_hours:\n  2026-10-10: []\n  '2026-10-10': []\n",
            "'2026-10-10' stands here and in line 2; write it once",
        ),
        ("name: Tea\nhistory_starts_on: 2026-06-31\n", "company.yml line 2: not readable as YAML: day is out of range"),
        ("name: Tea\nalerts: [\n", "company.yml line 3: not readable as YAML"),
        ("name: [a\nb: c: d", "company.yml line 2: not readable as YAML"),
        ("a: " + "[" * 3000, "company.yml: not readable as YAML: nested too deep"),
        ("name: 茶馆\n".encode("gbk"), "company.yml is no plain UTF-8 text; save it as UTF-8"),
        ("name: 茶馆\n".encode("utf-16"), "company.yml is no plain UTF-8 text; save it as UTF-8"),
        ("name: Tea\n".encode("utf-16-le"), "company.yml is no plain UTF-8 text; save it as UTF-8"),
        ("- 1\n", "must hold 'key: value' lines"),
    ],
)
def test_what_is_no_such_file(file: Path, content: str | bytes, said: str) -> None:
    assert said in refused(file, content)


@pytest.mark.parametrize(
    ("content", "place"),
    [
        ("name: Tea\n\ntimezone: Nowhere\n", "line 3: timezone: 'Nowhere' is no IANA time zone"),
        ("name: Tea\ntimezone: localtime\n", "line 2: timezone: 'localtime' is no IANA time zone"),
        ("formats:\n  orders: '%d'\n  order: '%d'\n", "line 3: formats.order: is no dataset; write one of: benefits,"),
        ("name: Tea\ncolour: red\n", "line 2: colour: Extra inputs are not permitted (known keys: name"),
        ("alerts:\n- kind: wecom\n  url_env: 'https://x'\n", "line 3: alerts.0.wecom.url_env: must be the name of"),
        ("labels:\n  shop:\n    en: Shop\n", "line 2: labels.shop.zh: Field required"),
        ("service_levels:\n  1: 2\n", "line 2: service_levels.1: Keys should be strings"),
        ("special_hours:\n  2026-10-10: ['25:00-26:00']\n", "line 2: special_hours.2026-10-10: '25:00-26:00' are no"),
    ],
)
def test_a_wrong_setting_has_its_line(file: Path, content: str, place: str) -> None:
    assert refused(file, content).startswith(f"company.yml {place}")


def test_each_wrong_setting_is_named(file: Path) -> None:
    said = refused(file, "language: fr\nname: Tea\nkeep_versions: 0\n").splitlines()
    assert [line.split(": ")[0] for line in said] == ["company.yml line 1", "company.yml line 3"]


def test_what_stands_there_is_not_repeated(file: Path) -> None:
    assert "canary" not in refused(file, "alerts: [{kind: slack, url_env: 'https://x/canary'\n")


def test_one_that_may_not_be_read(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # root may read anything, so the refusal itself is played
    def refuse(_: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "read_bytes", refuse)
        with pytest.raises(ConfigurationError, match=r"company\.yml can't be read \(Permission denied\); it must be"):
            load_settings(file)
    file.mkdir()
    with pytest.raises(ConfigurationError, match="can't be read"):
        load_settings(file)
    assert alert_settings(file) == Settings()


@pytest.mark.parametrize("content", [b"", b"# name: Tea\n", b"\xef\xbb\xbf# as Windows saves it\n"])
def test_one_that_says_nothing_means_all_defaults(file: Path, content: bytes) -> None:
    assert load_settings(file) == Settings()
    file.write_bytes(content)
    assert load_settings(file) == Settings()


@pytest.mark.parametrize("key", ["published_within_hours", "lock_wait_minutes"])
@pytest.mark.parametrize("hours", [".inf", ".nan", "1.0e+300"])
def test_no_wait_is_longer_than_dates_and_clocks_count(file: Path, key: str, hours: str) -> None:
    assert refused(file, f"{key}: {hours}\n").startswith(f"company.yml line 1: {key}: Input should be ")


@pytest.mark.parametrize("pattern", ["d/m/Y", "100%", "%%", "%%d", "", "%Q", "%d.%m.%Y %", "%F"])
def test_a_time_format_reads_something(file: Path, pattern: str) -> None:
    said = refused(file, f"name: Tea\nformats: {{orders: '{pattern}'}}\n")
    assert said.startswith(
        f"company.yml line 2: formats: '{pattern}' of orders is no strptime format; write one like %d/%m/%Y"
    )
