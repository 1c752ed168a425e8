"""The locks by which those who serve a desk know of each other."""

from __future__ import annotations

SERVING = "hashtextextended('frontline serves ' || current_schema(), 0)"
"""All who serve share it; what needs the desk for itself takes it alone."""
LEADING = "hashtextextended('frontline leads ' || current_schema(), 0)"
OURS = "hashtext('frontline replica ' || current_schema()) & 2147483647"
"""With its number it is the lock that a replica holds as long as it lives."""

HANGS_AFTER_S = 6
"""Whoever has not looked for so long is cut off: a machine that sleeps, or has no network."""

CUT_OFF = """
SELECT pg_terminate_backend(each.pid) FROM pg_stat_activity AS its JOIN pg_stat_activity AS each
ON each.pid = its.pid OR (its.application_name LIKE 'frontline _%%'
AND each.application_name = its.application_name AND each.datname = its.datname)
WHERE its.pid = %s
"""
"""All sessions of the process that one of them belongs to: one may be in the middle of writing."""

LOOK = f"""
SELECT r.id, r.host, r.pid, r.knows, a.pid AS session,
coalesce(a.state_change < clock_timestamp() - interval '{HANGS_AFTER_S} s', false) AS hangs
FROM replicas AS r LEFT JOIN pg_locks AS l ON l.locktype = 'advisory' AND l.objsubid = 2
AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
AND l.classid = ({OURS})::oid AND l.objid = r.id::int::oid AND l.granted
LEFT JOIN pg_stat_activity AS a ON a.pid = l.pid
"""
"""Who serves; `session` is PostgreSQL's number of it, null where it died."""
FELLOWS = f"SELECT s.*, r.speaks FROM ({LOOK}) AS s JOIN replicas AS r ON r.id = s.id"
OLDER = f"SELECT id, host, pid FROM ({LOOK}) AS s WHERE session IS NOT NULL AND knows <> $1"
