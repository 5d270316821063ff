#include "cli/render/object_text.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "cli/render/json_sources.h"
#include "cli/render/json_writer.h"
#include "cli/render/markdown.h"
#include "cli/render/numbers.h"
#include "cli/render/text_table.h"
#include "google/protobuf/descriptor.h"
#include "snapshot/canonical.h"
#include "snapshot/diff_text.h"
#include "snapshot/header_words.h"
#include "snapshot/kinds.h"
#include "snapshot/shape_elements.h"
#include "varve/v1/options.pb.h"

namespace varve {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// A property or a part, and what it is.
struct TextLine {
  std::string what;
  std::string text;
};
struct FacetBlock {
  std::string title;  // a facet
  std::vector<TextLine> lines;
};

std::string Words(absl::string_view name) { return absl::StrReplaceAll(name, {{"_", " "}}); }

// "column" of "columns", "index" of "indexes".
std::string Singular(absl::string_view list) {
  const std::string words = Words(list);
  absl::string_view word = words;
  if (absl::EndsWith(word, "xes")) return std::string(absl::StripSuffix(word, "es"));
  if (absl::EndsWith(word, "ies")) return absl::StrCat(absl::StripSuffix(word, "ies"), "y");
  if (absl::EndsWith(word, "s") && !absl::EndsWith(word, "ss")) word.remove_suffix(1);
  return std::string(word);
}

// The member of the envelope that a shape sets; null where a newer agent set one that we do not
// know.
const Message* FacetMessage(const v1::Shape& shape) {
  const FieldDescriptor* const member =
      v1::Shape::descriptor()->FindFieldByNumber(shape.facet_case());
  return member == nullptr ? nullptr : &shape.GetReflection()->GetMessage(shape, member);
}

void AddElements(const Message& message, const FieldDescriptor& field,
                 std::vector<TextLine>& lines) {
  const std::string& names = field.options().GetExtension(v1::element);
  const auto& reflection = *message.GetReflection();
  for (int i = 0; i < reflection.FieldSize(message, &field); ++i) {
    const Message& element = reflection.GetRepeatedMessage(message, &field, i);
    lines.push_back({absl::StrCat(Singular(field.name()), " ", ElementName(element, names)),
                     MessageText(element, names)});
  }
}

std::vector<TextLine> LinesOf(const v1::Shape& shape) {
  const Message* const message = FacetMessage(shape);
  if (message == nullptr) return {{"made by a newer version", ""}};
  std::vector<const FieldDescriptor*> fields;
  message->GetReflection()->ListFields(*message, &fields);
  std::vector<TextLine> lines;
  for (const FieldDescriptor* const field : fields) {
    if (field->is_repeated() && !field->options().GetExtension(v1::element).empty()) {
      AddElements(*message, *field, lines);
    } else if (const std::optional<std::string> text = FieldText(*message, *field)) {
      lines.push_back({Words(field->name()), *text == field->name() ? "yes" : *text});
    }
  }
  return lines;
}

// What a facet says of a part.
std::vector<TextLine> LinesOfElement(const v1::Shape& shape,
                                     const std::vector<std::string>& element) {
  std::vector<TextLine> lines;
  VisitElements(shape, [&](const ElementPath& at, const Message& message) {
    if (at.path != element) return;
    std::string text = MessageText(message);
    // Its name, which the path has already, comes first.
    if (absl::StartsWith(text, element.back() + " ")) text.erase(0, element.back().size() + 1);
    lines.push_back({Singular(element[element.size() - 2]), std::move(text)});
  });
  return lines;
}

// "locked; last seen @940, 2026-03-04 09:12".
std::string WhyUnseen(const ReadLine& line) {
  std::string why = SightName(line.line.unseen);
  if (line.last_seen_seq > 0) {
    absl::StrAppend(&why, "; last seen @", line.last_seen_seq, ", ",
                    FormatMinute(absl::FromUnixMicros(line.last_seen_us)));
  }
  return why;
}

std::vector<FacetBlock> BlocksOf(const ShownObject& object) {
  std::vector<FacetBlock> blocks;
  for (const FacetView& facet : object.entity->facets()) {
    FacetBlock block = {FacetName(facet.line->line.key.facet), {}};
    if (facet.line->Current() == nullptr) {
      block.lines.push_back({"not seen", WhyUnseen(*facet.line)});
    } else if (object.element.empty()) {
      block.lines = LinesOf(*facet.shape);
      if (facet.line->Current()->way == v1::WAY_STATIC) {
        block.lines.push_back({"read from source", "without running it"});
      }
    } else {
      block.lines = LinesOfElement(*facet.shape, object.element);
    }
    if (!block.lines.empty()) blocks.push_back(std::move(block));
  }
  return blocks;
}

std::string Answer(const ShownObject& object) {
  const std::string what = object.element.empty()
                               ? Words(object.entity->key().kind)
                               : Singular(object.element[object.element.size() - 2]);
  return absl::StrCat(what, " ", object.name, " in ", object.reference, ", ",
                      object.section->header().name());
}

void WriteShown(JsonWriter& json, const ShownObject& object, const FacetView& facet) {
  const bool is_seen = facet.line->Current() != nullptr;
  std::vector<TextLine> of_element;
  if (is_seen && !object.element.empty()) {
    of_element = LinesOfElement(*facet.shape, object.element);
    if (of_element.empty()) return;  // nothing of it is in this facet
  }
  json.BeginObject(FacetName(facet.line->line.key.facet));
  if (!is_seen) {
    json.Text("unseen", SightName(facet.line->line.unseen));
    if (facet.line->last_seen_seq > 0) json.Number("last_seen", facet.line->last_seen_seq);
  } else if (object.element.empty()) {
    WriteFacet(json, *facet.shape);
  } else {
    json.Text("text", of_element.front().text);
  }
  json.EndObject();
}

int64_t CountThere(absl::Span<const EntityView> entities) {
  return std::count_if(entities.begin(), entities.end(),
                       [](const EntityView& entity) { return entity.IsThere(); });
}

// Kinds that a section has some of, as people read them; a newer agent's last.
std::vector<std::pair<std::string, int64_t>> KindCounts(const SectionView& section) {
  std::vector<std::pair<std::string, int64_t>> counts;
  int64_t known = 0;
  for (const Kind& kind : Kinds()) {
    const int64_t count = CountThere(section.OfKind(kind.name));
    if (count > 0) counts.emplace_back(std::string(kind.plural), count);
    known += count;
  }
  const int64_t others = CountThere(section.entities()) - known;
  if (others > 0) counts.emplace_back("of kinds that this version does not know", others);
  return counts;
}

int64_t CountOfAll(const RenderView& view) {
  int64_t all = 0;
  for (const SectionView& section : view.sections()) all += CountThere(section.entities());
  return all;
}

std::string ContentsAnswer(const RenderView& view, const std::string& reference) {
  const int64_t all = CountOfAll(view);
  const auto sections = static_cast<int64_t>(view.sections().size());
  return absl::StrCat(reference, ": ", WithCommas(all), all == 1 ? " entity" : " entities", " in ",
                      Counted(sections, "section"), ", ",
                      FormatMinute(absl::FromUnixMicros(view.time_us())));
}

TextTable ContentsRows(const RenderView& view) {
  TextTable table({"SECTION", "STATUS", "KIND", "COUNT"}, {3});
  for (const SectionView& section : view.sections()) {
    const std::string status = StatusWord(section.header().status());
    const auto counts = KindCounts(section);
    if (counts.empty()) table.AddRow({section.header().name(), status, "", "0"});
    for (const auto& [kind, count] : counts) {
      table.AddRow({section.header().name(), status, Words(kind), WithCommas(count)});
    }
  }
  return table;
}

}  // namespace

