"""
The API's description: OpenAPI, and Swagger UI to read it with, all served from here.
"""

from functools import cache
from importlib.resources import files
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.openapi.utils import get_openapi
from fastapi.responses import HTMLResponse, JSONResponse, Response

from calendo.errors import NotFound

router = APIRouter(prefix="/api", include_in_schema=False)

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Calendo API</title>
<link rel="stylesheet" href="docs/swagger-ui.css">
</head>
<body>
<div id="swagger-ui"></div>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/start.js"></script>
</body>
</html>
"""
_START = """SwaggerUIBundle({
  url: "openapi.json",
  dom_id: "#swagger-ui",
  deepLinking: true,
  docExpansion: "list",
  defaultModelsExpandDepth: 0,
  validatorUrl: null,
});
"""
_CONTENT_SECURITY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_ASSETS = {"swagger-ui.css": "text/css", "swagger-ui-bundle.js": "text/javascript"}
_ABOUT = """\
Times in answers are UTC, written `2026-03-10 14:00:00`; flags are 0 and 1. Errors look like
`{"error": "...", "code": "..."}`, and `code` is stable. Every answer carries `X-RateLimit-Limit`,
`X-RateLimit-Remaining` and `X-RateLimit-Reset`.
"""


@router.get("/openapi.json")
async def openapi(request: Request) -> JSONResponse:
    """
    Return the API's description.
    """
    return JSONResponse(request.app.openapi())


@router.get("/docs")
async def docs() -> HTMLResponse:
    """
    Show the API's description for reading and trying.
    """
    return HTMLResponse(_PAGE, headers={"Content-Security-Policy": _CONTENT_SECURITY})


@router.get("/docs/{asset}")
def docs_asset(asset: str) -> Response:
    """
    Return a part of the docs page.
    """
    if asset == "start.js":
        return Response(_START, media_type="text/javascript")
    if asset not in _ASSETS:
        raise NotFound
    return Response(
        _asset(asset), media_type=_ASSETS[asset], headers={"Cache-Control": "public, max-age=86400"}
    )


def describe(app: FastAPI) -> dict[str, Any]:
    """
    Build the OpenAPI document; it says 400 where FastAPI would say 422.
    """
    if app.openapi_schema is None:
        schema = get_openapi(title=app.title, version=app.version, description=_ABOUT, routes=app.routes)
        for path in schema["paths"].values():
            for operation in path.values():
                operation["responses"].pop("422", None)
        for unused in ("HTTPValidationError", "ValidationError"):
            schema["components"]["schemas"].pop(unused, None)
        app.openapi_schema = schema
    return app.openapi_schema


@cache
def _asset(name: str) -> bytes:
    # fastapi-offline is a package that carries a current Swagger UI; only its
    # files are used.
    return files("fastapi_offline").joinpath("static", name).read_bytes()
