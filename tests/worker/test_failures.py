"""
Why attempts failed: sentences that the log has in English, and the dashboard in its host's language.
"""

import ast
import re
from importlib.util import find_spec
from pathlib import Path

import pytest

from calendo.db.models import Attempt
from calendo.i18n import LANGUAGES, translations
from calendo.integrations.failures import Failure, read
from calendo.web.dashboard.webhooks.endpoints import DOMAIN
from calendo.web.dashboard.webhooks.results import result_of

#: What varies in sentences, as odd as it comes.
GIVEN = {"number": "503", "host": "hooks.example.com", "why": "it is (as said) 1.\nno more; 100%"}
#: Modules that write into the log.
WRITERS = (
    "calendo.integrations.webhook_client",
    "calendo.ops.deliveries",
    "calendo.worker.deliver",
    "calendo.worker.loop",
)


def sentences_in(module: str) -> list[str]:
    """
    List the texts of a module that are sentences, or begin or end one; docstrings are none of them.
    """
    spec = find_spec(module)
    assert spec is not None
    assert spec.origin is not None
    nodes = list(ast.walk(ast.parse(Path(spec.origin).read_text())))
    docstrings = {node.value for node in nodes if isinstance(node, ast.Expr)}
    texts = [node.value for node in nodes if isinstance(node, ast.Constant) and node not in docstrings]
    return [text for text in texts if isinstance(text, str) and re.match(r"The |.+\.$", text)]


@pytest.mark.parametrize("module", WRITERS)
def test_nothing_is_written_that_is_not_known(module: str) -> None:
    """
    Whoever writes into the log takes a sentence from the list, and has none of its own.
    """
    assert [] == sentences_in(module)


@pytest.mark.parametrize("failure", Failure)
def test_every_sentence_is_found_again(failure: Failure) -> None:
    """
    With what went into it, whatever that is; none is taken for another one.
    """
    names = re.findall(r"%\((\w+)\)s", failure)
    values = {name: GIVEN[name] for name in names}

    assert (failure, values) == read(failure.of(**values))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_said_in_the_hosts_language(language: str) -> None:
    """
    With the values in it; in English it is the log's own.
    """
    texts = translations(language, DOMAIN)
    for failure in Failure:
        written = failure.of(**GIVEN)
        said = result_of(texts, Attempt(error=written))

        assert (said == written) == (language == "en"), written
        assert all(value in said for name, value in GIVEN.items() if f"%({name})s" in failure)


@pytest.mark.parametrize("other", ["", "no way", "The endpoint answered with a song.", "50% of it"])
def test_any_other_text_stays_as_it_is(other: str) -> None:
    """
    Such as what a former version wrote.
    """
    assert other == result_of(translations("de", DOMAIN), Attempt(error=other))
