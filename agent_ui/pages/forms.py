"""The server-rendered forms; their messages are keys of the catalogues."""

from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField
from wtforms.validators import DataRequired, EqualTo, Length


class SignInForm(FlaskForm):
    """User name and password."""

    username = StringField(validators=[DataRequired("form.required"), Length(max=64)])
    password = PasswordField(validators=[DataRequired("form.required"), Length(max=200)])


class PasswordForm(FlaskForm):
    """One's own new password, twice."""

    present = PasswordField(validators=[DataRequired("form.required"), Length(max=200)])
    wanted = PasswordField(validators=[DataRequired("form.required"), Length(max=200)])
    repeated = PasswordField(
        validators=[DataRequired("form.required"), EqualTo("wanted", "password.not_repeated")]
    )


class EmptyForm(FlaskForm):
    """Only the CSRF token."""
