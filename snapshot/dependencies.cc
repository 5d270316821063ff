#include "snapshot/dependencies.h"

#include <algorithm>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/descriptor.h"
#include "snapshot/kinds.h"
#include "varve/v1/options.pb.h"

namespace varve {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

namespace {

// What Dependency.Part calls the elements of a list of a relation's shape.
struct PartList {
  absl::string_view part;
  absl::string_view field;
};
constexpr PartList kPartLists[] = {{"column", "columns"}, {"constraint", "constraints"},
                                   {"index", "indexes"},  {"trigger", "triggers"},
                                   {"rule", "rules"},     {"policy", "policies"}};

ObjectPart PartFrom(const v1::Dependency::Part& part) { return {part.kind(), part.name()}; }

// The message that the envelope holds; null where it holds none that this build knows.
const Message* FacetOf(const v1::Shape& shape) {
  const FieldDescriptor* const member =
      v1::Shape::descriptor()->FindFieldByNumber(shape.facet_case());
  return member == nullptr ? nullptr : &shape.GetReflection()->GetMessage(shape, member);
}

// Calls `visit` with each text of `message`, and of messages in it, whose field `wanted` keeps.
void VisitTexts(const Message& message, bool (*wanted)(const FieldDescriptor&),
                absl::FunctionRef<void(const std::string&)> visit) {
  const Reflection& reflection = *message.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection.ListFields(message, &fields);
  std::string scratch;
  for (const FieldDescriptor* const field : fields) {
    const int count = field->is_repeated() ? reflection.FieldSize(message, field) : 1;
    for (int i = 0; i < count; ++i) {
      if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
        VisitTexts(field->is_repeated() ? reflection.GetRepeatedMessage(message, field, i)
                                        : reflection.GetMessage(message, field),
                   wanted, visit);
      } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_STRING && wanted(*field)) {
        visit(field->is_repeated()
                  ? reflection.GetRepeatedStringReference(message, field, i, &scratch)
                  : reflection.GetStringReference(message, field, &scratch));
      }
    }
  }
}

bool NamesOwnColumn(const FieldDescriptor& field) {
  return field.options().GetExtension(v1::column_of) == ".";
}
bool IsDeparsed(const FieldDescriptor& field) { return field.options().GetExtension(v1::deparsed); }

// The words of an expression that may be names: identifiers, and what stands in double quotes.
absl::flat_hash_set<std::string> WordsOf(absl::string_view text) {
  absl::flat_hash_set<std::string> words;
  const auto is_word = [](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '$' ||
           !absl::ascii_isascii(static_cast<unsigned char>(c));
  };
  for (size_t i = 0; i < text.size();) {
    size_t end = i + 1;
    if (text[i] == '"') {
      std::string name;
      for (; end < text.size(); ++end) {
        if (text[end] == '"' && text.substr(end + 1, 1) != "\"") break;
        if (text[end] == '"') ++end;
        name += text[end];
      }
      words.insert(std::move(name));
      ++end;
    } else if (text[i] == '\'') {
      end = std::min(text.find('\'', end), text.size() - 1) + 1;
    } else if (is_word(text[i])) {
      while (end < text.size() && is_word(text[end])) ++end;
      words.insert(std::string(text.substr(i, end - i)));
    }
    i = end;
  }
  return words;
}

bool IsServersOwn(const std::string& schema) {
  return schema == "pg_catalog" || schema == "information_schema";
}

}  // namespace

class GraphBuilder {
 public:
  DependencyGraph Build(const SectionView& section) {
    for (const EntityView& entity : section.entities()) {
      if (entity.IsThere()) graph_.nodes_[Place(entity.key())].is_in_section = true;
    }
    for (const EntityView& entity : section.entities()) {
      if (entity.IsThere()) AddEntity(entity);
    }
    Sort();
    return std::move(graph_);
  }

 private:
  size_t Place(const EntityKey& key) {
    const auto [place, added] = graph_.places_.try_emplace(key, graph_.nodes_.size());
    if (added) graph_.nodes_.push_back({key});
    return place->second;
  }

