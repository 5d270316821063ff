#include "snapshot/object_name.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <set>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "base/nearest.h"
#include "base/status.h"
#include "snapshot/kinds.h"
#include "snapshot/postgres_type.h"
#include "snapshot/section_name.h"
#include "snapshot/shape_elements.h"
#include "snapshot/typed_name.h"

namespace varve {
namespace {

constexpr absl::string_view kRedis = "redis";
constexpr absl::string_view kModel = "model";
constexpr absl::string_view kKeyPattern = "key_pattern";
// So many objects of nearly the name are listed.
constexpr size_t kMostNearest = 3;

absl::Status Bad(absl::string_view text, absl::string_view why) {
  return absl::InvalidArgumentError(absl::StrCat("object '", text, "': ", why));
}

// Whether `name` can stand in front of the colon.
absl::Status CheckKind(absl::string_view text, const std::string& name) {
  std::vector<std::string> known = {std::string(kRedis), std::string(kModel)};
  for (const Kind& kind : Kinds()) known.emplace_back(kind.name);
  if (absl::c_linear_search(known, name)) return absl::OkStatus();
  const std::string likely = LikelyName(name, known);
  return Bad(text, absl::StrCat("'", name, "' is no kind of object; ",
                                likely.empty() ? absl::StrCat("a key pattern is written redis:",
                                                              text, ", a model model:shop.Order")
                                               : absl::StrCat("nearest is ", likely)));
}

// Takes "SECTION/" off the front of `rest`. A slash after a dot is an operator's.
std::string TakeSection(absl::string_view& rest) {
  const size_t end = std::min(rest.find_first_of("\":("), rest.size());
  const size_t slash = rest.substr(0, end).rfind('/');
  if (slash == absl::string_view::npos || slash == 0 || rest[slash - 1] == '.') return "";
  std::string section(rest.substr(0, slash));
  rest.remove_prefix(slash + 1);
  return section;
}

// Takes "KIND:" off the front of `rest`; "" where there is none.
std::string TakeKind(absl::string_view& rest) {
  const auto end =
      absl::c_find_if(rest, [](char c) { return !absl::ascii_islower(c) && c != '_'; });
  if (end == rest.begin() || end == rest.end() || *end != ':') return "";
  std::string kind(rest.begin(), end);
  rest.remove_prefix(kind.size() + 1);
  return kind;
}

bool IsIn(const Section& section, absl::string_view wanted) {
  const std::string& name = section.header.name();
  return wanted.empty() || name == wanted || SourceOf(name) == wanted;
}

bool IsOfKind(const std::string& kind, absl::string_view wanted) {
  if (wanted == kRedis) return kind == kKeyPattern;
  if (wanted == kModel) return kind == kModel || kind == "model_enum";
  if (!wanted.empty()) return kind == wanted;
  const Kind* const known = FindKind(kind);
  return known == nullptr || known->source_kind == "postgres";
}

// Calls `visit` with each entity of the section, once.
void VisitEntities(const Section& section,
                   absl::FunctionRef<void(absl::Span<const ReadLine>)> visit) {
  const absl::Span<const ReadLine> lines = *section.lines;
  for (size_t begin = 0, end = 0; begin < lines.size(); begin = end) {
    while (end < lines.size() && lines[end].line.key.entity == lines[begin].line.key.entity) ++end;
    visit(lines.subspan(begin, end - begin));
  }
}

// What was seen of a line, or else was seen of it last.
const Seen* Known(const ReadLine& line) {
  const Seen* const current = line.Current();
  return current != nullptr ? current : line.last_seen.get();
}

// One thing that may be meant.
struct Candidate {
  const Section* section;
  EntityKey entity;
  std::vector<std::string> element;
};

// An index that stands behind a constraint of its name is meant by its path alone.
void DropIndexesOfConstraints(std::vector<std::vector<std::string>>& paths) {
  const auto is_of_constraint = [&](const std::vector<std::string>& path) {
    return path.size() == 2 && path[0] == "indexes" &&
           absl::c_linear_search(paths, std::vector<std::string>{"constraints", path[1]});
  };
  const auto index = absl::c_find_if(paths, is_of_constraint);
  if (index != paths.end()) paths.erase(index);
}

class Search {
 public:
  Search(const ObjectName& name, absl::Span<const Section> sections, ShapeOfLine shape_of)
      : name_(name), shape_of_(shape_of) {
    for (const Section& section : sections) {
      if (IsIn(section, name.section())) sections_.push_back(&section);
      section_names_.push_back(section.header.name());
    }
  }

