"""What every answer says to the browser about security (OWASP Secure Headers)."""

from flask import request
from werkzeug.wrappers import Response

_DIRECTIVES = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "media-src": "'self'",
    "frame-src": "'none'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
"""No inline script or style. `data:` images: the favicon's badge is drawn by the page."""


def _policy(directives: dict[str, str]) -> str:
    return "; ".join(f"{name} {value}" for name, value in directives.items())


HEADERS = {
    "Content-Security-Policy": _policy(_DIRECTIVES),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
}

MICROPHONE = "camera=(), microphone=(self), geolocation=(), payment=()"

UNCHANGING = "public, max-age=31536000, immutable"
_CACHED = ("/static/", "/widget/v1/")
"""What says itself how long it may be kept."""


def shell_headers(viewer: str) -> dict[str, str]:
    """The headers of a page that embeds the viewer of customers' pages, which has the origin `viewer`."""
    return {"Content-Security-Policy": _policy(_DIRECTIVES | {"frame-src": viewer})}


def softphone_headers(viewer: str, edge: str) -> dict[str, str]:
    """The same for a page that is a telephone too: it may use the microphone and reach the SIP edge at `edge`."""
    policy = _policy(_DIRECTIVES | {"frame-src": viewer, "connect-src": f"'self' {edge}"})
    return {"Content-Security-Policy": policy, "Permissions-Policy": MICROPHONE}


def add_headers(response: Response) -> Response:
    """Add the headers. Pages and data are not kept by caches; built files have their hash in their name."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    built = request.path.startswith("/static/dist/assets/") and response.status_code == 200
    if built:
        response.headers["Cache-Control"] = UNCHANGING
    elif not request.path.startswith(_CACHED):
        response.headers["Cache-Control"] = "no-store"
    return response
