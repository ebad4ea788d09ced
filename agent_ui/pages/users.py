"""Who may sign in: listed, added, given new passwords, allowed and forbidden. For admins."""

from datetime import UTC, datetime

from flask import Blueprint
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from agent_ui.auth import browser, call_for, manages_users, visit
from agent_ui.carts.limits import discount_limit_of
from agent_ui.control.errors import ControlError
from agent_ui.logins.model import Login, plain_username
from agent_ui.logins.services import Actor, set_discount_limit, set_enabled
from agent_ui.logins.sessions import sessions_of
from agent_ui.logins.store import all_logins, login_by_id
from agent_ui.messages import NewUser, Secret, SetDiscountLimit, UserCredentials, UserView
from agent_ui.pages.parsing import answer, body_as, done
from agent_ui.wiring import services
from config.accounts import Credential, NewAccount, add_account, reset_passwords
from pbx.contract.base import Schema

blueprint = Blueprint("users", __name__, url_prefix="/api/users")


class _Enabled(Schema):
    enabled: bool


@blueprint.get("")
@call_for(manages_users)
def listed() -> list[dict[str, object]]:
    """Every login."""
    return answer(*(_view(login) for login in services().storage.run(all_logins)))


@blueprint.post("")
@call_for(manages_users)
def add() -> tuple[dict[str, object], int]:
    """Make an account; its passwords are in the answer, and only there."""
    new = body_as(NewUser)
    account = NewAccount(plain_username(new.username), new.name, new.role, new.language, new.phone_user)
    credentials = services().storage.run(add_account, account)
    _tell_telephone_system()
    return _credentials(credentials), 201


@blueprint.post("/<login_id>/password")
@call_for(manages_users)
def password(login_id: str) -> dict[str, object]:
    """Give a login a new password for the pages; its sessions end."""

    def reset(session: Session) -> tuple[frozenset[str], tuple[Credential, ...]]:
        found = login_by_id(session, login_id)
        ending = sessions_of(session, login_id)
        return ending, reset_passwords(session, found.username, "pages")

    ending, credentials = services().storage.run(reset)
    services().drop_pages(ending)
    return _credentials(credentials)


@blueprint.put("/<login_id>/enabled")
@call_for(manages_users)
def enabled(login_id: str) -> Response:
    """Allow or forbid a login; forbidding ends its sessions."""
    wanted, actor = body_as(_Enabled).enabled, Actor(visit().login.username, browser().address)

    def change(session: Session) -> frozenset[str]:
        ending = sessions_of(session, login_id)
        set_enabled(session, login_id, wanted, actor, datetime.now(UTC))
        return frozenset() if wanted else ending

    services().drop_pages(services().storage.run(change))
    return done()


@blueprint.put("/<login_id>/discount-limit")
@call_for(manages_users)
def discount_limit(login_id: str) -> dict[str, object]:
    """Say how large a discount a person may give."""
    wanted, actor = body_as(SetDiscountLimit), Actor(visit().login.username, browser().address)
    changed = services().storage.run(
        set_discount_limit, login_id, wanted.basis_points, actor, datetime.now(UTC)
    )
    return _view(changed).model_dump(mode="json")


def _tell_telephone_system() -> None:
    """A new agent's phone can register at once; a telephone system that is away reads it when it starts."""
    try:
        services().control_workers.run(services().control.reload, visit().login.username)
    except ControlError:
        return


def _view(login: Login) -> UserView:
    return UserView(
        id=login.id,
        username=login.username,
        name=login.name,
        role=login.role,
        agent_id=login.agent_id,
        language=login.preferences.language,
        enabled=login.enabled,
        must_change=login.must_change,
        last_login_at=login.last_login_at,
        discount_limit=discount_limit_of(login, services().settings.web),
        own_limit=login.discount_limit is not None,
    )


def _credentials(made: tuple[Credential, ...]) -> dict[str, object]:
    secrets = tuple(Secret(kind=one.kind, username=one.username, password=one.password) for one in made)
    return UserCredentials(secrets=secrets).model_dump(mode="json")
