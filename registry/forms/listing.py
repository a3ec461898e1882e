"""The GET parameters of lists and pages."""

import re
from dataclasses import fields
from typing import Any

from django import forms

from registry.core.errors import InvalidInput
from registry.queries.audit import HistoryFilter, action_choices, all_action_choices
from registry.queries.run_lists import RunFilter, sort_choices
from registry.queries.search import kind_choices

MOST_VERSIONS = 2**31 - 1
MOST_PICKED = 8
_STATES = [(state, state) for state in ("running", "finished", "failed", "crashed", "killed")]


class SearchForm(forms.Form):
    """What to look for, and where to go on."""

    q = forms.CharField(required=False, max_length=128, label="Filter")
    after = forms.CharField(required=False, max_length=2048)


class SiteSearchForm(forms.Form):
    q = forms.CharField(required=False, max_length=128)
    kind = forms.ChoiceField(required=False, choices=lambda: [("", "Everything"), *kind_choices()])


class RunListForm(SearchForm):
    """The filters and the order of the table of runs; `wanted` gives them to the query."""

    state = forms.ChoiceField(required=False, choices=[("", "Any state"), *_STATES], label="State")
    job_type = forms.CharField(required=False, max_length=128)
    author = forms.CharField(required=False, max_length=150)
    tag = forms.CharField(required=False, max_length=128)
    sort = forms.ChoiceField(required=False, choices=lambda: [("", "newest first"), *sort_choices()])

    def wanted(self) -> RunFilter:
        """Return the clean filters. Raises `InvalidInput` that names the parameter."""
        words = clean(self)
        return RunFilter(**{field.name: words[field.name] for field in fields(RunFilter)})


class VersionsForm(forms.Form):
    """`before` is the version number below which the list begins; `pick` the versions to compare, each as `v3`."""

    before = forms.IntegerField(required=False, min_value=0, max_value=MOST_VERSIONS)
    pick = forms.CharField(required=False)

    def clean_pick(self) -> tuple[int, ...]:
        picked: list[str] = self.data.getlist("pick")  # type: ignore[attr-defined]  # the address's, a QueryDict
        if any(re.fullmatch(r"v\d{1,9}", label) is None for label in picked):
            raise forms.ValidationError("Name versions as v3.")
        numbers = tuple(sorted({int(label[1:]) for label in picked}))
        if len(numbers) > MOST_PICKED:
            raise forms.ValidationError(f"Up to {MOST_PICKED} versions can be compared at once.")
        return numbers


class RunPageForm(forms.Form):
    q = forms.CharField(required=False, max_length=128)
    inputs_after = forms.CharField(required=False, max_length=2048)
    outputs_after = forms.CharField(required=False, max_length=2048)


class MetadataForm(forms.Form):
    q = forms.CharField(required=False, max_length=128)
    start = forms.IntegerField(required=False, min_value=0, max_value=10**7)


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
    """`folder`, once clean, ends in a slash; empty for the top."""

    folder = forms.CharField(required=False, max_length=1024, strip=False)
    # a path of 1,024 characters of 4 bytes, in base64
    after = forms.CharField(required=False, max_length=8192)
    preview = forms.CharField(required=False, max_length=1024, strip=False)

    def clean_folder(self) -> str:
        """Whoever types an address leaves the last slash out."""
        folder: str = self.cleaned_data["folder"]
        return folder if not folder or folder.endswith("/") else f"{folder}/"


class FileForm(forms.Form):
    path = forms.CharField(max_length=1024, strip=False)


class HistoryForm(forms.Form):
    """The filters of an Action History; `wanted` gives them to the query."""

    action = forms.ChoiceField(
        required=False, choices=lambda: [("", "Every action"), *action_choices()], label="Action"
    )
    member = forms.CharField(required=False, max_length=128, label="Member")
    version = forms.RegexField(
        r"\Av?\d{1,9}\Z", required=False, label="Version", error_messages={"invalid": "Write a version as v3."}
    )
    alias = forms.CharField(required=False, max_length=128, label="Alias")
    since = forms.DateField(required=False, label="Since")
    until = forms.DateField(required=False, label="Until")
    latest = forms.BooleanField(required=False)
    after = forms.CharField(required=False, max_length=2048)

    def clean_version(self) -> int | None:
        text: str = self.cleaned_data["version"]
        return int(text.removeprefix("v")) if text else None

    def wanted(self) -> HistoryFilter:
        """Return the clean filters. Raises `InvalidInput` that names the parameter."""
        words = clean(self)
        return HistoryFilter(**{field.name: words[field.name] for field in fields(HistoryFilter)})


class LogForm(HistoryForm):
    """The filters of the log of a project or an organisation: every action there is."""

    action = forms.ChoiceField(
        required=False, choices=lambda: [("", "Every action"), *all_action_choices()], label="Action"
    )


class ExportForm(forms.Form):
    format = forms.ChoiceField(choices=[("csv", "CSV"), ("json", "JSON")])


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
