"""
What the worker asks again and again costs the same however many deliveries there were.
"""

import pytest

from calendo.db.engine import Database
from calendo.ops import delivery_sql as sql
from worker.workers import make_endpoints


@pytest.mark.parametrize("engine_name", ["postgresql"], indirect=True)
def test_no_attempt_is_written_down_by_walking_the_table(db: Database) -> None:
    """
    PostgreSQL cannot know how few rows there are in JSON, so the ids beside them have to lead to the rows.
    """
    make_endpoints(db, "https://example.com/", 1, 3000)
    with db.engine.connect() as connection:
        connection.exec_driver_sql("ANALYZE deliveries")
        plan = connection.exec_driver_sql(
            f"EXPLAIN {sql.FINISH.postgresql}", {"rows": "[]", "ids": "[1, 2]"}
        ).scalars()

        assert "Seq Scan on deliveries" not in "\n".join(plan)
