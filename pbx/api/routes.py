"""All of the control API, line by line: the server and docs/openapi.json are both made from this table."""

from pbx.api.participation import check_in_call
from pbx.api.route import Ask, Route
from pbx.api.schemas import (
    BanView,
    CdrQuery,
    Dialed,
    EventView,
    HealthView,
    QueueStatusQuery,
    RecordingsQuery,
    RegistrationView,
    StreamQuery,
)
from pbx.api.services import ApiServices
from pbx.contract.commands import (
    AcceptOffer,
    Conference,
    DeclineOffer,
    Dial,
    HangUp,
    JoinVisitor,
    RequestCallback,
    SendDigits,
    SetStatus,
    Transfer,
    WrapUp,
)
from pbx.contract.events import Envelope, Reset
from pbx.contract.resources import (
    CallbackView,
    CdrView,
    ContactView,
    DirectoryEntry,
    QueueStatus,
    RecordingView,
    Snapshot,
)
from pbx.errors import (
    CallbackExists,
    DatabaseAway,
    MediaError,
    NotAllowed,
    NotDialable,
    NotFound,
    Overloaded,
    Unreachable,
    WrongState,
)

IN_CALL = (NotFound, NotAllowed, WrongState, MediaError)
"""What every command on a live contact may be refused with."""

CALLING_OUT = (*IN_CALL, Unreachable, Overloaded)
"""And those that ring somebody."""


def _dial(services: ApiServices, ask: Ask) -> Dialed:
    if ask.actor != ask["agent"]:
        raise NotAllowed("Calls are placed from one's own phone only.", agent=ask["agent"])
    return Dialed(contact=services.dialer.dial(ask["agent"], ask.body))


def _pause_recording(services: ApiServices, ask: Ask) -> None:
    check_in_call(services.contact(ask["contact"]), ask.actor)
    services.recordings.pause(ask["contact"])


def _resume_recording(services: ApiServices, ask: Ask) -> None:
    check_in_call(services.contact(ask["contact"]), ask.actor)
    services.recordings.resume(ask["contact"])


