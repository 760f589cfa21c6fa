"""company.yml as tables, so that models read settings like data and a changed setting needs no new parse."""

from datetime import datetime

import duckdb

from orchestration.business_hours import WEEKDAYS, minutes
from orchestration.landing.offsets import fixed_offset
from orchestration.landing.tables import CONFIG, append, run
from orchestration.settings import Settings


def write_config(connection: duckdb.DuckDBPyConnection, settings: Settings, as_of: datetime) -> None:
    """company.yml as tables in schema `config`, made anew: one row of settings and a table per list."""
    for table, columns in CONFIG.items():
        run(connection, f"create or replace table config.{table} ({columns})")
    run(
        connection,
        "insert into config.settings values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            settings.timezone,
            settings.currency,
            settings.phone_country_code,
            settings.language,
            settings.history_starts_on,
            settings.discount_is_promotion,
            settings.service_levels.first_response_minutes,
            settings.service_levels.resolution_minutes,
            as_of,
            *fixed_offset(settings.zone),
            settings.phone_region,
            settings.date_order,
        ],
    )
    week = [
        (WEEKDAYS.index(day) + 1, *minutes(span)) for day, spans in settings.business_hours.items() for span in spans
    ]
    # A closed day is one row without hours: it must be known as special, too.
    special = [
        (day, *span)
        for day, spans in ({day: [] for day in settings.holidays} | settings.special_hours).items()
        for span in ([minutes(hours) for hours in spans] or [(None, None)])
    ]
    append(connection, "config.channel_units", sorted(settings.channel_units.items()))
    append(connection, "config.function_scopes", sorted(settings.function_scopes.items()))
    append(connection, "config.business_hours", sorted(week))
    append(connection, "config.special_days", sorted(special, key=str))
    append(connection, "config.first_contact_purposes", sorted({(p,) for p in settings.first_contact_purposes}))
    append(connection, "config.source_priority", [(system, at) for at, system in enumerate(settings.source_priority)])
    append(connection, "config.trust_floors", sorted(settings.trust_floors.items()))
    append(connection, "config.labels", sorted((code, words.en, words.zh) for code, words in settings.labels.items()))
