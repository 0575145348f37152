"""
Zones to choose from: each once, under its present name, as the language calls it.
"""

import pytest

from calendo.core.instants import zone_names
from calendo.i18n import LANGUAGES, translations
from calendo.web.dashboard.zones import present_name, regions


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_zone_is_listed_once(language: str) -> None:
    """
    No two have one name in a region, and all of them can be kept.
    """
    listed = regions(translations(language, "dashboard"))

    keys = [key for _, zones in listed for key, _ in zones]
    assert len(keys) == len(set(keys)) > 300
    assert set(keys) <= zone_names()
    assert {"Europe/Berlin", "Asia/Kolkata", "America/Argentina/Buenos_Aires", "UTC"} <= set(keys)
    for region, zones in listed:
        assert len({city for _, city in zones}) == len(zones), region


def test_cities_are_named_in_the_language() -> None:
    """
    Those that CLDR has no name for by the last part of the zone's.
    """
    german = dict(dict(regions(translations("de", "dashboard")))["Europa"])

    assert ("Berlin", "Kiew", "Wien") == tuple(
        german[key] for key in ("Europe/Berlin", "Europe/Kyiv", "Europe/Vienna")
    )
    assert "Buenos Aires (Argentina)" == translations("en", "dashboard").city(
        "America/Argentina/Buenos_Aires"
    )


@pytest.mark.parametrize(
    ("given", "present"),
    [
        ("Asia/Calcutta", "Asia/Kolkata"),
        ("America/Buenos_Aires", "America/Argentina/Buenos_Aires"),
        ("Europe/Berlin", "Europe/Berlin"),
        ("UTC", "UTC"),
        ("Etc/GMT+5", "Etc/GMT+5"),
    ],
)
def test_former_names_lead_to_present_ones(given: str, present: str) -> None:
    assert present == present_name(given)


def test_a_zone_that_is_chosen_is_listed_whatever_it_is() -> None:
    """
    What is no zone is not.
    """
    english = translations("en", "dashboard")

    assert ("Etc/GMT+5", (("Etc/GMT+5", "Etc/GMT+5"),)) == regions(english, "Etc/GMT+5")[0]
    assert regions(english) == regions(english, "Europe/Berlin") == regions(english, "Mars/Olympus")
