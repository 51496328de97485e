"""Every refusal of the API, as RFC 9457 problem+json that says who must act.

`who` is `asker` (the request is wrong: ask differently) or `office` (the request is right: ask
again later, the office must repair itself). Details never carry a stack, a path or a query.
"""

from collections.abc import Callable, Sequence
from typing import Any, Final, Literal

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from sqlalchemy.exc import DBAPIError
from starlette.exceptions import HTTPException

from controller.fault_desk import NoSuchFault
from controller.identity.states import NoSuchKiosk
from controller.jobs.refused import MISSING, NOT_NOW, Refused
from controller.words import BadQuestion

MEDIA_TYPE: Final = "application/problem+json"
_ASKERS_LAST = 499
_TITLES: Final = {
    400: ("bad-request", "The request cannot be understood"),
    401: ("nobody", "Nobody is logged in"),
    403: ("not-yours", "This is not for whoever asks"),
    404: ("not-found", "There is no such thing"),
    405: ("not-allowed", "This cannot be done here"),
    409: ("not-now", "Things are not so that this could be done"),
    413: ("too-large", "The request is too large"),
    415: ("media-type", "The request is not JSON"),
    421: ("wrong-host", "The office does not go by this name"),
    422: ("bad-question", "The question has a word nobody knows"),
    429: ("too-often", "This was tried too often"),
    500: ("mistake", "The office made a mistake"),
    503: ("database-away", "The database does not answer"),
}


class Fault(BaseModel):
    """One thing that is wrong with the request."""

    field: str = Field(description="Where it stands, e.g. `query.state`.", examples=["query.state"])
    message: str = Field(examples=["'red' is not one of fail, offline, warn, unknown, ok, never"])


class Problem(BaseModel):
    """RFC 9457 problem details."""

    type: str = Field(examples=["urn:anjungan:problem:bad-question"])
    title: str = Field(examples=["The question has a word nobody knows"])
    status: int = Field(examples=[422])
    detail: str = Field(examples=["state: 'red' is not one of fail, offline, warn"])
    who: Literal["asker", "office"] = Field(description="Who must act.", examples=["asker"])
    errors: list[Fault] = Field(default=[], description="Each thing that is wrong, if several.")


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """For a route's `responses`: the problems it may answer with."""
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {status: {"description": _TITLES[status][1], "content": content} for status in statuses}


def problem(status: int, detail: str, errors: Sequence[Fault] = ()) -> JSONResponse:
    kind, title = _TITLES.get(status, ("refused", "The request was refused"))
    told = Problem(
        type=f"urn:anjungan:problem:{kind}",
        title=title,
        status=status,
        detail=detail,
        who="asker" if status <= _ASKERS_LAST else "office",
        errors=list(errors),
    )
    return JSONResponse(told.model_dump(), status, media_type=MEDIA_TYPE)


def install(app: FastAPI) -> None:
    """Every exception a route may raise, answered."""
    handlers: dict[type[Exception], Callable[[Request, Exception], JSONResponse]] = {
        RequestValidationError: _invalid,
        BadQuestion: _bad_question,
        NoSuchFault: _no_such_fault,
        NoSuchKiosk: _no_such_kiosk,
        Refused: _refused,
        HTTPException: said,
        DBAPIError: _database,
        Exception: _mistake,
    }
    for kind, handler in handlers.items():
        app.add_exception_handler(kind, handler)


def _invalid(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    errors = [
        Fault(field=".".join(str(part) for part in one["loc"])[:200], message=one["msg"][:300])
        for one in error.errors()[:20]
    ]
    first = errors[0] if errors else Fault(field="", message="invalid")
    return problem(422, f"{first.field}: {first.message}", errors)


def _bad_question(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, BadQuestion)
    return problem(422, str(error), [Fault(field=error.field, message=str(error))])


def _no_such_fault(_request: Request, error: Exception) -> JSONResponse:
    return problem(404, f"no fault {error}")


def _no_such_kiosk(_request: Request, error: Exception) -> JSONResponse:
    return problem(404, f"no kiosk {str(error)[:80]}")


def _refused(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, Refused)
    status = 404 if error.code == MISSING else 409 if error.code in NOT_NOW else 422
    if error.code == "power":
        status = 403
    return problem(status, error.why[:300], [Fault(field=error.code, message=error.why[:300])])


def said(_request: Request, error: Exception) -> JSONResponse:
    """Of an HTTPException its status, its words and its headers."""
    assert isinstance(error, HTTPException)
    answer = problem(error.status_code, str(error.detail)[:300])
    answer.headers.update(error.headers or {})
    return answer


def _database(_request: Request, _error: Exception) -> JSONResponse:
    return problem(503, "the office's database cannot be used now: ask again in a moment")


def _mistake(_request: Request, _error: Exception) -> JSONResponse:
    return problem(500, "the office's log says more")
