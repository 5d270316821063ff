-- The demo database: documents are read, cut into chunks, searched for entities, and the entities
-- resolved and related. For PostgreSQL 14 and newer with contrib; load it into an empty database:
--   psql -X -q -v ON_ERROR_STOP=1 -d DATABASE -f schema.sql
-- The same file always gives the same structure and rows. It has, on purpose, a few things that
-- `--validate` finds: a foreign key without an index, an index twice, a table without a primary key,
-- a default that holds a password.
BEGIN;

CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS btree_gist;

CREATE TYPE document_status AS ENUM
  ('pending', 'extracting', 'chunking', 'resolving', 'completed', 'failed');
CREATE TYPE entity_type AS ENUM ('person', 'organization', 'location', 'date', 'amount');
CREATE TYPE relationship_kind AS ENUM ('works_for', 'located_in', 'party_to', 'mentioned_with');
CREATE DOMAIN confidence AS numeric(4, 3)
  CONSTRAINT confidence_is_a_share CHECK (VALUE BETWEEN 0 AND 1);
COMMENT ON TYPE document_status IS 'Where a document stands in the pipeline; failed is final';
COMMENT ON DOMAIN confidence IS 'How sure a model was: 0 not at all, 1 entirely';

CREATE SEQUENCE relationship_batch_seq START WITH 1000;
COMMENT ON SEQUENCE relationship_batch_seq IS 'One number for each run of the relationship builder';

-- Tables ------------------------------------------------------------------------------------------

CREATE TABLE source_documents (
  document_uuid       uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  project_name        text NOT NULL,
  original_file_name  text NOT NULL,
  storage_key         text NOT NULL UNIQUE,
  mime_type           text NOT NULL DEFAULT 'application/pdf',
  size_bytes          bigint NOT NULL CHECK (size_bytes >= 0),
  content_sha256      bytea,
  status              document_status NOT NULL DEFAULT 'pending',
  page_count          integer CHECK (page_count > 0),
  language            char(2),
  task_id             text,
  error_message       text,
  callback_url        text DEFAULT 'https://worker:demo-s3cret@hooks.example.com/documents',
  metadata            jsonb NOT NULL DEFAULT '{}',
  created_at          timestamptz NOT NULL DEFAULT now(),
  updated_at          timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT failed_documents_say_why CHECK (status <> 'failed' OR error_message IS NOT NULL)
);
COMMENT ON TABLE source_documents IS 'One row for each uploaded file';
COMMENT ON COLUMN source_documents.storage_key IS 'Object key in the bucket of the project';
COMMENT ON COLUMN source_documents.content_sha256 IS 'Of the uploaded bytes; null until they are read';

CREATE TABLE document_chunks (
  chunk_uuid      uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  document_uuid   uuid NOT NULL REFERENCES source_documents ON DELETE CASCADE,
  chunk_index     integer NOT NULL CHECK (chunk_index >= 0),
  char_start      integer NOT NULL,
  char_end        integer NOT NULL,
  content         text NOT NULL,
  content_length  integer GENERATED ALWAYS AS (length(content)) STORED,
  embedding       real[],
  created_at      timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT chunks_are_numbered_once UNIQUE (document_uuid, chunk_index),
  CONSTRAINT chunk_has_text CHECK (char_end > char_start),
  CONSTRAINT chunks_do_not_overlap EXCLUDE USING gist
    (document_uuid WITH =, int4range(char_start, char_end) WITH &&)
);
COMMENT ON TABLE document_chunks IS 'The text of a document in pieces that fit a model';
COMMENT ON COLUMN document_chunks.char_end IS 'One beyond the last character';

