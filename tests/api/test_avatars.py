"""
A host's picture: made small and harmless, served for ever under its hash, and gone when it is removed.
"""

import zlib
from collections.abc import Callable
from io import BytesIO
from struct import pack

import pytest
from httpx2 import Response
from PIL import Image, PngImagePlugin
from steps import ask, invitee, manage_path, offer

from conftest import Api, Host

SignUp = Callable[..., Host]
TYPES = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp"}


def picture(
    kind: str = "PNG", size: tuple[int, int] = (400, 300), mode: str = "RGB", **more: object
) -> bytes:
    """
    Make a picture that is red on the left and blue on the right.
    """
    image = Image.new("RGB", size, "red")
    image.paste("blue", (size[0] // 2, 0, *size))
    file = BytesIO()
    image.convert(mode).save(file, kind, **more)
    return file.getvalue()


def nearest(color: object) -> str:
    """
    Say whether a color is red or blue; compressing blurs them a little.
    """
    red, _, blue = color  # type: ignore[misc] # three of them
    return "red" if red > blue + 100 else "blue" if blue > red + 100 else "neither"


def send(host: Api, content: bytes, kind: str = "image/png") -> Response:
    return host.call("PUT", "/auth/me/avatar", content=content, headers={"Content-Type": kind})


def accepted(host: Api, content: bytes, kind: str = "image/png") -> Image.Image:
    """
    Send a picture that has to be accepted, and return what is served.
    """
    response = send(host, content, kind)
    assert 200 == response.status_code, response.text
    served = host.client.get(response.json()["avatar_url"])
    assert 200 == served.status_code
    return Image.open(BytesIO(served.content))


@pytest.mark.parametrize("kind", sorted(TYPES))
@pytest.mark.parametrize("size", [(400, 300), (300, 900), (8, 8), (3000, 40)])
def test_a_picture_becomes_a_square(host: Host, kind: str, size: tuple[int, int]) -> None:
    """
    Of 256 pixels, from the middle, whatever its format and its size.
    """
    shown = accepted(host, picture(kind, size), TYPES[kind])

    assert ("WEBP", (256, 256)) == (shown.format, shown.size)
    left, right = (shown.convert("RGB").getpixel((x, 128)) for x in (20, 235))
    assert ["red", "blue"] == [nearest(left), nearest(right)]


@pytest.mark.parametrize(
    ("kind", "mode"), [("PNG", "P"), ("PNG", "LA"), ("PNG", "1"), ("JPEG", "CMYK"), ("JPEG", "L")]
)
def test_all_kinds_of_colors_are_read(host: Host, kind: str, mode: str) -> None:
    """
    Palettes, grays, and what printers use.
    """
    assert (256, 256) == accepted(host, picture(kind, mode=mode), TYPES[kind]).size


def test_nothing_of_the_file_survives(host: Host) -> None:
    """
    Neither where it was taken nor what else was put in or behind; but it stands upright.
    """
    exif = Image.Exif()
    exif[0x010E] = "at home"
    exif[0x0112] = 3  # upside down
    said = PngImagePlugin.PngInfo()
    said.add_text("Comment", "at home")
    for content, kind in (
        (picture("JPEG", exif=exif, comment=b"at home"), "image/jpeg"),
        (picture("PNG", pnginfo=said, exif=exif) + b"at home", "image/png"),
    ):
        url = send(host, content, kind).json()["avatar_url"]
        served = host.client.get(url).content
        shown = Image.open(BytesIO(served))

        assert b"at home" not in served
        assert {} == dict(shown.getexif())
        assert "blue" == nearest(shown.convert("RGB").getpixel((20, 128)))


def test_a_picture_is_served_for_ever(host: Host) -> None:
    """
    Under the hash of its content, to everybody, on the profile and on the public page.
    """
    url = send(host, picture()).json()["avatar_url"]
    response = host.client.get(url)

    assert url.startswith("http://calendo.test/avatars/")
    assert "image/webp" == response.headers["Content-Type"]
    assert "public, max-age=31536000, immutable" == response.headers["Cache-Control"]
    assert "nosniff" == response.headers["X-Content-Type-Options"]
    assert 200 == host.client.head(url).status_code
    assert url == host.get("/auth/me")["avatar_url"]
    assert url == invitee(host).get(f"/booking-pages/{host.slug}")["avatar_url"]


def test_another_picture_has_another_address(host: Host, sign_up: SignUp) -> None:
    """
    The former one is gone, unless somebody else has the same.
    """
    first = send(host, picture()).json()["avatar_url"]
    second = send(host, picture(size=(10, 30))).json()["avatar_url"]
    assert first != second
    assert 404 == host.client.get(first).status_code
    other = sign_up("Ann")
    assert second == send(other, picture(size=(10, 30))).json()["avatar_url"]

    assert None is host.delete("/auth/me/avatar")["avatar_url"]
    assert None is host.delete("/auth/me/avatar")["avatar_url"]
    assert 200 == host.client.get(second).status_code
    other.delete("/auth/me/avatar")
    assert 404 == host.client.get(second).status_code
    assert None is invitee(host).get(f"/booking-pages/{host.slug}")["avatar_url"]


def bomb(width: int, height: int) -> bytes:
    """
    Make a small PNG that claims to be a large one.
    """

    def chunk(kind: bytes, content: bytes) -> bytes:
        return pack(">I", len(content)) + kind + content + pack(">I", zlib.crc32(kind + content))

    header = pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


def plain(width: int, height: int) -> bytes:
    """
    Make a good picture of one color, which takes little room however large it is.
    """
    file = BytesIO()
    Image.new("1", (width, height)).save(file, "PNG")
    return file.getvalue()


@pytest.mark.parametrize("content", [plain(5001, 5000), bomb(60_000, 60_000), bomb(2**31 - 1, 2**31 - 1)])
def test_a_bomb_is_refused_before_it_is_decoded(host: Host, content: bytes) -> None:
    """
    What a file claims is believed, and is too much, be the rest of it there or not.
    """
    answer = send(host, content)

    assert (400, "invalid_input") == (answer.status_code, answer.json()["code"])
    assert "body: This picture has more than 25 megapixels." == answer.json()["error"]


BROKEN = {
    "nothing": b"",
    "text": b"hello",
    "cut": picture()[:200],
    "cut jpeg": picture("JPEG")[:300],
    "gif": picture("GIF"),
    "tiff": picture("TIFF"),
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>',
    "lies": bomb(100, 100),
}


@pytest.mark.parametrize("name", sorted(BROKEN))
def test_what_is_no_picture_is_refused(host: Host, name: str) -> None:
    """
    Whatever it says it is; the picture from before stays.
    """
    before = send(host, picture()).json()["avatar_url"]
    answer = send(host, BROKEN[name])

    assert (400, "invalid_input") == (answer.status_code, answer.json()["code"]), answer.text
    assert answer.json()["error"].startswith("body: ")
    assert before == host.get("/auth/me")["avatar_url"]


def test_other_types_and_large_files_are_refused(host: Host) -> None:
    """
    The type has to be one of the three, and two MiB are the most.
    """
    for kind in ("image/svg+xml", "application/json", "text/html", ""):
        answer = send(host, picture(), kind)
        assert (415, "not_a_picture") == (answer.status_code, answer.json()["code"])
    large = send(host, b"\0" * (2 * 1024 * 1024 + 1))
    assert (413, "body_too_large") == (large.status_code, large.json()["code"])
    assert "2 MiB" in large.json()["error"]
    assert 400 == send(host, b"\0" * (2 * 1024 * 1024)).status_code


def test_a_picture_needs_a_host(host: Host) -> None:
    """
    Nobody's are taken, and a cookie from another site changes nothing.
    """
    assert 401 == send(invitee(host), picture()).status_code
    for path in ("/avatars/x.webp", "/avatars/..webp", "/avatars/%00.webp", f"/avatars/{'0' * 32}.webp"):
        assert 404 == host.client.get(path).status_code, path


def test_invitees_see_it_wherever_the_host_is_shown(host: Host) -> None:
    """
    On the page, in the booker, behind their link; by its path, whatever name the server has there.
    """
    offer(host)
    path = f"/avatars/{send(host, picture()).json()['avatar_url'].rpartition('/')[2]}"
    link = manage_path(ask(host, "09:00"))

    for page in (f"/{host.slug}", f"/{host.slug}/call", link, f"{link}/cancel", f"{link}/reschedule"):
        assert f'<img class="initials" src="{path}" alt=""' in host.client.get(page).text
    for page in (f"/{host.slug}/call", f"{link}/reschedule"):
        assert f'"avatar_url": "{path}"' in host.client.get(page).text
