#include "agent/source/postgres/section_writer.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "agent/source/postgres/array_text.h"
#include "agent/source/postgres/catalog_query.h"
#include "agent/source/postgres/sql_text.h"

namespace varve::postgres {

void FacetShape::MaskOptions(absl::string_view array, TextForm form,
                             google::protobuf::RepeatedPtrField<v1::Option>& options) {
  for (const std::string& item : ArrayItems(array)) {
    const size_t equals = item.find('=');
    const std::string name = TextFrom(absl::string_view(item).substr(0, equals), form);
    v1::Option& option = *options.Add();
    option.set_name(name);
    if (equals == std::string::npos) continue;
    option.set_value(redactor_.MaskValue(
        name, TextFrom(absl::string_view(item).substr(equals + 1), form), masked_));
  }
}

std::string FacetShape::MaskExpression(absl::string_view name, absl::string_view expression) {
  if (!Redactor::IsSecretName(name)) return Mask(expression);
  const std::vector<StringLiteral> literals = StringLiterals(expression);
  const bool is_number = expression.find_first_not_of("-+.0123456789()") == absl::string_view::npos;
  if (literals.empty() && is_number) return redactor_.MaskValue(name, expression, masked_);
  std::string result;
  for (const StringLiteral& literal : literals) {
    const size_t begin = static_cast<size_t>(literal.content.data() - expression.data());
    result.append(expression.data(), begin);
    result += absl::StartsWith(literal.rest, "::regclass")
                  ? std::string(literal.content)
                  : redactor_.MaskValue(name, literal.content, masked_);
    expression.remove_prefix(begin + literal.content.size());
  }
  return absl::StrCat(result, expression);
}

bool SectionWriter::HasKind(const Kind& kind) const {
  return kind.source_kind == "postgres" && IsInSection(kind, section_);
}

void SectionWriter::Block(absl::string_view kind, unsigned facets, const Unseen& why) {
  for (const Kind& known : Kinds()) {
    if (!HasKind(known) || (!kind.empty() && known.name != kind)) continue;
    for (const KindFacet& facet : known.facets) {
      if ((facets & Bit(facet.facet)) == 0) continue;
      blocked_.emplace(std::pair(std::string(known.name), facet.facet), why);
    }
  }
}

bool SectionWriter::IsBlocked(absl::string_view kind, v1::Facet facet) const {
  return blocked_.contains({std::string(kind), facet});
}

// Each entity is counted once, however many of its facets come.
bool SectionWriter::CountIfLeftOut(const EntityKey& entity) {
  if (selection_.TakesAll()) return false;
  const std::optional<Selection::LeftOut> why = selection_.Why(entity);
  if (!why.has_value()) return false;
  if (!left_out_.insert(entity).second) return true;
  LeftOutCounts& counts = left_out_counts_[entity.kind];
  if (!why->pattern.has_value()) {
    ++counts.not_included;
    return true;
  }
  if (counts.by_pattern.size() <= *why->pattern) counts.by_pattern.resize(*why->pattern + 1);
  ++counts.by_pattern[*why->pattern];
  return true;
}

void SectionWriter::Add(const EntityKey& entity, v1::Facet facet, FacetShape shape,
                        const v1::Locator& locator) {
  if (CountIfLeftOut(entity)) return;
  if (IsBlocked(entity.kind, facet)) return;
  LineFacts facts;
  if (!shape.masked().empty()) facts.masked = redactor_.Digest(shape.masked());
  facts.locator = locator;
  if (dependencies_ != nullptr) dependencies_->Fill(entity, facet, shape.shape);
  builder_.AddInPlace(entity, facet, shape.shape, facts);
}

void SectionWriter::AddUnseen(const EntityKey& entity, v1::Facet facet, const Unseen& why) {
  if (CountIfLeftOut(entity)) return;
  if (IsBlocked(entity.kind, facet)) return;
  builder_.AddUnseen(entity, facet, why.sight);
  builder_.Cover(entity.kind, facet, why.sight, why.reason, why.remedy, entity.names, 1);
}

void SectionWriter::CoverPart(const EntityKey& scope, v1::Facet facet, const Unseen& why) {
  if (IsBlocked(scope.kind, facet)) return;
  builder_.Cover(scope.kind, facet, why.sight, why.reason, why.remedy, scope.names, 1);
}

void SectionWriter::CountMember(absl::string_view kind, absl::string_view extension) {
  ++members_[{std::string(kind), std::string(extension)}];
}

void SectionWriter::MeasureNumber(const EntityKey& entity, absl::string_view name, int64_t value,
                                  absl::string_view element) {
  if (!LeavesOut(entity)) builder_.MeasureNumber(entity, name, value, element);
}

void SectionWriter::MeasureText(const EntityKey& entity, absl::string_view name,
                                absl::string_view value, absl::string_view element) {
  if (!LeavesOut(entity)) builder_.MeasureText(entity, name, value, element);
}

void SectionWriter::Error(absl::string_view doing, absl::string_view why, absl::string_view remedy,
                          const EntityKey* entity) {
  builder_.Error(doing, why, remedy, entity);
}

void SectionWriter::Warning(absl::string_view doing, absl::string_view why,
                            absl::string_view remedy, const EntityKey* entity) {
  builder_.Warning(doing, why, remedy, entity);
}

// The cluster's list of databases says what they are and who may enter; the rest is in the section
// of each.
bool SectionWriter::IsLookedAt(const Kind& kind, v1::Facet facet) const {
  const bool is_listed = section_ == KindScope::kCluster && kind.scope == KindScope::kBoth;
  return !is_listed || (facet != v1::FACET_OPTIONS && facet != v1::FACET_STATE);
}

void SectionWriter::CoverKind(const Kind& kind) {
  if (selection_.MayLeaveOut(kind.name)) {
    const LeftOutCounts& counts = left_out_counts_[std::string(kind.name)];
    builder_.CoverLeftOut(selection_.Coverage(kind.name, counts.by_pattern, counts.not_included));
  }
  // What is left out whole nobody wants to see: no catalog was denied for it.
  if (selection_.LeavesOutAll(kind.name)) return;
  for (const KindFacet& facet : kind.facets) {
    if (!IsLookedAt(kind, facet.facet)) continue;
    const auto blocked = blocked_.find({std::string(kind.name), facet.facet});
    if (blocked == blocked_.end()) {
      builder_.Cover(kind.name, facet.facet, v1::SIGHT_CAPTURED);
    } else {
      const Unseen& why = blocked->second;
      builder_.Cover(kind.name, facet.facet, why.sight, why.reason, why.remedy);
    }
  }
}

void SectionWriter::Finish() {
  for (const Kind& kind : Kinds()) {
    if (HasKind(kind)) CoverKind(kind);
  }
  // A scope of its own, that no identity has: an exclusion of the schema would hide what is dropped
  // in it.
  for (const auto& [key, count] : members_) {
    const std::string scope = absl::StrCat("extension ", key.second);
    builder_.Cover(key.first, FirstFacet(key.first), v1::SIGHT_EXCLUDED, "member of an extension",
                   "", {scope}, count);
  }
}

}  // namespace varve::postgres
