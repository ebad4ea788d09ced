"""A shop's pages on an origin of their own, under a strict content security policy, with the widget's script tag.

with ShopPages(lab) as shop:
    page.goto(shop.url("/"))
"""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from lab import Lab

from agent_ui.widget.files import WidgetFiles

HEAVY_CARDS = 3_000
CHROMIUM = "/usr/bin/chromium"

OPEN_ROOTS = """
const attach = Element.prototype.attachShadow;
Element.prototype.attachShadow = function (options) {
  window.__mode = options.mode;
  return (window.__root = attach.call(this, { ...options, mode: "open" }));
};
"""
"""Playwright cannot look into a closed root; tests that use what is inside open it, and remember what was asked."""


class ShopPages:
    """Serves them, and sets the site up. Pages: `/`, `/other`, `/heavy`, `/rtl`, `/loose` (no policy)."""

    def __init__(self, lab: Lab, site: str = "atelier", edge_port: int = 0) -> None:
        self._edge_port = edge_port or lab.ws_port
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._answers())
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        self.origin = f"http://shop.localhost:{self.port}"
        numbers = ("--number", "en=4000", "--number", "fr=4001", "--number", "pt=4002")
        printed = lab.run("site", "add", site, "--name", "Atelier", "--origin", self.origin, *numbers)
        self.key = printed.partition("Site key: ")[2].split()[0]
        self.pages = f"http://127.0.0.1:{lab.web_port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def url(self, path: str, host: str = "shop.localhost") -> str:
        return f"http://{host}:{self.port}{path}"

    def policy(self) -> str:
        """What docs/widget.md tells shops, and nothing else but the page's own picture and styles."""
        live = self.pages.replace("http", "ws", 1)
        edge = f"ws://127.0.0.1:{self._edge_port}"
        return "; ".join(
            (
                "default-src 'none'",
                f"script-src {self.pages}",
                f"connect-src {self.pages} {live} {edge}",
                "style-src 'self'",
                "base-uri 'none'",
                "form-action 'none'",
                "require-trusted-types-for 'script'",
                "trusted-types 'none'",
            )
        )

    def page(self, path: str, attributes: str) -> str:
        tag = WidgetFiles().tag(self.pages, self.key)
        assert tag is not None, "the widget is not built"
        direction = 'dir="rtl" lang="ar"' if path == "/rtl" else 'lang="en"'
        cards = HEAVY_CARDS if path == "/heavy" else 3
        things = "".join(f"<li><a href='/other'>Thing {n}</a> <b>{n}.00</b></li>" for n in range(cards))
        return (
            f"<!doctype html><html {direction}><head><meta charset='utf-8'><title>Atelier {path}</title>"
            "<meta name='viewport' content='width=device-width'><link rel='stylesheet' href='/hostile.css'>"
            f"{tag.replace('<script', f'<script {attributes}')}</head><body><h1>Atelier</h1>"
            f"<a id='next' href='/other'>Next page</a><ul>{things}</ul></body></html>"
        )

    def _answers(self) -> type[BaseHTTPRequestHandler]:
        pages = self

        class Answers(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                parts = urlsplit(self.path)
                query = {name: values[0] for name, values in parse_qs(parts.query).items()}
                styled = parts.path == "/hostile.css"
                attributes = " ".join(f'data-{name}="{value}"' for name, value in query.items())
                body = HOSTILE if styled else pages.page(parts.path, attributes)
                self.send_response(200)
                self.send_header("Content-Type", "text/css" if styled else "text/html; charset=utf-8")
                if parts.path != "/loose":
                    self.send_header("Content-Security-Policy", pages.policy())
                self.end_headers()
                self.wfile.write(body.encode())

            def log_message(self, *_: Any) -> None:
                """Nothing."""

        return Answers


HOSTILE = """
* { color: rgb(255, 0, 0) !important; font-size: 40px !important; }
button { display: none !important; }
comptoir-widget { display: none !important; inset: 0 !important; opacity: 0 !important; }
body { font-family: serif; }
"""
"""Styles that would ruin a widget without a shadow root; the page's own elements do get them."""