CREATE TABLE canonical_entities (
  canonical_entity_uuid  uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  entity_type            entity_type NOT NULL,
  canonical_name         text NOT NULL,
  normalized_name        text NOT NULL,
  aliases                text[] NOT NULL DEFAULT '{}',
  description            text,
  mention_count          integer NOT NULL DEFAULT 0,
  confidence             confidence NOT NULL DEFAULT 0.5,
  resolution_method      text NOT NULL DEFAULT 'exact',
  attributes             jsonb NOT NULL DEFAULT '{}',
  created_at             timestamptz NOT NULL DEFAULT now(),
  updated_at             timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE canonical_entities IS 'One row for each thing in the world, however it is written';

CREATE TABLE entity_mentions (
  mention_uuid           uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  chunk_uuid             uuid NOT NULL REFERENCES document_chunks ON DELETE CASCADE,
  canonical_entity_uuid  uuid REFERENCES canonical_entities ON DELETE SET NULL,
  entity_type            entity_type NOT NULL,
  surface_form           varchar(400) NOT NULL,
  start_offset           integer NOT NULL,
  end_offset             integer NOT NULL,
  confidence             confidence NOT NULL,
  extracted_by           text NOT NULL DEFAULT current_user,
  created_at             timestamptz NOT NULL DEFAULT now(),
  CHECK (end_offset > start_offset)
);
COMMENT ON TABLE entity_mentions IS 'Where an entity stands in a chunk; unresolved while its entity is null';

CREATE TABLE relationship_staging (
  staging_id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  batch_number            bigint NOT NULL DEFAULT nextval('relationship_batch_seq'),
  from_entity_uuid        uuid NOT NULL REFERENCES canonical_entities ON DELETE CASCADE,
  to_entity_uuid          uuid NOT NULL REFERENCES canonical_entities ON DELETE CASCADE,
  kind                    relationship_kind NOT NULL,
  evidence_mention_uuid   uuid REFERENCES entity_mentions ON DELETE SET NULL,
  weight                  double precision NOT NULL DEFAULT 1,
  properties              jsonb NOT NULL DEFAULT '{}',
  exported_at             timestamptz,
  created_at              timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT no_relation_to_itself CHECK (from_entity_uuid <> to_entity_uuid)
);
COMMENT ON TABLE relationship_staging IS 'Relations that wait to be written to the graph';

CREATE TABLE processing_events (
  document_uuid  uuid NOT NULL,
  status         document_status NOT NULL,
  detail         text,
  happened_at    timestamptz NOT NULL DEFAULT now()
) PARTITION BY RANGE (happened_at);
CREATE TABLE processing_events_2026_01 PARTITION OF processing_events
  FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
CREATE TABLE processing_events_later PARTITION OF processing_events DEFAULT;
COMMENT ON TABLE processing_events IS 'What happened to a document, in order; kept when it is deleted';

-- Indexes -----------------------------------------------------------------------------------------

CREATE INDEX source_documents_open ON source_documents (created_at)
  WHERE status NOT IN ('completed', 'failed');
CREATE INDEX source_documents_metadata ON source_documents USING gin (metadata jsonb_path_ops);
CREATE INDEX document_chunks_document ON document_chunks (document_uuid, chunk_index);
CREATE INDEX canonical_entities_name ON canonical_entities USING gin (normalized_name gin_trgm_ops);
CREATE UNIQUE INDEX canonical_entities_identity ON canonical_entities (entity_type, lower(canonical_name));
CREATE INDEX entity_mentions_chunk ON entity_mentions (chunk_uuid) INCLUDE (start_offset, end_offset);
CREATE UNIQUE INDEX relationship_staging_waiting
  ON relationship_staging (from_entity_uuid, to_entity_uuid, kind) WHERE exported_at IS NULL;
CREATE INDEX relationship_staging_target ON relationship_staging (to_entity_uuid);
CREATE INDEX processing_events_document ON processing_events (document_uuid, happened_at DESC);

-- Functions and triggers --------------------------------------------------------------------------

CREATE FUNCTION normalize_entity_name(name text) RETURNS text
  LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN lower(regexp_replace(btrim(name), '[[:space:].,]+', ' ', 'g'));
COMMENT ON FUNCTION normalize_entity_name(text) IS 'The form by which two spellings are compared';

CREATE FUNCTION touch_updated_at() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.updated_at := clock_timestamp();
  RETURN NEW;
END $$;

CREATE FUNCTION fill_normalized_name() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.normalized_name := normalize_entity_name(NEW.canonical_name);
  RETURN NEW;
END $$;

CREATE FUNCTION count_mentions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE canonical_entities e SET mention_count = mention_count + d.delta
  FROM (SELECT canonical_entity_uuid, sum(delta) AS delta
        FROM (SELECT canonical_entity_uuid, 1 AS delta FROM added) s
        WHERE canonical_entity_uuid IS NOT NULL GROUP BY 1) d
  WHERE e.canonical_entity_uuid = d.canonical_entity_uuid;
  RETURN NULL;
END $$;

CREATE FUNCTION record_status() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, public AS $$
BEGIN
  INSERT INTO public.processing_events (document_uuid, status, detail, happened_at)
  VALUES (NEW.document_uuid, NEW.status, NEW.error_message, NEW.updated_at);
  PERFORM pg_notify('document_status', NEW.document_uuid::text);
  RETURN NULL;
END $$;

CREATE FUNCTION document_progress(document uuid,
    OUT chunks bigint, OUT mentions bigint, OUT unresolved bigint)
  LANGUAGE sql STABLE AS $$
  SELECT count(DISTINCT c.chunk_uuid), count(m.mention_uuid),
         count(m.mention_uuid) FILTER (WHERE m.canonical_entity_uuid IS NULL)
  FROM document_chunks c LEFT JOIN entity_mentions m USING (chunk_uuid)
  WHERE c.document_uuid = document
$$;

CREATE PROCEDURE merge_entities(keep uuid, drop_entity uuid) LANGUAGE plpgsql AS $$
BEGIN
  IF keep = drop_entity THEN
    RAISE EXCEPTION 'an entity cannot be merged with itself: %', keep;
  END IF;
  UPDATE entity_mentions SET canonical_entity_uuid = keep WHERE canonical_entity_uuid = drop_entity;
  UPDATE canonical_entities k
  SET aliases = k.aliases || d.canonical_name || d.aliases, mention_count = k.mention_count + d.mention_count
  FROM canonical_entities d
  WHERE k.canonical_entity_uuid = keep AND d.canonical_entity_uuid = drop_entity;
  DELETE FROM canonical_entities WHERE canonical_entity_uuid = drop_entity;
END $$;
COMMENT ON PROCEDURE merge_entities(uuid, uuid) IS 'Two rows turned out to be one thing';

CREATE TRIGGER source_documents_touch BEFORE UPDATE ON source_documents
  FOR EACH ROW EXECUTE FUNCTION touch_updated_at();
CREATE TRIGGER source_documents_status AFTER UPDATE OF status ON source_documents
  FOR EACH ROW WHEN (OLD.status IS DISTINCT FROM NEW.status) EXECUTE FUNCTION record_status();
CREATE TRIGGER canonical_entities_touch BEFORE UPDATE ON canonical_entities
  FOR EACH ROW EXECUTE FUNCTION touch_updated_at();
CREATE TRIGGER canonical_entities_normalize BEFORE INSERT OR UPDATE OF canonical_name
  ON canonical_entities FOR EACH ROW EXECUTE FUNCTION fill_normalized_name();
CREATE TRIGGER entity_mentions_count AFTER INSERT ON entity_mentions
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION count_mentions();

-- Views -------------------------------------------------------------------------------------------

CREATE VIEW document_overview AS
  SELECT d.document_uuid, d.project_name, d.original_file_name, d.status,
         count(DISTINCT c.chunk_uuid) AS chunks, count(m.mention_uuid) AS mentions
  FROM source_documents d
  LEFT JOIN document_chunks c USING (document_uuid)
  LEFT JOIN entity_mentions m USING (chunk_uuid)
  GROUP BY d.document_uuid;
COMMENT ON VIEW document_overview IS 'What the dashboard lists';

CREATE VIEW unresolved_mentions AS
  SELECT mention_uuid, chunk_uuid, entity_type, surface_form
  FROM entity_mentions WHERE canonical_entity_uuid IS NULL
  WITH CHECK OPTION;

CREATE MATERIALIZED VIEW entity_cooccurrence AS
  SELECT a.canonical_entity_uuid AS one, b.canonical_entity_uuid AS other,
         count(DISTINCT a.chunk_uuid) AS chunks
  FROM entity_mentions a
  JOIN entity_mentions b USING (chunk_uuid)
  WHERE a.canonical_entity_uuid < b.canonical_entity_uuid
  GROUP BY 1, 2
  WITH NO DATA;
CREATE UNIQUE INDEX entity_cooccurrence_pair ON entity_cooccurrence (one, other);

-- Rows --------------------------------------------------------------------------------------------

-- The n-th id of a family, the same one each time; Redis's demo keys use family 1 for documents.
CREATE FUNCTION pg_temp.id(family integer, n bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
  SELECT format('%s-7a3d-4c1e-9b52-%s%s',
                lpad(to_hex((n * 2654435761) % 4294967296), 8, '0'),
                lpad(to_hex(family), 2, '0'), lpad(to_hex(n), 10, '0'))::uuid
$$;

INSERT INTO source_documents (document_uuid, project_name, original_file_name, storage_key, size_bytes,
    content_sha256, status, page_count, language, error_message, metadata, created_at, updated_at)
SELECT pg_temp.id(1, n),
       (ARRAY['Harbour lease', 'Northwind merger', 'Flood claims'])[1 + n % 3],
       format('%s-%s.pdf', (ARRAY['contract', 'minutes', 'invoice', 'expert-report'])[1 + n % 4], lpad(n::text, 3, '0')),
       format('uploads/2026/01/%s.pdf', n), 20000 + n * 7919 % 900000, sha256(n::text::bytea),
       CASE WHEN n % 25 = 0 THEN 'failed' WHEN n > 70 THEN 'pending' ELSE 'completed' END::document_status,
       1 + n % 40, (ARRAY['en', 'de', 'fr'])[1 + n % 3],
       CASE WHEN n % 25 = 0 THEN 'page 3: the scan is too dark to read' END,
       jsonb_build_object('uploaded_from', 'portal', 'priority', n % 3),
       timestamptz '2026-01-05 08:00+00' + n * interval '37 minutes',
       timestamptz '2026-01-05 09:00+00' + n * interval '37 minutes'
FROM generate_series(1, 75) AS n;

INSERT INTO document_chunks (chunk_uuid, document_uuid, chunk_index, char_start, char_end, content, created_at)
SELECT pg_temp.id(2, d * 100 + c), pg_temp.id(1, d), c, c * 800, (c + 1) * 800,
       format('Part %s of document %s. The parties met on the premises and agreed as follows.', c + 1, d),
       timestamptz '2026-01-05 09:00+00' + d * interval '37 minutes'
FROM generate_series(1, 70) AS d, generate_series(0, 5) AS c
WHERE d % 25 <> 0;

INSERT INTO canonical_entities (canonical_entity_uuid, entity_type, canonical_name, normalized_name, confidence, created_at)
SELECT pg_temp.id(3, n), kind, name, '', 0.6 + (n % 4) * 0.1, timestamptz '2026-01-06 00:00+00'
FROM (SELECT row_number() OVER () AS n, kind, name
      FROM (SELECT 'person'::entity_type, first || ' ' || last
            FROM unnest(ARRAY['Ada', 'Bruno', 'Chiara', 'Dev', 'Eun-ji']) AS first,
                 unnest(ARRAY['Novak', 'Okafor', 'Petrov', 'Quist']) AS last
            UNION ALL
            SELECT 'organization', name || suffix
            FROM unnest(ARRAY['Northwind', 'Harbour & Sons', 'Meridian', 'Sturm']) AS name,
                 unnest(ARRAY[' Ltd.', ' Holding AG']) AS suffix
            UNION ALL
            SELECT 'location', unnest(ARRAY['Rotterdam', 'Genoa', 'Busan', 'Gdansk'])) AS named (kind, name)) AS numbered;

INSERT INTO entity_mentions (mention_uuid, chunk_uuid, canonical_entity_uuid, entity_type, surface_form,
    start_offset, end_offset, confidence, extracted_by, created_at)
SELECT pg_temp.id(4, row_number() OVER (ORDER BY c.chunk_uuid, k)), c.chunk_uuid,
       CASE WHEN n % 11 <> 0 THEN e.canonical_entity_uuid END, e.entity_type, e.canonical_name,
       k * 60, k * 60 + length(e.canonical_name), 0.7 + (n % 3) * 0.1, 'ner-2.1', c.created_at
FROM (SELECT *, row_number() OVER (ORDER BY chunk_uuid) AS n FROM document_chunks) AS c,
     generate_series(1, 3) AS k
JOIN canonical_entities e ON true
WHERE e.canonical_entity_uuid = pg_temp.id(3, 1 + (c.n * 7 + k * 5) % 32);

INSERT INTO relationship_staging (batch_number, from_entity_uuid, to_entity_uuid, kind, weight, created_at)
SELECT nextval('relationship_batch_seq') / 20 + 950, pg_temp.id(3, p), pg_temp.id(3, 21 + (p + o) % 8),
       'works_for', 1 + o * 0.5, timestamptz '2026-01-07 00:00+00'
FROM generate_series(1, 20) AS p, generate_series(0, 2) AS o;
INSERT INTO relationship_staging (batch_number, from_entity_uuid, to_entity_uuid, kind, exported_at, created_at)
SELECT 1010, pg_temp.id(3, 20 + o), pg_temp.id(3, 29 + o % 4), 'located_in',
       timestamptz '2026-01-08 00:00+00', timestamptz '2026-01-07 00:00+00'
FROM generate_series(1, 8) AS o;

INSERT INTO processing_events (document_uuid, status, happened_at)
SELECT document_uuid, status, updated_at FROM source_documents WHERE status <> 'pending';

REFRESH MATERIALIZED VIEW entity_cooccurrence;

COMMIT;

ANALYZE;