  absl::StatusOr<ObjectFound> Run() {
    if (sections_.empty() && !name_.section().empty()) return NoSection();
    for (const TypedCase letters : {TypedCase::kAsTyped, TypedCase::kLowered}) {
      letters_ = letters;
      VARVE_RETURN_IF_ERROR(FindByName());
      if (found_.empty()) VARVE_RETURN_IF_ERROR(FindIndexes());
      if (!found_.empty()) return TheOne();
    }
    return Nothing();
  }

 private:
  absl::Status FindByName() {
    for (const Section* const section : sections_) {
      absl::Status status;
      VisitEntities(*section, [&](absl::Span<const ReadLine> lines) {
        const EntityKey& key = lines.front().line.key.entity;
        if (!IsOfKind(key.kind, name_.kind())) return;
        const std::optional<absl::string_view> part = TakeEntity(key, name_.rest(), letters_);
        if (!part.has_value()) return;
        if (part->empty()) {
          found_.push_back({section, key, {}});
        } else if (!name_.kind().empty() || StandsInSchema(key.kind)) {
          status.Update(FindPart(*section, lines, *part));
        }
      });
      VARVE_RETURN_IF_ERROR(status);
    }
    // A pattern's part can be named by its whole path, the pattern itself only so.
    const auto is_whole = [](const Candidate& each) { return each.element.empty(); };
    if (name_.kind() == kRedis && absl::c_any_of(found_, is_whole)) {
      found_.erase(std::remove_if(found_.begin(), found_.end(), std::not_fn(is_whole)),
                   found_.end());
    }
    return absl::OkStatus();
  }

  // Calls `visit` with each element of the facets that have what the entity is. An element that
  // several facets have is visited for each.
  absl::Status VisitParts(
      const Section& section, absl::Span<const ReadLine> lines,
      absl::FunctionRef<void(const ElementPath&, const google::protobuf::Message&)> visit) {
    for (const ReadLine& line : lines) {
      const v1::Facet facet = line.line.key.facet;
      if (facet == v1::FACET_ACCESS && FirstFacet(line.line.key.entity.kind) != facet) continue;
      if (facet == v1::FACET_DOCS || facet == v1::FACET_REPRESENTATION) continue;
      const Seen* const seen = Known(line);
      if (seen == nullptr) continue;
      VARVE_ASSIGN_OR_RETURN(const v1::Shape shape, shape_of_(section, *seen));
      VisitElements(shape, visit);
    }
    return absl::OkStatus();
  }

  // Adds what `part` names best: with the fewest names left out, then with the shortest path.
  absl::Status FindPart(const Section& section, absl::Span<const ReadLine> lines,
                        absl::string_view part) {
    using Rank = std::pair<size_t, size_t>;
    Rank best = {std::numeric_limits<size_t>::max(), 0};
    std::vector<std::vector<std::string>> paths;
    const auto consider = [&](const ElementPath& at, const google::protobuf::Message&) {
      const std::optional<size_t> left_out = TakePath(at, part, letters_);
      if (!left_out.has_value()) return;
      const Rank rank = {*left_out, at.path.size()};
      if (rank < best) paths.clear();
      best = std::min(best, rank);
      if (rank == best && !absl::c_linear_search(paths, at.path)) paths.push_back(at.path);
    };
    VARVE_RETURN_IF_ERROR(VisitParts(section, lines, consider));
    DropIndexesOfConstraints(paths);
    const EntityKey& key = lines.front().line.key.entity;
    for (std::vector<std::string>& path : paths) found_.push_back({&section, key, std::move(path)});
    if (paths.empty()) without_part_.push_back({&section, key, {}});
    return absl::OkStatus();
  }

