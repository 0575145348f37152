"""
The API's description: whole, true in what can be checked, and readable without the internet.
"""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import jsonschema_rs
import pytest

from calendo import errors
from calendo.app import create_app
from calendo.db.engine import Database
from calendo.settings import Settings
from calendo.web.gate import PUBLIC_PATHS, is_public
from conftest import Api

# Clients are made from these names: one that changes breaks them.
OPERATIONS = {
    "register": "POST /api/auth/register",
    "login": "POST /api/auth/login",
    "logout": "POST /api/auth/logout",
    "read_profile": "GET /api/auth/me",
    "change_profile": "PUT /api/auth/me",
    "change_password": "POST /api/auth/password",
    "change_avatar": "PUT /api/auth/me/avatar",
    "remove_avatar": "DELETE /api/auth/me/avatar",
    "export_account": "GET /api/auth/me/export",
    "delete_account": "DELETE /api/auth/me",
    "request_reset": "POST /api/auth/password-reset",
    "reset_password": "POST /api/auth/password-reset/{reset_token}",
    "list_sessions": "GET /api/auth/sessions",
    "end_session": "DELETE /api/auth/sessions/{session_id}",
    "logout_everywhere": "POST /api/auth/logout-everywhere",
    "list_event_types": "GET /api/event-types",
    "create_event_type": "POST /api/event-types",
    "read_event_type": "GET /api/event-types/{event_type_id}",
    "change_event_type": "PUT /api/event-types/{event_type_id}",
    "delete_event_type": "DELETE /api/event-types/{event_type_id}",
    "reorder_event_types": "PUT /api/event-types/order",
    "duplicate_event_type": "POST /api/event-types/{event_type_id}/duplicate",
    "list_schedules": "GET /api/availability-schedules",
    "create_schedule": "POST /api/availability-schedules",
    "read_schedule": "GET /api/availability-schedules/{schedule_id}",
    "change_schedule": "PUT /api/availability-schedules/{schedule_id}",
    "delete_schedule": "DELETE /api/availability-schedules/{schedule_id}",
    "list_clock_changes": "GET /api/availability-schedules/{schedule_id}/clock-changes",
    "list_slots": "GET /api/availability/{page}/{event}",
    "explain_day": "GET /api/availability/{page}/{event}/explain",
    "list_bookings": "GET /api/bookings",
    "export_bookings": "GET /api/bookings.csv",
    "list_moves": "GET /api/bookings/{booking_id}/slots",
    "read_booking": "GET /api/bookings/{booking_id}",
    "book_slot": "POST /api/book/{page}/{event}",
    "read_insights": "GET /api/insights",
    "cancel_booking": "POST /api/bookings/{booking_id}/cancel",
    "confirm_booking": "POST /api/bookings/{booking_id}/confirm",
    "decline_booking": "POST /api/bookings/{booking_id}/decline",
    "reschedule_booking": "POST /api/bookings/{booking_id}/reschedule",
    "read_history": "GET /api/bookings/{booking_id}/history",
    "mark_no_show": "POST /api/bookings/{booking_id}/no-show",
    "read_managed": "GET /api/manage/{token}",
    "list_managed_moves": "GET /api/manage/{token}/availability",
    "cancel_managed": "POST /api/manage/{token}/cancel",
    "reschedule_managed": "POST /api/manage/{token}/reschedule",
    "download_booking": "GET /api/bookings/{booking_id}.ics",
    "download_managed": "GET /api/manage/{token}/calendar.ics",
    "read_feed": "GET /api/calendar-feed",
    "replace_feed": "POST /api/calendar-feed/replace",
    "read_page": "GET /api/booking-page",
    "change_page": "PUT /api/booking-page",
    "read_public_page": "GET /api/booking-pages/{slug}",
    "read_public_type": "GET /api/booking-pages/{slug}/{event}",
    "list_keys": "GET /api/api-keys",
    "create_key": "POST /api/api-keys",
    "revoke_key": "DELETE /api/api-keys/{key_id}",
    "list_webhooks": "GET /api/webhooks",
    "create_webhook": "POST /api/webhooks",
    "read_webhook": "GET /api/webhooks/{webhook_id}",
    "change_webhook": "PUT /api/webhooks/{webhook_id}",
    "delete_webhook": "DELETE /api/webhooks/{webhook_id}",
    "rotate_secret": "POST /api/webhooks/{webhook_id}/rotate-secret",
    "list_deliveries": "GET /api/webhooks/{webhook_id}/deliveries",
    "read_delivery": "GET /api/webhooks/{webhook_id}/deliveries/{delivery_id}",
    "redeliver": "POST /api/webhooks/{webhook_id}/deliveries/{delivery_id}/redeliver",
    "redeliver_failed": "POST /api/webhooks/{webhook_id}/redeliver",
    "send_test": "POST /api/webhooks/{webhook_id}/test",
    "chat": "POST /api/ai/chat",
}
PUBLIC = {
    "register",
    "login",
    "request_reset",
    "reset_password",
    "list_slots",
    "book_slot",
    "read_managed",
    "list_managed_moves",
    "cancel_managed",
    "reschedule_managed",
    "download_managed",
    "read_public_page",
    "read_public_type",
    "chat",
}
CREATING = {
    "register",
    "create_event_type",
    "duplicate_event_type",
    "create_schedule",
    "create_key",
    "create_webhook",
    "send_test",
    "book_slot",
}
MEDIA_TYPES = {".ics": "text/calendar", ".csv": "text/csv"}
RATE_LIMIT_HEADERS = {"X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset"}
#: What answers carry beside them, by status or, where they succeed, by operation.
MORE_HEADERS = {
    "401": {"WWW-Authenticate"},
    "429": {"Retry-After"},
    "503": {"Retry-After"},
    "list_bookings": {"Link"},
    "list_deliveries": {"Link"},
    "login": {"Set-Cookie"},
}


