"""What a name may look like. As strict as the wandb SDK and not stricter, minus what would deceive a reader.

Every function returns the name to store (NFC) or raises `InvalidInput`.
"""

import re
import unicodedata

from registry.core.errors import InvalidInput

MAX_NAME = 128
MAX_USERNAME = 64
REGISTRY_PREFIX = "wandb-registry-"
# the first words of this site's own addresses: an owner of that name could not be reached
RESERVED = frozenset(
    {
        "account",
        "api",
        "artifactsv2",
        "authorize",
        "files",
        "graphql",
        "invitations",
        "livez",
        "oidc",
        "orgs",
        "people",
        "readyz",
        "registry",
        "reset-password",
        "sdk",
        "search",
        "sign-in",
        "sign-out",
        "static",
        "storage",
    }
)

_BIDI_CONTROLS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_USERNAME = re.compile(r"[A-Za-z0-9_-]+")
_VERSION = re.compile(r"v\d+")
_TAG = re.compile(r"[-\w]+( +[-\w]+)*")
_MAX_COMBINING_RUN = 8


def key(name: str) -> str:
    """Return the form under which entities and projects are unique: NFC, casefolded."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def _plain(what: str, name: object, forbidden: str = "", limit: int = MAX_NAME) -> str:
    if not isinstance(name, str):
        raise InvalidInput(f"{what} must be text.")
    try:
        name.encode()
    except UnicodeEncodeError:
        raise InvalidInput(f"{what} is not valid Unicode text.") from None
    name = unicodedata.normalize("NFC", name)
    if not name.strip():
        raise InvalidInput(f"{what} must not be empty.")
    if len(name) > limit:
        raise InvalidInput(f"{what} is longer than {limit} characters.")
    if name in {".", ".."}:
        raise InvalidInput(f"{what} must not be {name!r}.")
    for character in forbidden:
        if character in name:
            raise InvalidInput(f"{what} must not contain {character!r}.")
    if any(unicodedata.category(c) in {"Cc", "Cs"} or c in _BIDI_CONTROLS for c in name):
        raise InvalidInput(f"{what} must not contain control characters.")
    if _has_long_combining_run(name):
        raise InvalidInput(f"{what} stacks too many combining marks.")
    return name


def _has_long_combining_run(name: str) -> bool:
    run = 0
    for character in name:
        run = run + 1 if unicodedata.combining(character) else 0
        if run > _MAX_COMBINING_RUN:
            return True
    return False


def clean_username(name: object) -> str:
    """Accept up to 64 letters, digits, `_` and `-`, as in an address."""
    cleaned = _plain("A user name", name, limit=MAX_USERNAME)
    if not _USERNAME.fullmatch(cleaned):
        raise InvalidInput("A user name consists of letters, digits, '_' and '-'.")
    return _unreserved("A user name", cleaned)


def clean_entity(name: object) -> str:
    return _unreserved("An entity name", _plain("An entity name", name, forbidden="/\\#?%:"))


def _unreserved(what: str, name: str) -> str:
    if key(name) in RESERVED:
        raise InvalidInput(f"{what} must not be {name!r}: addresses of this site begin with it.")
    return name


def clean_project(name: object) -> str:
    return _plain("A project name", name, forbidden="/\\#?%:")


def clean_collection(name: object) -> str:
    return _plain("An artifact name", name, forbidden="/")


def clean_type(name: object) -> str:
    return _plain("An artifact type", name, forbidden="/:")


def clean_run_uid(name: object) -> str:
    return _plain("A run id", name, forbidden="/\\#?%:")


def clean_label(what: str, name: object) -> str:
    """Accept any readable text up to 128 characters, for what people name but no address contains."""
    return _plain(what, name)


def clean_alias(name: object) -> str:
    """Refuse what the SDK refuses and the names of versions (`v3`), which belong to the system."""
    cleaned = _plain("An alias", name, forbidden="/:")
    if is_version(cleaned):
        raise InvalidInput(f"The alias {cleaned!r} is reserved for versions.")
    return cleaned


def clean_tag(name: object) -> str:
    cleaned = _plain("A tag", name)
    if not _TAG.fullmatch(cleaned):
        raise InvalidInput("A tag consists of words of letters, digits, '_' and '-'.")
    return cleaned


def is_version(name: str) -> bool:
    """Tell whether the name is of the form `v` and digits."""
    return _VERSION.fullmatch(name) is not None


def is_registry_project(name: str) -> bool:
    return key(name).startswith(REGISTRY_PREFIX) and len(name) > len(REGISTRY_PREFIX)


def registry_name(project_name: str) -> str:
    """Return `Model` for `wandb-registry-Model`."""
    return project_name[len(REGISTRY_PREFIX) :]