  // An index has a name in its schema, and its relation has it as a part.
  absl::Status FindIndexes() {
    if (!name_.kind().empty()) return absl::OkStatus();
    for (const Section* const section : sections_) {
      absl::Status status;
      VisitEntities(*section, [&](absl::Span<const ReadLine> lines) {
        const EntityKey& key = lines.front().line.key.entity;
        if (key.kind != "table" && key.kind != "materialized_view") return;
        absl::string_view rest = name_.rest();
        if (!TakeName(key.names.front(), letters_, rest) || !absl::ConsumePrefix(&rest, "."))
          return;
        status.Update(FindIndex(*section, lines, rest));
      });
      VARVE_RETURN_IF_ERROR(status);
    }
    return absl::OkStatus();
  }

  absl::Status FindIndex(const Section& section, absl::Span<const ReadLine> lines,
                         absl::string_view index) {
    const Seen* const seen = Known(lines.front());
    if (seen == nullptr) return absl::OkStatus();
    VARVE_ASSIGN_OR_RETURN(const v1::Shape shape, shape_of_(section, *seen));
    VisitElements(shape, [&](const ElementPath& at, const google::protobuf::Message&) {
      if (at.path.size() != 2 || at.path[0] != "indexes") return;
      absl::string_view rest = index;
      if (!TakeName(at.path[1], letters_, rest) || !rest.empty()) return;
      found_.push_back({&section, lines.front().line.key.entity, at.path});
    });
    return absl::OkStatus();
  }

  absl::StatusOr<ObjectFound> TheOne() const {
    if (found_.size() == 1) {
      const Candidate& only = found_.front();
      return ObjectFound{only.section->header.name(), only.entity, only.element,
                         TypedName(only.entity, only.element)};
    }
    std::set<std::string> sections, kinds;
    for (const Candidate& each : found_) {
      sections.insert(each.section->header.name());
      kinds.insert(each.entity.kind);
    }
    std::vector<std::string> forms;
    for (const Candidate& each : found_) {
      const std::string section =
          sections.size() > 1 ? absl::StrCat(each.section->header.name(), "/") : "";
      forms.push_back(section + WholeName(each.entity, each.element, kinds.size() > 1));
    }
    return Bad(name_.text(),
               absl::StrCat("it could be ", absl::StrJoin(forms, ", "), "; write one of these"));
  }

  absl::Status NoSection() const {
    return absl::NotFoundError(absl::StrCat("object '", name_.text(), "': no section or source '",
                                            name_.section(), "'; there is ",
                                            absl::StrJoin(section_names_, ", ")));
  }

  absl::Status Nothing() {
    if (!without_part_.empty()) return NoPart();
    const std::vector<std::string> nearest = NearestObjects();
    return absl::NotFoundError(
        absl::StrCat("no object '", name_.text(), "'; ",
                     nearest.empty() ? "write for example public.orders, public.orders.total, "
                                       "redis:session:* or model:shop.Order"
                                     : absl::StrCat("nearest ", nearest.size() > 1 ? "are " : "is ",
                                                    absl::StrJoin(nearest, ", "))));
  }

  absl::Status NoPart() {
    const Candidate& whole = without_part_.front();
    const std::string entity = TypedName(whole.entity);
    std::vector<std::string> parts;
    bool unseen = false;
    VARVE_RETURN_IF_ERROR(VisitWhole(whole, parts, unseen));
    const std::string likely = LikelyName(Typed(), parts);
    std::string message =
        absl::StrCat("no object '", name_.text(), "': ", entity, " has no such part; ");
    if (unseen) {
      absl::StrAppend(&message, "not all of it was seen");
    } else {
      absl::StrAppend(&message, likely.empty()
                                    ? absl::StrCat("write ", entity, " for the whole of it")
                                    : absl::StrCat("nearest is ", likely));
    }
    return absl::NotFoundError(message);
  }

