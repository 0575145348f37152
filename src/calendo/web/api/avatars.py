"""
Your picture: send one, or take it away.
"""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request

from calendo.errors import BodyTooLarge, CrossSite, InvalidInput, NotAPicture
from calendo.integrations.pictures import NotReadable, make_avatar
from calendo.ops import avatars
from calendo.web.api.answers import ANY, CHANGE, USER
from calendo.web.api.auth import Profile
from calendo.web.deps import BaseUrl, Db, Now, UserId
from calendo.web.problems import errors
from calendo.web.routing import PICTURE_TYPES, PictureRoute, UserRoute

pictures = APIRouter(prefix="/api/auth/me", tags=["Auth"], route_class=PictureRoute)
router = APIRouter(prefix="/api/auth/me", tags=["Auth"], route_class=UserRoute)

_BODY: dict[str, Any] = {
    "requestBody": {
        "description": "The picture itself",
        "required": True,
        "content": {kind: {"schema": {"type": "string", "format": "binary"}} for kind in PICTURE_TYPES},
    }
}


async def _body(request: Request) -> bytes:
    return await request.body()


@pictures.put(
    "/avatar",
    summary="Change your picture",
    responses=errors(*ANY, *USER, CrossSite, BodyTooLarge, NotAPicture),
    openapi_extra=_BODY,
)
def change_avatar(
    content: Annotated[bytes, Depends(_body)], db: Db, user_id: UserId, now: Now, base_url: BaseUrl
) -> Profile:
    """
    Replace your picture by the one in the body, a PNG, JPEG or WebP of at most 2 MiB and 25
    megapixels. Its middle is made a square of 256 pixels; what else the file says, such as
    where it was taken, is dropped. Returns your profile, with the new `avatar_url`.
    """
    try:
        made = make_avatar(content)
    except NotReadable as error:
        raise InvalidInput(f"body: {error.__doc__}") from None
    with db.write() as tx:
        return Profile.of(avatars.change(tx, user_id, made, now), base_url)


@router.delete("/avatar", summary="Remove your picture", responses=errors(*ANY, *CHANGE))
def remove_avatar(db: Db, user_id: UserId, base_url: BaseUrl) -> Profile:
    """
    Take your picture away. Returns your profile.
    """
    with db.write() as tx:
        return Profile.of(avatars.remove(tx, user_id), base_url)
