"""
Conversations as invitees hold them: each turn brings what it should, by what is built in alone.
"""

from collections.abc import Iterator
from typing import Any

import pytest

from chat.talking import CONVERSATIONS, Site, problems, running_site, turns


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with running_site(tmp_path_factory.mktemp("site")) as running:
        yield running


def test_there_are_enough_of_them() -> None:
    """
    Forty conversations and more, of three turns and more.
    """
    assert len(CONVERSATIONS) >= 40
    assert min(len(conversation["turns"]) for conversation in CONVERSATIONS) >= 3


@pytest.mark.parametrize("conversation", CONVERSATIONS, ids=lambda conversation: conversation["name"])
def test_each_turn_brings_what_it_should(conversation: dict[str, Any], site: Site) -> None:
    """
    Types, dates, times and words are those expected, and every slot is one that can be booked.
    """
    assert [] == [
        problem
        for turn, answer in turns(conversation, site)
        for problem in problems(conversation, turn, answer, site)
    ]
