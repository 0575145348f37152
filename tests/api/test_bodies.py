"""
What strangers send: broken, huge, deep or strange requests get a clear 4xx in the one error shape.
"""

import json
from collections.abc import Iterator
from http.client import HTTPConnection
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from accounts_of import assert_problem, sign_up_body
from httpx2 import Response

import parts
from conftest import Api, Host

JSON = "application/json"
MAX_BYTES = 64 * 1024


def send(
    api: Api, path: str, body: bytes | Iterator[bytes], content_type: str | None = JSON, method: str = "POST"
) -> Response:
    """
    Send bytes as they are.
    """
    headers = {"X-API-Key": api.key} if api.key else {}
    if content_type is not None:
        headers["Content-Type"] = content_type
    return api.client.request(method, f"/api{path}", content=body, headers=headers)


def padded(body: dict[str, Any], size: int) -> bytes:
    """
    Write JSON that is ``size`` bytes long.
    """
    text = json.dumps(body).encode()
    return text + b" " * (size - len(text))


def nested(depth: int, kind: str = "[]") -> bytes:
    """
    Write JSON with containers nested ``depth`` levels deep.
    """
    start, end = (b"[", b"]") if kind == "[]" else (b'{"a":', b"}")
    inner = b"" if kind == "[]" else b"1"
    return depth * start + inner + depth * end


def chunks(body: bytes, size: int = 8192) -> Iterator[bytes]:
    """
    Send without saying how long it will be.
    """
    for start in range(0, len(body), size):
        yield body[start : start + size]


def test_a_body_of_64_kib_is_taken_and_one_byte_more_is_not(api: Api) -> None:
    """
    Whether or not its length is told beforehand.
    """
    for number, body in enumerate((padded(sign_up_body("a@example.com"), MAX_BYTES),)):
        assert 201 == send(api, "/auth/register", body).status_code, number
    fits = padded(sign_up_body("b@example.com"), MAX_BYTES)
    assert 201 == send(api, "/auth/register", chunks(fits)).status_code

    over = padded(sign_up_body("c@example.com"), MAX_BYTES + 1)
    assert_problem(send(api, "/auth/register", over), 413, "body_too_large")
    assert_problem(send(api, "/auth/register", chunks(over)), 413, "body_too_large")


def test_32_levels_are_taken_and_more_are_not(host: Host) -> None:
    """
    Objects and lists alike; depth 400 is no stack overflow.
    """
    host.post("/event-types", {"name": "Call"})
    for kind in ("[]", "{}"):
        for depth in (33, 400):
            response = send(host, f"/book/{host.slug}/call", nested(depth, kind))
            assert_problem(response, 400, "nested_too_deep", (kind, depth))
        # What is shallow enough is judged by what it says.
        response = send(host, f"/book/{host.slug}/call", nested(32, kind))
        assert_problem(response, 400, "invalid_input", kind)
    for kind in ("[]", "{}"):
        assert_problem(send(host, f"/book/{host.slug}/call", nested(30_000, kind)[:MAX_BYTES]), 400)


def test_a_body_has_to_be_declared_json(api: Api) -> None:
    """
    A page of another site can submit forms and plain text, but not JSON.
    """
    for number, declared in enumerate(
        (JSON, "application/json; charset=utf-8", "Application/JSON", "application/vnd.api+json")
    ):
        body = json.dumps(sign_up_body(f"jane{number}@example.com")).encode()
        assert 201 == send(api, "/auth/register", body, declared).status_code, declared
    for declared in (
        None,
        "",
        "text/plain",
        "text/json",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/javascript",
        "json",
    ):
        response = send(api, "/auth/register", json.dumps(sign_up_body()).encode(), declared)
        assert_problem(response, 415, "not_json", declared)


def test_without_a_body_nothing_need_be_declared(host: Host) -> None:
    """
    Calls whose body is optional or that have none work bare; one that is there counts.
    """
    assert_problem(host.call("POST", "/bookings/1/cancel"), 404, "not_found")
    assert_problem(host.call("DELETE", "/event-types/1"), 404, "not_found")
    assert_problem(send(host, "/bookings/1/cancel", b"", "text/plain"), 404, "not_found")
    for method, path in (
        ("POST", "/bookings/1/cancel"),
        ("DELETE", "/event-types/1"),
        ("POST", "/auth/logout"),
    ):
        assert_problem(send(host, path, b"x=1", "text/plain", method), 415, "not_json")
        assert_problem(send(host, path, b"{", JSON, method), 400, "invalid_input")


