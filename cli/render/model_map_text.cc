#include "cli/render/model_map_text.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "cli/render/json_writer.h"
#include "cli/render/numbers.h"
#include "cli/render/text_table.h"

namespace varve {
namespace {

std::string Word(MapReason reason) {
  switch (reason) {
    case MapReason::kRulesFile:
      return "rules file";
    case MapReason::kMapper:
      return "mapper";
    case MapReason::kHint:
      return "x-table";
    case MapReason::kName:
      return "name";
  }
  return "";
}

// A name as YAML has it.
std::string Scalar(const std::string& name) {
  const bool is_plain = std::all_of(name.begin(), name.end(), [](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '.';
  });
  if (is_plain) return name;
  return absl::StrCat("'", absl::StrReplaceAll(OneLine(name), {{"'", "''"}}), "'");
}

std::string Answer(const ModelTraces& traces) {
  size_t there = 0, lost = 0;
  for (const ModelTrace& trace : traces.traces) {
    if (!trace.table.empty()) trace.is_there ? ++there : ++lost;
  }
  std::string text =
      absl::StrCat(there, " of ", Counted(static_cast<int64_t>(traces.models), "model"),
                   there == 1 ? " stands" : " stand", " for a table");
  if (lost > 0) absl::StrAppend(&text, ", ", lost, " for one that is not there");
  return text + "\n";
}

std::string TableText(const ModelTrace& trace) {
  if (!trace.candidates.empty()) {
    return absl::StrCat("one of ", absl::StrJoin(trace.candidates, ", "));
  }
  return absl::StrCat(trace.table, trace.is_there ? "" : " (not there)");
}

TextTable Rows(const ModelTraces& traces) {
  TextTable table({"MODEL", "TABLE", "BY", "KEYS"});
  for (const ModelTrace& trace : traces.traces) {
    table.AddRow({trace.model, TableText(trace), trace.table.empty() ? "" : Word(trace.reason),
                  absl::StrJoin(trace.keys, " ")});
  }
  return table;
}

}  // namespace

std::string ModelMapTable(const ModelTraces& traces) {
  if (traces.traces.empty()) return Answer(traces);
  return absl::StrCat(Answer(traces), "\n", Rows(traces).Aligned());
}

std::string ModelMapMarkdown(const ModelTraces& traces) {
  if (traces.traces.empty()) return Answer(traces);
  return absl::StrCat(Answer(traces), "\n", Rows(traces).Markdown());
}

std::string ModelMapJson(const ModelTraces& traces) {
  JsonWriter json;
  json.BeginObject();
  json.Text("format", "varve.models.v1");
  json.BeginArray("models");
  for (const ModelTrace& trace : traces.traces) {
    json.BeginObject();
    json.Text("model", trace.model);
    json.TextOrNull("table", trace.table);
    json.TextOrNull("by", trace.table.empty() ? "" : Word(trace.reason));
    json.Flag("is_there", trace.is_there);
    json.Texts("candidates", trace.candidates);
    json.Texts("keys", trace.keys);
    json.EndObject();
  }
  json.EndArray();
  json.EndObject();
  return json.Take();
}

std::string ModelMapYaml(const ModelTraces& traces) {
  std::string text;
  size_t suggested = 0;
  for (const ModelTrace& trace : traces.traces) {
    if (!trace.candidates.empty()) {
      // Which of them it is a person must say: the line is for that one to finish.
      absl::StrAppend(&text, "  # ", OneLine(trace.model), ": one of ",
                      OneLine(absl::StrJoin(trace.candidates, ", ")), "\n");
    }
    if (trace.table.empty() || trace.reason != MapReason::kName) continue;
    absl::StrAppend(&text, "  ", Scalar(trace.model), ": ", Scalar(trace.table), "\n");
    ++suggested;
  }
  if (text.empty()) return "# no model is matched by its name alone\n";
  if (suggested == 0) return absl::StrCat("# models:\n", text);
  return absl::StrCat("models:\n", text);
}

}  // namespace varve
