"""What can go wrong with a shop behind a connector."""

from orders.errors import OrdersError


class ConnectorAway(OrdersError):
    """The shop does not answer, or not in time; it may be tried again."""

    id = "connector.away"


class ConnectorRefused(OrdersError):
    """The shop does not accept the request: wrong keys, a wrong address, or something it cannot do."""

    id = "connector.refused"


class SignatureWrong(OrdersError):
    """A delivery was not signed with the secret that the shop and this system share."""

    id = "connector.signature_wrong"


class NotUnderstood(OrdersError):
    """What the shop sent is not what it documents."""

    id = "connector.not_understood"


class ConnectorNotFound(OrdersError):
    """No shop is connected under this site."""

    id = "connector.not_found"
