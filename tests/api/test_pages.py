"""
The booking page as plain HTML: what a browser without JavaScript needs to book.
"""

import re
from html import unescape

import pytest
from httpx2 import Response

from conftest import Clock, Host

WANTED = {"start_time": "2026-03-02T09:00:00Z", "timezone": "UTC", "name": "Ann", "email": "ann@example.com"}


def browse(host: Host, path: str, form: dict[str, object] | None = None) -> Response:
    if form is None:
        return host.client.get(path)
    return host.client.post(path, data=form)


def times_on(page: str) -> list[str]:
    return [re.sub(r"\s", " ", unescape(label)) for label in re.findall(r">([\d:]+\s[AP]M[^<]*)</a>", page)]


def test_a_page_leads_to_its_event_types(host: Host) -> None:
    """
    The host and the public event types are there, secret ones and those that are off are not.
    """
    host.put("/booking-page", {"bio": "Likes <b>tea</b>"})
    host.post("/event-types", {"name": "Call"})
    host.post("/event-types", {"name": "Hidden", "is_secret": True})
    host.delete(f"/event-types/{host.post('/event-types', {'name': 'Gone'})['id']}")

    page = browse(host, f"/{host.slug}").text

    assert f'href="/{host.slug}/call"' in page
    assert "Hidden" not in page
    assert "Gone" not in page
    assert "Likes &lt;b&gt;tea&lt;/b&gt;" in page


def test_the_times_shown_are_those_of_the_api(host: Host) -> None:
    """
    The page lists the same slots as the API, on the clock of the chosen zone.
    """
    host.post("/event-types", {"name": "Call", "duration_minutes": 240})

    page = browse(host, f"/{host.slug}/call?timezone=America/New_York").text

    assert ["4:00 AM", "8:00 AM"] == times_on(page)[:2]
    assert "Monday, March 2, 2026" in page


def test_two_times_of_one_label_can_be_told_apart(host: Host, clock: Clock) -> None:
    """
    On the day clocks go back the offset stands beside each time that comes twice.
    """
    rules = [{"day": 0, "start": "00:00", "end": "03:00"}]
    schedule = host.post(
        "/availability-schedules", {"name": "Night", "timezone": "America/New_York", "rules": rules}
    )
    host.post("/event-types", {"name": "Call", "duration_minutes": 60, "schedule_id": schedule["id"]})
    clock.set("2026-10-31T00:00:00+00:00")

    shown = times_on(browse(host, f"/{host.slug}/call?timezone=America/New_York").text)

    assert ["12:00 AM", "1:00 AM GMT-04:00", "1:00 AM GMT-05:00", "2:00 AM"] == shown[:4]


def test_a_form_books_a_time(host: Host) -> None:
    """
    The form's fields make a booking like the API's.
    """
    host.post(
        "/event-types",
        {
            "name": "Call",
            "questions": [
                {"id": "topic", "label": "Topic", "required": True},
                {"id": "days", "label": "Days", "type": "checkbox", "options": ["Mon", "Tue"]},
                {"id": "terms", "label": "Terms", "type": "checkbox"},
            ],
        },
    )
    form = browse(host, f"/{host.slug}/call?time=2026-03-02T09:00:00Z&timezone=UTC")

    booked = browse(
        host,
        f"/{host.slug}/call",
        {**WANTED, "answers.topic": "Tea", "answers.days": ["Tue", "Mon"], "answers.terms": "yes"},
    )

    assert 'name="answers.topic"' in form.text
    assert 201 == booked.status_code
    assert "It is booked" in booked.text
    assert {"topic": "Tea", "days": ["Mon", "Tue"], "terms": True} == host.get("/bookings")[0]["answers"]


def test_what_was_typed_is_kept_when_something_is_wrong(host: Host) -> None:
    """
    A wrong field is named above the form, which still has everything that was typed.
    """
    host.post("/event-types", {"name": "Call"})

    refused = browse(host, f"/{host.slug}/call", {**WANTED, "email": "nonsense", "notes": '"<script>'})

    assert 400 == refused.status_code
    assert "Your e-mail address: an email address must have an @-sign" in unescape(refused.text)
    assert 'value="nonsense"' in refused.text
    assert "&#34;&lt;script&gt;" in refused.text


def test_a_time_that_went_is_said_and_others_are_shown(host: Host) -> None:
    """
    Whoever comes second sees why, and the times that are left.
    """
    host.post("/event-types", {"name": "Call", "duration_minutes": 240})
    browse(host, f"/{host.slug}/call", WANTED)

    refused = browse(host, f"/{host.slug}/call", WANTED)

    assert 409 == refused.status_code
    assert "no longer, on offer" in refused.text
    assert "1:00 PM" == times_on(refused.text)[0]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/nobody", 404),
        ("/{slug}/nothing", 404),
        ("/api-docs-of-nobody", 404),
        ("/{slug}/call?timezone=Mars/Phobos", 400),
        ("/{slug}/call?time=tea-time", 400),
        ("/{slug}/call?from=0001-01-01", 200),
        ("/{slug}/call?from=9999-12-31", 200),
        ("/%00", 404),
    ],
)
def test_a_wrong_address_is_answered_with_a_page(host: Host, path: str, status: int) -> None:
    """
    People get a page, not JSON, and never a 500.
    """
    host.post("/event-types", {"name": "Call"})

    response = browse(host, path.format(slug=host.slug))

    assert status == response.status_code
    assert "text/html; charset=utf-8" == response.headers["content-type"]


@pytest.mark.parametrize(
    "form", [{}, {"start_time": "x"}, {**WANTED, "name": "\0"}, {**WANTED, "name": "Ann\r\nBcc: x"}]
)
def test_a_hostile_form_is_refused(host: Host, form: dict[str, object]) -> None:
    """
    Forms are parsed as strictly as JSON.
    """
    host.post("/event-types", {"name": "Call"})

    assert 400 == browse(host, f"/{host.slug}/call", form).status_code
    assert [] == host.get("/bookings")


def test_pages_are_closed_to_scripts_and_frames(host: Host) -> None:
    """
    Nothing from outside, no scripts, no framing; the style sheet is kept for ever.
    """
    page = browse(host, f"/{host.slug}")
    style = re.search(r'href="(/static/[^"]+\.css)"', page.text)
    assert style is not None

    assert page.headers["content-security-policy"].startswith("default-src 'none'; style-src 'self'")
    assert "immutable" in browse(host, style[1]).headers["cache-control"]
    assert 404 == browse(host, "/static/x/nothing.css").status_code
