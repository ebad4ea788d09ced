"""The composition root of the pages: the only file that names concrete classes."""

from dataclasses import dataclass
from datetime import timedelta

from flask import Flask
from flask.logging import default_handler
from flask_socketio import SocketIO
from flask_wtf.csrf import CSRFProtect
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.middleware.proxy_fix import ProxyFix

from agent_ui.assets import Assets
from agent_ui.carts.codes import CodeGuard, CodeJoining
from agent_ui.carts.connected import ConnectedShops
from agent_ui.carts.editing import CartEditing
from agent_ui.carts.live import LiveCarts
from agent_ui.carts.reading import CartFiles
from agent_ui.cobrowse import routes as cobrowse_routes
from agent_ui.cobrowse.composition import Cobrowse, new_cobrowse
from agent_ui.cobrowse.desks import welcomer
from agent_ui.cobrowse.helpers import Helpers
from agent_ui.cobrowse.viewing import create_viewer_app
from agent_ui.connectors import ConnectorInbox, DeliveryGuard
from agent_ui.control.port import Control
from agent_ui.customer_files import CustomerFiles
from agent_ui.desk import Desk
from agent_ui.logins.guard import SignInGuard
from agent_ui.logins.passwords import Passwords
from agent_ui.pages import calls, connectors, desk, health, me, recordings, refusals, softphone, users
from agent_ui.pages import carts as carts_pages
from agent_ui.pages import session as session_pages
from agent_ui.pages.language import template_values
from agent_ui.realtime.broadcast import Broadcast
from agent_ui.realtime.feed import Feed, Listeners
from agent_ui.realtime.pages import OpenPages
from agent_ui.realtime.sockets import Sockets, emitter, new_socketio
from agent_ui.recordings.archive import Archive
from agent_ui.recordings.watches import Watches
from agent_ui.security import add_headers
from agent_ui.softphone import Softphones
from agent_ui.storage import Storage
from agent_ui.texts import Texts
from agent_ui.timeline.live import Timelines
from agent_ui.visitors.codes import Codes
from agent_ui.visitors.registry import Visitors
from agent_ui.widget import routes as widget_routes
from agent_ui.widget.callbacks import VisitorCallbacks
from agent_ui.widget.contacts import VisitorCalls, greeting
from agent_ui.widget.files import WidgetFiles
from agent_ui.widget.limits import Throttle
from agent_ui.widget.live import LivePages
from agent_ui.widget.parts import Widget, widget_texts
from agent_ui.widget.sites import SiteDirectory
from agent_ui.widget.status import QueueStatuses
from agent_ui.widget.tokens import VisitorTokens
from agent_ui.windows import Windows
from agent_ui.wiring import EXTENSION, Services
from agent_ui.workers import Workers
from config.settings import Settings, WebSettings
from orders.adapters.connectors.opening import abilities_of, is_trial, open_connector
from orders.adapters.numbers import PhoneNumberParser
from orders.adapters.sql.unit_of_work import SqlUnitOfWork
from orders.model.pricing import usual_rules

DATABASE_WORKERS = 8
SHOP_WORKERS = 8
CONTROL_WORKERS = 16
WIDGET_WORKERS = 2
CONNECTOR_WORKERS = 4
FILE_WORKERS = 4
LARGEST_BODY = 64 * 1024

BLUEPRINTS = (
    session_pages.blueprint,
    desk.blueprint,
    calls.blueprint,
    me.blueprint,
    softphone.blueprint,
    users.blueprint,
    health.blueprint,
    widget_routes.blueprint,
    cobrowse_routes.blueprint,
    carts_pages.blueprint,
    connectors.blueprint,
    recordings.blueprint,
)


@dataclass(frozen=True)
class Web:
    """An app with its parts, and the mirror's viewer, an app of its own.

    Nothing runs until `feed` and `sockets` are started.
    """

    app: Flask
    viewer: Flask
    socketio: SocketIO
    feed: Feed
    sockets: Sockets
    carts: LiveCarts
    cobrowse: Cobrowse
    sites: SiteDirectory


