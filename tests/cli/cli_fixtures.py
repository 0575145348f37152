"""
Fixtures for the command line: folders, empty databases, and a later version of the program.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from commands import Calendo

import calendo as package
import parts

_NEXT_MIGRATION = '''
"""
What a later version might add.
"""

import sqlalchemy as sa
from alembic import op

revision = "{next}"
down_revision = "{last}"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("users", sa.Column("motto", sa.Text(), nullable=False, server_default="none yet"))
'''


@pytest.fixture
def calendo(tmp_path: Path) -> Calendo:
    """
    The program with nothing set, in an empty folder.
    """
    return Calendo(tmp_path, {})


@pytest.fixture
def empty_url(engine_name: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """
    The URL of a database in which there is nothing.
    """
    if engine_name == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    postgres: parts.Postgres = request.getfixturevalue("postgres")
    url = postgres.make(migrated=False)
    yield url
    postgres.drop(url)


@pytest.fixture(scope="session")
def next_version(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """
    A copy of the program with one migration more.
    """
    folder = tmp_path_factory.mktemp("next-version")
    here = Path(package.__file__).parent
    shutil.copytree(here, folder / "calendo", ignore=shutil.ignore_patterns("__pycache__"))
    migrations = folder / "calendo" / "db" / "migrations" / "versions"
    last = max(path.name.partition("_")[0] for path in migrations.glob("[0-9]*.py"))
    following = f"{int(last) + 1:04}"
    (migrations / f"{following}_motto.py").write_text(_NEXT_MIGRATION.format(next=following, last=last))
    return folder
