"""
Servers that the modules of this folder share which leave them alive; a plug-in, so that they do.
"""

from collections.abc import Iterator

import pytest
from crowd import SERVERS, Site, site_on

from parts import ENGINES


@pytest.fixture(scope="session", params=ENGINES)
def crowd_servers(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """
    Several servers on one engine.
    """
    with site_on(request, tmp_path_factory, servers=SERVERS) as site:
        yield site


@pytest.fixture
def site(crowd_servers: Site) -> Site:
    """
    A host of the test's own, on servers that several tests share.
    """
    crowd_servers.sign_up()
    return crowd_servers
