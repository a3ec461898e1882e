"""Fills the connected database for `benchmarks.pages` and signs a person in. Imported once Django is set up."""

from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.management import call_command
from django.db import connection
from django.urls import reverse

from benchmarks.graph import generate
from benchmarks.tables import write
from registry.models import Artifact, Entity, EntityMember, User

ADDRESSES = 3000


def fill(*, hub: int, families: int) -> dict[str, Any]:
    """Fill the database; return a person's cookie and the addresses of Lineage pages all over the graph."""
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET statement_timeout = 0")
    graph = generate(families=families, hub=hub)
    write(graph)
    count = len(graph.artifacts)
    # a step that shares no factor with the number of versions meets each of them once
    step = next(step for step in range(count // 2 + 1, count) if count % step)
    numbers = [1 + place * step % count for place in range(min(ADDRESSES, count))]
    versions = Artifact.objects.select_related("collection__project__entity").in_bulk(numbers)
    return {
        "edges": len(graph.edges),
        "cookie": f"{settings.SESSION_COOKIE_NAME}={_session()}",
        "addresses": [_address(versions[number]) for number in dict.fromkeys(numbers)],
    }


def _session() -> str:
    user = User.objects.create_user("visitor", password=None)
    EntityMember.objects.create(user=user, entity=Entity.objects.get(name="bench"), role="member")
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return str(session.session_key)


def _address(version: Artifact) -> str:
    collection = version.collection
    words = [collection.project.entity.name, collection.project.name, collection.type_name, collection.name]
    return reverse("artifact_lineage", args=[*words, f"v{version.version}"])
