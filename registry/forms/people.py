"""Forms of members, invitations and the settings of a project."""

from django import forms

from registry.core.viewer import Role

VISIBILITIES = (
    ("private", "Private: members only"),
    ("organisation", "Open: everybody of the organisation may look"),
)


def role_choices() -> list[tuple[str, str]]:
    return [(role.value, role.value.capitalize()) for role in Role]


class RoleForm(forms.Form):
    """Who gets which role. Nothing else is read: a form cannot carry more rights than its fields say."""

    username = forms.CharField(max_length=128)
    role = forms.ChoiceField(choices=role_choices)


class WhoForm(forms.Form):
    username = forms.CharField(max_length=128)


class ProjectRoleForm(forms.Form):
    """A role for a user or, with `kind` team, for everybody of a team."""

    kind = forms.ChoiceField(choices=[("user", "User"), ("team", "Team")])
    name = forms.CharField(max_length=128)
    role = forms.ChoiceField(choices=role_choices)


class ProjectWhoForm(forms.Form):
    kind = forms.ChoiceField(choices=[("user", "User"), ("team", "Team")])
    name = forms.CharField(max_length=128)


class InviteForm(forms.Form):
    role = forms.ChoiceField(choices=role_choices)
    note = forms.CharField(max_length=128, required=False)


class TeamForm(forms.Form):
    name = forms.CharField(max_length=64)


class ProjectSettingsForm(forms.Form):
    """What the admins of a project decide. A registry lists the artifact types it accepts, one a line."""

    description = forms.CharField(required=False, max_length=20_000, strip=True)
    visibility = forms.ChoiceField(choices=VISIBILITIES)
    accepted_types = forms.CharField(required=False, max_length=10_000)
    # a digest of what the form showed, so that nobody overwrites what they have not seen
    seen = forms.CharField(required=False, max_length=64)

    def clean_accepted_types(self) -> list[str] | None:
        lines = [line.strip() for line in self.cleaned_data["accepted_types"].splitlines()]
        return [line for line in lines if line] or None