  // Collects what the entity's parts are called, and whether some of it was never seen.
  absl::Status VisitWhole(const Candidate& whole, std::vector<std::string>& parts, bool& unseen) {
    absl::Status status;
    VisitEntities(*whole.section, [&](absl::Span<const ReadLine> lines) {
      if (lines.front().line.key.entity != whole.entity) return;
      unseen = Known(lines.front()) == nullptr;
      status.Update(VisitParts(*whole.section, lines,
                               [&](const ElementPath& at, const google::protobuf::Message&) {
                                 parts.push_back(TypedName(whole.entity, at.path));
                               }));
    });
    return status;
  }

  std::string Typed() const {
    return absl::StrCat(name_.kind(), name_.kind().empty() ? "" : ":", name_.rest());
  }

  // Names of objects of any kind that may have been meant, the nearest first.
  std::vector<std::string> NearestObjects() const {
    const std::string typed = Typed();
    const std::string without_part = typed.substr(0, typed.rfind('.'));
    std::set<std::pair<size_t, std::string>> near;
    for (const Section* const section : sections_) {
      VisitEntities(*section, [&](absl::Span<const ReadLine> lines) {
        const EntityKey& key = lines.front().line.key.entity;
        const std::string name = TypedName(key);
        if (key.names.back() == name_.rest() ||
            (key.names.size() > 1 && key.names[1] == name_.rest())) {
          near.emplace(0, name);
          return;
        }
        for (const std::string* const text : {&typed, &without_part}) {
          if (LikelyName(*text, {name}).empty()) continue;
          near.emplace(EditDistance(*text, name), name);
          return;
        }
      });
    }
    std::vector<std::string> nearest;
    for (const auto& [distance, name] : near) {
      if (nearest.size() < kMostNearest && !absl::c_linear_search(nearest, name))
        nearest.push_back(name);
    }
    return nearest;
  }

  const ObjectName& name_;
  const ShapeOfLine shape_of_;
  std::vector<const Section*> sections_;
  std::vector<std::string> section_names_;
  TypedCase letters_ = TypedCase::kAsTyped;
  std::vector<Candidate> found_;
  std::vector<Candidate> without_part_;  // entities of the name, without such a part
};

}  // namespace

absl::StatusOr<ObjectName> ObjectName::Parse(absl::string_view text) {
  if (text.empty()) return Bad(text, "it is empty; write for example public.orders");
  ObjectName name;
  name.text_ = std::string(text);
  absl::string_view rest = text;
  name.section_ = TakeSection(rest);
  name.kind_ = TakeKind(rest);
  if (!name.kind_.empty()) VARVE_RETURN_IF_ERROR(CheckKind(text, name.kind_));
  if (rest.empty()) return Bad(text, "it names nothing; write for example public.orders");
  // In a key a double quote is any character.
  if (name.kind_ != kRedis && name.kind_ != kKeyPattern && absl::c_count(rest, '"') % 2 != 0) {
    return Bad(text, "a double quote has no end");
  }
  name.rest_ = std::string(rest);
  return name;
}

absl::StatusOr<ObjectFound> FindObject(const ObjectName& name, absl::Span<const Section> sections,
                                       ShapeOfLine shape_of) {
  return Search(name, sections, shape_of).Run();
}

absl::StatusOr<ObjectFound> FindObject(const ObjectName& name, const Snapshot& snapshot) {
  return FindObject(name, snapshot.sections, [](const Section& section, const Seen& seen) {
    return DecodeShape(section, seen.shape);
  });
}

}  // namespace varve
