#include "tests/bench/living_database.h"

#include <cstdio>
#include <utility>

#include "absl/strings/str_cat.h"
#include "snapshot/section_builder.h"

namespace varve::testing {
namespace {

constexpr int64_t kHourUs = int64_t{3'600'000'000};
constexpr const char* kTotalTypes[] = {"int4", "int8", "numeric"};

void AddColumn(v1::TableStructure& table, const std::string& name, const std::string& type,
               bool not_null) {
  v1::Column& column = *table.add_columns();
  column.set_name(name);
  column.set_not_null(not_null);
  v1::Identity& identity = *column.mutable_type()->mutable_type();
  identity.set_kind("type");
  identity.add_names("pg_catalog");
  identity.add_names(type);
}

}  // namespace

LivingDatabase::LivingDatabase(const LifePlan& plan, int environment)
    : plan_(plan),
      environment_(environment),
      name_(absl::StrCat("environment-", environment)),
      generations_(static_cast<size_t>(plan.tables), 0) {}

void LivingDatabase::Migrate() {
  // The same migrations everywhere, but not on the same day.
  const int step = number_ - environment_ % 5;
  changed_ = number_ == 1;
  if (step <= 0) return;
  if (step % plan_.change_every == 0) {
    const int migration = step / plan_.change_every;
    for (int each = 0; each <= migration % 3; ++each) {
      const auto table =
          (static_cast<size_t>(migration) * 7919 + static_cast<size_t>(each)) % generations_.size();
      ++generations_[table];
    }
    changed_ = true;
  }
  if (step % plan_.first_table_every == 0) {
    ++generations_.front();
    changed_ = true;
  }
  if (step % plan_.total_every == 0) {
    ++total_;
    changed_ = true;
  }
}

Section LivingDatabase::Gathered() const {
  SectionBuilder builder("shop", "postgres", 1);
  const int variant = environment_ % plan_.variants;
  for (int number = 0; number < plan_.tables; ++number) {
    const EntityKey key = {"table", {"public", absl::StrCat("table_", number)}};
    v1::Shape shape;
    v1::TableStructure& table = *shape.mutable_table();
    table.set_kind(v1::TABLE_KIND_PLAIN);
    for (int column = 0; column < 8; ++column) {
      AddColumn(table, absl::StrCat("column_", column), column == 0 ? "int8" : "text", column == 0);
    }
    AddColumn(table, "total", number == 0 ? kTotalTypes[total_ % 3] : "int4", false);
    for (int added = 0; added < generations_[static_cast<size_t>(number)]; ++added) {
      AddColumn(table, absl::StrCat("added_", added), "text", false);
    }
    // Some ten tables in a thousand are a variant's own.
    if (variant > 0 && number % 97 == variant % 97) {
      AddColumn(table, absl::StrCat("variant_", variant), "text", false);
    }
    LineFacts facts;
    facts.locator.set_id(absl::StrCat(environment_, "/1/", number));
    builder.Add(key, v1::FACET_STRUCTURE, std::move(shape), facts);
    v1::Shape expressions;
    expressions.mutable_table_expressions();
    builder.Add(key, v1::FACET_EXPRESSIONS, std::move(expressions));
    v1::Shape access;
    access.mutable_access()->set_owner(absl::StrCat("owner_", environment_));
    builder.Add(key, v1::FACET_ACCESS, std::move(access));
  }
  builder.CoverWhole("table");
  return builder.Finish();
}

PendingSnapshot LivingDatabase::Next() {
  ++number_;
  Migrate();
  down_ = number_ > 1 && number_ % plan_.down_every == 0;
  PendingSnapshot pending;
  pending.header.set_environment(name_);
  pending.header.set_snapshot_id(absl::StrCat(environment_, "-", number_));
  pending.header.set_taken_at_us(number_ * kHourUs);
  pending.received_at = absl::FromUnixMicros(number_ * kHourUs + 1);
  PendingSection& part = pending.sections.emplace_back();
  if (down_) {
    part.header =
        SectionBuilder::Unavailable("shop", "postgres", "db", "connecting", "refused", "").header;
    *pending.header.add_sections() = part.header;
    return pending;
  }
  // What came while the server was down is seen when it is back.
  const bool was_down = head_.seq != number_ - 1;
  Section before = std::move(section_);
  section_ = changed_ || was_down ? Gathered() : before;
  part.header = section_.header;
  *pending.header.add_sections() = part.header;
  part.base = head_;
  part.form = number_ == 1 ? PendingSection::Form::kWhole
              : section_.header.manifest_hash() == before.header.manifest_hash()
                  ? PendingSection::Form::kSame
                  : PendingSection::Form::kDelta;
  if (part.form != PendingSection::Form::kSame) {
    for (size_t i = 0; i < section_.lines.size(); ++i) {
      const Line& line = (*section_.lines)[i].line;
      if (number_ > 1 && (*before.lines)[i].line == line) continue;  // keys never come or go
      part.set.push_back(line);
      const ShapeHash& hash = line.seen->shape;
      pending.blobs[*BlobHash::FromBytes(hash.bytes())] = section_.shapes->at(hash);
    }
    pending.blobs[HashOf<BlobHash>(section_.coverage)] = section_.coverage;
  }
  head_ = {number_, *ManifestHash::FromBytes(section_.header.manifest_hash())};
  return pending;
}

bool Committed(SnapshotStore& store, const PendingSnapshot& snapshot) {
  const auto committed = store.Commit(snapshot);
  if (committed.ok()) return true;
  std::fprintf(stderr, "%s\n", std::string(committed.status().message()).c_str());
  return false;
}

}  // namespace varve::testing