def test_nobody_learns_from_how_a_body_is_judged(api: Api) -> None:
    """
    Where a user is needed, that comes first.
    """
    for body, declared in (
        (b"{", JSON),
        (b"x" * (MAX_BYTES + 1), JSON),
        (b"x=1", "text/plain"),
        (nested(400), JSON),
    ):
        assert_problem(send(api, "/event-types", body, declared), 401, "unauthenticated")


BROKEN = [
    b"{",
    b"}",
    b"{}{}",
    b"{'name': 'Jane'}",
    b'{"name": "Jane",}',
    b'{"name": Jane}',
    b'{"name": NaN}',
    b'{"name": Infinity}',
    b'{"name": 1e999}',
    b'{"name": 01}',
    b'{"name": "Jane\n"}',
    b'{"name": "\\x41"}',
    b'{"name": "\xff"}',
    b'{"name": "\xed\xa0\x80"}',
    b'{"name": "\xc0\x80"}',
    b'{"name": "\\ud800"}',
    b'{"name": "\\udc00\\ud800"}',
    b'{"\\ud800": 1}',
    b"\xef\xbb\xbf{}",
    '{"name": "Jane"}'.encode("utf-16"),
    b"// hello\n{}",
    b"\x00",
    b" ",
    b"\x1f\x8b\x08\x00",
]


def test_what_is_no_json_is_a_400(host: Host) -> None:
    """
    Lone surrogates, bytes that are no UTF-8 and what only JavaScript reads among it.
    """
    for body in BROKEN:
        assert_problem(send(host, "/event-types", body), 400, "invalid_input", body)


def test_json_that_is_no_object_is_a_400(host: Host) -> None:
    for body in (b"null", b"true", b"0", b"-1.5", b'"text"', b"[]", b'[{"name": "Call"}]', b""):
        assert_problem(send(host, "/event-types", body), 400, "invalid_input", body)


# Of each operation with a body in JSON: what it needs, so that one field at a time can be wrong.
BODIES: dict[str, dict[str, Any]] = {
    "POST /auth/register": {"email": "new@example.com", "password": "securepass123", "name": "New"},
    "POST /auth/login": {"email": "new@example.com", "password": "securepass123"},
    "PUT /auth/me": {"name": "New", "timezone": "UTC", "locale": "en"},
    "POST /auth/password": {"current_password": "securepass123", "new_password": "securepass123"},
    "POST /auth/logout-everywhere": {"keep_current": True},
    "POST /auth/password-reset": {"email": "new@example.com"},
    "POST /auth/password-reset/obLD1F5vSnuMnQ4f": {"password": "securepass123"},
    "DELETE /auth/me": {"password": "securepass12"},
    "POST /api-keys": {"label": "tests", "expires_at": "2030-01-01T00:00:00Z"},
    "POST /event-types": {
        "name": "New",
        "slug": "new",
        "duration_minutes": 30,
        "slot_interval": 15,
        "description": "",
        "color": "#0069ff",
        "location_type": "phone",
        "location": "",
        "questions": [{"id": "a", "label": "A?", "type": "text", "required": True, "options": []}],
        "is_secret": False,
        "requires_confirmation": False,
        "buffer_before": 0,
        "buffer_after": 0,
        "min_notice_hours": 0,
        "max_future_days": 60,
        "schedule_id": 1,
        "position": 0,
    },
    "PUT /event-types/order": {"ids": [1]},
    "POST /event-types/1/duplicate": {"name": "Once more"},
    "PUT /event-types/1": {"name": "New", "is_active": True, "schedule_id": 1},
    "POST /availability-schedules": {
        "name": "New",
        "timezone": "UTC",
        "rules": [{"day": 1, "start": "09:00", "end": "17:00"}],
        "overrides": [{"date": "2026-12-24", "until": "2026-12-26", "unavailable": True}],
        "is_default": False,
    },
    "PUT /availability-schedules/1": {"name": "New", "rules": [], "overrides": []},
    "PUT /booking-page": {
        "display_name": "New",
        "bio": "",
        "brand_color": "#2563eb",
        "welcome_message": "",
        "slug": "new",
    },
    "POST /book/jane-smith/call": {
        "name": "Bob",
        "email": "bob@example.com",
        "start_time": "2026-03-02T09:00:00Z",
        "timezone": "UTC",
        "answers": {},
        "notes": "",
        "locale": "en",
    },
    "POST /bookings/1/cancel": {"reason": "ill"},
    "POST /bookings/1/confirm": {"reason": "ill"},
    "POST /bookings/1/decline": {"reason": "ill"},
    "POST /manage/TOKEN/cancel": {"reason": "Because"},
    "POST /manage/TOKEN/reschedule": {"start_time": "2026-03-02T11:00:00Z", "reason": "Because"},
    "POST /bookings/1/reschedule": {"start_time": "2026-03-03T09:00:00Z", "reason": "ill"},
    "POST /webhooks": {
        "url": "https://example.com/hook",
        "events": ["booking.created"],
        "secret": "a secret of mine",
    },
    "PUT /webhooks/1": {
        "url": "https://example.com/hook",
        "events": ["booking.created"],
        "secret": "a secret of mine",
        "is_active": True,
    },
    "POST /webhooks/1/rotate-secret": {"secret": "another secret of mine"},
    "POST /ai/chat": {
        "booking_page_slug": "jane-smith",
        "message": "Hello",
        "session_id": "abc",
        "timezone": "UTC",
        "locale": "en",
    },
}
# None of these is right for any field of any body.
STRANGE: list[Any] = [
    [[]],
    [{}],
    {"a": {}},
    {"": 1},
    -1,
    2**31,
    2**63,
    2**64,
    10**40,
    1.5,
    -1e308,
    "x" * 60_000,
]
# These are right for some.
ODD: list[Any] = [None, True, False, 0, 1, [], {}]
ODD += ["", " ", "0", "1", "é", "٣", "😀", "\u202ename", "\x07", "\ufffe", "\uffff"]


