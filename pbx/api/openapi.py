"""Writes docs/openapi.json from the table of routes: `python -m pbx.api.openapi`."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from http import HTTPStatus
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import JsonSchemaMode

from pbx.api.errors import BadRequest, NeedsUpgrade, NotJson, TooLong, Unauthorized, WrongHost
from pbx.api.problems import STATUS, status_of
from pbx.api.route import JSON, Route
from pbx.api.routes import ROUTES
from pbx.contract.base import Schema
from pbx.contract.resources import Problem
from pbx.errors import PbxError

TARGET = Path(__file__).parents[2] / "docs" / "openapi.json"

ALWAYS: tuple[type[PbxError], ...] = (BadRequest, Unauthorized, WrongHost)
"""Any request may be refused with these."""

Object = dict[str, Any]
Key = tuple[str, JsonSchemaMode]


def document(routes: Sequence[Route] = ROUTES) -> Object:
    """The OpenAPI 3.1 description of the routes."""
    schemas, named = _schemas(routes)
    paths: dict[str, Object] = {}
    for route in routes:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route, named)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Comptoir control API",
            "version": "1",
            "description": _ABOUT,
            "license": {"name": "GPL-3.0-or-later", "identifier": "GPL-3.0-or-later"},
        },
        "servers": [{"url": "http://127.0.0.1:8089", "description": "Settings: [api] listen and port"}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "responses": {
                "Problem": {
                    "description": "Why the request was refused",
                    "content": {JSON: {"schema": named["Problem", "serialization"]}},
                }
            },
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "description": "The setting api.token."}
            },
        },
    }


_ABOUT = (
    "Commands to the telephone system and its events, on loopback. Commands name the acting agent in the header "
    "Comptoir-Actor. A refusal is a Problem: `id` is stable, `detail` says what, where and what to do.\n\n"
    "Events: take a snapshot, connect to /v1/events with its number as `since`, fold every Envelope. After a "
    "Reset, or when `boot` or the sequence does not follow, take a snapshot again. The stream closes with 4001 "
    "when a client reads too slowly, 4002 when the process stops, 4003 when the client sends a message."
)


def text() -> str:
    """The file's content."""
    return json.dumps(document(), indent=2, ensure_ascii=False) + "\n"


def _schemas(routes: Sequence[Route]) -> tuple[Object, Mapping[Key, Object]]:
    """All schemas in one place, and how each type is referred to."""
    inputs: list[tuple[str, JsonSchemaMode, TypeAdapter[Any]]] = [
        ("Problem", "serialization", TypeAdapter(Problem))
    ]
    for route in routes:
        if route.body is not None:
            inputs.append((route.name, "validation", TypeAdapter(route.body)))
        if route.answer is not None and (route.content_type == JSON):
            inputs.append((route.name, "serialization", TypeAdapter(route.answer)))
    named, definitions = TypeAdapter.json_schemas(inputs, ref_template="#/components/schemas/{model}")
    return definitions["$defs"], named


def _operation(route: Route, named: Mapping[Key, Object]) -> Object:
    operation: Object = {
        "operationId": route.name,
        "summary": route.summary,
        "parameters": list(_parameters(route)),
        "responses": _responses(route, named),
    }
    if route.body is not None:
        required = any(one.is_required() for one in route.body.model_fields.values())
        operation["requestBody"] = {
            "required": required,
            "content": {JSON: {"schema": named[route.name, "validation"]}},
        }
    return operation


def _parameters(route: Route) -> Iterator[Object]:
    for name in re.findall(r"{(\w+)}", route.path):
        yield {"name": name, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
    if route.query is not None:
        yield from _query_parameters(route.query)
    if route.actor:
        yield {
            "name": "Comptoir-Actor", "in": "header", "required": True, "description": "The acting agent's id.",
            "schema": {"type": "string", "minLength": 1, "maxLength": 64},
        }  # fmt: skip


def _query_parameters(query: type[Schema]) -> Iterator[Object]:
    for name, schema in query.model_json_schema()["properties"].items():
        yield {"name": name, "in": "query", "required": False, "schema": _without_null(schema)}


def _without_null(schema: Object) -> Object:
    """A parameter that is not there is left out; null is no value of it."""
    choices = [one for one in schema.get("anyOf", ()) if one != {"type": "null"}]
    return choices[0] if len(choices) == 1 else {k: v for k, v in schema.items() if k != "title"}


def _responses(route: Route, named: Mapping[Key, Object]) -> Object:
    responses = dict([_success(route, named)])
    for error in errors_of(route):
        status = str(status_of(error).value)
        said = f"{error.id}: {_title(error)}"
        before = responses.get(status)
        responses[status] = _problem(f"{before['description']}; {said}" if before else said)
    responses["default"] = _problem("api.unexpected: something went wrong")
    return dict(sorted(responses.items()))


def errors_of(route: Route) -> tuple[type[PbxError], ...]:
    """Everything the route may be refused with."""
    found = [*ALWAYS, *route.errors]
    if route.method != "GET":
        found += [NotJson, TooLong]
    if route.stream:
        found.append(NeedsUpgrade)
    return tuple(dict.fromkeys(found))


def _success(route: Route, named: Mapping[Key, Object]) -> tuple[str, Object]:
    if route.stream:
        said = "A WebSocket; each text message is a Reset or an Envelope"
        return "101", {"description": said, "content": {JSON: {"schema": named[route.name, "serialization"]}}}
    if route.answer is None:
        return "204", {"description": HTTPStatus.NO_CONTENT.phrase}
    if route.content_type != JSON:
        return "200", {
            "description": "OK", "content": {route.content_type.partition(";")[0]: {"schema": {"type": "string"}}}
        }  # fmt: skip
    return "200", {"description": "OK", "content": {JSON: {"schema": named[route.name, "serialization"]}}}


def _problem(description: str) -> Object:
    return {"$ref": "#/components/responses/Problem", "description": description}


def _title(error: type[PbxError]) -> str:
    return next(STATUS[base][1] for base in error.__mro__ if base in STATUS).lower()


if __name__ == "__main__":
    TARGET.write_text(text(), "utf-8")
