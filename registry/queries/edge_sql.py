"""The raw SQL of the walk in two dialects. Only this and `card_sql` are raw; other queries are ordinary ones."""

from dataclasses import dataclass

from registry.lineage.graph import Kind
from registry.lineage.reach import CARRIED, EXACT_ROWS, MOST_ROWS

# a draft's edges are written before it is committed, and nobody may see them
NO_DRAFTS = {
    "artifacts": "CROSS JOIN registry_artifact a",
    "saved": "AND a.id = e.artifact_id AND a.state <> 'pending'",
}
# those of `reach.member_limit`
LIMITS = {"exact": str(EXACT_ROWS), "carried": str(CARRIED), "most_rows": str(MOST_ROWS)}


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a database takes lists.

    Edges between two lists are read from the run's side, for what reads a hub has no limit: PostgreSQL is kept to it
    by OFFSET 0, SQLite by CROSS JOIN and by the plus sign, which keeps `IN` off the index.

    `hop` reads a hop both ways at once, counts and newest members; empty where a round trip costs nothing.
    """

    counts: str
    members: str
    touching: str
    between: str
    hop: str = ""


POSTGRESQL = Dialect(
    counts="""SELECT c.node, c.grp, c.size, g.project_id, g.{type}, g.{name} FROM (
            SELECT e.{node} AS node, e.{group} AS grp, count(*) AS size FROM registry_edge e {artifacts}
            WHERE e.{node} = ANY(%s::bigint[]) AND e.direction = %s {saved} GROUP BY 1, 2) c
        JOIN {groups} g ON g.id = c.grp""",
    members="""SELECT f.node, f.grp, m.id
        FROM unnest(%s::bigint[], %s::bigint[]) f(node, grp) CROSS JOIN LATERAL (
            SELECT e.{other} AS id FROM registry_edge e {artifacts}
            WHERE e.{node} = f.node AND e.direction = %s {saved} AND e.{group} = f.grp
                AND e.{other} <> ALL(%s::bigint[]) AND e.{other} < %s
            ORDER BY e.{other} DESC LIMIT %s) m""",
    touching="""SELECT r.id, e.artifact_id FROM unnest(%s::bigint[]) r(id) CROSS JOIN LATERAL (
            SELECT artifact_id FROM registry_edge WHERE run_id = r.id AND direction = %s OFFSET 0) e
        WHERE e.artifact_id = ANY(%s::bigint[])""",
    between="""SELECT r.id, e.artifact_id, e.direction FROM unnest(%s::bigint[]) r(id) CROSS JOIN LATERAL (
            SELECT artifact_id, direction FROM registry_edge WHERE run_id = r.id OFFSET 0) e
        WHERE e.artifact_id = ANY(%s::bigint[])""",
    hop="""WITH c AS MATERIALIZED (
            SELECT n.direction, n.node, c.grp, c.size, CASE WHEN sum(c.size) OVER side <= {exact}
                THEN {exact} ELSE greatest(1, least({carried}, {most_rows} / count(*) OVER side)) END AS most
            FROM unnest(%s::bigint[], %s::smallint[]) n(node, direction) CROSS JOIN LATERAL (
                SELECT e.{group} AS grp, count(*) AS size FROM registry_edge e {artifacts}
                WHERE e.{node} = n.node AND e.direction = n.direction {saved} GROUP BY 1) c
            WINDOW side AS (PARTITION BY n.direction))
        SELECT c.direction, c.node, c.grp, c.size, c.most, g.project_id, g.{type}, g.{name}, ARRAY(
            SELECT e.{other} FROM registry_edge e {artifacts}
            WHERE e.{node} = c.node AND e.direction = c.direction {saved} AND e.{group} = c.grp
            ORDER BY e.{other} DESC LIMIT c.most)
        FROM c JOIN {groups} g ON g.id = c.grp""",
)
SQLITE = Dialect(
    counts="""SELECT c.node, c.grp, c.size, g.project_id, g.{type}, g.{name} FROM (
            SELECT e.{node} AS node, e.{group} AS grp, count(*) AS size FROM registry_edge e {artifacts}
            WHERE e.{node} IN (SELECT value FROM json_each(%s)) AND e.direction = %s {saved} GROUP BY 1, 2) c
        CROSS JOIN {groups} g ON g.id = c.grp""",
    members="""WITH f(node, grp) AS MATERIALIZED (
            SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each(%s))
        SELECT f.node, f.grp, (SELECT json_group_array(id) FROM (
            SELECT e.{other} AS id FROM registry_edge e {artifacts}
            WHERE e.{node} = f.node AND e.direction = %s {saved} AND e.{group} = f.grp
                AND e.{other} NOT IN (SELECT value FROM json_each(%s)) AND e.{other} < %s
            ORDER BY e.{other} DESC LIMIT %s))
        FROM f""",
    touching="""SELECT e.run_id, e.artifact_id FROM json_each(%s) r
        CROSS JOIN registry_edge e ON e.run_id = r.value AND e.direction = %s
        WHERE +e.artifact_id IN (SELECT value FROM json_each(%s))""",
    between="""SELECT e.run_id, e.artifact_id, e.direction FROM json_each(%s) r
        CROSS JOIN registry_edge e ON e.run_id = r.value
        WHERE +e.artifact_id IN (SELECT value FROM json_each(%s))""",
)
COLUMNS = {
    Kind.ARTIFACT: {
        "node": "artifact_id",
        "other": "run_id",
        "group": "run_group_id",
        "groups": "registry_rungroup",
        "type": "job_type",
        "name": "job_type",
        "artifacts": "",
        "saved": "",
        **LIMITS,
    },
    Kind.RUN: {
        "node": "run_id",
        "other": "artifact_id",
        "group": "collection_id",
        "groups": "registry_artifactcollection",
        "type": "type_name",
        "name": "name",
        **NO_DRAFTS,
        **LIMITS,
    },
}
