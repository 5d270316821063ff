#include "snapshot/typed_name.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "absl/types/span.h"
#include "snapshot/kinds.h"
#include "snapshot/postgres_type.h"

namespace varve {
namespace {

bool IsModel(const EntityKey& entity) {
  return entity.kind == "model" || entity.kind == "model_enum";
}

bool HasTypes(const EntityKey& entity) {
  return entity.kind == "function" || entity.kind == "operator";
}

// Whether its name has words between its parts: "ops USING gin".
bool IsPhrase(const EntityKey& entity) {
  return entity.kind == "operator_class" || entity.kind == "operator_family" ||
         entity.kind == "cast" || entity.kind == "transform" || entity.kind == "user_mapping" ||
         entity.kind == "default_privileges";
}

bool Ends(absl::string_view text) { return text.empty() || text[0] == '.' || text[0] == '('; }

// Takes `literal`, followed by a dot or nothing.
bool TakeLiteral(absl::string_view literal, absl::string_view& text) {
  absl::string_view rest = text;
  if (!absl::ConsumePrefix(&rest, literal) || !(rest.empty() || rest[0] == '.')) return false;
  text = rest;
  return true;
}

// "integer" of "int4": the name that the catalog prints.
std::string PrintedType(const std::string& type) {
  absl::string_view name = type;
  v1::DataType printed;
  printed.set_array(absl::ConsumeSuffix(&name, "[]"));
  printed.mutable_type()->add_names(std::string(name == "int" ? "int4" : name));
  return TypeText(printed);
}

// Whether `typed`, a list with commas, names `types`, whatever blanks stand in it.
bool AreTypes(absl::string_view typed, absl::Span<const std::string> types) {
  std::vector<std::string> given;
  if (!absl::StripAsciiWhitespace(typed).empty()) given = absl::StrSplit(typed, ',');
  if (given.size() != types.size()) return false;
  for (size_t i = 0; i < given.size(); ++i) {
    absl::RemoveExtraAsciiWhitespace(&given[i]);
    if (given[i] != types[i] && PrintedType(given[i]) != types[i]) return false;
  }
  return true;
}

// Takes "(date, integer)", or nothing where no types are written.
bool TakeTypes(const EntityKey& entity, absl::string_view& text) {
  if (!absl::StartsWith(text, "(")) return true;
  int depth = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '(') ++depth;
    if (text[i] == ')') --depth;
    if (depth > 0) continue;
    const auto types = absl::MakeConstSpan(entity.names).subspan(2);
    if (!AreTypes(text.substr(1, i - 1), types)) return false;
    text.remove_prefix(i + 1);
    return true;
  }
  return false;
}

bool TakeNames(const EntityKey& entity, TypedCase letters, absl::string_view& text) {
  const size_t count = HasTypes(entity) ? 2 : entity.names.size();
  if (entity.names.size() < count) return false;
  for (size_t i = 0; i < count; ++i) {
    if (i > 0 && !absl::ConsumePrefix(&text, ".")) return false;
    if (!TakeName(entity.names[i], letters, text)) return false;
  }
  return !HasTypes(entity) || TakeTypes(entity, text);
}

bool TakeWhole(const EntityKey& entity, TypedCase letters, absl::string_view& text) {
  if (entity.kind == "key_pattern") {
    return TakeLiteral(DisplayName(entity), text) ||
           TakeLiteral(absl::StrJoin(entity.names, "/"), text);
  }
  if (IsPhrase(entity)) {
    return TakeLiteral(DisplayName(entity), text) ||
           TakeLiteral(NameInForm(entity, QuotedIdentifier), text);
  }
  return TakeNames(entity, letters, text);
}

class PathMatch {
 public:
  PathMatch(const ElementPath& at, TypedCase letters) : at_(at), letters_(letters) {}

  // Fewest names left out from the item `i` of the path on, where `text` is still to be named.
  std::optional<size_t> From(size_t i, absl::string_view text) const {
    const bool is_last = i + 1 == at_.path.size();
    std::optional<size_t> best;
    absl::string_view rest = text;
    if (TakeName(at_.path[i], letters_, rest)) {
      if (is_last && rest.empty()) return 0;
      if (!is_last && absl::ConsumePrefix(&rest, ".")) best = From(i + 1, rest);
    }
    if (is_last) return best;
    std::optional<size_t> without = From(i + 1, text);
    if (!without.has_value()) return best;
    *without += at_.is_name[i] ? 1 : 0;
    return best.has_value() ? std::min(*best, *without) : *without;
  }

 private:
  const ElementPath& at_;
  const TypedCase letters_;
};

// What stands before the name where `with_kind` is set, or where the name alone would not do.
std::string KindPrefix(const EntityKey& entity, bool with_kind) {
  if (entity.kind == "key_pattern") return "redis:";
  if (IsModel(entity)) return "model:";
  const Kind* const known = FindKind(entity.kind);
  const bool of_postgres = known == nullptr || known->source_kind == "postgres";
  const bool needed = with_kind || !of_postgres || !StandsInSchema(entity.kind);
  return needed ? absl::StrCat(entity.kind, ":") : "";
}

std::string EntityText(const EntityKey& entity, bool with_kind) {
  const std::string prefix = KindPrefix(entity, with_kind);
  if (entity.kind == "key_pattern" || IsModel(entity)) {
    return absl::StrCat(prefix, DisplayName(entity));
  }
  return absl::StrCat(prefix, NameInForm(entity, QuotedIdentifier));
}

std::string PartText(const EntityKey& entity, const std::string& item) {
  return entity.kind == "key_pattern" || IsModel(entity) ? item : QuotedIdentifier(item);
}

}  // namespace

bool TakeName(absl::string_view name, TypedCase letters, absl::string_view& text) {
  absl::string_view rest = text.substr(std::min(name.size(), text.size()));
  const absl::string_view typed = text.substr(0, name.size());
  const bool equal =
      letters == TypedCase::kAsTyped ? typed == name : absl::AsciiStrToLower(typed) == name;
  if (equal && Ends(rest)) {
    text = rest;
    return true;
  }
  rest = text;
  const std::string quoted = absl::StrCat("\"", absl::StrReplaceAll(name, {{"\"", "\"\""}}), "\"");
  if (!absl::ConsumePrefix(&rest, quoted) || !Ends(rest)) return false;
  text = rest;
  return true;
}

std::optional<absl::string_view> TakeEntity(const EntityKey& entity, absl::string_view text,
                                            TypedCase letters) {
  if (!TakeWhole(entity, letters, text)) return std::nullopt;
  if (text.empty()) return text;
  if (!absl::ConsumePrefix(&text, ".") || text.empty()) return std::nullopt;
  return text;
}

std::optional<size_t> TakePath(const ElementPath& at, absl::string_view text, TypedCase letters) {
  return PathMatch(at, letters).From(0, text);
}

std::string TypedName(const EntityKey& entity) { return EntityText(entity, false); }

std::string TypedName(const EntityKey& entity, const std::vector<std::string>& element) {
  std::string name = EntityText(entity, false);
  // Field and name take turns; where they do not, one name more than needed stands here.
  for (size_t i = 0; i < element.size(); ++i) {
    if (i % 2 == 1 || i + 1 == element.size()) {
      absl::StrAppend(&name, ".", PartText(entity, element[i]));
    }
  }
  return name;
}

std::string WholeName(const EntityKey& entity, const std::vector<std::string>& element,
                      bool with_kind) {
  std::string name = EntityText(entity, with_kind);
  for (const std::string& item : element) {
    absl::StrAppend(&name, ".", PartText(entity, item));
  }
  return name;
}

}  // namespace varve
