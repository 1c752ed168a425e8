"""What PostgreSQL is given so that it understands what SQLite does by itself."""

from __future__ import annotations

FUNCTIONS = r"""
CREATE FUNCTION as_integer(text) RETURNS bigint IMMUTABLE STRICT PARALLEL SAFE LANGUAGE sql
AS $$ SELECT coalesce(substring($1 FROM '^\s*([+-]?\d+)'), '0')::bigint $$;
CREATE FUNCTION as_integer(bigint) RETURNS bigint IMMUTABLE STRICT PARALLEL SAFE LANGUAGE sql
AS $$ SELECT $1 $$;
CREATE FUNCTION as_integer(double precision) RETURNS bigint IMMUTABLE STRICT PARALLEL SAFE
LANGUAGE sql AS $$ SELECT trunc($1)::bigint $$;

CREATE FUNCTION json_extract(text, text) RETURNS text IMMUTABLE STRICT PARALLEL SAFE LANGUAGE sql
AS $$ SELECT CASE $2 WHEN '$[#-1]' THEN $1::jsonb ->> -1
ELSE $1::jsonb #>> string_to_array(substr($2, 3), '.') END $$;
CREATE FUNCTION json_array_length(text) RETURNS bigint IMMUTABLE STRICT PARALLEL SAFE LANGUAGE sql
AS $$ SELECT jsonb_array_length($1::jsonb) $$;
CREATE FUNCTION json_each(text) RETURNS TABLE (key bigint, value text)
IMMUTABLE STRICT PARALLEL SAFE LANGUAGE sql
AS $$ SELECT ordinality - 1, value FROM jsonb_array_elements_text($1::jsonb) WITH ORDINALITY $$;

CREATE FUNCTION unixepoch(text) RETURNS bigint IMMUTABLE STRICT PARALLEL SAFE LANGUAGE sql
AS $$ SELECT floor(extract(epoch FROM CASE WHEN $1 ~ '([+-]\d\d:?\d\d|Z)$'
THEN $1::timestamptz ELSE ($1 || '+00:00')::timestamptz END))::bigint $$;
CREATE FUNCTION datetime(text) RETURNS text STABLE STRICT LANGUAGE sql
AS $$ SELECT to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS') $$;
CREATE FUNCTION instr(text, text) RETURNS bigint IMMUTABLE STRICT PARALLEL SAFE LANGUAGE sql
AS $$ SELECT strpos($1, $2)::bigint $$;
CREATE FUNCTION opened(text) RETURNS text IMMUTABLE PARALLEL SAFE LANGUAGE sql AS $$ SELECT $1 $$;
CREATE FUNCTION as_before(text, text) RETURNS text IMMUTABLE PARALLEL SAFE LANGUAGE sql
AS $$ SELECT $1 $$;

CREATE FUNCTION words_of(text) RETURNS text[] IMMUTABLE PARALLEL SAFE LANGUAGE sql
AS $$ SELECT coalesce(array_agg(DISTINCT word), '{}') FROM regexp_split_to_table(regexp_replace(
normalize(lower($1 COLLATE "default"), NFD), '[\u0300-\u036f]', '', 'g'),
'[\u0001-/:-@\[-`{-\u00bf\u2000-\u206f]+') AS word WHERE word <> '' $$;
CREATE FUNCTION words_wanted(text) RETURNS tsquery IMMUTABLE STRICT PARALLEL SAFE LANGUAGE sql
AS $$ SELECT coalesce(string_agg(term, CASE WHEN $1 ~ '" OR "' THEN ' | ' ELSE ' & ' END), '')
::tsquery
FROM (SELECT '(' || string_agg(quote_literal(word) || found[2], ' & ') || ')' AS term
FROM regexp_matches($1, '"([^"]*)"(\*?)', 'g') WITH ORDINALITY AS m (given, place),
LATERAL (SELECT ARRAY[given[1], CASE given[2] WHEN '*' THEN ':*' ELSE '' END]) AS f (found),
LATERAL unnest(words_of(found[1])) AS word GROUP BY place) AS terms $$;
"""
"""Under SQLite's names and with its meaning; what people wrote is sealed in SQLite alone."""

CATALOGUE = """
CREATE VIEW sqlite_master AS SELECT CASE relkind WHEN 'v' THEN 'view' ELSE 'table' END AS type,
relname::text AS name, '' AS sql FROM pg_class
WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'v')
AND relname NOT IN ('sqlite_master', 'pragma_table_list', 'ticket_vocabulary');
CREATE VIEW pragma_table_list AS SELECT 'main' AS schema, name, type FROM sqlite_master
WHERE type = 'table';
CREATE FUNCTION pragma_table_xinfo(text) RETURNS TABLE (name text, type text, hidden bigint)
STABLE LANGUAGE sql AS $$ SELECT attname::text,
CASE atttypid WHEN 'text'::regtype THEN 'TEXT' WHEN 'bigint'::regtype THEN 'INTEGER'
WHEN 'bytea'::regtype THEN 'BLOB' ELSE 'REAL' END,
CASE WHEN atttypid = 'tsvector'::regtype OR attname = 'rowid' THEN 1 ELSE 0 END::bigint
FROM pg_attribute WHERE attrelid = to_regclass(quote_ident($1)) AND attnum > 0
AND NOT attisdropped ORDER BY attnum $$;
CREATE FUNCTION pragma_table_info(text) RETURNS TABLE (name text, type text)
STABLE LANGUAGE sql AS $$ SELECT name, type FROM pragma_table_xinfo($1) WHERE hidden = 0 $$;
"""
"""What there is, told as SQLite tells it."""

WORDS = """
CREATE TABLE ticket_words (rowid bigint PRIMARY KEY, question text COLLATE "C" NOT NULL,
cause text COLLATE "C" NOT NULL, fix text COLLATE "C" NOT NULL, indexed tsvector
GENERATED ALWAYS AS (array_to_tsvector(words_of(question || ' ' || cause || ' ' || fix))) STORED);
CREATE INDEX ticket_words_indexed ON ticket_words USING gin (indexed);
"""
"""The words of tickets, in place of SQLite's full-text table."""
