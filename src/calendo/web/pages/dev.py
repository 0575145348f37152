"""
Pages for those who build with Calendo, in demo mode only: the parts of the look, and the embed live.
"""

from types import SimpleNamespace

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from calendo.errors import InvalidInput
from calendo.web.dashboard.forms import Form
from calendo.web.dashboard.navigation import AREAS
from calendo.web.dashboard.visitors import SHARED_DOMAINS
from calendo.web.deps import BaseUrl
from calendo.web.pages.languages import texts_for
from calendo.web.pages.rendering import render

router = APIRouter(prefix="/dev", include_in_schema=False)

#: Whom the gallery shows the dashboard to; all areas are in the navigation, whether there or not.
_JANE = SimpleNamespace(
    host=SimpleNamespace(name="Jane Smith", email="jane@example.com", avatar_hash=None),
    page=SimpleNamespace(slug="jane-smith"),
    areas=AREAS,
    is_in=lambda area: area is AREAS[1],
)


@router.get("/gallery")
def gallery(request: Request) -> HTMLResponse:
    """
    Show every part the pages are made of.
    """
    return render("gallery.html", texts=texts_for(request))


@router.get("/gallery/dashboard")
def dashboard_gallery(request: Request) -> HTMLResponse:
    """
    Show every part the pages of the dashboard are made of.
    """
    texts = texts_for(request, *SHARED_DOMAINS)
    form = Form(texts, {"name": ["Design review"], "days": ["2"], "minutes": ["30"], "is_on": ["yes"]})
    form.put("color", "#2563eb")
    wrong = Form(texts, {"email": ["bob at example"]}).blame(
        InvalidInput("email: This does not look like an e-mail address.")
    )
    return render(
        "gallery_dashboard.html",
        texts=texts,
        scripts=True,
        form=form,
        wrong=wrong,
        visitor=_JANE,
        notice="What was just done, said once.",
        modules=("color_field.js",),
    )


@router.get("/embed")
def embed(request: Request, base: BaseUrl) -> HTMLResponse:
    """
    Show the ways to put the booker on another page, with the demo's host.
    """
    return render("embed.html", texts=texts_for(request), scripts=True, base=base)
