"""
The host's picture: sent by a form, with the file in it, or taken away.
"""

from typing import Annotated

from fastapi import Depends, Request, Response
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from calendo.errors import BodyTooLarge, CalendoError, InvalidInput
from calendo.i18n import gettext_noop
from calendo.integrations.pictures import NotReadable, make_avatar
from calendo.ops import avatars
from calendo.web.dashboard.page.editing import DOMAIN, PATH, view
from calendo.web.dashboard.visitors import Visiting, area
from calendo.web.deps import Db, Now
from calendo.web.routing import MAX_BODY_BYTES, MAX_PICTURE_BYTES

router = area(f"{PATH}/picture", DOMAIN)

_REFUSAL = gettext_noop("Use a PNG, JPEG or WebP picture of at most 2 MiB and 25 megapixels.")
#: So much is taken in, and no more than what may be is kept: a browser shows no answer to what it
#: could not send.
_MAX_SENT_BYTES = 8 * MAX_PICTURE_BYTES


async def _picture(request: Request) -> bytes | None:
    """
    Read the file in the form; None if it is too large, or there is none.
    """
    body = bytearray()
    sent = 0
    async for chunk in request.stream():
        sent += len(chunk)
        if sent > _MAX_SENT_BYTES:
            raise BodyTooLarge
        if sent <= MAX_PICTURE_BYTES + MAX_BODY_BYTES:
            body += chunk
    if len(body) < sent:
        return None
    request._body = bytes(body)  # noqa: SLF001 - where Starlette itself puts what was read
    try:
        async with request.form(max_files=1, max_fields=10) as form:
            file = form.get("picture")
            content = await file.read() if isinstance(file, UploadFile) else b""
    except HTTPException:
        return None
    return content if 0 < len(content) <= MAX_PICTURE_BYTES else None


@router.post("")
def change_picture(
    visit: Visiting, content: Annotated[bytes | None, Depends(_picture)], db: Db, now: Now
) -> Response:
    """
    Replace the picture by the one in the form.
    """
    try:
        made = make_avatar(content) if content else None
    except NotReadable:
        made = None
    if made is None:
        return _refused(visit, db, InvalidInput(visit.texts.gettext(_REFUSAL)))
    with db.write() as tx:
        avatars.change(tx, visit.host_id, made, now)
    return visit.turn_to(PATH, visit.texts.gettext("This is your picture now."))


@router.post("/remove")
def remove_picture(visit: Visiting, db: Db) -> Response:
    """
    Take the picture away; initials are shown again.
    """
    with db.write() as tx:
        avatars.remove(tx, visit.host_id)
    return visit.turn_to(PATH, visit.texts.gettext("Your picture is removed."))


def _refused(visit: Visiting, db: Db, error: CalendoError) -> Response:
    with db.read() as tx:
        return visit.render("page/page.html", error.status, **view(tx, visit, picture_error=error))
