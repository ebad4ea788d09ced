"""A double of a WooCommerce shop: it replays records in the documented shape of REST API v3. Not WooCommerce.

It speaks the endpoints that the connector asks for, on loopback: paging with X-WP-Total and X-WP-TotalPages,
`modified_after`, Basic authentication, refusals and a busy shop's answers. The records are our own, written after
the public documentation of the API (woocommerce.github.io/woocommerce-rest-api-docs).
"""

import base64
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

KEY, SECRET, WEBHOOK_SECRET = "ck_of_the_double", "cs_of_the_double", "shared with the webhooks"
Row = dict[str, Any]


def billing(**part: Any) -> Row:
    """A billing address with every documented field."""
    return {
        "first_name": "Chloé",
        "last_name": "Fabre",
        "company": "",
        "address_1": "8 rue des Lilas",
        "address_2": "",
        "city": "Paris",
        "state": "",
        "postcode": "75011",
        "country": "FR",
        "email": "chloe.fabre@example.com",
        "phone": "06 39 98 12 34",
        **part,
    }


def customer(id_: int = 26, modified: str = "2026-03-01T09:30:00", **part: Any) -> Row:
    """A registered customer."""
    return {
        "id": id_,
        "date_created": "2026-01-05T10:00:00",
        "date_created_gmt": "2026-01-05T09:00:00",
        "date_modified": modified,
        "date_modified_gmt": modified,
        "email": "chloe.fabre@example.com",
        "first_name": "Chloé",
        "last_name": "Fabre",
        "role": "customer",
        "username": "chloe.fabre",
        "billing": billing(),
        "shipping": {**billing(), "phone": ""},
        "is_paying_customer": True,
        "avatar_url": "",
        "meta_data": [],
        **part,
    }


def product(id_: int = 799, modified: str = "2026-03-01T09:30:00", **part: Any) -> Row:
    """A simple product."""
    return {
        "id": id_,
        "name": "Carnet d’atelier",
        "type": "simple",
        "status": "publish",
        "date_created_gmt": "2026-01-02T08:00:00",
        "date_modified_gmt": modified,
        "sku": f"CAR-{id_}",
        "price": "14.90",
        "regular_price": "14.90",
        "sale_price": "",
        "manage_stock": True,
        "stock_quantity": 7,
        "stock_status": "instock",
        "variations": [],
        "attributes": [],
        **part,
    }


def line_item(**part: Any) -> Row:
    """A line of an order: net amounts, with their tax beside them."""
    return {
        "id": 315,
        "name": "Carnet d’atelier",
        "product_id": 799,
        "variation_id": 0,
        "quantity": 2,
        "tax_class": "",
        "subtotal": "24.83",
        "subtotal_tax": "4.97",
        "total": "24.83",
        "total_tax": "4.97",
        "taxes": [],
        "meta_data": [],
        "sku": "CAR-799",
        "price": 12.415,
        **part,
    }


def order(id_: int = 727, modified: str = "2026-03-01T09:30:00", **part: Any) -> Row:
    """An order of two notebooks, 29.80 and 5.90 for shipping, paid."""
    return {
        "id": id_,
        "parent_id": 0,
        "number": str(id_),
        "order_key": "wc_order_58d2d042d1d",
        "created_via": "checkout",
        "status": "processing",
        "currency": "EUR",
        "date_created": "2026-02-27T15:45:00",
        "date_created_gmt": "2026-02-27T14:45:00",
        "date_modified_gmt": modified,
        "discount_total": "0.00",
        "discount_tax": "0.00",
        "shipping_total": "4.92",
        "shipping_tax": "0.98",
        "cart_tax": "4.97",
        "total": "35.70",
        "total_tax": "5.95",
        "prices_include_tax": True,
        "customer_id": 26,
        "billing": billing(),
        "shipping": {**billing(), "address_1": "2 quai de la Rapée", "postcode": "75012", "phone": ""},
        "payment_method": "stripe",
        "payment_method_title": "Carte bancaire",
        "date_paid_gmt": "2026-02-27T14:46:00",
        "date_completed_gmt": None,
        "meta_data": [],
        "line_items": [line_item()],
        "tax_lines": [],
        "shipping_lines": [],
        "fee_lines": [],
        "coupon_lines": [],
        "refunds": [],
        "payment_url": "",
        **part,
    }


