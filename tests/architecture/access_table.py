"""Who may open which address and use which field: the table that every route and every root field must stand in.

A new route: add its URL name to `ROUTES` (and to `POSTS`, if it takes a POST). A new root field: add it to `FIELDS`.
"""

from enum import Enum
from typing import Any

ACTORS = ("anonymous", "key", "outsider", "stranger", "viewer", "member", "admin")


class Rule(Enum):
    """What each of `ACTORS` gets: `sign in` (led there), a refusal's status, or `ok` (anything that is no refusal).

    `key` sends a valid API key to a page, which opens nothing there. `outsider` is of another organisation,
    `stranger` of the same one, and the last three have that role in the team that owns the project.
    """

    PUBLIC = ("ok",) * 7
    SIGNED_IN = ("sign in", "sign in", "ok", "ok", "ok", "ok", "ok")
    ORGANISATION = ("sign in", "sign in", "404", "ok", "ok", "ok", "ok")
    ORGANISATION_ADMIN = ("sign in", "sign in", "404", "403", "403", "403", "403")
    PROJECT = ("sign in", "sign in", "404", "404", "ok", "ok", "ok")
    PROJECT_WRITE = ("sign in", "sign in", "404", "404", "403", "ok", "ok")
    PROJECT_ADMIN = ("sign in", "sign in", "404", "404", "403", "403", "ok")
    TEAM_ADMIN = ("sign in", "sign in", "404", "403", "403", "403", "ok")
    SITE_ADMIN = ("sign in", "sign in", "403", "403", "403", "403", "403")
    NOBODY = ("sign in", "sign in", "404", "404", "404", "404", "404")
    POST_ONLY = ("sign in", "sign in", "405", "405", "405", "405", "405")

    POST_ONLY_PROJECT = ("sign in", "sign in", "404", "404", "405", "405", "405")
    POST_ONLY_ORGANISATION = ("sign in", "sign in", "404", "405", "405", "405", "405")

    @property
    def by_actor(self) -> dict[str, str]:
        return dict(zip(ACTORS, self.value, strict=True))


def _all(rule: Rule, *names: str) -> dict[str, Rule]:
    return dict.fromkeys(names, rule)


def _tabs(of: str) -> list[str]:
    tabs = "version version_tab metadata usage files file compare lineage lineage_export"
    return [f"{of}_{tab}" for tab in tabs.split()] + _lineage(of)


_PARTS = ("_preview", "_cluster", "_custom", "_find", "_live")


def _lineage(of: str) -> list[str]:
    return [f"{of}_lineage{part}" for part in _PARTS]


# a GET of each address, by the name of its URL; where it has none, by its pattern
ROUTES: dict[str, Rule] = {
    **_all(Rule.PUBLIC, "livez", "readyz", "sign_in", "account_login", "mfa_authenticate"),
    **_all(Rule.SIGNED_IN, "home", "authorize", "search", "profile", "registry_list"),
    **_all(Rule.SIGNED_IN, "mfa_index", "mfa_activate_totp", "mfa_generate_recovery_codes"),
    **_all(Rule.SIGNED_IN, "mfa_reauthenticate", "account_reauthenticate"),
    # the second factor of these people is not set up
    **_all(Rule.NOBODY, "mfa_deactivate_totp", "mfa_view_recovery_codes"),
    **_all(Rule.POST_ONLY, "profile_name", "profile_password", "sessions_end", "key_revoke", "password_link_create"),
    **_all(Rule.POST_ONLY, "member_set", "member_remove", "invitation_create", "invitation_revoke", "team_create"),
    **_all(Rule.POST_ONLY, "project_member_set", "project_member_remove"),
    **_all(Rule.ORGANISATION, "member_list", "registry_detail", "registry_collection", "registry_history"),
    **_all(Rule.ORGANISATION, "registry_collection_versions", "entity_detail", "registry_history_export"),
    **_all(Rule.ORGANISATION, *_tabs("registry")),
    **_all(Rule.ORGANISATION_ADMIN, "organization_history", "organization_history_export"),
    **_all(Rule.PROJECT, "project_detail", "run_list", "run_detail", "run_lineage", *_lineage("run")),
    **_all(Rule.PROJECT, "run_lineage_export", "artifact_list", "artifact_type"),
    **_all(Rule.PROJECT, "artifact_latest", "collection_detail", "collection_history", "collection_history_export"),
    **_all(Rule.PROJECT, *_tabs("artifact")),
    **_all(Rule.PROJECT_ADMIN, "project_settings", "project_members", "project_history", "project_history_export"),
    **_all(Rule.PROJECT_WRITE, "collection_create", "collection_update", "collection_tags", "collection_link"),
    **_all(Rule.PROJECT_WRITE, "collection_delete", "alias_create", "alias_delete", "version_tags"),
    **_all(Rule.PROJECT_WRITE, "version_description", "version_link", "version_unlink", "version_delete"),
    **_all(Rule.PROJECT_ADMIN, "protected_aliases"),
    **_all(Rule.ORGANISATION, "registry_create"),
    # a POST only, below what may be seen
    **_all(Rule.POST_ONLY_PROJECT, "artifact_lineage_save", "artifact_lineage_delete"),
    **_all(Rule.POST_ONLY_PROJECT, "run_lineage_save", "run_lineage_delete"),
    **_all(Rule.POST_ONLY_ORGANISATION, "registry_lineage_save", "registry_lineage_delete"),
    # leads on to the version, which decides
    "orgs/<str:organization>/registry/<str:registry>": Rule.SIGNED_IN,
    "<str:entity>/registry/<str:registry>": Rule.SIGNED_IN,
}
# what a GET of an address below a version must say besides, so that there is something to refuse
QUERIES = {
    "file": "?path=weights.txt",
    "lineage_preview": "?node=artifact-{}",
    "history_export": "?format=json",
    "compare": "?with=v0",
}
# a GET of these asks for more than the address, or answers with a status of its own
SPECIAL = {
    "sign_out": "a GET is 405 for everybody, also without a session",
    "account_logout": "the same address",
    "invitation": "the holder of the link: tests/views/test_invitation.py",
    "password_reset": "the holder of the link: tests/views/test_invitation.py",
    "registry_image": "only of images: tests/views/test_artifact_files.py",
    "artifact_image": "only of images: tests/views/test_artifact_files.py",
}
# reads that take a POST like a GET: it changes nothing
ANY_METHOD = {f"{of}_lineage{part}" for of in ("artifact", "registry", "run") for part in ("", *_PARTS)}
# the SDK's: a key or a token decides; tests/architecture/test_access_machines.py
MACHINES = {"graphql", "graphql/", "file_stream", "storage", "artifacts_v2"}
NOT_SERVED = {"^(?:graphql|files|storage|artifactsV2|sdk|oidc)(?:/.*)?$"}

