"""What every answer says to the browser about security (OWASP Secure Headers)."""

from flask import request
from werkzeug.wrappers import Response

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "media-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
"""No inline script or style. `data:` images: the favicon's badge is drawn by the page."""

HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
}

UNCHANGING = "public, max-age=31536000, immutable"
_CACHED = ("/static/", "/widget/v1/")
"""What says itself how long it may be kept."""


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
