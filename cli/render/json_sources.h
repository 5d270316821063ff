// The three kinds of sources as JSON: each writes the members of one source into the object that is
// open: `metadata`, what is there, `summary`, `not_seen`, `errors`.
#pragma once

#include "cli/render/json_writer.h"
#include "cli/render/render_view.h"

namespace varve {

void WritePostgres(JsonWriter& out, const RenderView& view, const SectionView& section);
// Of what databases share: `cluster`, `roles`, `tablespaces`, `settings` (json_cluster.cc).
void WriteCluster(JsonWriter& out, const SectionView& cluster);
// Of a pattern: its figures by class, sample keys, what its values look like.
void WritePatternDetails(JsonWriter& out, const EntityView& entity);
// The patterns of each database as a tree.
void WriteKeyTree(JsonWriter& out, const SectionView& section);
void WriteRedis(JsonWriter& out, const RenderView& view, const SectionView& section);
// Of the server itself: `servers`, `settings`, `users`, `modules`, `libraries`
// (json_redis_server.cc).
void WriteRedisServer(JsonWriter& out, const SectionView& section);
void WriteModels(JsonWriter& out, const RenderView& view, const SectionView& section);

// A table's, foreign table's, view's or materialized view's members (json_relations.cc).
void WriteTable(JsonWriter& out, const EntityView& entity);
void WriteView(JsonWriter& out, const EntityView& entity);

// The fields of the facet that the envelope carries, into the object that is open.
void WriteFacet(JsonWriter& out, const v1::Shape& shape);

// An entity of a kind without a form of its own, from its messages: the names of its identity, all
// fields of its first facet beside them, and those of the other facets in objects of their names.
void WriteAnyEntity(JsonWriter& out, const EntityView& entity);

// What ends every entity's object: who owns it, comment, measures, what it needs, what was not
// seen.
void WriteRest(JsonWriter& out, const EntityView& entity);

}  // namespace varve
