"""What a flow asks the shop and the web: each question as work to be done, with the answer if that fails."""

from collections.abc import Coroutine
from typing import Any

from twisted.internet.defer import CancelledError, Deferred
from twisted.logger import Logger

from ivr.actions import CallWebhook, LookupCustomer, LookupOrder
from ivr.events import Event, LookupFailed, WebhookFailed
from pbx.calls.services import Lookups, Webhooks

_log = Logger()

Question = LookupCustomer | LookupOrder | CallWebhook


async def answer(question: Question, lookups: Lookups, webhooks: Webhooks) -> Event:
    """The answer, which is a failure too when our own side makes a mistake: no caller waits for ever."""
    try:
        return await _work(question, lookups, webhooks)
    except CancelledError:
        raise
    except Exception:
        _log.failure("What a flow asked for failed")
        failed = WebhookFailed if isinstance(question, CallWebhook) else LookupFailed
        return failed(question.request, "error")


def _work(question: Question, lookups: Lookups, webhooks: Webhooks) -> Coroutine[Deferred[Any], Any, Event]:
    request = question.request
    if isinstance(question, LookupCustomer):
        if question.customer_id:
            return lookups.vouched_customer(request, question.customer_id)
        return lookups.customer(request, question.number)
    if isinstance(question, CallWebhook):
        return webhooks.call(request, question.url, question.method, question.body, question.timeout)
    if question.which == "latest" and question.customer_id:
        return lookups.latest_order(request, question.customer_id)
    return lookups.order(request, question.number or "", question.check or question.caller or "")
