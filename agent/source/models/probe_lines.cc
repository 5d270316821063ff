#include "agent/source/models/probe_lines.h"

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "agent/source/models/json_text.h"

namespace varve {
namespace {

// The members of one object, by name and type. Remembers the first that is not what it should be,
// and gives empty values from then on: who reads asks once, at the end.
class Members {
 public:
  Members(const Json& object, std::string& problem) : object_(object), problem_(problem) {
    if (!object.is_object()) Fail("it", "an object");
  }

  std::string Text(const char* name) const {
    const Json* const value = Find(name);
    if (value == nullptr) return "";
    if (!value->is_string()) return Fail(name, "text"), "";
    return value->get<std::string>();
  }
  std::string NeededText(const char* name) const {
    std::string text = Text(name);
    if (text.empty()) Fail(name, "there");
    return text;
  }
  std::optional<std::string> OptionalText(const char* name) const {
    return Find(name) == nullptr ? std::nullopt : std::make_optional(Text(name));
  }
  int64_t Number(const char* name) const {
    const Json* const value = Find(name);
    if (value == nullptr) return 0;
    if (!value->is_number_integer()) return Fail(name, "a whole number"), 0;
    return value->get<int64_t>();
  }
  // Absent and null are not known.
  std::optional<bool> Truth(const char* name) const {
    const Json* const value = Find(name);
    if (value == nullptr || value->is_null()) return std::nullopt;
    if (!value->is_boolean()) return Fail(name, "true or false"), std::nullopt;
    return value->get<bool>();
  }
  std::vector<std::string> Texts(const char* name) const {
    std::vector<std::string> texts;
    ForEach(name, [&](const Json& item) {
      if (item.is_string()) return texts.push_back(item.get<std::string>());
      Fail(name, "a list of text");
    });
    return texts;
  }
  std::map<std::string, std::string> TextByName(const char* name) const {
    std::map<std::string, std::string> texts;
    const Json* const value = Find(name);
    if (value == nullptr) return texts;
    if (!value->is_object()) return Fail(name, "an object"), texts;
    for (const auto& [key, item] : value->items()) {
      if (!item.is_string()) return Fail(name, "an object of text"), texts;
      texts.emplace(key, item.get<std::string>());
    }
    return texts;
  }
  template <typename Visit>
  void ForEach(const char* name, Visit visit) const {
    const Json* const value = Find(name);
    if (value == nullptr) return;
    if (!value->is_array()) return Fail(name, "a list");
    for (const Json& item : *value) visit(item);
  }
  const Json* Find(const char* name) const {
    if (!object_.is_object()) return nullptr;
    const auto at = object_.find(name);
    return at == object_.end() ? nullptr : &*at;
  }

 private:
  void Fail(const char* name, const char* wanted) const {
    if (problem_.empty()) problem_ = absl::StrCat(name, " is not ", wanted);
  }

