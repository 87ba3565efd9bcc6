"""How the API answers: JSON, and errors in the one shape that all have."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from ripeline.usecases.check import issue_records
from ripeline.usecases.handoffs_asked import whole
from ripeline.vocabulary.issues import DefinitionError, InputError
from ripeline.vocabulary.values import NUMBER

T = TypeVar("T")

Handler = Callable[[Request], Awaitable[Response]]
"""Answers requests of one route."""


class ApiError(Exception):
    """An answer that is an error."""

    def __init__(self, status: int, code: str, message: str) -> None:
        """Take HTTP's number, a stable word, and a sentence."""
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


def answer(record: object, status: int = 200) -> Response:
    """Return a record as JSON."""
    return Response(msgspec.json.encode(record, enc_hook=_plain), status, media_type="application/json")


@contextmanager
def lead_wanted() -> Iterator[None]:
    """Answer 404 where it turns out inside that nobody is the lead that was asked for."""
    try:
        yield
    except InputError as error:
        raise ApiError(404, "no_such_lead", str(error)) from error


async def body_as(request: Request, kind: type[T], wanted: str, *, may_be_empty: bool = False) -> T:
    """Return a request's body as what it is to say.

    wanted: what the message of its ApiError begins with where it says anything else. may_be_empty: nothing is as good
    as {}.
    """
    body = await request.body()
    try:
        return msgspec.json.decode(b"{}" if may_be_empty and not body.strip() else body, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ApiError(400, "bad_body", f"{wanted}: {error}") from error


def number_of(request: Request, name: str, usual: int) -> int:
    """Return a parameter that is a whole number."""
    try:
        return whole(request.query_params, name, usual)
    except InputError as error:
        raise ApiError(400, "bad_parameter", str(error)) from error


def seconds_of(request: Request, name: str, usual: float, most: float) -> float:
    """Return a parameter that is a time in seconds, such as 5s, and not longer than allowed."""
    text = request.query_params.get(name)
    if text is None:
        return usual
    if not NUMBER.fullmatch(text.removesuffix("s")):
        raise ApiError(400, "bad_parameter", f"{name} takes seconds, such as 5s")
    return min(float(text.removesuffix("s")), most)


def time_of(request: Request, name: str) -> str | None:
    """Return a time as it was meant: the plus of its zone is a blank in a query."""
    text = request.query_params.get(name)
    return text.replace(" ", "+") if text is not None and "T" in text else text


def _plain(value: object) -> object:
    return str(value)


async def _told(_: Request, error: Exception) -> Response:
    if not isinstance(error, ApiError):
        raise error
    return answer({"code": error.code, "message": error.message}, error.status)


async def _wrong_definition(_: Request, error: Exception) -> Response:
    if not isinstance(error, DefinitionError):
        raise error
    told = {"code": "wrong_definition", "message": str(error), "problems": issue_records(error.issues)}
    return answer(told, 422)


async def _input_error(_: Request, error: Exception) -> Response:
    return answer({"code": "bad_input", "message": str(error)}, 400)


async def no_such_route(_: Request, __: Exception) -> Response:
    """Answer where there is no such route."""
    return answer({"code": "no_such_route", "message": "there is nothing here; routes are listed in the docs"}, 404)


async def _wrong_method(_: Request, __: Exception) -> Response:
    return answer({"code": "wrong_method", "message": "this route takes another method"}, 405)


async def told_of_defect(_: Request, __: Exception) -> Response:
    """Answer that something of ours went wrong."""
    return answer(
        {"code": "defect", "message": "this is a defect of Ripeline or of its machine; its log says more"}, 500
    )


ERRORS = {
    ApiError: _told,
    DefinitionError: _wrong_definition,
    InputError: _input_error,
    404: no_such_route,
    405: _wrong_method,
    Exception: told_of_defect,
}
"""What is answered to each error."""
