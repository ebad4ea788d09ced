"""Bodies of calls, read as what they should be."""

from typing import TypeVar

from flask import request
from werkzeug.wrappers import Response

from pbx.contract.base import Schema

B = TypeVar("B", bound=Schema)


def body_as(wanted: type[B]) -> B:
    """The request's JSON body; an empty body is an empty object.

    Raises:
        pydantic.ValidationError: it is something else.
    """
    return wanted.model_validate_json(request.get_data() or b"{}")


def done() -> Response:
    """Nothing more to say."""
    return Response(status=204)


def answer(*views: Schema) -> list[dict[str, object]]:
    """Views as JSON values."""
    return [view.model_dump(mode="json") for view in views]