  void Add(Need need) { graph_.needs_.push_back(std::move(need)); }

  void AddEntity(const EntityView& entity) {
    const size_t from = Place(entity.key());
    AddSchema(from);
    for (const FacetView& facet : entity.facets()) {
      if (!facet.is_seen) continue;
      for (const v1::Dependency& each : facet.shape->dependencies()) AddCaptured(from, each);
    }
    const v1::Shape& structure = entity.Shape(v1::FACET_STRUCTURE);
    if (structure.has_extension()) AddExtension(from, structure.extension());
    for (const v1::Identity& schema : structure.publication().schemas()) {
      Add({from, {}, Place(KeyOf(schema)), {}, NeedOrigin::kShape});
    }
    AddOwnParts(from, structure, entity.Shape(v1::FACET_EXPRESSIONS));
  }

  void AddCaptured(size_t from, const v1::Dependency& each) {
    Add({from, PartFrom(each.part()), Place(KeyOf(each.on())), PartFrom(each.on_part()),
         NeedOrigin::kCaptured, each.type()});
  }

  void AddSchema(size_t from) {
    const EntityKey key = graph_.nodes_[from].key;
    const bool in_schema = StandsInSchema(key.kind) && key.names.size() > 1;
    const bool for_schema = key.kind == "default_privileges" && key.names.size() == 3;
    if (!in_schema && !for_schema) return;
    const std::string& schema = in_schema ? key.names.front() : key.names.back();
    if (schema.empty() || IsServersOwn(schema)) return;
    Add({from, {}, Place({"schema", {schema}}), {}, NeedOrigin::kName});
  }

  void AddExtension(size_t extension, const v1::ExtensionStructure& structure) {
    for (const v1::Identity& member : structure.members()) {
      const size_t place = Place(KeyOf(member));
      graph_.nodes_[place].is_member = true;
      Add({place, {}, extension, {}, NeedOrigin::kExtension});
    }
    if (structure.schema().empty() || IsServersOwn(structure.schema())) return;
    Add({extension, {}, Place({"schema", {structure.schema()}}), {}, NeedOrigin::kShape});
  }

  // What parts of a relation need of its own columns: the server's count of that is not captured.
  void AddOwnParts(size_t from, const v1::Shape& structure, const v1::Shape& expressions) {
    const auto& columns =
        structure.has_table() ? structure.table().columns() : structure.view().columns();
    if (columns.empty()) return;
    std::vector<std::string> names, generated;
    for (const v1::Column& column : columns) {
      names.push_back(column.name());
      if (column.generated() != v1::COLUMN_GENERATED_UNSPECIFIED) {
        generated.push_back(column.name());
      }
    }
    own_parts_ = graph_.needs_.size();
    AddNamedColumns(from, *FacetOf(structure));
    for (const v1::Constraint& constraint : structure.table().constraints()) {
      if (constraint.index().empty()) continue;
      Add({from,
           {"index", constraint.index()},
           from,
           {"constraint", constraint.name()},
           NeedOrigin::kShape});
    }
    if (const Message* const texts = FacetOf(expressions)) {
      AddColumnsInTexts(from, *texts, names, generated);
    }
  }

  // Calls `visit` with each named part of a relation's facet.
  static void VisitParts(const Message& facet,
                         absl::FunctionRef<void(ObjectPart, const Message&)> visit) {
    const Reflection& reflection = *facet.GetReflection();
    for (const PartList& list : kPartLists) {
      const FieldDescriptor* const field =
          facet.GetDescriptor()->FindFieldByName(std::string(list.field));
      if (field == nullptr || !field->is_repeated()) continue;
      for (int i = 0; i < reflection.FieldSize(facet, field); ++i) {
        const Message& part = reflection.GetRepeatedMessage(facet, field, i);
        const FieldDescriptor* const name = part.GetDescriptor()->FindFieldByName("name");
        visit({std::string(list.part), part.GetReflection()->GetString(part, name)}, part);
      }
    }
  }

