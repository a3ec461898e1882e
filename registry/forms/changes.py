"""Forms that change versions, collections and registries by hand."""

from typing import Any

from django import forms

from registry.core import names
from registry.core.errors import InvalidInput


class AliasForm(forms.Form):
    """`moves_from` is the version that the form said would lose the alias; empty when it said nobody would."""

    name = forms.CharField(max_length=128, label="Alias")
    moves_from = forms.CharField(required=False, max_length=12)

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if name == "latest":
            raise forms.ValidationError("'latest' belongs to the system: it moves by itself.")
        try:
            return names.clean_alias(name)
        except InvalidInput as error:
            raise forms.ValidationError(error.message) from None


class TagForm(forms.Form):
    """One tag to add or one to remove."""

    add = forms.CharField(required=False, max_length=128, label="Tag")
    remove = forms.CharField(required=False, max_length=128)

    def clean(self) -> dict[str, Any]:
        words: dict[str, Any] = super().clean() or {}
        if not self.errors and not words.get("add") and not words.get("remove"):
            self.add_error("add", "Write what to add.")
        return words


class ProtectedAliasForm(TagForm):
    add = forms.CharField(required=False, max_length=128, label="Alias")


class DescriptionForm(forms.Form):
    """`seen` is the mark of the text that was there when the form was opened."""

    description = forms.CharField(required=False, max_length=20_000, strip=False, label="Description, in Markdown")
    seen = forms.CharField(required=False, max_length=64)

    def clean_description(self) -> str:
        # browsers send the line ends of another age
        text: str = self.cleaned_data["description"].replace("\r\n", "\n")
        return text.strip("\n")


class CollectionForm(DescriptionForm):
    name = forms.CharField(max_length=128, label="Name")


class NewCollectionForm(forms.Form):
    name = forms.CharField(max_length=128, label="Name")
    type_name = forms.CharField(max_length=128, label="Artifact type")
    description = forms.CharField(required=False, max_length=20_000, label="Description, in Markdown")


class NewRegistryForm(forms.Form):
    name = forms.CharField(max_length=100, label="Name")
    description = forms.CharField(required=False, max_length=20_000, label="Description, in Markdown")
    accepted_types = forms.CharField(required=False, max_length=10_000, label="Artifact types")

    def clean_accepted_types(self) -> list[str]:
        return [line.strip() for line in self.cleaned_data["accepted_types"].splitlines() if line.strip()]


class TypedNameForm(forms.Form):
    """Asks for the name of what is about to go."""

    typed = forms.CharField(max_length=300, label="Name")

    def __init__(self, *args: Any, name: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.name = name

    def clean_typed(self) -> str:
        typed: str = self.cleaned_data["typed"]
        if typed != self.name:
            raise forms.ValidationError(f"Type {self.name} exactly as it is written here.")
        return typed


class LinkToRegistryForm(forms.Form):
    """Where a version is linked to: a registry, a collection of it or a new one, and the aliases to give it there.

    `told` repeats which moves of aliases the form has spoken of.
    """

    registry = forms.CharField(max_length=260, label="Registry")
    collection = forms.CharField(max_length=128, label="Collection")
    aliases = forms.CharField(required=False, max_length=1000, label="Aliases")
    told = forms.CharField(required=False, max_length=20_000)

    def clean_aliases(self) -> list[str]:
        return [word.strip() for word in self.cleaned_data["aliases"].split(",") if word.strip()]


class LinkStepForm(forms.Form):
    """How far somebody has come in choosing a version: a project, an artifact of it, a version of that."""

    source = forms.CharField(required=False, max_length=300)
    artifact = forms.CharField(required=False, max_length=128)
    version = forms.RegexField(r"\Av\d{1,9}\Z", required=False)
    q = forms.CharField(required=False, max_length=128)
    before = forms.IntegerField(required=False, min_value=0, max_value=2**31 - 1)


class RegistryStepForm(forms.Form):
    registry = forms.CharField(required=False, max_length=260)


class AliasNameForm(forms.Form):
    name = forms.CharField(required=False, max_length=128)
