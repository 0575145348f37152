"""
``make check`` finds every translation that is missing, doubtful, superfluous or does not fit.
"""

from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from calendo.errors import SlugTaken
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


def texts_in(folder: Path, domain: str) -> set[str]:
    return {str(message.id) for message in catalogs.extracted(domain, folder) if message.id}


def test_a_text_belongs_to_the_innermost_folder(tmp_path: Path) -> None:
    """
    Modules, templates and scripts of an area are its own; what the shared domain says it need not.
    """
    for name, content in {
        "web/pages/page.py": '_("Page")',
        "web/templates/dashboard/parts.html": '{{ _("Save") }}',
        "web/dashboard/shell.py": 'gettext_noop("Areas")',
        "web/dashboard/account/entry.py": '_("Gone")',
        "web/templates/dashboard/account/login.html": '{{ _("Log in") }} {{ _("Save") }}',
        "web/static/dashboard/account/zone.js": 't("Found")',
        "web/api/fields.py": 'raise ValueError("leave it out")\nPattern("[a]", "use an a")',
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)

    assert {"Page"} == texts_in(tmp_path, "pages")
    assert {"Save", "Areas"} == texts_in(tmp_path, "dashboard")
    assert {"Gone", "Log in", "Found"} == texts_in(tmp_path, "account")
    assert {"leave it out", "use an a", SlugTaken.default_message()} <= texts_in(tmp_path, "errors")