  const Json& object_;
  std::string& problem_;
};

ProbeLibrary LibraryFrom(const Members& members) {
  return {members.TextByName("versions"), static_cast<int>(members.Number("generation"))};
}

ProbeError ErrorFrom(const Members& members) {
  ProbeError error;
  error.stage = members.NeededText("stage");
  error.module = members.NeededText("module");
  error.raised_by = members.Text("raised_by");
  error.id = members.Text("id");
  error.type = members.Text("type");
  error.text = members.Text("text");
  error.file = members.Text("file");
  error.line = members.Number("line");
  error.variables = members.Texts("variables");
  error.missing = members.Text("missing");
  return error;
}

ProbeField FieldFrom(const Members& members) {
  ProbeField field;
  field.name = members.NeededText("name");
  field.type = members.Text("type");
  field.required = members.Truth("required");
  field.nullable = members.Truth("nullable");
  field.default_json = members.OptionalText("default");
  field.default_factory = members.OptionalText("default_factory");
  field.default_text = members.OptionalText("default_text");
  field.alias = members.Text("alias");
  field.description = members.Text("description");
  field.title = members.Text("title");
  field.examples = members.Text("examples");
  field.constraints = members.TextByName("constraints");
  field.references = members.Texts("references");
  field.enums = members.Texts("enums");
  field.deprecated = members.Text("deprecated");
  field.unknown = members.Texts("unknown");
  return field;
}

ProbeFunction FunctionFrom(const Members& members) {
  return {members.NeededText("kind"),  members.NeededText("name"), members.Text("mode"),
          members.Texts("fields"),     members.Text("type"),       members.Text("alias"),
          members.Text("description"), members.Text("title"),      members.Text("deprecated")};
}

ProbeColumn ColumnFrom(const Members& members) {
  ProbeColumn column;
  column.name = members.NeededText("name");
  column.type = members.Text("type");
  column.nullable = members.Truth("nullable");
  column.server_default = members.Text("server_default");
  column.identity = members.Text("identity");
  column.generated = members.Text("generated");
  column.stored = members.Truth("stored").value_or(false);
  column.enum_labels = members.Texts("enum_labels");
  column.client_default = members.Text("client_default");
  column.comment = members.Text("comment");
  column.unknown = members.Texts("unknown");
  return column;
}

ProbeForeignKey ForeignKeyFrom(const Members& members) {
  ProbeForeignKey key;
  key.name = members.Text("name");
  key.columns = members.Texts("columns");
  key.target_schema = members.Text("target_schema");
  key.target_table = members.Text("target_table");
  key.target_columns = members.Texts("target_columns");
  key.on_delete = members.Text("on_delete");
  key.on_update = members.Text("on_update");
  key.deferrable = members.Truth("deferrable").value_or(false);
  key.initially_deferred = members.Truth("initially_deferred").value_or(false);
  return key;
}

ProbeIndex IndexFrom(const Members& members) {
  return {members.Text("name"), members.Truth("unique").value_or(false), members.Texts("keys"),
          members.Text("method"), members.Text("predicate")};
}

ProbeTable TableFrom(const Members& members, std::string& problem) {
  ProbeTable table;
  table.schema = members.Text("schema");
  table.name = members.NeededText("name");
  table.primary_key = members.Texts("primary_key");
  table.comment = members.Text("comment");
  table.error = members.Text("error");
  table.unknown = members.Texts("unknown");
  members.ForEach("columns", [&](const Json& column) {
    table.columns.push_back(ColumnFrom(Members(column, problem)));
  });
  members.ForEach("foreign_keys", [&](const Json& key) {
    table.foreign_keys.push_back(ForeignKeyFrom(Members(key, problem)));
  });
  members.ForEach("uniques", [&](const Json& unique) {
    const Members of_unique(unique, problem);
    table.uniques.push_back({of_unique.Text("name"), of_unique.Texts("columns")});
  });
  members.ForEach("indexes", [&](const Json& index) {
    table.indexes.push_back(IndexFrom(Members(index, problem)));
  });
  members.ForEach("checks", [&](const Json& check) {
    const Members of_check(check, problem);
    table.checks.push_back({of_check.Text("name"), of_check.Text("expression")});
  });
  return table;
}

ProbeEnum EnumFrom(const Members& members, std::string& problem) {
  ProbeEnum found;
  found.id = members.NeededText("id");
  found.module = members.NeededText("module");
  found.qualname = members.NeededText("qualname");
  found.is_static = members.Truth("static").value_or(false);
  found.bases = members.Texts("bases");
  found.document = members.Text("document");
  found.doc = members.Text("doc");
  found.file = members.Text("file");
  found.line = members.Number("line");
  members.ForEach("members", [&](const Json& member) {
    const Members of_member(member, problem);
    found.members.push_back({of_member.NeededText("name"), of_member.OptionalText("value"),
                             of_member.OptionalText("value_text")});
  });
  return found;
}

ProbeModel ModelFrom(const Members& members, std::string& problem) {
  ProbeModel model;
  model.id = members.NeededText("id");
  model.module = members.NeededText("module");
  model.qualname = members.NeededText("qualname");
  model.kind = members.NeededText("kind");
  model.is_static = members.Truth("static").value_or(false);
  model.is_namesake = members.Truth("namesake").value_or(false);
  model.also = members.Texts("also");
  model.incomplete = members.Texts("incomplete");
  model.unknown = members.Texts("unknown");
  model.bases = members.Texts("bases");
  model.ancestors = members.Texts("ancestors");
  model.document = members.Text("document");
  model.deprecated = members.Text("deprecated");
  members.ForEach("fields", [&](const Json& field) {
    model.fields.push_back(FieldFrom(Members(field, problem)));
  });
  model.config = members.TextByName("config");
  members.ForEach("functions", [&](const Json& function) {
    model.functions.push_back(FunctionFrom(Members(function, problem)));
  });
  if (const Json* const table = members.Find("table"); table != nullptr) {
    model.table = TableFrom(Members(*table, problem), problem);
  }
  model.doc = members.Text("doc");
  model.file = members.Text("file");
  model.line = members.Number("line");
  model.schema = members.OptionalText("schema");
  if (const Json* const error = members.Find("schema_error"); error != nullptr) {
    const Members of_error(*error, problem);
    const std::string text = of_error.Text("text");
    model.schema_error = absl::StrCat(of_error.Text("type"), text.empty() ? "" : ": ", text);
  }
  return model;
}

ProbeLine LineFrom(absl::string_view kind, const Members& members, std::string& problem) {
  if (kind == "hello") return ProbeHello{members.NeededText("python")};
  if (kind == "module") return ProbeModule{members.NeededText("name"), members.Text("file")};
  if (kind == "left_out") return ProbeLeftOut{members.NeededText("name")};
  if (kind == "listed") return ProbeListed{members.Texts("capped"), members.Texts("unread")};
  if (kind == "import") return ProbeImport{members.NeededText("module")};
  if (kind == "imported") return ProbeImported{members.NeededText("module")};
  if (kind == "parsed") return ProbeParsed{members.NeededText("module")};
  if (kind == "describe") return ProbeDescribe{members.NeededText("id")};
  if (kind == "library") return LibraryFrom(members);
  if (kind == "error") return ErrorFrom(members);
  if (kind == "model") return ModelFrom(members, problem);
  if (kind == "enum") return EnumFrom(members, problem);
  if (kind == "leaned_on") return ProbeLeanedOn{members.NeededText("text")};
  if (kind == "watched") return ProbeWatched{members.Text("changed")};
  if (kind == "end") return ProbeEnd{members.Number("models")};
  if (problem.empty()) problem = "it is of no known kind";
  return ProbeEnd{};
}

}  // namespace

absl::StatusOr<ProbeLine> ParseProbeLine(absl::string_view line) {
  const absl::StatusOr<Json> value = ParseJson(line);
  if (!value.ok()) return value.status();
  std::string problem;
  const Members members(*value, problem);
  ProbeLine parsed = LineFrom(members.Text("k"), members, problem);
  if (!problem.empty()) return absl::InvalidArgumentError(problem);
  return parsed;
}

}  // namespace varve
