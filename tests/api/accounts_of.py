"""
What tests of accounts do over and over: sign up, log in, and call with a cookie.
"""

from typing import Any

from httpx2 import Response

from conftest import Api

PASSWORD = "securepass123"


def sign_up_body(email: str = "jane@example.com", **fields: Any) -> dict[str, Any]:
    """
    The body of a sign-up that is accepted, but for what ``fields`` say.
    """
    return {"email": email, "password": PASSWORD, "name": "Jane Smith", **fields}


def register(api: Api, email: str = "jane@example.com", **fields: Any) -> dict[str, Any]:
    """
    Sign up, and return the answer.
    """
    made: dict[str, Any] = api.expect(201, "POST", "/auth/register", sign_up_body(email, **fields))
    return made


def try_login(api: Api, email: str = "jane@example.com", password: str = PASSWORD) -> Response:
    """
    Send a login, and return whatever comes back.
    """
    return api.call("POST", "/auth/login", {"email": email, "password": password})


def log_in(api: Api, email: str = "jane@example.com", password: str = PASSWORD) -> dict[str, str]:
    """
    Log in, and return the header that brings the session's cookie.
    """
    response = try_login(api, email, password)
    assert 200 == response.status_code, response.text
    return {"Cookie": f"session={response.cookies['session']}"}


def make_key(api: Api, cookie: dict[str, str], **fields: Any) -> dict[str, Any]:
    """
    Make an API key, and return it as it was answered.
    """
    made: dict[str, Any] = api.expect(201, "POST", "/api-keys", {"label": "tests", **fields}, headers=cookie)
    return made


def assert_problem(response: Response, status: int, code: str | None = None, case: object = "") -> str:
    """
    See that an answer is an error in the API's one shape, and return its text for people.
    """
    assert status == response.status_code, f"{case} got {response.status_code}: {response.text}"
    body = response.json()
    assert {"error", "code"} == set(body)
    assert type(body["error"]) is str
    assert body["error"]
    if code is not None:
        assert code == body["code"]
    assert {"x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"} <= set(response.headers)
    return str(body["error"])
