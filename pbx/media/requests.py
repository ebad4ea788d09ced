"""Parameters for pjsua2's calls: what we ask of it, from plain values."""

import pjsua2 as pj

from pbx.calls.ports import DialTarget
from pbx.media import library, message

_SUBSCRIPTION_SECONDS = 60
_DTMF_MS = 160


def operation(status: int = 0) -> pj.CallOpParam:
    """One audio stream and nothing else, so that no m=text or m=video line is offered."""
    parameter = pj.CallOpParam(True)
    parameter.opt.audioCount = 1
    parameter.opt.videoCount = parameter.opt.textCount = 0
    if status:
        parameter.statusCode = status
    return parameter


def refusal(status: int, reason: str, retry_after: int | None) -> pj.CallOpParam:
    """A final answer to an INVITE."""
    parameter = operation(status)
    parameter.reason = reason
    if retry_after is not None:
        parameter.txOption.headers = library.headers([("Retry-After", str(retry_after))])
    return parameter


def end(code: int, cause: int, reason: str) -> pj.CallOpParam:
    """BYE, CANCEL or a final answer, with a Reason header if a reason is given (RFC 3326)."""
    parameter = operation(code)
    if reason:
        parameter.txOption.headers = library.headers([("Reason", message.reason(cause, reason))])
    return parameter


def invitation(target: DialTarget, domain: str) -> pj.CallOpParam:
    """An INVITE for this target. The Route set travels in the target URI's headers (see `with_route`)."""
    parameter = operation()
    option = parameter.txOption
    option.targetUri = message.with_route(target.uri, target.route)
    home = message.host(target.uri) if target.trunk else domain
    option.localUri = message.from_header(target.caller, target.caller_name, home)
    option.headers = library.headers(target.headers)
    return parameter


def transfer_news(status: int) -> pj.CallSendRequestParam:
    """NOTIFY of a transfer's progress (RFC 3515 section 2.4.5)."""
    state = f"active;expires={_SUBSCRIPTION_SECONDS}" if status < 200 else "terminated;reason=noresource"
    parameter = pj.CallSendRequestParam()
    parameter.method = "NOTIFY"
    option = parameter.txOption
    option.headers = library.headers([("Event", "refer"), ("Subscription-State", state)])
    option.contentType = "message/sipfrag;version=2.0"
    option.msgBody = message.sipfrag(status)
    return parameter


def send_digits(call: pj.Call, digits: str) -> None:
    """Send keys as RFC 4733 events, or as SIP INFO to a peer that has not offered those."""
    parameter = pj.CallSendDtmfParam()
    parameter.digits, parameter.duration = digits, _DTMF_MS
    parameter.method = pj.PJSUA_DTMF_METHOD_RFC2833
    try:
        call.sendDtmf(parameter)
    except pj.Error:
        parameter.method = pj.PJSUA_DTMF_METHOD_SIP_INFO
        call.sendDtmf(parameter)


def why(error: Exception) -> str:
    """A pjsua2 error in a few words, without addresses or numbers of people."""
    return str(getattr(error, "reason", type(error).__name__))
