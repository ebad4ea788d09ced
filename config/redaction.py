"""Takes personal data and secrets out of what is logged: by the field's name, and by form inside any text."""

import re
from collections.abc import Mapping
from typing import Any

HIDDEN = "[redacted]"

SENSITIVE = frozenset(
    (
        *("address", "city", "postal_code", "street"),
        *(
            "callee",
            "caller",
            "caller_name",
            "customer",
            "customer_name",
            "display_name",
            "from_user",
            "to_user",
        ),
        *("first_name", "full_name", "last_name", "name", "user", "username"),
        *("digits", "email", "number", "phone"),
        *("authorization", "cookie", "password", "secret", "token"),
    )
)
SUFFIXES = ("_email", "_number", "_password", "_phone", "_secret", "_token")

_RULES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\b(sips?):[^@\s<>;?]+@", re.IGNORECASE), r"\1:[user]@"),
    (re.compile(r"\btel:[^\s<>;,]+", re.IGNORECASE), "tel:[number]"),
    (re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+"), "[e-mail]"),
    (re.compile(r"[\w.+%-]+%40[\w-]+(?:\.[\w-]+)+", re.IGNORECASE), "[e-mail]"),
    (re.compile(r"%2B\d{7,15}(?!\d)", re.IGNORECASE), "[number]"),
    (re.compile(r"\+\d[\d ().-]{5,18}\d"), "[number]"),
    (re.compile(r"(?<![\w.:/-])\d{7,15}(?![\w:/-])"), "[number]"),
    (re.compile(r"(?<![\w.:/-])0\d(?:[ .-]\d{2}){4}(?!\w)"), "[number]"),
    (re.compile(r"(?<![\w.:/-])\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}(?!\w)"), "[number]"),
    (re.compile(r"\b(Bearer|Basic|Digest)\s+[^\s\[][^\r\n]*", re.IGNORECASE), rf"\1 {HIDDEN}"),
    (re.compile(r"(?<=://)[^/@\s:]+:[^/@\s]+@"), f"{HIDDEN}@"),
)


def redact_text(text: str) -> str:
    """Return `text` without phone numbers, e-mail addresses, the user part of SIP URIs, and credentials."""
    for pattern, replacement in _RULES:
        text = pattern.sub(replacement, text)
    return text


def redact_field(name: str, value: Any) -> Any:
    """Return what may be logged of a field; a number passes unless the field's name is sensitive."""
    if is_sensitive(name):
        return HIDDEN
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, Mapping):
        return redact_fields({str(key): item for key, item in value.items()})
    return redact_text(str(value))


def redact_fields(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Redact every field."""
    return {name: redact_field(name, value) for name, value in fields.items()}


def is_sensitive(name: str) -> bool:
    """Whether a field of this name holds personal data or a secret."""
    name = name.lower()
    return name in SENSITIVE or name.endswith(SUFFIXES)
