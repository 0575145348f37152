"""
Dates, times and zones are written as people of each language write them.
"""

from datetime import datetime

import pytest

from calendo.core.instants import MINUTE, Instant, get_zone, to_instant, zone_names
from calendo.i18n import LANGUAGES, Texts, table, translations

NEW_YORK = get_zone("America/New_York")


def texts(tag: str | None) -> Texts:
    return translations(tag, "mails")


def at(moment: str) -> Instant:
    return to_instant(datetime.fromisoformat(moment))


#: The first half past one of the day on which New York's clocks go back.
HALF_PAST_ONE = at("2026-11-01T05:30:00Z")


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("en", "Tuesday, March 10, 2026 | Tue, Mar 10 | 1:30\u00a0PM | 1:30 – 2:15\u00a0PM"),
        ("en-GB", "Tuesday, 10 March 2026 | Tue 10 Mar | 13:30 | 13:30–14:15"),
        ("de", "Dienstag, 10. März 2026 | Di., 10. März | 13:30 | 13:30–14:15 Uhr"),
        ("fr", "mardi 10 mars 2026 | mar. 10 mars | 13:30 | 13:30 – 14:15"),
        ("es", "martes, 10 de marzo de 2026 | mar, 10 mar | 13:30 | 13:30–14:15"),
        ("pt-BR", "terça-feira, 10 de março de 2026 | ter., 10 de mar. | 13:30 | 13:30 – 14:15"),
        ("ja", "2026年3月10日火曜日 | 3月10日(火) | 13:30 | 13時30分～14時15分"),
    ],
)
def test_dates_and_times_follow_the_locale(tag: str, expected: str) -> None:
    """
    Twelve or twenty-four hours, the order of day and month, the words: as CLDR has them.
    """
    start = at("2026-03-10T13:30:00-04:00")
    said = texts(tag)

    assert expected == " | ".join(
        [
            said.date(start, NEW_YORK),
            said.short_date(start, NEW_YORK),
            said.time(start, NEW_YORK),
            said.time_range(start, start + 45 * MINUTE, NEW_YORK),
        ]
    )


@pytest.mark.parametrize("tag", ["it", "zh-Hant-TW", "ar", "no language", "", None])
def test_a_language_without_texts_is_answered_in_english(tag: str | None) -> None:
    """
    As a whole: an English sentence with Italian dates in it would be neither.
    """
    assert "en" == texts(tag).tag
    assert "Sunday, November 1, 2026" == texts(tag).date(HALF_PAST_ONE, NEW_YORK)


def test_a_region_keeps_its_formats_and_speaks_its_language() -> None:
    assert ("de-AT", "01. Jänner") == (
        texts("de-AT").tag,
        texts("de-AT").date(at("2027-01-01T12:00:00Z"), NEW_YORK)[9:].removesuffix(" 2027").rjust(10, "0"),
    )


def test_a_time_that_clocks_show_twice_says_which_it_is() -> None:
    """
    On the day clocks go back the offset tells the two apart; at other times there is none.
    """
    said = texts("en-GB")

    assert ["01:30 GMT-04:00", "01:30 GMT-05:00", "02:30"] == [
        said.time(HALF_PAST_ONE + minutes * MINUTE, NEW_YORK) for minutes in (0, 60, 120)
    ]
    assert "01:30 GMT-04:00 – 01:30 GMT-05:00" == said.time_range(
        HALF_PAST_ONE, HALF_PAST_ONE + 60 * MINUTE, NEW_YORK
    )


def test_a_meeting_past_midnight_says_when_it_ends() -> None:
    start = at("2026-03-10T23:30:00-04:00")

    assert "23:30 – Wed 11 Mar, 00:30" == texts("en-GB").time_range(start, start + 60 * MINUTE, NEW_YORK)


@pytest.mark.parametrize(
    ("zone", "tag", "winter", "summer"),
    [
        ("America/Los_Angeles", "en", "Pacific Time (Los Angeles)", "Pacific Time (Los Angeles)"),
        ("US/Pacific", "en", "Pacific Time (Los Angeles)", "Pacific Time (Los Angeles)"),
        ("Europe/Berlin", "de", "Mitteleuropäische Zeit (Berlin)", "Mitteleuropäische Zeit (Berlin)"),
        ("Europe/London", "en", "Greenwich Mean Time (London)", "British Summer Time (London)"),
        ("Europe/Dublin", "en", "Greenwich Mean Time (Dublin)", "Irish Standard Time (Dublin)"),
        ("Asia/Calcutta", "en", "India Standard Time (Kolkata)", "India Standard Time (Kolkata)"),
        ("Africa/Casablanca", "en", "Casablanca (GMT+01:00)", "Casablanca (GMT+01:00)"),
        ("Etc/GMT+5", "en", "GMT-05:00", "GMT-05:00"),
        ("UTC", "ja", "UTC", "UTC"),
    ],
)
def test_zones_have_names(zone: str, tag: str, winter: str, summer: str) -> None:
    """
    The one people say, whatever the time of year; where there is none, the one that holds then.
    """
    assert [winter, summer] == [
        texts(tag).zone(at(moment), get_zone(zone))
        for moment in ("2026-01-10T12:00:00Z", "2026-07-10T12:00:00Z")
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_zone_has_a_name_in_every_language(language: str) -> None:
    names = {zone: texts(language).zone(HALF_PAST_ONE, get_zone(zone)) for zone in zone_names()}

    assert [] == [zone for zone, name in names.items() if not name.strip() or "_" in name or "()" in name]


def test_durations_are_exact() -> None:
    """
    An hour and a half is not two hours.
    """
    said = texts("en")

    assert ["15 minutes", "1 hour", "1 hour 30 minutes", "24 hours"] == [
        said.duration(minutes) for minutes in (15, 60, 90, 1440)
    ]
    assert "1 Stunde" == texts("de").duration(60)


def test_what_one_domain_lacks_is_looked_for_in_the_next() -> None:
    """
    And in English where none has it.
    """
    german = translations("de", "account", "dashboard")

    assert ("Passwort", "Speichern", "Never said") == tuple(
        german.gettext(message) for message in ("Password", "Save", "Never said")
    )
    assert "Save" == translations("de", "account").gettext("Save")
    assert (False, True) == (german.is_source, translations("en-GB", "account").is_source)


def test_scripts_get_what_scripts_say() -> None:
    """
    The booker's texts are all said by scripts, those of the dashboard by templates and modules.
    """
    assert "Next month" in table("de", "booker")
    assert {} == table("de", "account") == table("en", "booker")
