"""
The API's description: OpenAPI, and Swagger UI to read it with, all served from here.
"""

from functools import cache
from http import HTTPStatus
from importlib.resources import files
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.openapi.utils import get_openapi
from fastapi.responses import HTMLResponse, JSONResponse, Response
from fastapi.routing import APIRoute

from calendo.errors import InvalidInput, NotFound

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
`X-RateLimit-Remaining` and `X-RateLimit-Reset`. Programs send an API key in the `X-API-Key` header;
browsers send the cookie that logging in sets.
"""
_TAGS = [
    {"name": "Auth", "description": "Sign up, log in, and your own profile."},
    {"name": "Event types", "description": "The meetings you offer."},
    {"name": "Availability", "description": "When you can be met, and which slots that leaves."},
    {"name": "Bookings", "description": "Invitees book a slot; hosts confirm, move, decline and cancel."},
    {"name": "Booking page", "description": "Your public page: its settings, and what everybody sees."},
    {"name": "API keys", "description": "For programs that act as you."},
    {"name": "Webhooks", "description": "Where your programs want to hear of bookings."},
    {"name": "AI chat", "description": "The scheduling assistant of a booking page."},
]
_RATE_LIMIT_HEADERS = {
    "X-RateLimit-Limit": "How many calls a window takes",
    "X-RateLimit-Remaining": "How many are left in this window",
    "X-RateLimit-Reset": "When the window ends, in seconds since 1970",
}


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


def operation_id(route: APIRoute) -> str:
    """
    Name an operation as its function is named, for the clients that are made from the description.
    """
    return route.name


def describe(app: FastAPI) -> dict[str, Any]:
    """
    Build the OpenAPI document: FastAPI's, with what holds for every operation put in.
    """
    if app.openapi_schema is None:
        document = get_openapi(
            title=app.title,
            version=app.version,
            description=_ABOUT,
            routes=app.routes,
            tags=_TAGS,
        )
        components = document["components"]
        components["headers"] = {
            name: {"description": text, "required": True, "schema": {"type": "integer", "minimum": 0}}
            for name, text in _RATE_LIMIT_HEADERS.items()
        }
        for unused in ("HTTPValidationError", "ValidationError"):
            components["schemas"].pop(unused, None)
        for model in components["schemas"].values():
            for example in model.get("examples", ()):
                # FastAPI drops nulls, and with them whole fields of the examples.
                example.update(dict.fromkeys(model.get("required", [])) | example)
        for path in document["paths"].values():
            for operation in path.values():
                _complete(operation, components["schemas"])
        app.openapi_schema = _with_whole_numbers(document)
    return app.openapi_schema


def _complete(operation: dict[str, Any], models: dict[str, Any]) -> None:
    # Input that is not valid is answered with 400, never with FastAPI's 422.
    operation["responses"].pop("422", None)
    contents = [operation.get("requestBody", {}).get("content", {})]
    for status, response in operation["responses"].items():
        response.setdefault("headers", {}).update(
            {name: {"$ref": f"#/components/headers/{name}"} for name in _RATE_LIMIT_HEADERS}
        )
        if int(status) < InvalidInput.status:
            response["description"] = HTTPStatus(int(status)).phrase
            contents.append(response["content"])
    for content in contents:
        for kind, media in content.items():
            if kind == "application/json" and "example" not in media:
                media["example"] = _example_of(media["schema"], models)


def _example_of(schema: dict[str, Any], models: dict[str, Any]) -> Any:
    if schema.get("type") == "array":
        return [_example_of(schema["items"], models)]
    # A body that may be left out is described as its model or null.
    model = schema.get("anyOf", [schema])[0].get("$ref", "").rpartition("/")[2]
    return next(iter(models.get(model, {}).get("examples", ())), None)


def _with_whole_numbers(part: Any) -> Any:
    # FastAPI reads every bound as a float, and 720.0 minutes look odd.
    if isinstance(part, dict):
        return {name: _with_whole_numbers(value) for name, value in part.items()}
    if isinstance(part, list):
        return [_with_whole_numbers(value) for value in part]
    return int(part) if isinstance(part, float) and part.is_integer() else part


@cache
def _asset(name: str) -> bytes:
    # fastapi-offline is a package that carries a current Swagger UI; only its
    # files are used.
    return files("fastapi_offline").joinpath("static", name).read_bytes()