  void AddNamedColumns(size_t from, const Message& facet) {
    VisitParts(facet, [&](ObjectPart part, const Message& message) {
      if (part.kind == "column") return;
      VisitTexts(message, NamesOwnColumn, [&](const std::string& column) {
        if (column.empty()) return;
        Add({from, part, from, {"column", column}, NeedOrigin::kShape});
      });
    });
  }

  void AddColumnsInTexts(size_t from, const Message& facet, const std::vector<std::string>& columns,
                         const std::vector<std::string>& generated) {
    VisitParts(facet, [&](ObjectPart part, const Message& message) {
      // The text of a column is its default, unless it is what makes the column.
      if (part.kind == "column" && !absl::c_linear_search(generated, part.name)) return;
      VisitTexts(message, IsDeparsed, [&](const std::string& text) {
        const absl::flat_hash_set<std::string> words = WordsOf(text);
        for (const std::string& column : columns) {
          const bool is_itself = part.kind == "column" && part.name == column;
          if (is_itself || !words.contains(column)) continue;
          const ObjectPart on = {"column", column};
          if (!IsKnown(from, part, on)) Add({from, part, from, on, NeedOrigin::kText});
        }
      });
    });
  }

  // Whether the shape names it already.
  bool IsKnown(size_t from, const ObjectPart& part, const ObjectPart& on) const {
    return absl::c_any_of(absl::MakeConstSpan(graph_.needs_).subspan(own_parts_),
                          [&](const Need& need) {
                            return need.on == from && need.part == part && need.on_part == on;
                          });
  }

  // Puts nodes and needs in order, and lists the needs by node.
  void Sort() {
    std::vector<size_t> by_key(graph_.nodes_.size());
    for (size_t i = 0; i < by_key.size(); ++i) by_key[i] = i;
    absl::c_sort(
        by_key, [this](size_t a, size_t b) { return graph_.nodes_[a].key < graph_.nodes_[b].key; });
    std::vector<DependencyGraph::Node> nodes;
    std::vector<size_t> new_place(by_key.size());
    for (const size_t old : by_key) {
      new_place[old] = nodes.size();
      graph_.places_[graph_.nodes_[old].key] = nodes.size();
      nodes.push_back(std::move(graph_.nodes_[old]));
    }
    graph_.nodes_ = std::move(nodes);
    std::vector<Need>& needs = graph_.needs_;
    for (Need& need : needs) {
      need.from = new_place[need.from];
      need.on = new_place[need.on];
    }
    absl::c_sort(needs);
    needs.erase(std::unique(needs.begin(), needs.end()), needs.end());
    graph_.of_.resize(graph_.nodes_.size());
    graph_.by_.resize(graph_.nodes_.size());
    for (size_t i = 0; i < needs.size(); ++i) {
      graph_.of_[needs[i].from].push_back(i);
      graph_.by_[needs[i].on].push_back(i);
    }
  }

  DependencyGraph graph_;
  size_t own_parts_ = 0;  // where the needs of the parts of one relation begin
};

std::vector<std::string> PathOf(const ObjectPart& part) {
  const absl::string_view kind = part.kind == "default" ? "column" : absl::string_view(part.kind);
  for (const PartList& list : kPartLists) {
    if (list.part == kind) return {std::string(list.field), part.name};
  }
  return {};
}

std::optional<ObjectPart> PartAt(const std::vector<std::string>& path) {
  if (path.size() != 2) return std::nullopt;
  for (const PartList& list : kPartLists) {
    if (list.field == path[0]) return ObjectPart{std::string(list.part), path[1]};
  }
  return std::nullopt;
}

DependencyGraph DependencyGraph::Of(const SectionView& section) {
  return GraphBuilder().Build(section);
}

std::optional<size_t> DependencyGraph::Find(const EntityKey& key) const {
  const auto place = places_.find(key);
  if (place == places_.end()) return std::nullopt;
  return place->second;
}

}  // namespace varve
