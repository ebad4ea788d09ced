"""What the shop's answers say to the browser about security."""

from collections.abc import Callable

from flask import request
from werkzeug.wrappers import Response

from agent_ui.shop.origins import Origins

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(self), geolocation=(), payment=()",
}
"""Microphone and camera are for the widget's calls."""

_UNCHANGING = "public, max-age=31536000, immutable"


def content_security_policy(origins: Origins, host: str) -> str:
    """Own files, the widget from the pages' origin, its connections, and the payment frame; nothing inline."""
    pages = origins.pages(host)
    live = pages.replace("http", "ws", 1)
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'self' {pages}",
            "style-src 'self'",
            "img-src 'self' data:",
            "font-src 'self'",
            f"media-src 'self' {pages} blob:",
            f"connect-src 'self' {pages} {live} {origins.sip(host)}",
            f"frame-src {origins.payment(host)}",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        )
    )


def headers_of(origins: Origins) -> Callable[[Response], Response]:
    """Adds the headers. Pages are a customer's own and not kept by caches; files have a version."""

    def add(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        policy = content_security_policy(origins, request.host)
        response.headers.setdefault("Content-Security-Policy", policy)
        if request.path.startswith("/static/") and request.args.get("v") and response.status_code == 200:
            response.headers["Cache-Control"] = _UNCHANGING
        elif not request.path.startswith(("/static/", "/picture/")):
            response.headers["Cache-Control"] = "no-store"
        return response

    return add