absl::StatusOr<ShownObject> ShownObjectOf(const RenderView& view, const std::string& reference,
                                          const ObjectFound& found) {
  for (const SectionView& section : view.sections()) {
    if (section.header().name() != found.section) continue;
    const EntityView* const entity = section.Find(found.entity);
    if (entity != nullptr) {
      return ShownObject{reference, &section, entity, found.element, found.name};
    }
  }
  return absl::NotFoundError(absl::StrCat(reference, " has no ", found.name));
}

std::string ObjectTable(const ShownObject& object) {
  constexpr size_t kWidestLabel = 40;
  std::string text = absl::StrCat(OneLine(Answer(object)), "\n");
  for (const FacetBlock& block : BlocksOf(object)) {
    size_t width = 0;
    for (const TextLine& line : block.lines) {
      const size_t label = DisplayWidth(line.what);
      if (label <= kWidestLabel) width = std::max(width, label);
    }
    absl::StrAppend(&text, "\n", block.title, "\n");
    for (const TextLine& line : block.lines) {
      const size_t label = DisplayWidth(line.what);
      absl::StrAppend(&text, "  ", OneLine(line.what));
      if (!line.text.empty()) {
        absl::StrAppend(&text, std::string((label < width ? width - label : 0) + 2, ' '),
                        absl::StrReplaceAll(line.text, {{"\n", "\n    "}}));
      }
      absl::StrAppend(&text, "\n");
    }
  }
  return text;
}

