"""From a request's bytes to what a route takes. Unknown fields are refused, so that a typing error is seen."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ValidationError

from pbx.api.errors import BadRequest, NotJson
from pbx.api.route import JSON, Route

ACTOR = re.compile(r"[\x21-\x7e]{1,64}")


def read_actor(route: Route, header: str | None) -> str:
    """The acting agent's id. Raises BadRequest when the route needs one."""
    if not route.actor:
        return ""
    if header is None or not ACTOR.fullmatch(header):
        raise BadRequest(
            "Name the acting agent in the header Comptoir-Actor (1 to 64 visible characters).",
            where="Comptoir-Actor",
        )
    return header


def read_body(route: Route, content_type: str | None, content: bytes) -> BaseModel | None:
    """The parsed body; an empty one counts as {}. Raises BadRequest and NotJson."""
    if content and (content_type or "").partition(";")[0].strip().lower() != JSON:
        raise NotJson(f"Send the body as {JSON}.", where="Content-Type")
    if route.body is None:
        if content.strip() not in (b"", b"{}"):
            raise BadRequest("This command takes no body: leave it out.", where="body")
        return None
    try:
        return route.body.model_validate_json(content or b"{}")
    except ValidationError as error:
        raise _refusal("body", error) from None


def read_query(route: Route, given: Mapping[str, Sequence[str]]) -> BaseModel | None:
    """The parsed query. Raises BadRequest."""
    for name, values in given.items():
        if route.query is None or name not in route.query.model_fields:
            raise BadRequest(f"This path takes no parameter {name[:40]!r}: leave it out.", where="query")
        if len(values) != 1:
            raise BadRequest(f"Give the parameter {name!r} once.", where=f"query.{name}")
    if route.query is None:
        return None
    try:
        return route.query.model_validate_strings({name: values[0] for name, values in given.items()})
    except ValidationError as error:
        raise _refusal("query", error) from None


def _refusal(part: str, error: ValidationError) -> BadRequest:
    """What is wrong, where, and what is allowed; never the value that was sent."""
    problems = error.errors(include_url=False, include_input=False)
    said = "; ".join(f"{_place(part, one['loc'])}: {one['msg']}" for one in problems[:5])
    return BadRequest(f"{said}. Correct it and send it again.", where=_place(part, problems[0]["loc"]))


def _place(part: str, location: tuple[Any, ...]) -> str:
    return ".".join([part, *(str(one)[:40] for one in location)])
