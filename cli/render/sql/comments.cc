// Comments on objects and on their parts.
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "cli/render/sql/sql_words.h"
#include "cli/render/sql/writing.h"

namespace varve::sql {
namespace {

// How COMMENT names a part of `target`, which is of `key`.
Target PartTarget(const v1::ElementDoc& element, const EntityKey& key, const Target& target) {
  const std::string name = Name(element.name());
  if (element.part() == "column") return {"COLUMN", absl::StrCat(target.name, ".", name)};
  if (element.part() == "index") return {"INDEX", Qualified(key.names[0], element.name())};
  return {absl::AsciiStrToUpper(element.part()),
          absl::StrCat(name, " ON ", target.type == "DOMAIN" ? "DOMAIN " : "", target.name)};
}

}  // namespace

void WriteComments(const EntityView& entity, const Target& target, Writing& writing,
                   Object& object) {
  if (entity.Find(v1::FACET_DOCS) == nullptr) return;
  if (!entity.Saw(v1::FACET_DOCS)) {
    writing.Miss(object, "comments", WhyUnseen(entity, v1::FACET_DOCS));
    return;
  }
  const v1::Docs& docs = entity.Shape(v1::FACET_DOCS).docs();
  const auto write = [&](const Target& on, const std::string& comment) -> Statement& {
    return Add(
        object,
        absl::StrCat("COMMENT ON ", on.type, " ", on.name, " IS ",
                     writing.variables().Literal(comment, absl::StrCat(on.name, " comment")), ";"));
  };
  if (!docs.comment().empty()) write(target, docs.comment());
  for (const v1::ElementDoc& element : docs.elements()) {
    Statement& statement = write(PartTarget(element, entity.key(), target), element.comment());
    const absl::string_view kind = KindOfPart(element.part());
    if (!kind.empty()) statement.needs.push_back({OwnKey(entity), {kind, element.name()}});
  }
}

}  // namespace varve::sql