class Operation:
    """
    One operation of the description.
    """

    def __init__(self, method: str, path: str, described: dict[str, Any]) -> None:
        self.method = method.upper()
        self.path = path
        self.described = described
        self.name: str = described["operationId"]
        self.responses: dict[str, Any] = described["responses"]

    @property
    def body(self) -> dict[str, Any] | None:
        """
        The media type of the request's body, if it has one.
        """
        content = self.described.get("requestBody", {}).get("content")
        return content.get("application/json") if content else None

    @property
    def takes_picture(self) -> bool:
        """
        Say whether the request's body is no JSON but a picture.
        """
        return "image/png" in self.described.get("requestBody", {}).get("content", {})

    def codes(self, status: int) -> set[str]:
        """
        The error codes that are described for a status.
        """
        return set(self.responses[str(status)]["content"]["application/json"]["examples"])


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """
    The description, as the application builds it.
    """
    folder: Path = tmp_path_factory.mktemp("openapi")
    db = Database(f"sqlite:///{folder / 'unused.db'}")
    app = create_app(Settings(data_dir=folder, secret_key="a key that only the tests use"), db)
    db.close()
    return app.openapi()


@pytest.fixture(scope="module")
def operations(document: dict[str, Any]) -> list[Operation]:
    return [
        Operation(method, path, described)
        for path, methods in document["paths"].items()
        for method, described in methods.items()
    ]


def valid(document: dict[str, Any], schema: dict[str, Any], value: Any) -> bool:
    """
    Say whether a value fits a schema of the description, formats included.
    """
    whole = {**schema, "components": document["components"]}
    return jsonschema_rs.Draft202012Validator(whole, validate_formats=True).is_valid(value)


