"""
Browsers for tests of the dashboard: one in which nobody is logged in, and that of a host.
"""

from collections.abc import Iterator

import pytest
from browsers import Browser, browse

from calendo.db.engine import Database
from calendo.settings import Settings
from conftest import Clock


@pytest.fixture
def guest(settings: Settings, db: Database, clock: Clock) -> Iterator[Browser]:
    """
    A browser in which nobody is logged in.
    """
    with browse(settings, db, clock) as browser:
        yield browser


@pytest.fixture
def jane(guest: Browser) -> Browser:
    """
    The browser of a host who has just signed up.
    """
    assert 303 == guest.sign_up().status_code
    return guest