def test_every_operation_with_a_body_is_in_the_table(host: Host) -> None:
    """
    So that a new one cannot be forgotten.
    """
    document = host.client.get("/api/openapi.json").json()
    described = {
        (method.upper(), path.removeprefix("/api"))
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
        if "application/json" in operation.get("requestBody", {}).get("content", {})
    }

    assert len(described) == len(BODIES)
    for call in BODIES:
        method, path = call.split()
        assert any((method, template) in described and _fits(template, path) for _, template in described), (
            call
        )


def _fits(template: str, path: str) -> bool:
    pairs = list(zip(template.split("/"), path.split("/"), strict=False))
    return template.count("/") == path.count("/") and all(
        wanted.startswith("{") or wanted == part for wanted, part in pairs
    )


@pytest.mark.parametrize("call", BODIES)
def test_wrong_values_are_a_400_and_nothing_is_a_500(host: Host, engine_name: str, call: str) -> None:
    """
    Each field in turn gets values of wrong types, sizes and scripts.
    """
    method, path = call.split()
    host.post("/event-types", {"name": "Call", "requires_confirmation": True})
    host.post("/webhooks", {"url": "https://example.com/hook", "events": ["booking.created"]})
    booking = {"name": "Bob", "email": "bob@example.com", "start_time": "2026-03-02T10:00:00Z"}
    made = host.post(f"/book/{host.slug}/call", booking)["booking"]
    path = path.replace("TOKEN", made["manage_url"].rpartition("/")[2])
    good = BODIES[call]

    # They are refused before a database is asked, so the two need not both be.
    strange = STRANGE if parts.FULL or engine_name == "postgresql" else STRANGE[:1]
    for field in good:
        for value in strange:
            body = {**good, field: value}
            problem = assert_problem(host.call(method, path, body), 400, case=f"{field}={value!r:.80}")
            assert problem.startswith(field), problem
    for field in good:
        for value in ODD:
            _assert_no_accident(host.call(method, path, {**good, field: value}), f"{field}={value!r}")
    for unknown in ("unknown", "__class__", "$ne", "é", "name ", "Name"):
        response = host.call(method, path, {**good, unknown: 1})
        assert f"{unknown}: there is no such field." == assert_problem(response, 400, "invalid_input")


def test_inner_fields_are_judged_like_outer_ones(host: Host) -> None:
    """
    And named by their place.
    """
    rule = {"day": 1, "start": "09:00", "end": "17:00"}
    for field, body in (
        ("rules.0.day", {"rules": [{**rule, "day": 8}]}),
        ("rules.1.start", {"rules": [rule, {**rule, "start": "9:00"}]}),
        ("rules.0.until", {"rules": [{**rule, "until": "2026-12-24"}]}),
        ("rules.0", {"rules": ["09:00-17:00"]}),
        ("rules.0.end", {"rules": [{"day": 1, "start": "09:00"}]}),
        ("overrides.0.date", {"overrides": [{"date": "2026-02-29", "unavailable": True}]}),
    ):
        response = host.call("POST", "/availability-schedules", {"name": "New", **body})
        assert assert_problem(response, 400, "invalid_input", body).startswith(f"{field}: ")


