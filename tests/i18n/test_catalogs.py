"""
``make check`` finds every translation that is missing, doubtful, superfluous or does not fit.
"""

from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from calendo.i18n import LOCALES, languages
from calendo.locales import catalogs


def source() -> Catalog:
    catalog = Catalog()
    catalog.add("With %(name)s")
    catalog.add(("%(num)s booking", "%(num)s bookings"))
    return catalog


WHOLE = """
msgid "With %(name)s"
msgstr "Mit %(name)s"

msgid "%(num)s booking"
msgid_plural "%(num)s bookings"
msgstr[0] "%(num)s Buchung"
msgstr[1] "%(num)s Buchungen"
"""


def found(tmp_path: Path, text: str) -> list[str]:
    path = tmp_path / "mails.po"
    path.write_text(text)
    return list(catalogs.problems("mails", "de", source(), path))


def test_a_whole_catalog_has_no_problem(tmp_path: Path) -> None:
    assert [] == found(tmp_path, WHOLE)


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('msgstr "Mit %(name)s"', 'msgstr ""', "not translated"),
        ('msgstr[1] "%(num)s Buchungen"', 'msgstr[1] ""', "not translated"),
        ('msgid "With', '#, fuzzy\nmsgid "With', "fuzzy"),
        ("Mit %(name)s", "Mit %(nmae)s", "other placeholders"),
        ("Mit %(name)s", "Mit jemandem", "other placeholders"),
        ("Mit %(name)s", "Mit %(name)s, 100 %(name)d", "other placeholders"),
        ("%(num)s Buchungen", "%(number)s Buchungen", "other placeholders"),
        ('msgid "With', 'msgid "Never said"\nmsgstr "Nie gesagt"\n\nmsgid "With', "said nowhere"),
        ('msgid "With', '#~ msgid "Former"\n#~ msgstr "Früher"\n\nmsgid "With', "said nowhere"),
        ('msgid "With %(name)s"', 'msgid "With"', "lacks 'With %(name)s'"),
    ],
)
def test_each_problem_is_found(tmp_path: Path, old: str, new: str, problem: str) -> None:
    assert old in WHOLE

    lines = found(tmp_path, WHOLE.replace(old, new))

    assert lines
    assert any(problem in line for line in lines), lines


def test_a_missing_catalog_is_found(tmp_path: Path) -> None:
    assert ["fr/mails.po is missing"] == list(
        catalogs.problems("mails", "fr", source(), tmp_path / "mails.po")
    )


def test_an_update_asks_for_what_is_new_and_keeps_what_is_there(tmp_path: Path) -> None:
    """
    The text that is no longer said goes; what is not translated is reported until it is.
    """
    path = tmp_path / "de" / "mails.po"
    path.parent.mkdir()
    path.write_text(WHOLE.replace('msgid "With %(name)s"', 'msgid "Without %(name)s"'))

    catalogs.update("de", source(), path)

    assert ["de/mails.po: not translated: 'With %(name)s'"] == list(
        catalogs.problems("mails", "de", source(), path)
    )
    assert "%(num)s Buchungen" in path.read_text()
    assert "Without" not in path.read_text()


def test_all_translations_are_there(capsys: pytest.CaptureFixture[str]) -> None:
    """
    Of every domain in every language, as ``make check`` sees to it.
    """
    assert (0, "") == (catalogs.main([]), capsys.readouterr().out)
    assert {
        (language, f"{domain}.po") for domain in catalogs.SOURCES for language in languages(domain)[1:]
    } == {(path.parent.name, path.name) for path in LOCALES.glob("*/*.po")}
