"""Forms of people's own accounts."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.contrib.auth import get_user_model, password_validation
from django.core.exceptions import ValidationError
from django.utils.timezone import make_aware

from registry.core import clock

_MAX_PASSWORD = 1024


class SignInForm(forms.Form):
    """The two words; whether they belong together is for the view to ask."""

    username = forms.CharField(max_length=150)
    password = forms.CharField(max_length=_MAX_PASSWORD, strip=False)


class ApiKeyForm(forms.Form):
    """What a key is for, and the last day on which it works."""

    name = forms.CharField(required=False, max_length=128, label="What is the key for?")
    expires = forms.DateField(required=False, label="Last day of use")

    def clean_expires(self) -> datetime | None:
        """Return the end of the day that was given."""
        day = self.cleaned_data["expires"]
        if day is None:
            return None
        today = clock.now().date()
        if day < today or day > today + timedelta(days=3650):
            raise ValidationError("Choose a day from today on, within ten years.")
        return make_aware(datetime.combine(day, time.max))


class NameForm(forms.Form):
    name = forms.CharField(required=False, max_length=128, label="Full name")


class NewPasswordForm(forms.Form):
    """A password, twice. It must not resemble the name of `person`, or the one that the form itself asks for."""

    password = forms.CharField(max_length=_MAX_PASSWORD, strip=False, label="New password")
    again = forms.CharField(max_length=_MAX_PASSWORD, strip=False, label="The same again")

    def __init__(self, *args: Any, person: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean(self) -> dict[str, Any]:
        words: dict[str, Any] = super().clean() or {}
        if "password" in words and "again" in words:
            if words["password"] != words["again"]:
                self.add_error("again", "The two passwords differ.")
            try:
                password_validation.validate_password(words["password"], self.person or _person(words))
            except ValidationError as error:
                self.add_error("password", error)
        return words


def _person(words: dict[str, Any]) -> Any:
    return get_user_model()(username=words.get("username", ""), name=words.get("name", ""))


class ChangePasswordForm(NewPasswordForm):
    """With the password that is held, so that a borrowed screen cannot take the account."""

    current = forms.CharField(max_length=_MAX_PASSWORD, strip=False, label="Present password")
    field_order = ("current", "password", "again")


class JoinForm(NewPasswordForm):
    """What someone invited says of themselves."""

    username = forms.CharField(max_length=64, label="User name")
    name = forms.CharField(required=False, max_length=128, label="Full name")
    field_order = ("username", "name", "password", "again")
