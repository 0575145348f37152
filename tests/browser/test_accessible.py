"""
Nothing that axe finds, at any step, light and dark; and no motion for those who want none.
"""

import pytest
from browsing import AXE, PHONE, WIDE, Open, Site, Watch, fill_in, found, free_days, is_booked, send

pytest_plugins = ["browser_fixtures"]

QUESTIONS = [
    {"id": "line", "label": "Line", "required": True},
    {"id": "one", "label": "One", "type": "select", "options": ["A", "B"]},
    {"id": "dot", "label": "Dot", "type": "radio", "options": ["C", "D"]},
    {"id": "terms", "label": "Terms", "type": "checkbox"},
]


@pytest.mark.parametrize(
    ("scheme", "size", "color"), [("light", WIDE, "#ffe066"), ("dark", PHONE, "#1b1464")]
)
def test_axe_finds_nothing_at_any_step(
    site: Site, visit: Open, watch: Watch, scheme: str, size: object, color: str
) -> None:
    """
    Page, month, zones, times, form, its errors, and what was booked; a brand colour is mended.
    """
    watch.expected = (AXE,)
    site.call("PUT", "/booking-page", {"brand_color": color, "bio": "Designer", "welcome_message": "Hello"})
    event = site.offer(questions=QUESTIONS, description="A call")
    page = visit(f"{site.url}/{site.slug}", color_scheme=scheme, viewport=size, reduced_motion="reduce")
    assert [] == found(page)
    page.goto(site.address(event))
    free_days(page)
    assert [] == found(page)
    page.locator(".zone-button").click()
    page.keyboard.type("new")
    assert [] == found(page)
    page.keyboard.press("Escape")
    free_days(page).nth(1).click()
    assert [] == found(page)
    page.locator(".start").first.click()
    send(page)
    assert [] == found(page)
    fill_in(page, **{"answers.line": "Tea"})
    send(page)
    assert is_booked(page)
    assert [] == found(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_the_pages_of_the_demo(
    visit: Open, watch: Watch, demo_server: str, scheme: str
) -> None:
    """
    The gallery shows every part that other pages use.
    """
    watch.expected = (AXE, "status of 404")
    page = visit(f"{demo_server}/dev/gallery", color_scheme=scheme)
    assert [] == found(page)
    page.goto(f"{demo_server}/nothing-here")
    assert [] == found(page)


def test_the_plain_pages_too(site: Site, visit: Open, watch: Watch) -> None:
    """
    What is there without JavaScript is as accessible; axe needs it, so a form that failed is looked at.
    """
    watch.expected = (AXE, "status of 400")
    page = visit(site.address(site.offer(questions=QUESTIONS)))
    page.evaluate(
        """address => {
            const form = document.createElement("form");
            form.method = "post";
            form.action = address;
            form.innerHTML = '<input name="start_time" value="2100-01-01T00:00:00Z">';
            document.body.append(form);
            form.submit();
        }""",
        page.url,
    )
    page.locator(".problem").wait_for()

    assert [] == found(page)