std::string ObjectMarkdown(const ShownObject& object) {
  std::string text = absl::StrCat("## ", MarkdownText(Answer(object)), "\n");
  for (const FacetBlock& block : BlocksOf(object)) {
    absl::StrAppend(&text, "\n### ", MarkdownText(block.title), "\n\n");
    for (const TextLine& line : block.lines) {
      absl::StrAppend(&text, "- ", MarkdownText(line.what),
                      line.text.empty() ? "" : absl::StrCat(": ", MarkdownText(line.text)), "\n");
    }
  }
  return text;
}

std::string ObjectJson(const ShownObject& object) {
  JsonWriter json;
  json.BeginObject();
  json.Text("format", "varve.show.v1");
  json.Text("reference", object.reference);
  json.Text("section", object.section->header().name());
  json.Text("object", object.name);
  json.Text("kind", object.entity->key().kind);
  json.Texts("names", object.entity->key().names);
  if (!object.element.empty()) json.Texts("part", object.element);
  json.BeginObject("facets");
  for (const FacetView& facet : object.entity->facets()) WriteShown(json, object, facet);
  json.EndObject();
  json.EndObject();
  return json.Take();
}

std::string ContentsTable(const RenderView& view, const std::string& reference) {
  return absl::StrCat(OneLine(ContentsAnswer(view, reference)), "\n\n",
                      ContentsRows(view).Aligned());
}

std::string ContentsMarkdown(const RenderView& view, const std::string& reference) {
  return absl::StrCat("## ", MarkdownText(ContentsAnswer(view, reference)), "\n\n",
                      ContentsRows(view).Markdown());
}

std::string ContentsJson(const RenderView& view, const std::string& reference) {
  JsonWriter json;
  json.BeginObject();
  json.Text("format", "varve.show.v1");
  json.Text("reference", reference);
  json.Text("time", TimeText(view.time_us()));
  json.BeginArray("sections");
  for (const SectionView& section : view.sections()) {
    json.BeginObject();
    json.Text("name", section.header().name());
    json.Text("source", section.header().source_kind());
    json.Text("status", StatusWord(section.header().status()));
    json.BeginObject("counts");
    for (const auto& [kind, count] : KindCounts(section)) json.Number(kind, count);
    json.EndObject();
    json.EndObject();
  }
  json.EndArray();
  json.EndObject();
  return json.Take();
}

}  // namespace varve