# a POST: who may, and words that an allowed one would be taken with
POSTS: dict[str, tuple[Rule, dict[str, Any]]] = {
    "sign_in": (Rule.PUBLIC, {}),
    "account_login": (Rule.PUBLIC, {}),
    "sign_out": (Rule.PUBLIC, {}),
    "account_logout": (Rule.PUBLIC, {}),
    "mfa_authenticate": (Rule.PUBLIC, {}),
    "mfa_activate_totp": (Rule.SIGNED_IN, {}),
    "mfa_deactivate_totp": (Rule.NOBODY, {}),
    "mfa_generate_recovery_codes": (Rule.SIGNED_IN, {}),
    "mfa_reauthenticate": (Rule.SIGNED_IN, {}),
    "account_reauthenticate": (Rule.SIGNED_IN, {}),
    "authorize": (Rule.SIGNED_IN, {"name": "x"}),
    "profile_name": (Rule.SIGNED_IN, {"name": "x"}),
    "profile_password": (Rule.SIGNED_IN, {}),
    "sessions_end": (Rule.SIGNED_IN, {}),
    # the key is nobody's of them
    "key_revoke": (Rule.NOBODY, {}),
    "password_link_create": (Rule.SITE_ADMIN, {}),
    "member_set": (Rule.TEAM_ADMIN, {"username": "mia", "role": "viewer"}),
    "member_remove": (Rule.TEAM_ADMIN, {"username": "ada"}),
    "invitation_create": (Rule.TEAM_ADMIN, {"role": "member"}),
    "invitation_revoke": (Rule.TEAM_ADMIN, {}),
    "team_create": (Rule.ORGANISATION_ADMIN, {"name": "new-team"}),
    "project_settings": (Rule.PROJECT_ADMIN, {"visibility": "private"}),
    # one's own view of what one sees is private
    "artifact_lineage_save": (Rule.PROJECT, {"name": "mine"}),
    "run_lineage_save": (Rule.PROJECT, {"name": "mine"}),
    "registry_lineage_save": (Rule.ORGANISATION, {"name": "mine"}),
    # what is read comes by POST where cards were dragged
    "artifact_lineage_export": (Rule.PROJECT, {"positions": "{}"}),
    "run_lineage_export": (Rule.PROJECT, {"positions": "{}"}),
    "registry_lineage_export": (Rule.ORGANISATION, {"positions": "{}"}),
    # the view is of none of them
    "artifact_lineage_delete": (Rule.NOBODY, {}),
    "run_lineage_delete": (Rule.NOBODY, {}),
    "registry_lineage_delete": (Rule.NOBODY, {}),
    "registry_create": (Rule.ORGANISATION, {"name": "New"}),
    "collection_create": (Rule.PROJECT_WRITE, {"name": "new", "type_name": "model"}),
    "collection_update": (Rule.PROJECT_WRITE, {"name": "new", "description": "x"}),
    "collection_tags": (Rule.PROJECT_WRITE, {"add": "tag"}),
    "collection_link": (Rule.PROJECT_WRITE, {}),
    "collection_delete": (Rule.PROJECT_WRITE, {"typed": "otternet"}),
    "alias_create": (Rule.PROJECT_WRITE, {"name": "best"}),
    "alias_delete": (Rule.PROJECT_WRITE, {"name": "best"}),
    "version_tags": (Rule.PROJECT_WRITE, {"add": "tag"}),
    "version_description": (Rule.PROJECT_WRITE, {"description": "x"}),
    "version_link": (Rule.PROJECT_WRITE, {"registry": "Holt", "collection": "new"}),
    "version_unlink": (Rule.PROJECT_WRITE, {}),
    "version_delete": (Rule.PROJECT_WRITE, {"typed": "otternet:v0"}),
    "protected_aliases": (Rule.PROJECT_ADMIN, {"add": "production"}),
    "project_member_set": (Rule.PROJECT_ADMIN, {"kind": "user", "name": "sam", "role": "viewer"}),
    "project_member_remove": (Rule.PROJECT_ADMIN, {"kind": "user", "name": "sam"}),
}