ROUTES: tuple[Route, ...] = (
    # --- live -----------------------------------------------------------------------------------------------
    Route(
        method="GET", path="/v1/snapshot", name="snapshot",
        summary="Everything live, consistent with one event number",
        call=lambda s, ask: s.snapshot(), answer=Snapshot,
    ),
    Route(
        method="GET", path="/v1/events", name="events",
        summary="The event stream: a WebSocket that sends a Reset or Envelopes, one JSON text message each",
        call=lambda s, ask: None, query=StreamQuery, answer=Envelope | Reset, stream=True,
    ),
    Route(
        method="GET", path="/v1/contacts/{contact}", name="contact", summary="One live contact",
        call=lambda s, ask: s.contact(ask["contact"]), answer=ContactView, errors=(NotFound,),
    ),
    Route(
        method="GET", path="/v1/callbacks", name="callbacks", summary="The promised callbacks, oldest first",
        call=lambda s, ask: s.callbacks.views(), answer=tuple[CallbackView, ...],
    ),
    Route(
        method="POST", path="/v1/callbacks", name="request_callback",
        summary="Promise a callback to somebody who is not on the line; one number has one",
        call=lambda s, ask: s.callbacks.request(ask.body),
        body=RequestCallback, answer=CallbackView, errors=(NotFound, NotDialable, CallbackExists), actor=True,
    ),
    Route(
        method="GET", path="/v1/callbacks/{callback}", name="callback", summary="An open callback",
        call=lambda s, ask: s.callbacks.view(ask["callback"]), answer=CallbackView, errors=(NotFound,),
    ),
    Route(
        method="DELETE", path="/v1/callbacks/{callback}", name="cancel_callback",
        summary="The callback is not wanted any more",
        call=lambda s, ask: s.callbacks.cancel(ask["callback"]), errors=(NotFound, WrongState), actor=True,
    ),
    Route(
        method="GET", path="/v1/queues/{queue}/status", name="queue_status",
        summary="What somebody who calls now would meet: open or not, agents, callers, expected wait",
        call=lambda s, ask: s.queue_status(ask["queue"], ask.query.number),
        query=QueueStatusQuery, answer=QueueStatus, errors=(NotFound,),
    ),
    Route(
        method="GET", path="/v1/directory", name="directory", summary="Where calls can be transferred to",
        call=lambda s, ask: s.directory(), answer=tuple[DirectoryEntry, ...],
    ),
    # --- agents and offers ----------------------------------------------------------------------------------
    Route(
        method="PUT", path="/v1/agents/{agent}/status", name="set_status", summary="Choose an agent's status",
        call=lambda s, ask: s.desk.set_status(ask["agent"], ask.body),
        body=SetStatus, errors=(NotFound, WrongState), actor=True,
    ),
    Route(
        method="POST", path="/v1/agents/{agent}/dial", name="dial",
        summary="Call somebody: first the agent's own phone rings, then the target",
        call=_dial, body=Dial, answer=Dialed, errors=CALLING_OUT, actor=True,
    ),
    Route(
        method="POST", path="/v1/offers/{offer}/accept", name="accept_offer", summary="Accept an offer",
        call=lambda s, ask: s.desk.accept(ask["offer"], ask.actor, ask.body.device),
        body=AcceptOffer, errors=(NotFound, NotAllowed, WrongState, Unreachable), actor=True,
    ),
    Route(
        method="POST", path="/v1/offers/{offer}/decline", name="decline_offer", summary="Decline an offer",
        call=lambda s, ask: s.desk.decline(ask["offer"], ask.actor, ask.body.reason),
        body=DeclineOffer, errors=(NotFound, NotAllowed, WrongState), actor=True,
    ),
    # --- the call in hand -----------------------------------------------------------------------------------
    Route(
        method="POST", path="/v1/contacts/{contact}/hold", name="hold", summary="The customer hears music",
        call=lambda s, ask: s.calls.hold(ask["contact"], ask.actor), errors=IN_CALL, actor=True,
    ),
    Route(
        method="POST", path="/v1/contacts/{contact}/resume", name="resume", summary="End of the hold",
        call=lambda s, ask: s.calls.resume(ask["contact"], ask.actor), errors=IN_CALL, actor=True,
    ),
    Route(
        method="POST", path="/v1/contacts/{contact}/mute", name="mute", summary="Nobody hears the agent",
        call=lambda s, ask: s.calls.mute(ask["contact"], ask.actor, True), errors=IN_CALL, actor=True,
    ),
    Route(
        method="POST", path="/v1/contacts/{contact}/unmute", name="unmute", summary="The agent is heard again",
        call=lambda s, ask: s.calls.mute(ask["contact"], ask.actor, False), errors=IN_CALL, actor=True,
    ),
    Route(
        method="POST", path="/v1/contacts/{contact}/digits", name="send_digits",
        summary="Keys to everybody else in the call, as RFC 4733",
        call=lambda s, ask: s.calls.send_digits(ask["contact"], ask.actor, ask.body),
        body=SendDigits, errors=IN_CALL, actor=True,
    ),
    Route(
        method="POST", path="/v1/contacts/{contact}/transfer", name="transfer",
        summary="Transfer blind, or begin a consultation",
        call=lambda s, ask: s.calls.transfer(ask["contact"], ask.actor, ask.body),
        body=Transfer, errors=CALLING_OUT, actor=True,
    ),
    Route(
        method="POST", path="/v1/contacts/{contact}/transfer/complete", name="complete_transfer",
        summary="The consulted party takes the customer",
        call=lambda s, ask: s.calls.complete_transfer(ask["contact"], ask.actor),
        errors=IN_CALL, actor=True,
    ),
    Route(
        method="POST", path="/v1/contacts/{contact}/transfer/cancel", name="cancel_transfer",
        summary="End of the consultation, the customer comes back",
        call=lambda s, ask: s.calls.cancel_transfer(ask["contact"], ask.actor),
        errors=IN_CALL, actor=True,
    ),
    Route(
        method="POST", path="/v1/contacts/{contact}/conference", name="conference",
        summary="Everybody together: the consulted party or another one joins",
        call=lambda s, ask: s.calls.conference(ask["contact"], ask.actor, ask.body),
        body=Conference, errors=CALLING_OUT, actor=True,
    ),
    Route(
        method="POST", path="/v1/contacts/{contact}/hang-up", name="hang_up",
        summary="End the call, or let one participant go; a guest account leaves its own",
        call=lambda s, ask: s.calls.hang_up(ask["contact"], ask.actor, ask.body),
        body=HangUp, errors=IN_CALL, actor=True,
    ),
    Route(
        method="POST", path="/v1/contacts/{contact}/visitor", name="join_visitor",
        summary="The contact goes with a visitor's page",
        call=lambda s, ask: s.calls.join_visitor(ask["contact"], ask.actor, ask.body),
        body=JoinVisitor, errors=(NotFound, NotAllowed), actor=True,
    ),
    Route(
        method="POST", path="/v1/contacts/{contact}/away", name="away",
        summary="The page of the acting agent or guest account goes; the others hear music until it is back",
        call=lambda s, ask: s.absences.leave(ask["contact"], ask.actor),
        errors=(NotFound, NotAllowed), actor=True,
    ),
    Route(
        method="PUT", path="/v1/contacts/{contact}/wrap-up", name="wrap_up",
        summary="Keep disposition and note; end or extend the wrap-up",
        call=lambda s, ask: s.desk.wrap_up(ask["contact"], ask.actor, ask.body),
        body=WrapUp, errors=(NotFound, NotAllowed, WrongState), actor=True,
    ),
    Route(
        method="POST", path="/v1/contacts/{contact}/recording/pause", name="pause_recording",
        summary="Record silence until resumed",
        call=_pause_recording, errors=IN_CALL, actor=True,
    ),
    Route(
        method="POST", path="/v1/contacts/{contact}/recording/resume", name="resume_recording",
        summary="Record again",
        call=_resume_recording, errors=IN_CALL, actor=True,
    ),
    # --- records --------------------------------------------------------------------------------------------
    Route(
        method="GET", path="/v1/cdr", name="cdrs", summary="Call detail records, newest first",
        call=lambda s, ask: s.history.cdrs(ask.query),
        query=CdrQuery, answer=tuple[CdrView, ...], errors=(DatabaseAway,),
    ),
    Route(
        method="GET", path="/v1/cdr/{contact}", name="cdr", summary="One contact's record",
        call=lambda s, ask: s.history.cdr(ask["contact"]), answer=CdrView, errors=(NotFound, DatabaseAway),
    ),
    Route(
        method="GET", path="/v1/cdr/{contact}/events", name="cdr_events",
        summary="What happened to a contact, in order",
        call=lambda s, ask: s.history.events(ask["contact"]),
        answer=tuple[EventView, ...], errors=(NotFound, DatabaseAway),
    ),
    Route(
        method="GET", path="/v1/recordings", name="recordings", summary="Recordings and messages, newest first",
        call=lambda s, ask: s.history.recordings(ask.query),
        query=RecordingsQuery, answer=tuple[RecordingView, ...], errors=(DatabaseAway,),
    ),
    # --- running it -----------------------------------------------------------------------------------------
    Route(
        method="POST", path="/v1/reload", name="reload",
        summary="Read agents, phones, queues, numbers and flows again; no call is lost",
        call=lambda s, ask: s.reload(), errors=(DatabaseAway,), actor=True,
    ),
    Route(
        method="GET", path="/v1/health", name="health", summary="Whether the process can do its work",
        call=lambda s, ask: s.health(), answer=HealthView,
    ),
    Route(
        method="GET", path="/v1/bans", name="bans", summary="Whom the SIP edge keeps out",
        call=lambda s, ask: s.bans.list(), answer=tuple[BanView, ...],
    ),
    Route(
        method="DELETE", path="/v1/bans/{ban}", name="lift_ban", summary="End a ban",
        call=lambda s, ask: s.bans.lift(ask["ban"]), errors=(NotFound,), actor=True,
    ),
    Route(
        method="GET", path="/v1/registrations", name="registrations", summary="Where phones are registered",
        call=lambda s, ask: s.registrations(), answer=tuple[RegistrationView, ...],
    ),
    Route(
        method="GET", path="/metrics", name="metrics", summary="Figures in Prometheus's text format",
        call=lambda s, ask: s.metrics(), answer=str, content_type="text/plain; version=0.0.4; charset=utf-8",
    ),
)  # fmt: skip
