"""company.yml: what differs from company to company, validated, every key documented, a default for all."""

import re
from datetime import date
from pathlib import Path
from typing import Annotated, Literal, get_args
from zoneinfo import ZoneInfo, available_timezones

import phonenumbers
import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from orchestration.alerts.channels import AlertChannel
from orchestration.business_hours import DEFAULT_WEEK, HoursByDate, HoursByWeekday, ServiceLevels
from orchestration.errors import ConfigurationError
from orchestration.folders import DBT_PROJECT
from orchestration.yaml_file import read_yaml


def _known_timezone(name: str) -> str:
    # the machine's own, whatever that is, is no zone to DuckDB; nor would numbers be the same elsewhere
    if name not in available_timezones() or name == "localtime":
        raise ValueError(f"'{name}' is no IANA time zone; write one like Asia/Shanghai")
    return name


def _known_region(region: str) -> str:
    if not phonenumbers.country_code_for_region(region.upper()):
        raise ValueError(f"'{region}' is no ISO 3166 region with telephones; write one like CN")
    return region.upper()


TrustFactor = Literal["humanity", "transparency", "capability", "reliability"]
Points = Annotated[float, Field(ge=-100, le=100)]
Function = Literal["MKT", "SAL", "PRD", "CS", "STO", "ECM", "LOY", "HR"]
Scope = Literal["own_subtree", "company", "own_subtree_if_it_sells"]
DEFAULT_SCOPES: dict[Function, Scope] = {
    "STO": "own_subtree",
    "ECM": "own_subtree",
    "CS": "own_subtree",
    "HR": "own_subtree",
    "MKT": "company",
    "PRD": "company",
    "LOY": "company",
    "SAL": "own_subtree_if_it_sells",
}


class Words(BaseModel):
    """One of the company's own words in both languages."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    en: str
    zh: str


def _strptime_formats(formats: dict[str, str]) -> dict[str, str]:
    for dataset, pattern in formats.items():
        if not re.search("%-?[A-Za-z]", pattern.replace("%%", "")) or not _is_read_by_duckdb(pattern):
            raise ValueError(f"'{pattern}' of {dataset} is no strptime format; write one like %d/%m/%Y %H:%M")
    return formats


def _is_read_by_duckdb(pattern: str) -> bool:
    import duckdb  # which few companies' settings need

    try:
        duckdb.execute("select try_strptime('', $1)", [pattern]).fetchall()
    except duckdb.Error:
        return False
    return True


def _for_each_factor(floors: dict[TrustFactor, float]) -> dict[TrustFactor, float]:
    return dict.fromkeys(get_args(TrustFactor), 0.0) | floors


class Receiver(BaseModel):
    """Who is told that a new scorecard of `units` is out; `name` stands in the record of what was told."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(min_length=1)
    units: list[str] = Field(min_length=1)
    channel: AlertChannel


def _once_each(receivers: list[Receiver]) -> list[Receiver]:
    names = [receiver.name for receiver in receivers]
    if len(set(names)) < len(names):
        raise ValueError("two receivers have one name; what was told to each is remembered by it")
    return receivers