# GraphQL: what `READ` fields show only to who may see the project, `WRITE` fields let only its members do. The version
# of the test is linked to a registry of the organisation, so its members may see it, and link it again.
OPEN, READ, READ_LINKED, READ_ORGANISATION, WRITE, WRITE_REGISTRY, ADMIN_REGISTRY, ADMIN_TEAM = range(8)
FIELDS: dict[str, int] = {
    "Query.viewer": OPEN,
    "Query.serverInfo": OPEN,
    "Query.entity": READ_ORGANISATION,
    "Query.organization": READ_ORGANISATION,
    "Query.project": READ,
    "Query.model": READ,
    "Query.models": READ,
    "Query.artifact": READ_LINKED,
    "Query.artifactCollection": READ,
    "Query.clientIDMapping": READ_LINKED,
    "Query.users": READ_ORGANISATION,
    "Mutation.upsertBucket": WRITE,
    "Mutation.upsertModel": WRITE,
    "Mutation.createRunFiles": WRITE,
    "Mutation.createArtifact": WRITE,
    "Mutation.createArtifactFiles": WRITE,
    "Mutation.createArtifactManifest": WRITE,
    "Mutation.updateArtifactManifest": WRITE,
    "Mutation.commitArtifact": WRITE,
    "Mutation.useArtifact": WRITE,
    "Mutation.linkArtifact": WRITE_REGISTRY,
    "Mutation.unlinkArtifact": WRITE_REGISTRY,
    "Mutation.updateArtifact": WRITE,
    "Mutation.deleteArtifact": WRITE,
    "Mutation.addAliases": WRITE,
    "Mutation.deleteAliases": WRITE,
    "Mutation.updateArtifactSequence": WRITE,
    "Mutation.updateArtifactPortfolio": WRITE_REGISTRY,
    "Mutation.createArtifactCollectionTagAssignments": WRITE,
    "Mutation.deleteArtifactCollectionTagAssignments": WRITE,
    "Mutation.moveArtifactSequence": WRITE,
    "Mutation.deleteArtifactSequence": WRITE,
    "Mutation.deleteArtifactPortfolio": WRITE_REGISTRY,
    "Mutation.deleteRun": WRITE,
    "Mutation.deleteFiles": WRITE,
    "Mutation.stopRun": WRITE,
    # of the organisation, of the installation; the key is nobody's of them
    **dict.fromkeys(("Mutation.createTeam", "Mutation.createUser", "Mutation.deleteApiKey"), ADMIN_REGISTRY),
    **dict.fromkeys(("Mutation.createInvite", "Mutation.deleteInvite"), ADMIN_TEAM),
    "Mutation.generateApiKey": OPEN,
    "Mutation.notifyScriptableRunAlert": WRITE,
    "Mutation.rewindRun": WRITE,
    "Mutation.updateRunState": WRITE,
    "Mutation.markRunFilesUploaded": WRITE,
    "Mutation.renameProject": ADMIN_REGISTRY,
    "Mutation.deleteModel": ADMIN_REGISTRY,
    "Mutation.createProjectMembers": ADMIN_REGISTRY,
    "Mutation.deleteProjectMembers": ADMIN_REGISTRY,
    "Mutation.updateProjectMember": ADMIN_REGISTRY,
    "Mutation.updateProjectTeamMember": ADMIN_REGISTRY,
}
REFUSED: dict[int, set[str]] = {
    OPEN: set(),
    READ: {"outsider", "stranger"},
    READ_LINKED: {"outsider"},
    READ_ORGANISATION: {"outsider"},
    WRITE: {"outsider", "stranger", "viewer"},
    WRITE_REGISTRY: {"outsider"},
    ADMIN_TEAM: {"outsider", "stranger", "viewer", "member"},
    # none of them is an admin of the organisation
    ADMIN_REGISTRY: {"outsider", "stranger", "viewer", "member", "admin"},
}
