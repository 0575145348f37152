"""
Checks that every text has its translations: ``python -m calendo.locales.catalogs [update]``.

Texts are found in templates and modules by Babel. A translation must not be missing,
fuzzy, superfluous, or have other placeholders than its text. ``update`` writes what
is missing into the catalogs, to be filled in, and drops what is superfluous.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po, write_po

from calendo.errors import CalendoError
from calendo.i18n import LOCALES, languages


def _areas(*names: str) -> tuple[str, ...]:
    # The modules, the templates and the scripts of each area of the dashboard.
    return tuple(
        f"{place}/dashboard{name and '/' + name}"
        for name in names
        for place in ("web", "web/templates", "web/static")
    )


#: Where the texts of each domain are, below the package. A folder within another one's is not that one's.
SOURCES = {
    # What mails bring along for calendars, too.
    "mails": ("worker/mails", "core"),
    "chat": ("chat",),
    "pages": ("web",),
    "booker": ("web/static/booker",),
    "chat_panel": ("web/static/chat",),
    "errors": ("web/api",),
    "dashboard": _areas(""),
    "account": _areas("account"),
    "host_bookings": _areas("bookings", "insights"),
    "host_event_types": _areas("event_types"),
    "host_hours": _areas("availability"),
    "host_page": _areas("page"),
    "host_settings": _areas("settings"),
    # What the worker writes down as well.
    "host_webhooks": (*_areas("webhooks"), "integrations"),
}
#: Where a text may have its translation as well: common words are translated once.
SHARED = {domain: "dashboard" for domain in SOURCES if domain == "account" or domain.startswith("host_")}

_METHODS = [
    ("**.js", "javascript"),
    ("**.py", "python"),
    ("**.html", "jinja2.ext:babel_extract"),
    ("**/templates/**", "jinja2.ext:babel_extract"),
]
# A template that Jinja cannot read has to be an error, not a file without texts.
_JINJA = {"silent": "false", "newstyle_gettext": "true"}
_OPTIONS = {"**.html": _JINJA, "**/templates/**": _JINJA}
# In scripts texts are said by ``t("...", { name })`` and have places like ``{name}``.
_KEYWORDS = {**DEFAULT_KEYWORDS, "t": None, "gettext_noop": None}
# What is said about fields is said where they are checked.
_ERROR_KEYWORDS = {"ValueError": None, "Pattern": (2,)}
_PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[a-zA-Z%]|\{\w+\}")
_HEADER = """\
msgid ""
msgstr ""
"Language: {language}\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plurals}\\n"

"""


def extracted(domain: str, package: Path = LOCALES.parent) -> Catalog:
    """
    Find all texts of a domain.
    """
    catalog = Catalog(charset="utf-8")
    others = {package / folder for domain_ in SOURCES for folder in SOURCES[domain_]}
    for folder in SOURCES[domain]:
        for name, _line, message, comments, context in extract_from_dir(
            package / folder,
            _METHODS,
            _OPTIONS,
            _ERROR_KEYWORDS if domain == "errors" else _KEYWORDS,
            comment_tags=("Translators:",),
            directory_filter=lambda path: Path(path) not in others,
        ):
            catalog.add(message, locations=[(f"{folder}/{name}", 0)], auto_comments=comments, context=context)
    if domain == "errors":
        for kind in kinds_of(CalendoError):
            catalog.add(kind.default_message(), locations=[("errors.py", 0)])
    for shared in extracted(SHARED[domain], package) if domain in SHARED else ():
        catalog.delete(shared.id, shared.context)
    return catalog


def kinds_of(kind: type[CalendoError]) -> Iterator[type[CalendoError]]:
    """
    List a kind of error and all that are more special.
    """
    yield kind
    for child in kind.__subclasses__():
        yield from kinds_of(child)


def problems(domain: str, language: str, source: Catalog, path: Path) -> Iterator[str]:
    """
    Say what is wrong with one catalog, a line each.
    """
    if not path.exists():
        yield f"{language}/{domain}.po is missing"
        return
    catalog = _read(path, language)
    wanted = {message.id: message for message in source if message.id}
    translated = {message.id: message for message in catalog if message.id}
    for id_ in wanted.keys() - translated.keys():
        yield f"{language}/{domain}.po lacks {id_!r}"
    for id_ in [*(translated.keys() - wanted.keys()), *catalog.obsolete]:
        yield f"{language}/{domain}.po has {id_!r}, which is said nowhere"
    for id_ in wanted.keys() & translated.keys():
        problem = _problem(translated[id_])
        if problem:
            yield f"{language}/{domain}.po: {problem}: {id_!r}"


def update(language: str, source: Catalog, path: Path) -> None:
    """
    Bring a catalog up to date; what is translated stays.
    """
    catalog = _read(path, language) if path.exists() else Catalog(language)
    catalog.update(source, no_fuzzy_matching=True)
    path.parent.mkdir(exist_ok=True)
    with path.open("wb") as file:
        file.write(_HEADER.format(language=language, plurals=catalog.plural_forms).encode())
        write_po(file, catalog, width=100, omit_header=True, ignore_obsolete=True, include_lineno=False)


def main(arguments: list[str]) -> int:
    """
    Check all catalogs, or update them, and return the exit code.
    """
    found: list[str] = []
    for domain in SOURCES:
        source = extracted(domain)
        for language in languages(domain)[1:]:
            path = LOCALES / language / f"{domain}.po"
            if arguments == ["update"]:
                update(language, source, path)
            found += sorted(problems(domain, language, source, path))
    sys.stdout.writelines(f"{line}\n" for line in found)
    return 1 if found else 0


def _read(path: Path, language: str) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def _problem(message: Message) -> str | None:
    # A plural has several forms, of a text and of its translation.
    given = [message.string or ""] if isinstance(message.string, str) else list(message.string or ())
    said = [message.id] if isinstance(message.id, str) else list(message.id)
    if message.fuzzy:
        return "fuzzy"
    if not given or not all(given):
        return "not translated"
    wanted = [_placeholders(text) for text in said]
    if any(_placeholders(text) not in wanted for text in given):
        return "other placeholders"
    return None


def _placeholders(text: str) -> frozenset[str]:
    return frozenset(_PLACEHOLDER.findall(text))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
