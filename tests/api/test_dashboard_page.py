"""
The booking page in the dashboard: its texts, its colour and what that is mended to, its address, its picture.
"""

from io import BytesIO
from typing import Any

import pytest
from browsers import Browser, led_to, text_of
from httpx2 import Response
from PIL import Image

pytest_plugins = ["dashboard_fixtures"]

PATH = "/app/page"
TEXTS = {
    "display_name": "Jane S.",
    "bio": "Designer",
    "welcome_message": "Hello\r\nthere",
    "brand_color": "#ffe066",
}


@pytest.fixture
def engine_name() -> str:
    """
    What the database does about pages and pictures is tested with the API; pages need one of them only.
    """
    return "sqlite"


def public(jane: Browser, slug: str = "jane-smith") -> Any:
    return jane.client.get(f"/api/booking-pages/{slug}").json()


def picture(size: tuple[int, int] = (40, 30), kind: str = "PNG") -> bytes:
    content = BytesIO()
    Image.new("RGB", size, "#336699").save(content, kind)
    return content.getvalue()


def send_picture(jane: Browser, content: bytes, name: str = "picture") -> Response:
    return jane.client.post(
        f"{PATH}/picture",
        files={name: ("me.png", content, "image/png")},
        headers={"Sec-Fetch-Site": "same-origin"},
        follow_redirects=False,
    )


def test_texts_and_colour_are_changed(jane: Browser) -> None:
    """
    What invitees see is what was typed; markup stays text.
    """
    assert (303, PATH) == led_to(jane.send(PATH, {**TEXTS, "bio": "<b>Bold</b>"}))
    page = jane.open(PATH)

    assert "Your booking page is saved." in text_of(page)
    assert "<b>Bold</b>" not in page.text
    shown = public(jane)
    assert ("Jane S.", "<b>Bold</b>", "Hello\nthere", "#ffe066") == tuple(
        shown[name] for name in ("display_name", "bio", "welcome_message", "brand_color")
    )


def test_what_is_wrong_stands_beside_its_field(jane: Browser) -> None:
    """
    What was typed is kept in the form, and the page stays as it is.
    """
    refused = jane.send(PATH, {**TEXTS, "display_name": "", "brand_color": "yellow"})

    assert 400 == refused.status_code
    assert 'id="display_name-error">Please fill this in.' in refused.text
    assert 'id="brand_color-error">Use a hex color such as #2563eb.' in refused.text
    assert 'value="yellow"' in refused.text
    assert "Jane Smith" == public(jane)["display_name"]


def test_a_colour_that_cannot_be_read_is_mended_and_that_is_said(jane: Browser) -> None:
    """
    Three digits are short for six, in the preview, on the page and in the booker.
    """
    for color, light, dark in (("#ffe066", "#7c6c31", None), ("#FE6", "", None), ("#111", None, "")):
        told = text_of(jane.send(f"{PATH}/preview", {**TEXTS, "brand_color": color}))
        assert (light is not None) == (f"darkened to {light or '#'}" in told), color
        assert (dark is not None) == (f"lightened to {dark or '#'}" in told), color

        jane.send(PATH, {**TEXTS, "brand_color": color})
        colors = public(jane)["colors"]
        assert (
            f"--brand-light:{colors['light']};--brand-dark:{colors['dark']}" in jane.open("/jane-smith").text
        )


def test_the_preview_takes_what_can_be_read(jane: Browser) -> None:
    """
    The rest is as it is kept; nothing is changed.
    """
    draft = {"display_name": "", "bio": "New bio", "welcome_message": "x" * 5001, "brand_color": "#12"}
    shown = text_of(jane.send(f"{PATH}/preview", draft))

    assert "Jane Smith" in shown
    assert "New bio" in shown
    assert "xxx" not in shown
    assert "" == public(jane)["bio"]


def test_with_a_new_address_the_old_one_is_gone(jane: Browser) -> None:
    """
    The page says so before; a slug that is taken, reserved or none is refused beside the field.
    """
    assert "the old one is gone at once" in text_of(jane.open(PATH))
    for slug, status in (("admin", 409), ("Not a slug", 400)):
        refused = jane.send(f"{PATH}/address", {"slug": slug})
        assert status == refused.status_code
        assert 'id="slug-error"' in refused.text
        assert f'value="{slug}"' in refused.text

    assert (303, PATH) == led_to(jane.send(f"{PATH}/address", {"slug": "jane"}))
    assert 404 == jane.open("/jane-smith").status_code
    assert 200 == jane.open("/jane").status_code
    assert "http://calendo.test/jane<" in jane.open(PATH).text


def test_a_picture_is_shown_wherever_the_host_is(jane: Browser) -> None:
    """
    On the page, in the booker's facts, in the plain form and in the dashboard; else there are initials.
    """
    jane.client.post("/api/event-types", json={"name": "Call"})
    assert (303, PATH) == led_to(send_picture(jane, picture()))
    address = public(jane)["avatar_url"].removeprefix("http://calendo.test")

    assert 200 == jane.open(address).status_code
    for path in ("/jane-smith", "/jane-smith/call", PATH):
        assert f'<img class="initials" src="{address}"' in jane.open(path).text.replace(
            "http://calendo.test", ""
        )
    assert address in jane.open("/jane-smith/call").text
    assert (303, PATH) == led_to(jane.send(f"{PATH}/picture/remove"))
    assert None is public(jane)["avatar_url"]
    for path in ("/jane-smith", "/jane-smith/call", PATH):
        shown = jane.open(path).text
        assert '<span class="initials" aria-hidden="true">JS</span>' in shown
        assert "<img class=" not in shown


def test_what_is_no_picture_is_refused_kindly(jane: Browser) -> None:
    """
    Not one, none at all, in another field, or too large: the page says what to do, and the picture stays.
    """
    send_picture(jane, picture())
    before = public(jane)["avatar_url"]
    for content, name in (
        (b"GIF89a nothing", "picture"),
        (b"", "picture"),
        (picture(), "another"),
        (bytes(3 * 1024 * 1024), "picture"),
    ):
        refused = send_picture(jane, content, name)

        assert 400 == refused.status_code
        assert "Use a PNG, JPEG or WebP picture of at most 2 MiB" in text_of(refused)
    assert before == public(jane)["avatar_url"]


def test_a_picture_comes_from_this_site_and_within_reason(jane: Browser) -> None:
    """
    Other sites send none; a form that is none is refused, and an endless one is not read to its end.
    """
    elsewhere = jane.client.post(
        f"{PATH}/picture", files={"picture": picture()}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    plain = jane.send(f"{PATH}/picture", {"picture": "text"})
    endless = jane.client.post(
        f"{PATH}/picture",
        content=(bytes(1024 * 1024) for _ in range(20)),
        headers={"Sec-Fetch-Site": "same-origin", "Content-Type": "multipart/form-data; boundary=x"},
    )

    assert [403, 400, 413] == [elsewhere.status_code, plain.status_code, endless.status_code]
    assert None is public(jane)["avatar_url"]
