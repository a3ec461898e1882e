"""The raw SQL of what stands on cards and of the nodes that a walk starts from.

Who may see a row is told by its columns `rights`, for `OpenProjects`: the text of a query is the same for every viewer.
"""

from django.db import connection

from registry.lineage.graph import Kind

OWNER = "JOIN registry_entity o ON o.id = p.entity_id"
WORDS = {
    "rights": "p.id, p.visibility, p.entity_id, o.kind, o.organization_id",
    "owner": OWNER,
    "place": f"JOIN registry_project p ON p.id = c.project_id {OWNER}",
}
# lists as `raw.array` writes them
LISTS = {"postgresql": "= ANY(%s::bigint[])", "sqlite": "IN (SELECT value FROM json_each(%s))"}

PROJECTS = "SELECT {rights} FROM registry_project p {owner} WHERE p.id {listed}"
_ARTIFACT_GROUPS = """SELECT a.id, a.collection_id, c.type_name, c.name, {rights} FROM registry_artifact a
    JOIN registry_artifactcollection c ON c.id = a.collection_id {place}
    WHERE a.id {listed} AND a.state IN ('committed', 'deleted')"""
_RUN_GROUPS = """SELECT r.id, r.group_id, c.job_type, c.job_type, {rights} FROM registry_run r
    JOIN registry_rungroup c ON c.id = r.group_id {place}
    WHERE r.id {listed}"""
GROUPS = {Kind.RUN: _RUN_GROUPS, Kind.ARTIFACT: _ARTIFACT_GROUPS}
RUNS = """SELECT r.id, r.state, r.heartbeat_at, r.deleted_at, r.name, r.created_at, o.name, p.name, r.uid
    FROM registry_run r JOIN registry_project p ON p.id = r.project_id {owner}
    WHERE r.id {listed}"""
ARTIFACTS = """SELECT a.id, a.version, a.state, a.created_at, a.deleted_at, c.name, c.type_name, o.name, p.name,
        {rights} FROM registry_artifact a JOIN registry_artifactcollection c ON c.id = a.collection_id {place}
    WHERE a.id {listed}"""
ALIASES = """SELECT l.artifact_id, l.name, EXISTS (
        SELECT 1 FROM registry_protectedalias d WHERE d.project_id = c.project_id AND d.name = l.name), {rights}
    FROM registry_alias l JOIN registry_artifactcollection c ON c.id = l.collection_id {place}
    WHERE l.artifact_id {listed}"""
MEMBERSHIPS = """SELECT m.artifact_id, p.name, c.name, m.version, {rights}
    FROM registry_collectionmembership m JOIN registry_artifactcollection c ON c.id = m.collection_id {place}
    WHERE m.artifact_id {listed} AND c.deleted_at IS NULL"""
# the plus sign keeps both databases off the index of the versions' edges: what reads a hub has no limit
HELD_ALIASES = """SELECT e.run_id, e.artifact_id, e.collection_id, e.aliases, c.name, a.version FROM registry_edge e
    JOIN registry_artifactcollection c ON c.id = e.collection_id JOIN registry_artifact a ON a.id = e.artifact_id
    WHERE e.run_id {listed} AND e.direction = 0 AND +e.artifact_id {listed} AND e.aliases <> '[]'"""


def in_dialect(sql: str) -> str:
    """Return a query of this module as the connected database takes it."""
    return sql.format(**WORDS, listed=LISTS[connection.vendor])
