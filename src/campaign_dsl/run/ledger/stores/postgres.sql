-- What the ledger's statements ask of a database that PostgreSQL does not have, or has under another name: the same
-- functions as in SQLite, with the same answers.

-- 128 bits of an idempotency key: the same for ever, and not to be guessed from another customer's.
CREATE FUNCTION key_hash(key text) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
RETURN encode(substr(sha256(convert_to(key, 'UTF8')), 1, 16), 'hex');

-- Patterns of the shell: * for any characters, ? for one, [...] for one of a set.
CREATE FUNCTION glob(pattern text, value text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN value ~ ('^' || replace(replace(regexp_replace(pattern, '([.+^$(){}|\\])', '\\\1', 'g'), '*', '.*'), '?', '.') || '$');

CREATE FUNCTION json_valid(document text) RETURNS boolean
LANGUAGE plpgsql STRICT IMMUTABLE PARALLEL SAFE AS $function$
BEGIN
    PERFORM document::jsonb;
    RETURN true;
EXCEPTION WHEN data_exception THEN
    RETURN false;
END
$function$;

-- The name in a path of SQLite's, as in $."0"; anything else is a name already.
CREATE FUNCTION json_label(path text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN path LIKE '$."%"' THEN substr(path, 4, length(path) - 4) ELSE path END;

CREATE FUNCTION json_part(document text, path text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CAST(CAST(document AS json) -> json_label(path) AS text);

CREATE FUNCTION json_part_text(document text, path text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CAST(document AS json) ->> json_label(path);

-- Documents are kept as texts, byte for byte as they came: a plan's digest is taken over its text.
CREATE OPERATOR -> (LEFTARG = text, RIGHTARG = text, FUNCTION = json_part);
CREATE OPERATOR ->> (LEFTARG = text, RIGHTARG = text, FUNCTION = json_part_text);

-- JSON without members that are null, at every depth of objects; lists stay as they are.
CREATE FUNCTION json_without_nulls(document text) RETURNS text
LANGUAGE plpgsql STRICT IMMUTABLE PARALLEL SAFE AS $function$
BEGIN
    IF document NOT LIKE '{%' THEN
        RETURN document;
    END IF;
    RETURN (
        SELECT '{' || coalesce(string_agg(to_json(m.key) || ':' || json_without_nulls(m.value::text), ',' ORDER BY m.n), '')
            || '}'
        FROM json_each(document::json) WITH ORDINALITY AS m (key, value, n)
        WHERE json_typeof(m.value) <> 'null'
    );
END
$function$;

-- Instants as messages have them; only the one form that the ledger writes.
CREATE FUNCTION strftime(format text, seconds bigint, modifier text) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
RETURN CASE WHEN format = '%Y-%m-%dT%H:%M:%SZ' AND modifier = 'unixepoch'
    THEN to_char(to_timestamp(seconds) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') END;
