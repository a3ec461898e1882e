"""The GET parameters of lists and pages."""

from typing import Any

from django import forms

from registry.core.errors import InvalidInput
from registry.queries.audit import action_choices
from registry.queries.search import kind_choices

MOST_VERSIONS = 2**31 - 1
_STATES = [(state, state) for state in ("running", "finished", "failed", "crashed", "killed")]


class SearchForm(forms.Form):
    """What to look for, and where to go on."""

    q = forms.CharField(required=False, max_length=128, label="Filter")
    after = forms.CharField(required=False, max_length=2048)


class SiteSearchForm(forms.Form):
    q = forms.CharField(required=False, max_length=128)
    kind = forms.ChoiceField(required=False, choices=lambda: [("", "Everything"), *kind_choices()])


class RunListForm(SearchForm):
    state = forms.ChoiceField(required=False, choices=[("", "Any state"), *_STATES], label="State")


class VersionsForm(forms.Form):
    """`before` is the version number below which the list begins."""

    before = forms.IntegerField(required=False, min_value=0, max_value=MOST_VERSIONS)


class RunPageForm(forms.Form):
    inputs_after = forms.CharField(required=False, max_length=2048)
    outputs_after = forms.CharField(required=False, max_length=2048)


class UsageForm(forms.Form):
    producers_after = forms.CharField(required=False, max_length=2048)
    consumers_after = forms.CharField(required=False, max_length=2048)


class CompareForm(forms.Form):
    """`with` is a keyword of Python, not of addresses."""

    after = forms.CharField(required=False, max_length=8192)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["with"] = forms.CharField(required=False, max_length=128)


class FilesForm(SearchForm):
    """`folder` ends in a slash; empty for the top."""

    folder = forms.CharField(required=False, max_length=1024, strip=False)
    # a path of 1,024 characters of 4 bytes, in base64
    after = forms.CharField(required=False, max_length=8192)


class FileForm(forms.Form):
    path = forms.CharField(max_length=1024, strip=False)


class HistoryForm(forms.Form):
    action = forms.ChoiceField(
        required=False, choices=lambda: [("", "Every action"), *action_choices()], label="Action"
    )
    after = forms.CharField(required=False, max_length=2048)


class SdkLinkForm(forms.Form):
    """The parameters of the addresses that the SDK prints for linked versions."""

    selectionPath = forms.CharField(required=False, max_length=512)  # noqa: N815 - the SDK's spelling
    version = forms.CharField(required=False, max_length=128)


def clean(form: forms.Form) -> dict[str, Any]:
    """Return the clean values; raises `InvalidInput` that names the parameter."""
    if form.is_valid():
        return form.cleaned_data
    name, messages = next(iter(form.errors.items()))
    raise InvalidInput(f"{name}: {messages[0]}")
