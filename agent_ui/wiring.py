"""What the routes work with; put together in `agent_ui.app`, found through the Flask app."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from flask import current_app

from agent_ui.assets import Assets
from agent_ui.carts.codes import CodeJoining
from agent_ui.carts.connected import ConnectedShops
from agent_ui.carts.editing import CartEditing
from agent_ui.carts.live import LiveCarts
from agent_ui.carts.reading import CartFiles
from agent_ui.cobrowse.parts import CobrowseParts
from agent_ui.connectors import ConnectorInbox, DeliveryGuard
from agent_ui.control.port import Control
from agent_ui.desk import Desk
from agent_ui.logins.guard import SignInGuard
from agent_ui.logins.passwords import Passwords
from agent_ui.realtime.feed import Feed
from agent_ui.recordings.archive import Archive
from agent_ui.recordings.watches import Watches
from agent_ui.softphone import Softphones
from agent_ui.storage import Storage
from agent_ui.texts import Texts
from agent_ui.timeline.live import Timelines
from agent_ui.visitors.registry import Visitors
from agent_ui.widget.parts import Widget
from agent_ui.workers import Workers
from config.settings import Settings

EXTENSION = "comptoir"


@dataclass(frozen=True)
class Services:
    """One app's services. `drop_pages` disconnects the open pages of sessions that ended."""

    settings: Settings
    control: Control
    control_workers: Workers
    storage: Storage
    passwords: Passwords
    guard: SignInGuard
    softphones: Softphones
    desk: Desk
    feed: Feed
    drop_pages: Callable[[frozenset[str]], None]
    texts: Texts
    visitors: Visitors
    widget: Widget
    carts: LiveCarts
    timelines: Timelines
    cart_files: CartFiles
    cart_editing: CartEditing
    code_joining: CodeJoining
    shop_workers: Workers
    connector_inbox: ConnectorInbox
    delivery_guard: DeliveryGuard
    connected_shops: ConnectedShops
    cobrowse: CobrowseParts
    archive: Archive
    watches: Watches
    file_workers: Workers
    assets: Assets


def services() -> Services:
    """The services of the app that serves this request."""
    return cast(Services, current_app.extensions[EXTENSION])
