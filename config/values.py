"""Turns a setting's written form into its value, or says what is allowed instead."""

from pathlib import Path
from typing import Any

from config.fields import Kind, Spec
from config.units import DURATION_FORM, SIZE_FORM, parse_duration, parse_size

WORDS = {
    "true": True,
    "yes": True,
    "on": True,
    "1": True,
    "false": False,
    "no": False,
    "off": False,
    "0": False,
}


class NotAllowed(ValueError):
    """The written form is not allowed; the text says what is."""


def from_toml(declared: Spec, raw: Any) -> Any:
    """Return the value of what stands in a TOML file. Raises NotAllowed."""
    value = _convert(declared, raw)
    _check_bounds(declared, value)
    _check_choice(declared, value)
    return value


def from_environment(declared: Spec, raw: str) -> Any:
    """Return the value of an environment variable: numbers, flags and lists are written as text there."""
    return from_toml(declared, _untext(declared.kind, raw.strip()))


def allowed(declared: Spec) -> str:
    """Say in words what the setting takes."""
    form = {
        Kind.TEXT: "a string",
        Kind.SECRET: "a string",
        Kind.PATH: "a path in quotes",
        Kind.LIST: "a list of strings",
        Kind.FLAG: "true or false",
        Kind.NUMBER: "a whole number",
        Kind.RATIO: "a number",
        Kind.DURATION: DURATION_FORM,
        Kind.SIZE: SIZE_FORM,
    }[declared.kind]
    if declared.choices:
        return "one of " + ", ".join(f'"{choice}"' for choice in declared.choices)
    limits = bounds(declared)
    return f"{form}, {limits}" if limits else form


def bounds(declared: Spec) -> str:
    """Say in words between which values the setting must be, or nothing."""
    unit = {Kind.DURATION: " s", Kind.SIZE: " bytes"}.get(declared.kind, "")
    low, high = declared.low, declared.high
    if low is not None and high is not None:
        return f"from {low:g}{unit} to {high:g}{unit}"
    if low:
        return f"at least {low:g}{unit}"
    return "" if high is None else f"at most {high:g}{unit}"


def _convert(declared: Spec, raw: Any) -> Any:
    kind = declared.kind
    try:
        if kind is Kind.DURATION:
            return parse_duration(_require(raw, str, int, float))
        if kind is Kind.SIZE:
            return parse_size(_require(raw, str, int))
        if kind is Kind.LIST:
            return tuple(_require(item, str) for item in _require(raw, list))
        if kind is Kind.PATH:
            return Path(_require(raw, str))
        if kind is Kind.RATIO:
            return float(_require(raw, int, float))
        return _require(raw, {Kind.NUMBER: int, Kind.FLAG: bool}.get(kind, str))
    except ValueError:
        raise NotAllowed(allowed(declared)) from None


def _require(raw: Any, *types: type) -> Any:
    """Return `raw` if it is of one of `types`; a bool is not an int here."""
    if isinstance(raw, types) and (bool in types or not isinstance(raw, bool)):
        return raw
    raise ValueError


def _untext(kind: Kind, raw: str) -> Any:
    if kind is Kind.LIST:
        return [item.strip() for item in raw.split(",") if item.strip()]
    if kind is Kind.FLAG:
        return WORDS.get(raw.lower(), raw)
    if kind in (Kind.NUMBER, Kind.RATIO):
        return _number(raw, int if kind is Kind.NUMBER else float)
    return raw


def _number(raw: str, kind: type[int] | type[float]) -> Any:
    try:
        return kind(raw)
    except ValueError:
        return raw


def _check_bounds(declared: Spec, value: Any) -> None:
    if declared.low is not None and value < declared.low:
        raise NotAllowed(allowed(declared))
    if declared.high is not None and value > declared.high:
        raise NotAllowed(allowed(declared))


def _check_choice(declared: Spec, value: Any) -> None:
    if declared.choices and value not in declared.choices:
        raise NotAllowed(allowed(declared))
