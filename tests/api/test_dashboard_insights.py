"""
Insights in the dashboard: which days are counted, and that bars and tables say the same.
"""

import re

import pytest
from browsers import Browser, text_of
from sqlalchemy import select

from calendo.core.insights import Counts
from calendo.core.instants import DAY, HOUR
from calendo.db.engine import Database
from calendo.db.models import User
from calendo.ops import bookings
from calendo.web.dashboard.insights.charts import HEIGHT, Point, draw, step_for
from conftest import Clock
from ops.making import MONDAY_9, make_booking, make_type

pytest_plugins = ["dashboard_fixtures"]


@pytest.fixture
def engine_name() -> str:
    """
    What the database counts is tested with the operations; pages need one of them only.
    """
    return "sqlite"


@pytest.fixture
def host(guest: Browser, db: Database, clock: Clock) -> Browser:
    """
    The browser of a host on a Wednesday: two meetings on Monday, one of them missed, and one cancelled.
    """
    guest.sign_up(timezone="UTC")
    with db.write() as tx:
        jane = tx.scalars(select(User)).one()
        call, talk = make_type(tx, jane.id), make_type(tx, jane.id, name="<i>Talk</i>")
        make_booking(tx, call)
        missed = make_booking(tx, talk, MONDAY_9 + HOUR)
        bookings.mark_no_show(tx, jane.id, missed.id, MONDAY_9 + 2 * HOUR)
        gone = make_booking(tx, call, MONDAY_9 + 2 * HOUR)
        bookings.cancel(tx, jane.id, gone.id, MONDAY_9 + HOUR)
    clock.now = MONDAY_9 + 2 * DAY
    return guest


def test_what_is_counted_is_drawn_and_stands_in_tables(host: Browser) -> None:
    """
    By day, hour, weekday and event type, with words for those who see no bars; markup stays text.
    """
    page = host.open("/app/insights")
    said = text_of(page)

    assert "Feb 3 – Mar 4, 2026" in said
    assert "Bookings 2 Cancelled 1 33% of all Declined 0 0% of all No-shows 1 50% of all" in said
    for row in ("Mon, Mar 2 2 1 1 0", "9 AM 1 0 0 0", "10 AM 1 1 0 0", "Monday 2 1 1 0", "Call 1 0 1 0"):
        assert row in said, row
    assert "&lt;i&gt;Talk&lt;/i&gt;" in page.text
    assert 3 == page.text.count('role="img"')
    for title, desc in re.findall(r'aria-labelledby="(\S+) (\S+)"', page.text):
        assert f'<title id="{title}">' in page.text
        assert f'<desc id="{desc}">' in page.text
    assert "style=" not in page.text


TIMES = [
    ("", "Feb 3 – Mar 4, 2026", "Bookings by day"),
    ("?range=nonsense", "Feb 3 – Mar 4, 2026", "Bookings by day"),
    ("?range=90", "Dec 5, 2025 – Mar 4, 2026", "Bookings by week"),
    ("?range=365", "Mar 5, 2025 – Mar 4, 2026", "Bookings by week"),
    ("?range=own", "Feb 3 – Mar 4, 2026", "Bookings by day"),
    ("?range=own&from=2026-03-02&to=2026-03-02", "Mar 2, 2026", "Bookings by day"),
    ("?range=own&from=2025-06-01&to=2026-03-31", "Jun 1, 2025 – Mar 31, 2026", "Bookings by week"),
]
WRONG = [
    ("from=2026-03-02&to=2026-03-01", "This lies before from."),
    ("from=2024-03-02&to=2026-03-01", "Ask for at most 366 days at once."),
    ("from=2026-02-30&to=2026-03-01", "There is no such date."),
    ("from=&to=2026-03-01", "Use a date such as 2026-03-10."),
]


def test_the_time_that_is_counted_can_be_chosen(host: Browser) -> None:
    """
    Days that end today, or from one date to another; long times are drawn by week.
    """
    for query, span, by in TIMES:
        said = text_of(host.open(f"/app/insights{query}"))
        assert span in said, query
        assert by in said, query


def test_dates_that_cannot_be_counted_are_said_beside_them(host: Browser) -> None:
    """
    What was typed stays.
    """
    for query, said in WRONG:
        page = host.open(f"/app/insights?range=own&{query}")
        assert 400 == page.status_code
        assert said in text_of(page)
        assert 'value="2026-03-01"' in page.text


def test_where_there_is_nothing_to_count_it_says_what_is(host: Browser) -> None:
    said = text_of(host.open("/app/insights?range=own&from=2026-01-01&to=2026-01-02"))

    assert "Nothing to count in this time" in said
    assert "As a table" not in said


@pytest.mark.parametrize(
    ("most", "step"), [(0, 1), (4, 1), (5, 2), (8, 2), (9, 5), (20, 5), (21, 10), (81, 50), (401, 200)]
)
def test_lines_stand_for_round_numbers(most: int, step: int) -> None:
    """
    As few as reach to the highest bar.
    """
    assert step == step_for(most)


def test_parts_of_a_bar_stand_upon_each_other() -> None:
    """
    Together they are as high as their sum; what is not there is not drawn.
    """
    chart = draw([Point("a", "a", Counts(5, 1, 1, 2)), Point("b", "b", Counts()), Point("c", "c", Counts(8))])

    assert [8, 6, 4, 2, 0] == chart.ticks
    assert [0, 50, 100, 150, 200] == chart.lines
    assert [["kept", "missed", "gone"], [], ["kept"]] == [[bar.kind for bar in bars] for bars in chart.bars]
    assert [(125, 75), (75, 50), (25, 50)] == [(bar.y, bar.height) for bar in chart.bars[0]]
    assert (0, HEIGHT) == (chart.bars[2][0].y, chart.bars[2][0].height)


@pytest.mark.parametrize(("number", "labels"), [(0, 0), (1, 1), (12, 12), (30, 8), (53, 8)])
def test_only_as_many_labels_as_have_room(number: int, labels: int) -> None:
    chart = draw([Point(str(index), "", Counts(1)) for index in range(number)])

    assert labels == len(chart.labelled)
    assert [0, *range(number)][:1] == list(chart.labelled)[:1] or not number