def parts_of(value: Any) -> Iterator[dict[str, Any]]:
    """
    Walk through all objects of a JSON value.
    """
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from parts_of(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from parts_of(inner)


def test_it_is_served_as_it_is_built(api: Api, document: dict[str, Any]) -> None:
    """
    ``/api/openapi.json`` answers the OpenAPI 3.1 document that ``calendo openapi`` prints.
    """
    served = api.get("/openapi.json")

    assert document == served
    assert served["openapi"].startswith("3.1.")


def test_operations_keep_their_names(operations: list[Operation]) -> None:
    """
    Every operation has the stable id of this list, and the list has every operation.
    """
    found = {operation.name: f"{operation.method} {operation.path}" for operation in operations}

    assert len(operations) == len(found)
    assert OPERATIONS == found


def test_operations_are_told_in_words(document: dict[str, Any], operations: list[Operation]) -> None:
    """
    Every operation has a summary, a description and one tag, and every tag is described.
    """
    tags = {tag["name"] for tag in document["tags"] if tag["description"]}
    for operation in operations:
        assert operation.described["summary"], operation.name
        assert operation.described["description"], operation.name
        assert 1 == len(operation.described["tags"]), operation.name

    assert tags == {operation.described["tags"][0] for operation in operations}


def test_parameters_are_told_in_words(operations: list[Operation]) -> None:
    """
    Every parameter has a description, and those of the path are exactly those in its address.
    """
    for operation in operations:
        parameters = operation.described.get("parameters", [])
        in_path = {parameter["name"] for parameter in parameters if parameter["in"] == "path"}

        assert set(re.findall(r"\{(\w+)\}", operation.path)) == in_path, operation.name
        for parameter in parameters:
            assert parameter["description"], (operation.name, parameter["name"])


def test_no_parameter_may_be_null(operations: list[Operation]) -> None:
    """
    A query parameter that may be left out is not described as one that may be null.
    """
    for operation in operations:
        for parameter in operation.described.get("parameters", []):
            assert "null" not in str(parameter["schema"]), (operation.name, parameter["name"])


def test_bodies_have_examples_that_fit(document: dict[str, Any], operations: list[Operation]) -> None:
    """
    Every request body has an example, and it is valid by the body's own schema.
    """
    with_body = [operation for operation in operations if operation.body is not None]

    assert len(with_body) > 10
    for operation in with_body:
        assert valid(document, operation.body["schema"], operation.body["example"]), operation.name


def test_answers_have_examples_that_fit(document: dict[str, Any], operations: list[Operation]) -> None:
    """
    Every operation has one success, with an example that is valid and leaves out no field.
    """
    for operation in operations:
        (status,) = [status for status in operation.responses if status < "300"]
        ((kind, media),) = operation.responses[status]["content"].items()

        assert kind == MEDIA_TYPES.get(Path(operation.path).suffix, "application/json")
        assert status == ("201" if operation.name in CREATING else "200")
        assert valid(document, closed(document, media["schema"]), media["example"]), operation.name


def closed(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """
    Resolve a schema's references, requiring every property and allowing no other.
    """
    if "$ref" in schema:
        return closed(document, document["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
    made = dict(schema)
    if "properties" in made:
        made["properties"] = {name: closed(document, inner) for name, inner in made["properties"].items()}
        made["required"] = list(made["properties"])
        made["additionalProperties"] = False
    if "items" in made:
        made["items"] = closed(document, made["items"])
    if "anyOf" in made:
        made["anyOf"] = [closed(document, inner) for inner in made["anyOf"]]
    return made


def test_errors_have_examples_that_fit(document: dict[str, Any], operations: list[Operation]) -> None:
    """
    Every error that is described has an example for each of its codes, in the shape it has.
    """
    for operation in operations:
        for status, response in operation.responses.items():
            if status < "400":
                continue
            media = response["content"]["application/json"]
            shape = "RateLimitProblem" if status == "429" else "Problem"

            assert {"$ref": f"#/components/schemas/{shape}"} == media["schema"], (operation.name, status)
            assert media["examples"], (operation.name, status)
            for code, example in media["examples"].items():
                value = example["value"]
                assert valid(document, media["schema"], value), (operation.name, code)
                assert code == (value["error"]["code"] if status == "429" else value["code"])


def test_errors_that_can_happen_are_described(operations: list[Operation]) -> None:
    """
    What an operation needs or takes decides which errors it can answer at least.
    """
    for operation in operations:
        name, changes = operation.name, operation.method != "GET"
        assert "invalid_input" in operation.codes(400), name
        assert {"RATE_LIMIT_EXCEEDED"} == operation.codes(429), name
        assert {"internal_error"} == operation.codes(500), name
        assert {"unavailable"} == operation.codes(503), name
        if "security" in operation.described:
            assert "unauthenticated" in operation.codes(401), name
        if "security" in operation.described and changes:
            assert "cross_site" in operation.codes(403), name
        if changes:
            assert {"body_too_large"} == operation.codes(413), name
        if changes and not operation.takes_picture:
            assert "nested_too_deep" in operation.codes(400), name
            assert {"not_json"} == operation.codes(415), name
        if "{" in operation.path:
            assert {"not_found"} == operation.codes(404), name


def test_every_error_code_is_described(operations: list[Operation]) -> None:
    """
    Every code of ``errors.py`` stands at some operation, with the status it has.
    """
    described = {
        (code, int(status))
        for operation in operations
        for status in operation.responses
        if status >= "400"
        for code in operation.codes(int(status))
    }
    kinds = [errors.CalendoError]
    for kind in kinds:
        kinds.extend(kind.__subclasses__())
    # These two are only there for others to derive from, and the third belongs to no operation.
    unused = {errors.Forbidden.code, errors.Conflict.code, errors.MethodNotAllowed.code}

    assert {(kind.code, kind.status) for kind in kinds if kind.code not in unused} == described


def test_nothing_of_fastapis_own_errors_is_left(document: dict[str, Any]) -> None:
    """
    No 422 and none of FastAPI's error models appear: invalid input is a 400 here.
    """
    for part in parts_of(document):
        assert "422" not in part
        assert "detail" not in part
    assert not {"HTTPValidationError", "ValidationError"} & set(document["components"]["schemas"])


def test_private_operations_name_both_ways_in(document: dict[str, Any], operations: list[Operation]) -> None:
    """
    Those that need a user take an API key or the cookie; the public ones name neither.
    """
    schemes = document["components"]["securitySchemes"]

    assert ("header", "X-API-Key") == (schemes["apiKey"]["in"], schemes["apiKey"]["name"])
    assert ("cookie", "session") == (schemes["session"]["in"], schemes["session"]["name"])
    assert "security" not in document
    for operation in operations:
        expected = None if operation.name in PUBLIC else [{"apiKey": []}, {"session": []}]
        assert expected == operation.described.get("security"), operation.name


def test_the_gate_and_the_description_agree_on_what_is_public(operations: list[Operation]) -> None:
    """
    The gate's public addresses are those of the operations without security, the docs, and MCP.
    """
    public = {operation.path for operation in operations if "security" not in operation.described}
    private = {operation.path for operation in operations if "security" in operation.described}
    used = {prefix for prefix in PUBLIC_PATHS for path in public if path.startswith(prefix)}

    assert set() == {path for path in public if not is_public(path)}
    assert set() == {path for path in private if is_public(path)}
    assert {"/api/openapi.json", "/api/docs", "/mcp"} == set(PUBLIC_PATHS) - used


def test_the_description_tells_who_needs_a_credential(api: Api, operations: list[Operation]) -> None:
    """
    Called by nobody, exactly the operations with security answer 401.
    """
    for operation in operations:
        path = re.sub(r"\{\w+\}", "1", operation.path).removeprefix("/api")
        body = None if operation.method == "GET" else {}
        status = api.call(operation.method, path, body).status_code

        assert (status == 401) == ("security" in operation.described), operation.name


def test_headers_are_described(document: dict[str, Any], operations: list[Operation]) -> None:
    """
    Every answer has the rate limit headers; some have more to say.
    """
    assert set(document["components"]["headers"]) == RATE_LIMIT_HEADERS
    for operation in operations:
        for status, response in operation.responses.items():
            more = MORE_HEADERS.get(status if status >= "400" else operation.name, set())
            assert RATE_LIMIT_HEADERS | more == set(response["headers"]), (operation.name, status)


@pytest.mark.parametrize(
    ("model", "field", "constraints"),
    [
        ("EventTypeIn", "duration_minutes", {"minimum": 5, "maximum": 720, "default": 30}),
        ("EventTypeIn", "min_notice_hours", {"minimum": 0, "default": 4}),
        ("EventTypeIn", "max_future_days", {"maximum": 3650, "default": 60}),
        ("EventTypeIn", "color", {"default": "#0069ff", "pattern": "^(#([0-9a-fA-F]{3}|[0-9a-fA-F]{6}))$"}),
        ("EventTypeIn", "name", {"minLength": 1, "maxLength": 200, "pattern": r"\S"}),
        ("RegisterIn", "email", {"format": "email", "maxLength": 254}),
        ("RegisterIn", "password", {"format": "password", "minLength": 8}),
        ("RegisterIn", "timezone", {"format": "time-zone", "default": "America/Los_Angeles"}),
        ("BookingIn", "timezone", {"format": "time-zone", "default": "UTC"}),
        ("RuleIn", "day", {"minimum": 0, "maximum": 7}),
        ("OverrideIn", "date", {"format": "date"}),
        ("WebhookIn", "url", {"format": "uri", "maxLength": 2000}),
        ("WebhookIn", "events", {"minItems": 1}),
        ("BookingOut", "status", {"enum": ["pending", "confirmed", "cancelled", "declined"]}),
        ("EventTypeOut", "is_active", {"type": "integer", "minimum": 0, "maximum": 1}),
        ("ScheduleOut", "rules", {"type": "string"}),
    ],
)
def test_constraints_are_told(
    document: dict[str, Any], model: str, field: str, constraints: dict[str, Any]
) -> None:
    """
    Bounds, patterns, formats and defaults that the API checks stand in the description.
    """
    described = document["components"]["schemas"][model]["properties"][field]

    assert constraints == {name: described.get(name) for name in constraints}


def test_bodies_take_no_unknown_fields(document: dict[str, Any], operations: list[Operation]) -> None:
    """
    The description says what the API does with a field it does not know: refuse it.
    """
    for operation in operations:
        if operation.body is None:
            continue
        reference = operation.body["schema"].get("anyOf", [operation.body["schema"]])[0]["$ref"]
        model = document["components"]["schemas"][reference.rpartition("/")[2]]
        assert model["additionalProperties"] is False, operation.name


def test_bounds_are_whole_numbers(document: dict[str, Any]) -> None:
    """
    A bound of 720 minutes is not written 720.0.
    """
    for part in parts_of(document):
        assert not any(isinstance(value, float) for value in part.values()), part


def test_a_wrong_method_is_told_the_right_ones(api: Api, document: dict[str, Any]) -> None:
    """
    The ``Allow`` header of a 405 lists all methods of the address, as the description does.
    """
    for path, methods in document["paths"].items():
        address = re.sub(r"\{\w+\}", "1", path).removeprefix("/api")
        for method in ("PATCH", "OPTIONS"):
            response = api.call(method, address)

            assert 405 == response.status_code, path
            assert "method_not_allowed" == response.json()["code"]
            assert {name.upper() for name in methods} == set(response.headers["Allow"].split(", ")), path


class Links(HTMLParser):
    """
    Collects what a page loads.
    """

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """
        Note every address that the browser would fetch.
        """
        for name, value in attrs:
            if name in {"src", "href", "srcset", "data", "action", "poster"} and value:
                self.found.append((tag, value))


def test_the_docs_load_nothing_from_outside(api: Api) -> None:
    """
    Every file of ``/api/docs`` comes from this server, with its right type, and none names another.
    """
    page = api.call("GET", "/docs")
    links = Links()
    links.feed(page.text)
    types = {"script": "text/javascript", "link": "text/css"}

    assert page.headers["Content-Type"].startswith("text/html")
    assert "://" not in page.text
    assert {"script", "link"} == {tag for tag, _ in links.found}
    for tag, address in links.found:
        assert not re.match(r"\w+:|//", address), address
        asset = api.call("GET", urljoin("/api/docs", address).removeprefix("/api"))
        assert 200 == asset.status_code, address
        assert types[tag] == asset.headers["Content-Type"].partition(";")[0], address
        assert len(asset.content) > 100, address
        if tag == "link":
            loaded = re.findall(r"url\(['\"]?([^)'\"]{5})", asset.text)
            assert {"data:"} == set(loaded)
            assert "@import" not in asset.text


def test_the_docs_read_the_description_of_this_server(api: Api) -> None:
    """
    The page's own script asks for the description by a relative address, and for no validator elsewhere.
    """
    script = api.call("GET", "/docs/start.js").text
    (address,) = re.findall(r'url: "([^"]+)"', script)

    assert "://" not in script
    assert "validatorUrl: null" in script
    assert api.get(urljoin("/api/docs", address).removeprefix("/api"))["paths"]


def test_the_docs_forbid_browsers_to_load_from_elsewhere(api: Api) -> None:
    """
    Swagger UI's bundle names many sites; the page's security policy lets the browser ask none of them.
    """
    policy = api.call("GET", "/docs").headers["Content-Security-Policy"]
    directives = {words[0]: set(words[1:]) for words in map(str.split, policy.split(";"))}

    assert {"'none'"} == directives["default-src"]
    assert {"'self'"} == directives["script-src"]
    assert {"'self'"} == directives["connect-src"]
    for name, sources in directives.items():
        assert sources <= {"'self'", "'none'", "'unsafe-inline'", "data:"}, name


def test_unknown_parts_of_the_docs_are_not_found(api: Api) -> None:
    """
    Only the files of the docs page are served there.
    """
    for asset in ("redoc.standalone.js", "nothing.js", "..%2Fdocs.py"):
        assert "not_found" == api.expect(404, "GET", f"/docs/{asset}")["code"]