class WooCommerceDouble:
    """The shop's records, and how it behaves; `asked` are the requests, method and path with its query."""

    def __init__(self) -> None:
        self.records: dict[str, list[Row]] = {"customers": [], "products": [], "orders": []}
        self.variations: dict[int, list[Row]] = {}
        self.asked: list[str] = []
        self.made: list[Row] = []
        self.busy: list[tuple[int, dict[str, str]]] = []
        """Answers to give first: status and headers, one a request."""
        self.url = ""

    def answer(self, method: str, path: str, query: dict[str, list[str]], body: Row) -> tuple[int, Any, Any]:
        """Status, headers and body of an answer."""
        parts = path.strip("/").split("/")
        if path == "data/currencies/current":
            return 200, {}, {"code": "EUR", "name": "Euro", "symbol": "&euro;"}
        if method == "GET" and len(parts) == 3 and parts[2] == "variations":
            return self._page(self.variations.get(int(parts[1]), []), query)
        if method == "GET" and parts[0] in self.records:
            return self._page(self._wanted(parts[0], query), query)
        if method == "POST" and parts == ["orders"]:
            return self._make(body)
        return 404, {}, {"code": "rest_no_route", "message": "No route was found.", "data": {"status": 404}}

    def _wanted(self, kind: str, query: dict[str, list[str]]) -> list[Row]:
        rows = sorted(self.records[kind], key=lambda row: int(row["id"]))
        if since := query.get("modified_after"):
            rows = [row for row in rows if row["date_modified_gmt"] > since[0]]
        return rows

    def _page(self, rows: list[Row], query: dict[str, list[str]]) -> tuple[int, Any, Any]:
        page, size = int(query.get("page", ["1"])[0]), int(query.get("per_page", ["10"])[0])
        pages = max(1, -(-len(rows) // size))
        headers = {"X-WP-Total": str(len(rows)), "X-WP-TotalPages": str(pages)}
        return 200, headers, rows[(page - 1) * size : page * size]

    def _make(self, body: Row) -> tuple[int, Any, Any]:
        known = {int(row["id"]): row for row in self.records["products"]}
        total = 0
        for line in body["line_items"]:
            found = known.get(line["product_id"])
            if found is None:
                return 400, {}, {"code": "woocommerce_rest_invalid_product_id", "data": {"status": 400}}
            total += round(float(found["price"]) * 100) * line["quantity"]
        if body.get("coupon_lines"):
            total = total * 9 // 10
        made = {**order(900 + len(self.made), status="pending", date_paid_gmt=None), **self._open(total)}
        made["coupon_lines"] = body.get("coupon_lines", [])
        self.made.append({**made, "asked": body})
        return 201, {}, made

    def _open(self, total: int) -> Row:
        return {
            "total": f"{total / 100:.2f}",
            "payment_url": f"{self.url}/checkout/order-pay/900/?pay_for_order=true&key=wc_order_58d2d042d1d",
            "needs_payment": True,
        }


@contextmanager
def running(shop: WooCommerceDouble) -> Iterator[WooCommerceDouble]:
    """The double on a free port of loopback."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler_of(shop))
    shop.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield shop
    server.shutdown()
    server.server_close()
    thread.join()


def _handler_of(shop: WooCommerceDouble) -> type[BaseHTTPRequestHandler]:
    login = base64.b64encode(f"{KEY}:{SECRET}".encode()).decode()

    class Asked(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Nothing."""

        def _do(self) -> None:
            url = urlsplit(self.path)
            shop.asked.append(f"{self.command} {self.path.removeprefix('/wp-json/wc/v3/')}")
            length = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(length) or b"{}")
            if shop.busy:
                status, headers = shop.busy.pop(0)
                return self._say(status, headers, {"code": "busy"})
            if self.headers.get("Authorization") != f"Basic {login}":
                return self._say(401, {}, {"code": "woocommerce_rest_cannot_view", "data": {"status": 401}})
            path = url.path.removeprefix("/wp-json/wc/v3/")
            self._say(*shop.answer(self.command, path, parse_qs(url.query), body))

        do_GET = do_POST = _do  # noqa: N815 - the names that http.server looks for

        def _say(self, status: int, headers: dict[str, str], body: Any) -> None:
            content = json.dumps(body).encode()
            self.send_response(status)
            for name, value in {**headers, "Content-Type": "application/json"}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

    return Asked
