// The three kinds of sources as JSON: each writes the members of one source into the object that is
// open: `metadata`, what is there, `summary`, `not_seen`, `errors`.
#pragma once

#include "cli/render/json_writer.h"
#include "cli/render/render_view.h"

namespace varve {

void WritePostgres(JsonWriter& out, const RenderView& view, const SectionView& section);
void WriteRedis(JsonWriter& out, const RenderView& view, const SectionView& section);
void WriteModels(JsonWriter& out, const RenderView& view, const SectionView& section);

// A table's, foreign table's, view's or materialized view's members (json_relations.cc).
void WriteTable(JsonWriter& out, const EntityView& entity);
void WriteView(JsonWriter& out, const EntityView& entity);

// Any message as JSON, field by field, for kinds that have no form of their own.
void WriteMessage(JsonWriter& out, const google::protobuf::Message& message);

}  // namespace varve