def test_many_wrong_fields_are_told_in_few_words(host: Host) -> None:
    body = {f"field{number}": number for number in range(100)}

    problem = assert_problem(host.call("POST", "/event-types", body), 400)

    assert problem.endswith("; and 98 more.")
    assert len(problem) < 500


def test_nul_characters_are_refused_wherever_they_stand(host: Host) -> None:
    """
    PostgreSQL cannot keep them, nor even compare with them, so both engines refuse them.
    """
    host.post("/event-types", {"name": "Call"})
    booking = {"name": "Bob", "email": "bob@example.com", "start_time": "2026-03-02T09:00:00Z"}
    for path, body in (
        ("/auth/login", {"email": "ja\0ne@example.com", "password": "securepass123"}),
        ("/auth/register", sign_up_body(password="secure\0pass123")),
        ("/ai/chat", {"booking_page_slug": "jane\0", "message": "Hello"}),
        ("/ai/chat", {"booking_page_slug": "jane-smith", "message": "Hel\0lo"}),
        ("/webhooks", {"url": "https://example.com", "events": ["booking.created"], "secret": 9 * "\0"}),
        (f"/book/{host.slug}/call", {**booking, "answers": {"a\0": "x"}}),
        (f"/book/{host.slug}/call", {**booking, "answers": {"a": ["x", {"b": "\0"}]}}),
        ("/event-types", {"name": "Ca\0ll"}),
        ("/event-types", {"na\0me": "Call"}),
    ):
        problem = assert_problem(host.call("POST", path, body), 400, "invalid_input", (path, body))
        assert "body: text must not contain NUL characters." == problem
    for path in (
        "/availability/jane%00/call?start=2026-03-02&end=2026-03-02",
        "/availability/jane-smith/ca%00ll?start=2026-03-02&end=2026-03-02",
        "/availability/jane-smith/call?start=2026-03-02%00&end=2026-03-02",
        "/availability/jane-smith/call?start=2026-03-02&end=2026-03-02&timezone=UTC%00",
        "/booking-pages/jane%00",
        "/booking-pages/jane-smith/ca%00ll",
        "/bookings?status=%00",
        "/bookings?cursor=%00",
        "/bookings?from=%00",
        "/bookings/1%00",
        "/%00",
    ):
        response = host.client.get(f"/api{path}", headers={"X-API-Key": host.key or ""})
        assert response.status_code in {400, 404}, path
        assert_problem(response, response.status_code, case=path)
    assert_problem(host.call("POST", "/book/jane%00/call", {}), 404)


def test_an_id_that_cannot_be_one_finds_nothing(host: Host) -> None:
    """
    Neither a huge one nor a text overflows the database.
    """
    for number in ("0", "-1", str(2**31), str(2**53), str(2**63), str(2**64), "9" * 400, "9" * 5000):
        _assert_nothing_there(host, number)
    for text in ("x", "1e3", "0x10", "%20", "null", "1;2", "1%27", "%F0%9F%98%80", "%ED%A0%80", "%FF", "NaN"):
        _assert_nothing_there(host, text)


def _assert_nothing_there(host: Host, number: str) -> None:
    for method, path in (
        ("GET", f"/event-types/{number}"),
        ("PUT", f"/availability-schedules/{number}"),
        ("DELETE", f"/api-keys/{number}"),
        ("GET", f"/webhooks/{number}"),
        ("POST", f"/bookings/{number}/cancel"),
    ):
        body = {} if method == "PUT" else None
        assert_problem(host.call(method, path, body), 404, "not_found", (method, path[:60]))


def test_an_id_in_a_body_that_cannot_be_one_is_a_400(host: Host) -> None:
    for number in (0, -1, 2**31, 2**53, 2**63 - 1, 2**63, 2**64, 10**300, 1.0, "1", True):
        response = host.call("POST", "/event-types", {"name": "Call", "schedule_id": number})
        assert assert_problem(response, 400, case=repr(number)[:60]).startswith("schedule_id: ")


def test_a_query_that_makes_no_sense_is_a_400_that_names_the_parameter(host: Host) -> None:
    for name, values in {
        "limit": ("0", "-1", "1001", "x", "1.5", "9" * 400, ""),
        "event_type_id": ("0", "-1", "x", str(2**63), "9" * 5000, ""),
        "status": ("", "x", "confirmed,x", "CONFIRMED", ",", "\U0001f600"),
        "from": ("", "x", "2026-02-30", "2026-3-1", "10000-01-01", "0000-01-01", "99999999999"),
        "to": ("", "x", "2026-03-10T25:00:00Z", "2026-03-10T10:00:00+99:00"),
        "cursor": (
            "",
            "x",
            "WzFd",
            "WzEsMl0x",
            "bnVsbA",
            "e30",
            "W10",
            "WyJhIiwxXQ",
            "é",
            "====",
            "a" * 5000,
        ),
    }.items():
        for value in values:
            response = host.call("GET", "/bookings", params={name: value})
            problem = assert_problem(response, 400, "invalid_input", f"{name}={value[:60]}")
            assert problem.startswith(f"{name}: ")