class Settings(BaseModel):
    """One company's settings. Unknown keys are refused, so that a misspelt one cannot be silently ignored."""

    # errors don't repeat what stood there: it may be a password in the wrong place
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True, allow_inf_nan=False)

    name: str = Field("", description="The company's name, shown on the pages.")
    timezone: Annotated[str, AfterValidator(_known_timezone)] = Field(
        "Asia/Shanghai", description="IANA time zone: times without an offset are read in it; days and months are its."
    )
    currency: str = Field("CNY", pattern="^[A-Z]{3}$", description="ISO 4217 code in which all money is reported.")
    phone_region: Annotated[str, AfterValidator(_known_region)] = Field(
        "CN", description="ISO 3166 region of phone numbers written without a country code."
    )
    date_order: Literal["dmy", "mdy"] | None = Field(
        None,
        description="How birth dates like 3/4/1990 are written: dmy or mdy; empty: as each system's other dates show.",
    )
    language: Literal["en", "zh"] = Field("en", description="Language in which pages open: en or zh.")
    history_starts_on: date | None = Field(
        None, description="First day from which the order history is complete; empty: the first order's day."
    )
    formats: Annotated[dict[str, str], AfterValidator(_strptime_formats)] = Field(
        default_factory=dict,
        description="Per dataset, the strptime format of its times where they are not ISO 8601, e.g. orders: '%d/%m/%Y %H:%M'.",
    )
    channel_units: dict[str, str] = Field(
        default_factory=dict,
        description="Per channel, the org unit responsible where a row names neither a unit nor an employee.",
    )
    function_scopes: dict[Function, Scope] = Field(
        default_factory=lambda: dict(DEFAULT_SCOPES),
        description="Per function, what its scorecard measures: own_subtree, company, or own_subtree_if_it_sells.",
    )
    business_hours: HoursByWeekday = Field(
        default_factory=lambda: dict(DEFAULT_WEEK),
        description="Per weekday, the hours in which business time flows, e.g. mon: ['09:00-12:00', '13:00-18:00']; a day left out is closed.",
    )
    special_hours: HoursByDate = Field(
        default_factory=dict,
        description="Days whose hours differ, e.g. 2026-10-10: ['09:00-18:00'] for a Saturday worked; [] closes the day.",
    )
    holidays: list[date] = Field(
        default_factory=list, description="Days on which no business time flows, unless special_hours names them."
    )
    service_levels: ServiceLevels = Field(
        default_factory=ServiceLevels,
        description="Promises in minutes of business time, from opening a case: first_response_minutes to a person's answer, "
        "resolution_minutes to its solution.",
    )
    first_contact_purposes: list[str] = Field(
        default_factory=list,
        description="Purposes of contact that count for first-contact resolution; an empty list means every purpose.",
    )
    source_priority: list[str] = Field(
        default_factory=list,
        description="Source systems that are believed first where a customer's records disagree, the best first, e.g. [crm, shop]; the others follow.",
    )
    discount_is_promotion: bool = Field(
        False,
        description="Whether a discount alone, without campaign or coupon, makes a sale a promoted one (shelf prices and card prices are none).",
    )
    trust_floors: Annotated[dict[TrustFactor, Points], AfterValidator(_for_each_factor)] = Field(
        default_factory=lambda: _for_each_factor({}),
        description="Per factor of trust (humanity, transparency, capability, reliability), the points from -100 to 100 "
        "below which the foundation is said to shake; a factor left out has 0: as many who disagree as agree.",
    )
    annual_discount: float = Field(
        0.1,
        ge=0,
        le=1,
        description="What a year's waiting takes from money: the rate at which lifetime values are discounted.",
    )
    labels: dict[str, Words] = Field(
        default_factory=dict,
        description="The company's own words (channels, touchpoints, regions, tiers …) as pages show them, e.g. shop: {en: Web shop, zh: 网店}.",
    )
    max_quarantine_share: float = Field(
        0.01,
        ge=0,
        le=1,
        description="A delivery with a greater share of quarantined rows (and more than 10) blocks publishing.",
    )
    max_deliveries_per_run: int = Field(
        10_000, ge=1, description="At most so many new deliveries are taken in one run; the rest wait for the next."
    )
    max_expanded_mb: int = Field(
        20_000, ge=1, description="A compressed delivery may expand to at most so many megabytes."
    )
    max_expansion_ratio: int = Field(
        200, ge=1, description="… and to at most so many times its own size (beyond the first 10 MB)."
    )
    keep_versions: int = Field(30, ge=1, description="So many published versions are kept; older ones are removed.")
    lock_wait_minutes: float = Field(
        120, ge=0, le=7 * 24 * 60, description="How long a run waits for another to finish before it gives up."
    )

    published_within_hours: float = Field(
        26,
        gt=0,
        le=366 * 24,
        description="Older published numbers are late: Dagster warns, loyalty doctor fails; a day later Dagster fails.",
    )
    alerts: list[AlertChannel] = Field(
        default_factory=list,
        description="Who is told of a failed run: a list of {kind: wecom, url_env: LOYALTY_WECOM_URL}, likewise slack, "
        "dingtalk and feishu (these two with secret_env, where the robot wants signatures), and {kind: email, host: "
        "smtp.example.com, port: 587, security: starttls, username: loyalty, password_env: LOYALTY_SMTP_PASSWORD, "
        "sender: loyalty@example.com, recipients: [duty@example.com]}. Only names of environment variables stand here, "
        "never an address with its key, nor a password. Try it: loyalty doctor --send-test-alert.",
    )

    notices: Annotated[list[Receiver], AfterValidator(_once_each)] = Field(
        default_factory=list,
        description="Who is told that a new scorecard is out, once each: a list of {name: cs-heads, units: "
        "[customer_service], channel: {kind: wecom, url_env: LOYALTY_CS_WECOM}}; channels are written as in alerts.",
    )
    review_day: int = Field(
        5,
        ge=1,
        le=28,
        description="Day of the month on which Dagster writes the review packs, when late answers are in.",
    )
    app_url: Annotated[str, Field(pattern=r"^https?://[^\s]+$")] | None = Field(
        None,
        description="Where people open the scorecards, such as https://scorecards.example.com: notices link there.",
    )

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @property
    def phone_country_code(self) -> str:
        """Calling code of `phone_region`, without the plus: CN → 86."""
        return str(phonenumbers.country_code_for_region(self.phone_region))


