"""Forms of people's own accounts."""

from django import forms
from django.contrib.auth.forms import AuthenticationForm


class SignInForm(AuthenticationForm):
    """Django's own, with our words."""

    error_messages = {
        "invalid_login": "This user name and password do not belong together. Both distinguish upper and lower case.",
        "inactive": "This account is switched off. Ask an administrator.",
    }


class ApiKeyForm(forms.Form):
    name = forms.CharField(required=False, max_length=128, label="What is the key for?")
