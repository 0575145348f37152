"""
For whoever watches the server: does the process live, and is it ready for calls?
"""

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from sqlalchemy.exc import SQLAlchemyError

from calendo.db.schema import SchemaState, schema_state
from calendo.web.deps import Db

router = APIRouter(include_in_schema=False)


@router.get("/healthz")
async def healthz() -> dict[str, str]:
    """
    Answer as long as the process lives.
    """
    return {"status": "ok"}


@router.get("/readyz")
def readyz(db: Db) -> JSONResponse:
    """
    Answer 200 if the database can be reached and its schema is current, else 503.
    """
    try:
        state = schema_state(db)
    except SQLAlchemyError:
        return JSONResponse({"status": "unavailable", "reason": "The database cannot be reached."}, 503)
    if state is not SchemaState.CURRENT:
        return JSONResponse({"status": "unavailable", "reason": f"The schema is {state.value}."}, 503)
    return JSONResponse({"status": "ok"})
