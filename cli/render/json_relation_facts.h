// Facts of relations and their parts that most have not: each is written only where it is there.
#pragma once

#include "cli/render/json_parts.h"
#include "cli/render/json_writer.h"
#include "cli/render/relation_texts.h"
#include "varve/v1/postgres.pb.h"

namespace varve {

// `storage`, `compression`, `statistics_target`, `options`, `fdw_options`, `inherited`, `local`.
void WriteColumnFacts(JsonWriter& out, const v1::Column& column);
// `enforced`, `period`, `inherited`, `local`, `parent`.
void WriteConstraintFacts(JsonWriter& out, const v1::Constraint& constraint);
// `parent`, `tablespace`, `depends_on_extensions`.
void WriteIndexFacts(JsonWriter& out, const v1::Index& index);
// `depends_on_extensions`.
void WriteExtensionsNeeded(JsonWriter& out,
                           const google::protobuf::RepeatedPtrField<std::string>& extensions);
// `rules`.
void WriteRules(JsonWriter& out, const google::protobuf::RepeatedPtrField<v1::Rule>& rules,
                const RelationTexts& texts, const PartComments& comments);
// `policies`.
void WritePolicies(JsonWriter& out, const google::protobuf::RepeatedPtrField<v1::Policy>& policies,
                   const RelationTexts& texts, const PartComments& comments);

// `access_method`, `tablespace`, `toast_parameters` of a table or materialized view.
template <typename Structure>
void WriteStorage(JsonWriter& out, const Structure& structure) {
  if (!structure.access_method().empty()) out.Text("access_method", structure.access_method());
  if (!structure.tablespace().empty()) out.Text("tablespace", structure.tablespace());
  if (structure.toast_parameters_size() > 0) {
    WriteOptions(out, "toast_parameters", structure.toast_parameters());
  }
}

}  // namespace varve