def create_app(
    settings: Settings,
    control: Control,
    sessions: sessionmaker[Session],
    *,
    passwords: Passwords | None = None,
    guard: SignInGuard | None = None,
    assets: Assets | None = None,
) -> Web:
    """Put the pages together around a control API and a database."""
    app = _flask(settings.web)
    socketio = new_socketio(app)
    storage = Storage(sessions, Workers(DATABASE_WORKERS))
    control_workers, pages = Workers(CONTROL_WORKERS), OpenPages()
    visitors = Visitors(Codes(settings.widget.code_ttl), settings.widget.visitor_ttl)
    shop_workers, rules, emit = Workers(SHOP_WORKERS), usual_rules(), emitter(socketio)
    connector_workers = Workers(CONNECTOR_WORKERS)
    customers = CustomerFiles(lambda: SqlUnitOfWork(sessions), PhoneNumberParser(), rules)
    cart_files = CartFiles(lambda: SqlUnitOfWork(sessions), customers, rules, abilities_of)
    timelines = Timelines(emit, storage)
    carts = LiveCarts(
        cart_files, shop_workers, visitors, emit, lambda: feed.live, timelines,
        ordered=lambda contact_id: broadcast.file_changed(contact_id),
    )  # fmt: skip
    visitors.subscribe(carts.visitor_changed)
    files = Desk(customers, control, shop_workers, control_workers, carts, visitors, timelines)
    broadcast = Broadcast(emit, files, pages.agents)
    helpers = Helpers(visitors, settings.cobrowse.keep_replays)
    feed = Feed(control, control_workers, Listeners((broadcast, VisitorCalls(visitors), helpers, timelines)))
    cobrowse = new_cobrowse(settings, feed, visitors, control, control_workers, storage, socketio, timelines)
    sockets = Sockets(socketio, pages, broadcast, storage, welcomer(socketio, cobrowse.parts.sessions))
    widget = _widget(settings, control, control_workers, sessions, visitors, feed, helpers)

    def drop_pages(ended: frozenset[str]) -> None:
        sockets.drop(ended)
        cobrowse.parts.sessions.drop(ended)

    services = app.extensions[EXTENSION] = Services(
        settings=settings,
        control=control,
        control_workers=control_workers,
        storage=storage,
        passwords=passwords or Passwords(),
        guard=guard or SignInGuard(),
        softphones=Softphones(),
        desk=files,
        feed=feed,
        drop_pages=drop_pages,
        texts=Texts.shipped(),
        visitors=visitors,
        carts=carts,
        timelines=timelines,
        cart_files=cart_files,
        cart_editing=CartEditing(
            lambda publish: SqlUnitOfWork(sessions, publish),
            shop_workers,
            carts,
            visitors,
            rules.shipping_fee.currency,
        ),
        code_joining=CodeJoining(visitors, control, control_workers, CodeGuard()),
        shop_workers=shop_workers,
        connector_inbox=ConnectorInbox(
            lambda: SqlUnitOfWork(sessions), open_connector, is_trial, connector_workers
        ),
        delivery_guard=DeliveryGuard(Windows()),
        connected_shops=ConnectedShops(
            lambda: SqlUnitOfWork(sessions), open_connector, connector_workers, visitors
        ),
        cobrowse=cobrowse.parts,
        archive=Archive(
            control,
            control_workers,
            storage,
            settings,
            live=lambda: feed.live,
            names=lambda ids: shop_workers.run(customers.names, ids),
        ),
        watches=Watches(),
        file_workers=Workers(FILE_WORKERS),
        widget=widget,
        assets=assets or Assets(),
    )
    return Web(app, create_viewer_app(services), socketio, feed, sockets, carts, cobrowse, widget.sites)


def _widget(
    settings: Settings,
    control: Control,
    workers: Workers,
    sessions: sessionmaker[Session],
    visitors: Visitors,
    feed: Feed,
    helpers: Helpers,
) -> Widget:
    def greet(visitor: str) -> dict[str, object]:
        return {**greeting(visitor, feed.live), **helpers.greeting(visitor, feed.live)}

    tokens = VisitorTokens(settings.widget.token_secret, settings.widget.visitor_ttl)
    sites = SiteDirectory(lambda: SqlUnitOfWork(sessions), Workers(WIDGET_WORKERS))
    return Widget(
        sites=sites,
        tokens=tokens,
        throttle=Throttle(settings.widget),
        statuses=QueueStatuses(control, workers),
        callbacks=VisitorCallbacks(),
        pages=LivePages(visitors, tokens, sites, greet),
        numbers=PhoneNumberParser(),
        texts=widget_texts(),
        files=WidgetFiles(),
    )


def _flask(settings: WebSettings) -> Flask:
    app = Flask("agent_ui")
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_NAME="comptoir",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        PERMANENT_SESSION_LIFETIME=timedelta(seconds=settings.session_lifetime),
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
        MAX_CONTENT_LENGTH=LARGEST_BODY,
    )
    # Flask's own handler writes to the server, which logs here again. Where logs go is config.logging's to say.
    app.logger.removeHandler(default_handler)
    csrf = CSRFProtect(app)
    csrf.exempt(widget_routes.blueprint)
    csrf.exempt(connectors.blueprint)
    refusals.register(app)
    app.after_request(add_headers)
    app.context_processor(template_values)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    return app
