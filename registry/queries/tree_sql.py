"""The raw SQL of the sidebar's tree: it stands on every page of a project, and the ORM takes longer to write it."""

# the open type is always among the first
TYPES = """SELECT c.type_name, count(*) FROM registry_artifactcollection c
    WHERE c.project_id = %s AND c.deleted_at IS NULL
    GROUP BY c.type_name ORDER BY c.type_name <> %s, c.type_name LIMIT %s"""

# collections on both sides of a name, with their recorded versions or, of a portfolio, their links
_WINDOW = """SELECT s.id, s.name, s.type_name, CASE s.kind
    WHEN 'portfolio' THEN (SELECT count(*) FROM registry_collectionmembership m WHERE m.collection_id = s.id)
    ELSE (SELECT count(*) FROM registry_artifact a
        WHERE a.collection_id = s.id AND a.state IN ('committed', 'deleted')) END
    FROM (
        SELECT * FROM ({present} AND c.name < %s ORDER BY c.name DESC LIMIT %s) earlier
        UNION ALL SELECT * FROM ({present} AND c.name >= %s ORDER BY c.name LIMIT %s) later
    ) s ORDER BY s.name"""
_PRESENT = """SELECT c.id, c.kind, c.name, c.type_name FROM registry_artifactcollection c
    WHERE c.project_id = %s AND c.deleted_at IS NULL"""
WINDOW = _WINDOW.format(present=_PRESENT)
WINDOW_OF_TYPE = _WINDOW.format(present=f"{_PRESENT} AND c.type_name = %s")
