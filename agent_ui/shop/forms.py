"""The shop's forms; their messages are keys of the catalogues."""

import re
from typing import Any

from flask_wtf import FlaskForm
from wtforms import (
    EmailField,
    Field,
    IntegerField,
    PasswordField,
    RadioField,
    SelectField,
    StringField,
    TelField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, ValidationError

from agent_ui.logins.errors import WeakPassword
from agent_ui.logins.passwords import check_strength
from agent_ui.readable import readable
from agent_ui.shop.delivery import DELIVERIES
from agent_ui.shop.drafts import Recipient
from agent_ui.shop.places import COUNTRIES
from agent_ui.shop.wiring import services
from orders.model.address import Address
from orders.model.cart import MAX_QUANTITY

REQUIRED = "form.required"
TOO_LONG = "form.too_long"
RETURN_REASONS = ("changed_mind", "damaged", "wrong_item", "too_late")

_EMAIL = re.compile(r"[^@\s,;<>()\"\\]{1,64}@([^\W_]([\w\-]{0,61}[^\W_])?\.)+[^\W\d_]{2,63}")
_LETTER = re.compile(r"[^\W\d_]")


def is_email(written: str) -> bool:
    """Whether it looks like an address of e-mail; only a message sent there could prove it."""
    return len(written) <= 254 and _EMAIL.fullmatch(written) is not None and ".." not in written


def is_name(written: str) -> bool:
    """Whether it can be a person's name: letters of any script, no markup, no web address."""
    return bool(_LETTER.search(written)) and not re.search(r"[<>{}\[\]\\|@#=]|://", written)


def _stripped(value: str | None) -> str:
    return re.sub(r"\s+", " ", readable(value or ""))


class NameField(StringField):
    """A person's name."""

    def pre_validate(self, form: Any) -> None:
        """Refuse what is no name."""
        if self.data and not is_name(self.data):
            raise ValidationError("form.bad_name")


def _email(_form: FlaskForm, field: Field) -> None:
    if field.data and not is_email(field.data):
        raise ValidationError("form.bad_email")


def _text(longest: int, autocomplete: str, kind: type[Any] = StringField, **options: Any) -> Any:
    validators = [DataRequired(REQUIRED), Length(max=longest, message=TOO_LONG)]
    validators += options.pop("also", [])
    settings = {"autocomplete": autocomplete, "maxlength": longest, **options}
    return kind(validators=validators, filters=[_stripped], render_kw=settings)


class AddressFields(FlaskForm):
    """Who gets the parcel, and where."""

    name = _text(120, "name", NameField)
    email = _text(254, "email", EmailField, also=[_email], inputmode="email")
    phone = TelField(
        validators=[Optional(), Length(max=40, message=TOO_LONG)],
        filters=[_stripped],
        render_kw={"autocomplete": "tel", "maxlength": 40, "inputmode": "tel"},
    )
    street = _text(200, "street-address")
    postal_code = _text(16, "postal-code")
    city = _text(120, "address-level2")
    country = SelectField(
        choices=list(COUNTRIES),
        validators=[InputRequired(REQUIRED)],
        render_kw={"autocomplete": "country"},
    )

    def validate_postal_code(self, field: Field) -> None:
        """Refuse what is no code in the chosen country; keep the others as its post writes them."""
        country = COUNTRIES.get(self.country.data or "")
        if not field.data or country is None:
            return
        proper = country.postal_code(field.data)
        if proper is None:
            raise ValidationError("form.bad_postal_code")
        field.data = proper

    def validate_phone(self, field: Field) -> None:
        """Refuse what cannot be dialed."""
        if field.data and services().numbers.e164(field.data, self.country.data or "FR") is None:
            raise ValidationError("form.bad_phone")

    def fill(self, recipient: Recipient) -> None:
        """Show what is known already."""
        for name in ("name", "email", "phone", "street", "postal_code", "city", "country"):
            self[name].data = getattr(recipient, name)

    @property
    def recipient(self) -> Recipient:
        """What a valid form says."""
        names = ("name", "email", "phone", "street", "postal_code", "city", "country")
        return Recipient(*(self[name].data or "" for name in names))

    @property
    def address(self) -> Address:
        """Where a valid form says to send."""
        return self.recipient.address


class DeliveryForm(FlaskForm):
    """To the door or to a parcel point."""

    delivery = RadioField(choices=list(DELIVERIES), validators=[InputRequired("form.choose")])


class SignInForm(FlaskForm):
    """Address of e-mail and password."""

    email = _text(254, "username", EmailField, inputmode="email")
    password = PasswordField(
        validators=[DataRequired(REQUIRED), Length(max=200, message=TOO_LONG)],
        render_kw={"autocomplete": "current-password", "maxlength": 200},
    )


class SignUpForm(AddressFields):
    """An address and a password."""

    password = PasswordField(
        validators=[DataRequired(REQUIRED), Length(max=200, message=TOO_LONG)],
        render_kw={"autocomplete": "new-password", "maxlength": 200},
    )

    def validate_password(self, field: Field) -> None:
        """Refuse what is easily guessed."""
        try:
            check_strength(field.data or "", (self.email.data or "").split("@")[0].lower())
        except WeakPassword:
            raise ValidationError("form.weak_password") from None


class QuantityForm(FlaskForm):
    """So many of a product."""

    quantity = IntegerField(
        validators=[InputRequired("form.bad_quantity"), NumberRange(0, MAX_QUANTITY, "form.bad_quantity")]
    )


class ReturnForm(FlaskForm):
    """What is sent back, and why."""

    product = SelectField(choices=[], validators=[InputRequired(REQUIRED)])
    quantity = IntegerField(
        validators=[InputRequired("form.bad_quantity"), NumberRange(1, MAX_QUANTITY, "form.bad_quantity")],
        render_kw={"inputmode": "numeric", "autocomplete": "off", "min": 1},
    )
    reason = SelectField(choices=list(RETURN_REASONS), validators=[InputRequired(REQUIRED)])


class ConfirmForm(FlaskForm):
    """The customer's last word on a cart as they saw it."""

    cart = StringField(validators=[DataRequired(REQUIRED)])
    seen = StringField(validators=[DataRequired(REQUIRED)])


class EmptyForm(FlaskForm):
    """Only the CSRF token."""
