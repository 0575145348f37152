"""
Booking pages: their settings, their address, and what everybody sees of them.
"""

from collections.abc import Callable
from typing import Any

from steps import invitee, not_refused, offer, times

from conftest import Api, Host

SignUp = Callable[..., Host]


def test_a_new_host_has_a_page(sign_up: SignUp) -> None:
    """
    Its slug and its name come from the host's name.
    """
    host = sign_up("Jane Smith")

    page = host.get("/booking-page")

    assert {
        "id": page["id"],
        "slug": "jane-smith",
        "display_name": "Jane Smith",
        "bio": "",
        "brand_color": "#2563eb",
        "welcome_message": "",
    } == page


def test_slugs_are_transliterated_and_numbered(sign_up: SignUp) -> None:
    """
    A taken one gets a number, so does a reserved one, and a name without letters gets another word.
    """
    names = [
        "Jane Smith",
        "jane smith!",
        "Łukasz Żółć",
        "李雷",
        "API",
        "Static",
        "🎉",
        "登录",
        "Jane Smith 2",
    ]

    slugs = [sign_up(name).slug for name in names]

    assert slugs[:4] == ["jane-smith", "jane-smith-2", "lukasz-zolc", "li-lei"]
    assert slugs[4:6] == ["api-2", "static-2"]
    assert "host" == slugs[6]
    assert len(names) == len(set(slugs))
    assert "jane-smith-2-2" == slugs[8]


def test_settings_can_be_changed_one_by_one(host: Host) -> None:
    """
    Those that are not sent stay as they are.
    """
    before = host.get("/booking-page")
    texts = {
        "display_name": "Jane S.",
        "bio": "Product Designer\nat Acme",
        "brand_color": "#7C3AED",
        "welcome_message": "Pick a time that works for you! 🎉",
        "slug": "jane",
    }

    for field, value in texts.items():
        after = host.put("/booking-page", {field: value})

        assert {**before, field: value} == after
        before = after
    assert before == host.put("/booking-page", {})
    assert before == host.get("/booking-page")
    assert "" == host.put("/booking-page", {"bio": "  "})["bio"]


def test_what_is_wrong_is_named(host: Host) -> None:
    """
    Each setting has its form; null and unknown fields are refused.
    """
    before = host.get("/booking-page")
    wrong: dict[str, list[Any]] = {
        "display_name": ["", " ", "x" * 201, "two\nlines", "over\u202eride", None, 5],
        "bio": ["x" * 5001, "bell\u0007", "over\u202eride", None],
        "welcome_message": ["x" * 5001, None],
        "brand_color": ["blue", "#12", "#gggggg", "2563eb", "#2563eb;", "#2563eb\n", None],
        "slug": ["", "Jane", "jane smith", "-jane", "jane-", "ja--ne", "zoë", "a/b", "x" * 81, None],
        "id": [5],
        "host_id": [5],
    }
    bodies = {field: [{field: value} for value in values] for field, values in wrong.items()}

    assert [] == not_refused(host, "PUT", "/booking-page", bodies)
    assert before == host.get("/booking-page")


def test_a_slug_is_one_pages_only(host: Host, sign_up: SignUp) -> None:
    """
    Taken by another page, or reserved for the program: a conflict. One's own is fine.
    """
    other = sign_up("Ann Lee")

    reserved = ["api", "app", "static", "manage", "feeds", "healthz", "readyz", "metrics", "mcp", "docs"]
    for slug in ("ann-lee", *reserved, "dev", "login", "embed"):
        assert "slug_taken" == host.expect(409, "PUT", "/booking-page", {"slug": slug})["code"], slug
    assert host.slug == host.put("/booking-page", {"slug": host.slug})["slug"]
    assert "ann-lee" == other.get("/booking-page")["slug"]


def test_a_new_slug_moves_the_page(host: Host, sign_up: SignUp) -> None:
    """
    The old address is gone at once, and free for somebody else.
    """
    offer(host)
    old = host.slug
    host.put("/booking-page", {"slug": "jane"})

    invitee(host).expect(404, "GET", f"/booking-pages/{old}")
    assert ["call"] == [row["slug"] for row in invitee(host).get("/booking-pages/jane")["event_types"]]
    host.slug = "jane"
    assert 16 == len(times(host))
    assert old == sign_up("Jane Smith").slug


def test_everybody_sees_host_branding_and_types(api: Api, host: Host) -> None:
    """
    And nothing beyond that: no id, no e-mail address, no location.
    """
    host.put("/booking-page", {"bio": "Designer", "welcome_message": "Hello!"})
    question = {"id": "q", "label": "Why?", "type": "text", "required": True, "options": []}
    offer(
        host,
        description="A quick call",
        questions=[question],
        requires_confirmation=True,
        location_type="phone",
        location="+1 555 0100",
    )

    page = api.get(f"/booking-pages/{host.slug}")

    assert {
        "slug": "jane-smith",
        "display_name": "Jane Smith",
        "bio": "Designer",
        "brand_color": "#2563eb",
        "colors": {"light": "#2461e7", "dark": "#5888f0"},
        "welcome_message": "Hello!",
        "avatar_url": None,
        "event_types": [
            {
                "name": "Call",
                "slug": "call",
                "duration_minutes": 30,
                "description": "A quick call",
                "color": "#0069ff",
                "location_type": "phone",
                "questions": [question],
                "requires_confirmation": 1,
            }
        ],
    } == page


def test_a_page_shows_what_is_active_and_not_secret(api: Api, host: Host) -> None:
    """
    A secret type answers under its own slug, one that is off does not.
    """
    offer(host, name="Open")
    offer(host, name="Secret", is_secret=True)
    host.delete(f"/event-types/{offer(host, name='Off')['id']}")

    shown = api.get(f"/booking-pages/{host.slug}")["event_types"]

    assert ["Open"] == [row["name"] for row in shown]
    assert shown[0] == api.get(f"/booking-pages/{host.slug}/open")
    assert "Secret" == api.get(f"/booking-pages/{host.slug}/secret")["name"]
    api.expect(404, "GET", f"/booking-pages/{host.slug}/off")


def test_what_is_not_there_is_a_404(api: Api, host: Host) -> None:
    """
    Slugs are exact, and reserved words are no pages.
    """
    for path in ("nobody", "nobody/call", "api", host.slug.upper(), f"{host.slug}/nothing"):
        assert "not_found" == api.expect(404, "GET", f"/booking-pages/{path}")["code"]


def test_one_page_never_shows_anothers_types(api: Api, host: Host, sign_up: SignUp) -> None:
    """
    Neither in its list nor under its address.
    """
    offer(host)
    other = sign_up("Ann")

    assert [] == api.get(f"/booking-pages/{other.slug}")["event_types"]
    api.expect(404, "GET", f"/booking-pages/{other.slug}/call")


def test_the_settings_are_the_hosts_alone(api: Api, host: Host) -> None:
    """
    Without a credential they cannot be read or changed.
    """
    api.expect(401, "GET", "/booking-page")
    api.expect(401, "PUT", "/booking-page", {"bio": "Mine"})
    assert "" == host.get("/booking-page")["bio"]
