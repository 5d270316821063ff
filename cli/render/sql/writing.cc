#include "cli/render/sql/writing.h"

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "base/console.h"
#include "cli/render/sql/sql_words.h"
#include "snapshot/kinds.h"

namespace varve::sql {
namespace {

// "PostgreSQL 15.18" is 15; 0 where it says no number.
int MajorOf(absl::string_view server) {
  const size_t digits = server.find_first_of("0123456789");
  if (digits == absl::string_view::npos) return 0;
  server.remove_prefix(digits);
  int major = 0;
  return absl::SimpleAtoi(server.substr(0, server.find_first_not_of("0123456789")), &major) ? major
                                                                                            : 0;
}

// Settings that hold a list of names, each quoted where it needs to be.
constexpr absl::string_view kLists[] = {
    "local_preload_libraries",  "search_path",      "session_preload_libraries",
    "shared_preload_libraries", "temp_tablespaces", "unix_socket_directories",
};

bool IsList(absl::string_view setting) {
  for (const absl::string_view list : kLists) {
    if (setting == list) return true;
  }
  return false;
}

std::string Unquoted(absl::string_view name) {
  name = absl::StripAsciiWhitespace(name);
  if (name.size() < 2 || name.front() != '"' || name.back() != '"') return std::string(name);
  return absl::StrReplaceAll(name.substr(1, name.size() - 2), {{"\"\"", "\""}});
}

}  // namespace

Writing::Writing(const SectionView& view, const SqlOptions& options, Variables& variables)
    : view_(view),
      options_(options),
      major_(MajorOf(view.header().server())),
      variables_(variables) {}

KeyRef Writing::KeyOf(const v1::Identity& identity) const {
  EntityKey key = varve::KeyOf(identity);
  if (const EntityView* const entity = view_.Find(key)) return KeyRef::Borrowed(entity->key());
  return KeyRef(std::move(key));
}

const std::string* Writing::IdentitySequence(const EntityKey& table,
                                             absl::string_view column) const {
  const auto sequence = identity_sequences_.find(std::pair(table, std::string(column)));
  return sequence == identity_sequences_.end() ? nullptr : &sequence->second;
}

void Writing::NoteIdentitySequence(EntityKey table, std::string column, std::string sequence) {
  identity_sequences_[std::pair(std::move(table), std::move(column))] = std::move(sequence);
}

void Writing::Miss(Object& object, absl::string_view what, absl::string_view why) {
  missing_.push_back(absl::StrCat(DisplayName(object.key), ": ", what, " (", why, ")"));
  // A name with a line break must not end the comment.
  object.statements.push_back(
      {OneLine(absl::StrCat("-- missing: ", what, " (", why, ")")), {}, {}, {}});
}

std::string WhyUnseen(const EntityView& entity, v1::Facet facet) {
  const FacetView* const line = entity.Find(facet);
  if (line == nullptr) return "not captured";
  return SightName(line->line->line.unseen);
}

Statement& Add(Object& object, std::string text) {
  object.statements.push_back({std::move(text), {}, {}, {}});
  return object.statements.back();
}

Statement& AddPart(Object& object, Part part, std::string text) {
  Statement& statement = Add(object, std::move(text));
  statement.makes.push_back(std::move(part));
  return statement;
}

Statement& AddObject(Object& object, std::string text) {
  return AddPart(object, {}, std::move(text));
}

std::string OptionItems(const google::protobuf::RepeatedPtrField<v1::Option>& options,
                        absl::string_view owner, Writing& writing) {
  std::vector<std::string> items;
  for (const v1::Option& option : options) {
    items.push_back(absl::StrCat(
        Name(option.name()), " ",
        writing.variables().Literal(option.value(), absl::StrCat(owner, " ", option.name()))));
  }
  return absl::StrJoin(items, ", ");
}

std::string ParameterItems(const google::protobuf::RepeatedPtrField<v1::Option>& options,
                           absl::string_view prefix) {
  std::vector<std::string> items;
  for (const v1::Option& option : options) {
    items.push_back(absl::StrCat(prefix, option.name(), "=", Literal(option.value())));
  }
  return absl::StrJoin(items, ", ");
}

std::string Parameters(const google::protobuf::RepeatedPtrField<v1::Option>& options,
                       const google::protobuf::RepeatedPtrField<v1::Option>& toast) {
  if (options.empty() && toast.empty()) return "";
  return absl::StrCat(" WITH (", ParameterItems(options),
                      options.empty() || toast.empty() ? "" : ", ", ParameterItems(toast, "toast."),
                      ")");
}

std::string SettingName(absl::string_view name) {
  return absl::StrJoin(absl::StrSplit(name, '.'), ".",
                       [](std::string* out, absl::string_view part) { out->append(Name(part)); });
}

std::string SettingText(const v1::Option& setting, absl::string_view owner, Writing& writing) {
  std::vector<std::string> values;
  if (IsList(setting.name())) {
    for (const absl::string_view item : ListItems(setting.value())) {
      values.push_back(Literal(Unquoted(item)));
    }
  } else {
    values.push_back(
        writing.variables().Literal(setting.value(), absl::StrCat(owner, " ", setting.name())));
  }
  return absl::StrCat(SettingName(setting.name()), " TO ", absl::StrJoin(values, ", "));
}

}  // namespace varve::sql
