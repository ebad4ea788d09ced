"""Why a page's widget is refused something; the ids have words in `locales/`."""


class WidgetRefused(Exception):
    """Base; `id` stands in the answer, `status` is its HTTP status, `params` are values of the words."""

    id = "refused"
    status = 400

    def __init__(self, **params: str) -> None:
        super().__init__(self.id)
        self.params = params


class NotASite(WidgetRefused):
    """No site has this key."""

    id = "refused.site"
    status = 404


class ForeignOrigin(WidgetRefused):
    """The page is none of the site's."""

    id = "refused.origin"
    status = 403


class SessionOver(WidgetRefused):
    """The visitor's token is none of ours, or its time is over: the page asks for another session."""

    id = "refused.session"
    status = 401


class TooOften(WidgetRefused):
    """This address has asked for it too often; `minutes` says how long to wait."""

    id = "refused.too_often"
    status = 429


class NotANumber(WidgetRefused):
    """Nobody can be called back at this."""

    id = "refused.number"
    status = 422


class NoCallback(WidgetRefused):
    """There is no callback to cancel or to show."""

    id = "refused.callback"
    status = 404


class Unavailable(WidgetRefused):
    """The telephone system cannot do it now."""

    id = "refused.unavailable"
    status = 503
