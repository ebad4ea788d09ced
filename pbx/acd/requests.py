"""Callbacks that are asked for in a shop's page, by somebody who is not on the line."""

from collections.abc import Callable

from pbx.acd import events
from pbx.acd.callbacks import Callbacks
from pbx.acd.contact import Contact
from pbx.acd.loop import Loop
from pbx.calls.dialing import Dialing
from pbx.calls.switchboard import new_id
from pbx.catalog import Catalog
from pbx.contract.commands import RequestCallback
from pbx.contract.resources import CallbackView
from pbx.errors import CallbackExists, NotDialable, NotFound, WrongState


class CallbackRequests:
    """Takes promises in and back. One number has one open promise, whatever the queue; `e164` reads numbers."""

    def __init__(
        self,
        loop: Loop,
        dialing: Dialing,
        callbacks: Callbacks,
        catalog: Callable[[], Catalog],
        e164: Callable[[str], str | None],
    ) -> None:
        self._loop = loop
        self._dialing = dialing
        self._callbacks = callbacks
        self._catalog = catalog
        self._e164 = e164

    def views(self) -> tuple[CallbackView, ...]:
        """All open promises, oldest first."""
        return self._callbacks.views()

    def view(self, callback: str) -> CallbackView:
        """An open one. Raises NotFound."""
        return self._callbacks.view(callback)

    def request(self, command: RequestCallback) -> CallbackView:
        """Promise a callback, at the place of one who joins the queue now. Raises NotFound (no such queue),
        NotDialable and CallbackExists."""
        if command.queue not in self._catalog().queues:
            raise NotFound("There is no such queue.", queue=command.queue)
        number = self._e164(command.number)
        if number is None or not self._dialing.can_call_back(number):
            raise NotDialable("This number cannot be called back: give another one.")
        if self._callbacks.promised(number):
            raise CallbackExists("This number is to be called back already.")
        contact = Contact(
            id=new_id(), queue=command.queue, customer=command.customer_id, number=number, callback=True
        )
        self._callbacks.note_request(contact, command)
        self._loop.later(events.ContactQueued(contact))
        return self._callbacks.view(contact.id)

    def cancel(self, callback: str) -> None:
        """It is not wanted any more. Raises NotFound, and WrongState while the customer is being called."""
        if self._callbacks.view(callback).state == "dialing":
            raise WrongState("This number is being called at this moment.", callback=callback)
        self._loop.tell(events.CallbackCanceled(callback))
