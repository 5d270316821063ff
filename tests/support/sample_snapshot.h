// A small snapshot, built by hand: what rendering, diffs and rules are tested on without a server.
#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "snapshot/section.h"
#include "snapshot/section_builder.h"
#include "varve/v1/postgres.pb.h"

namespace varve::testing {

// 2025-06-08T04:24:12.360218Z.
inline constexpr int64_t kSampleTimeUs = 1749356652360218;

// The pieces of which tests make their own sections.
v1::DataType CatalogType(absl::string_view name, absl::string_view modifier = "");
v1::DataType UserType(absl::string_view kind, absl::string_view schema, absl::string_view name);
v1::Column NullableColumn(absl::string_view name, const v1::DataType& type);
v1::Column RequiredColumn(absl::string_view name, const v1::DataType& type);
v1::Constraint PrimaryKey(absl::string_view name, const std::vector<std::string>& columns);
v1::Constraint ForeignKey(absl::string_view name, const std::vector<std::string>& columns,
                          absl::string_view schema, absl::string_view table,
                          const std::vector<std::string>& referenced);
v1::Index BtreeIndex(absl::string_view name, const std::vector<std::string>& columns);
EntityKey Table(absl::string_view schema, absl::string_view name);
v1::ModelField Field(absl::string_view name, absl::string_view type);

// Adds the structure of a table, or of a model, with nothing else.
void AddTable(SectionBuilder& builder, const EntityKey& key, const v1::TableStructure& table);
void AddModel(SectionBuilder& builder, const EntityKey& key, const v1::ModelStructure& model);

// Sections named "postgres", "redis" and "models": documents, their chunks and entities. They hold
// names that are hostile to Markdown, a masked default, a table whose expressions were locked, keys
// that are not UTF-8, two models of one bare name, and what each rule finds.
Section SamplePostgres();
Section SampleRedis();
Section SampleModels();

// A snapshot of environment "prod-eu" with `sections` in that order; seq 42.
Snapshot Assemble(std::vector<Section> sections);

// The three sample sections.
Snapshot SampleSnapshot();

}  // namespace varve::testing