def test_an_address_where_nothing_is_gets_the_same_shape(host: Host, api: Api) -> None:
    """
    With the headers of the rate limit, for a host as for nobody.
    """
    for caller in (host, api):
        for path in (
            "",
            "/",
            "/nothing",
            "/event-types/",
            "/event-types/1/2",
            "/auth",
            "//auth/me",
        ):
            for method in ("GET", "POST", "DELETE"):
                assert_problem(caller.call(method, path), 404, "not_found", (method, path))
    assert_problem(api.client.get("/api"), 404, "not_found")


def test_a_method_that_is_not_taken_is_a_405_that_lists_those_that_are(host: Host) -> None:
    """
    All of them, though each has a route of its own.
    """
    for method, path, allowed in (
        ("DELETE", "/event-types", {"GET", "POST"}),
        ("POST", "/event-types/1", {"GET", "PUT", "DELETE"}),
        ("PATCH", "/auth/me", {"GET", "PUT", "DELETE"}),
        ("GET", "/auth/login", {"POST"}),
        ("GET", "/book/jane-smith/call", {"POST"}),
        ("PUT", "/availability/jane-smith/call", {"GET"}),
        ("TRACE", "/event-types", {"GET", "POST"}),
    ):
        response = host.call(method, path)
        assert_problem(response, 405, "method_not_allowed", (method, path))
        assert allowed == {name.strip() for name in response.headers["allow"].split(",")} - {"HEAD"}


def test_strange_headers_are_no_accident(host: Host) -> None:
    """
    Whatever they hold, the answer is one of those that are described.
    """
    for headers in (
        {"Cookie": "session"},
        {"Cookie": "=;;=session=;"},
        {"Cookie": 'session="'},
        {"Content-Length": "-1"},
        {"Accept": "text/html"},
        {"Accept-Language": "x" * 5000},
        {"X-Forwarded-For": "unknown, , ::ffff:1.2.3.4, [::1]:80"},
        {"Host": "evil.example"},
        {"Origin": "http://["},
        {"Expect": "x"},
        {"Idempotency-Key": ""},
        {"Idempotency-Key": "x" * 256},
        {"Authorization": "Bearer x"},
    ):
        for method, path in (("GET", "/event-types"), ("POST", "/book/jane-smith/call")):
            response = host.call(method, path, None if method == "GET" else {}, headers=headers)
            _assert_no_accident(response, headers)


def test_an_upload_of_many_megabytes_is_refused_at_its_beginning(tmp_path: Path) -> None:
    """
    By a real server, which goes on serving, on the same connection or a new one.
    """
    with parts.running_servers(1, {"CALENDO_DATA_DIR": str(tmp_path)}) as (server,):
        address = urlsplit(server.url)
        for headers in ({"Content-Length": str(50_000_000)}, {"Transfer-Encoding": "chunked"}):
            connection = HTTPConnection(str(address.hostname), address.port, timeout=10)
            connection.putrequest("POST", "/api/auth/register")
            for name, value in {**headers, "Content-Type": JSON}.items():
                connection.putheader(name, value)
            connection.endheaders()
            piece = b" " * 70_000
            connection.send(b"%x\r\n%s\r\n" % (len(piece), piece) if "T" in next(iter(headers)) else piece)
            # The rest never comes, and the answer does not wait for it.
            answer = connection.getresponse()
            assert (413, "body_too_large") == (answer.status, json.loads(answer.read())["code"])
            connection.close()
        after = HTTPConnection(str(address.hostname), address.port, timeout=10)
        after.request("GET", "/healthz")
        assert 200 == after.getresponse().status
        after.close()


def _assert_no_accident(response: Response, case: object) -> None:
    """
    See that an answer is a success or a described refusal.
    """
    assert response.status_code < 500, f"{case}: {response.text}"
    if response.status_code >= 400:
        assert_problem(response, response.status_code, case=case)


def test_the_strange_values_are_all_different() -> None:
    """
    A table that repeats itself tests less than it seems to.
    """
    assert all(one != another for one, another in pairwise(sorted(map(repr, [*STRANGE, *ODD]))))