def load_settings(path: Path) -> Settings:
    """Read company.yml; a missing file means all defaults.

    Raises:
        ConfigurationError: naming the file, the line, the key, and the remedy.
    """
    try:
        file = read_yaml(path)
    except FileNotFoundError:
        return Settings()
    content = {} if file.content is None else file.content
    if not isinstance(content, dict):
        raise ConfigurationError(f"{path}: must hold 'key: value' lines, found a {type(content).__name__}")
    known_keys = f"known keys: {', '.join(Settings.model_fields)}"
    no_text = [
        f"{path} line {line}: {key}: is no setting's name; indent it if it belongs to the line above ({known_keys})"
        for key, line in file.keys_that_are_no_text()
    ]
    if no_text:
        raise ConfigurationError("\n".join(no_text))
    try:
        settings = Settings.model_validate(content)
    except ValidationError as problem:
        lines = []
        for error in problem.errors():
            key = ".".join(str(part) for part in error["loc"])
            known = Settings.model_fields.get(str(error["loc"][0]))
            said = error["msg"].removeprefix("Value error, ")
            hint = known.description if known else known_keys
            lines.append(f"{path} line {file.line(error['loc'])}: {key}: {said} ({hint})")
        raise ConfigurationError("\n".join(lines)) from problem
    # A misspelt dataset would leave its times to be read, or refused, as if no format had been written.
    datasets = sorted(landed.stem for landed in (DBT_PROJECT / "models" / "landing").glob("[a-z]*.yml"))
    nothing = [
        f"{path} line {file.line(('formats', name))}: formats.{name}: is no dataset; write one of: {', '.join(datasets)}"
        for name in settings.formats
        if name not in datasets
    ]
    if nothing:
        raise ConfigurationError("\n".join(nothing))
    return settings


def settings_template() -> str:
    """A company.yml with every key, its meaning and its default; lines to change lose their #."""
    lines = ["# What differs from company to company. Every key may be left out; its default stands behind it.", ""]
    defaults = Settings().model_dump(mode="json")
    for name, field in Settings.model_fields.items():
        lines.append(f"# {field.description}")
        written = yaml.safe_dump({name: defaults[name]}, allow_unicode=True, default_flow_style=True, width=10_000)
        lines.append(f"# {written.strip().removeprefix('{').removesuffix('}')}")
        lines.append("")
    return "\n".join(lines)
