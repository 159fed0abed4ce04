"""allauth's forms with our labels, and no words inside the boxes."""

from allauth.account import forms as account
from allauth.mfa.base import forms as factor
from allauth.mfa.totp import forms as totp
from django.core.exceptions import ValidationError

from board import audit

LABELS = {
    "login": "E-mail address",
    "email": "E-mail address",
    "password": "Password",
    "oldpassword": "Present password",
    "password1": "New password",
    "password2": "New password once more",
    "code": "Code",
}
HELP = {
    "password1": (
        "15 characters or more, such as four words that have nothing to do with each other. Not "
        "your name or address, and not a password that many people use."
    ),
}


class Labelled:
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = LABELS.get(name, field.label)
            field.help_text = HELP.get(name, "")
            field.widget.attrs.pop("placeholder", None)


class SignInForm(Labelled, account.LoginForm):
    pass


class ChangePasswordForm(Labelled, account.ChangePasswordForm):
    pass


class AskForLinkForm(Labelled, account.ResetPasswordForm):
    pass


class SetPasswordForm(Labelled, account.ResetPasswordKeyForm):
    pass


class PasswordAgainForm(Labelled, account.ReauthenticateForm):
    pass


class SecondFactorForm(Labelled, factor.AuthenticateForm):
    def clean_code(self):
        try:
            return super().clean_code()
        except ValidationError:
            audit.refuse("second factor", self.user, by="a visitor")
            raise


class SecondFactorAgainForm(Labelled, factor.ReauthenticateForm):
    pass


class AddSecondFactorForm(Labelled, totp.ActivateTOTPForm):
    pass
