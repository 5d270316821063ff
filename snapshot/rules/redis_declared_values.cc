#include "snapshot/rules/redis_declared_values.h"

#include <algorithm>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "base/glob.h"
#include "snapshot/value_path.h"

namespace varve {
namespace {

constexpr absl::string_view kTypes[] = {"any",    "array", "binary", "boolean", "integer",
                                        "number", "null",  "object", "string"};
constexpr absl::string_view kFormats[] = {"binary", "empty",  "gzip", "hyperloglog", "integer",
                                          "json",   "number", "text", "zstd"};

struct Place {
  absl::string_view path;
  std::vector<std::string> pieces;
  std::vector<absl::string_view> types;
  bool may_lack;
};

std::vector<absl::string_view> TypesOf(absl::string_view declared) {
  return absl::StrSplit(absl::StripSuffix(declared, "?"), '|');
}

std::vector<Place> PlacesOf(const v1::DeclaredKeys& declared) {
  std::vector<Place> places;
  for (const v1::CheckSetting& each : declared.value()) {
    places.push_back({each.name(), PiecesOf(each.name()), TypesOf(each.value()),
                      !each.value().empty() && each.value().back() == '?'});
  }
  return places;
}

// Whether a piece is the declared one, or one of those for which that stands.
bool IsPiece(const std::string& declared, const std::string& seen) {
  return declared == seen || (IsGeneralised(declared) && GlobMatches(declared, seen));
}

// Whether one path is the other, or a place within it or around it.
bool IsOfOneLine(const std::vector<std::string>& declared, const std::vector<std::string>& seen) {
  const size_t both = std::min(declared.size(), seen.size());
  return std::equal(declared.begin(), declared.begin() + static_cast<ptrdiff_t>(both), seen.begin(),
                    IsPiece);
}

// Whether a declared place is there. A seen piece that stands for several names may be it.
bool IsSeen(const Place& place, const std::vector<std::vector<std::string>>& seen) {
  return absl::c_any_of(seen, [&place](const std::vector<std::string>& path) {
    return path.size() == place.pieces.size() &&
           std::equal(path.begin(), path.end(), place.pieces.begin(),
                      [](const std::string& is, const std::string& declared) {
                        return IsPiece(declared, is) || IsPiece(is, declared);
                      });
  });
}

// Around a declared place, or it, or within one below which nothing is declared.
bool IsDeclared(const std::vector<std::string>& seen, const std::vector<Place>& places) {
  return absl::c_any_of(places, [&](const Place& place) {
    if (!IsOfOneLine(place.pieces, seen)) return false;
    if (seen.size() <= place.pieces.size()) return true;
    return absl::c_none_of(places, [&place](const Place& other) {
      return other.pieces.size() > place.pieces.size() && IsOfOneLine(place.pieces, other.pieces);
    });
  });
}

// A text such as a hash's field holds is no JSON: "7" is a string and an integer.
bool Takes(absl::string_view declared, absl::string_view seen, bool is_text) {
  if (declared == "any" || declared == seen) return true;
  if (declared == "number" && seen == "integer") return true;
  return is_text && declared == "string" &&
         (seen == "integer" || seen == "number" || seen == "boolean");
}

std::vector<std::string> RefusedTypes(const Place& place, const v1::ValuePath& path, bool is_text) {
  std::vector<std::string> refused;
  for (const std::string& type : path.types()) {
    const bool is_taken = absl::c_any_of(
        place.types, [&](absl::string_view declared) { return Takes(declared, type, is_text); });
    if (!is_taken) refused.push_back(type);
  }
  return refused;
}

bool TakesFormat(absl::string_view declared, absl::string_view seen) {
  if (declared == seen || (declared == "number" && seen == "integer")) return true;
  return declared == "text" && (seen == "integer" || seen == "number" || seen == "empty");
}

void AddFormats(const v1::DeclaredKeys& declared, const v1::ValueShape& value,
                std::vector<std::string>& told) {
  if (declared.format().empty() || value.type() != "string") return;
  const bool fits = absl::c_all_of(value.formats(), [&declared](const std::string& format) {
    return TakesFormat(declared.format(), format);
  });
  if (fits) return;
  told.push_back(absl::StrCat("its values are ", absl::StrJoin(value.formats(), ", "),
                              ", declared is ", declared.format()));
}

void AddTypes(const std::vector<Place>& places, const std::vector<std::string>& pieces,
              const v1::ValuePath& path, bool is_text, std::vector<std::string>& told) {
  for (const Place& place : places) {
    if (place.pieces.size() != pieces.size() || !IsOfOneLine(place.pieces, pieces)) continue;
    const std::vector<std::string> refused = RefusedTypes(place, path, is_text);
    if (refused.empty()) return;
    told.push_back(absl::StrCat(path.path(), " is ", absl::StrJoin(refused, ", "), ", declared is ",
                                absl::StrJoin(place.types, "|")));
    return;  // the first that is meant holds
  }
}

void AddPlaces(const std::vector<Place>& places, const v1::ValueShape& value,
               std::vector<std::string>& told) {
  std::vector<std::vector<std::string>> seen;
  std::vector<std::string> others;
  for (const v1::ValuePath& path : value.paths()) {
    const std::vector<std::string>& pieces = seen.emplace_back(PiecesOf(path.path()));
    if (!IsDeclared(pieces, places)) {
      others.push_back(path.path());
    } else {
      const bool is_text = value.type() != "string" && pieces.size() == 1;
      AddTypes(places, pieces, path, is_text, told);
    }
  }
  std::vector<absl::string_view> lacking;
  for (const Place& place : places) {
    if (!place.may_lack && !IsSeen(place, seen)) lacking.push_back(place.path);
  }
  if (!lacking.empty()) {
    told.push_back(absl::StrCat("no value has ", absl::StrJoin(lacking, ", "), ", as declared"));
  }
  if (others.empty()) return;
  told.push_back(absl::StrCat("values have ", absl::StrJoin(others, ", "), ", not declared"));
}

}  // namespace

std::string WrongInDeclaredPlace(const v1::CheckSetting& place) {
  if (place.name().empty()) return "a place in a value needs a name";
  for (const absl::string_view type : TypesOf(place.value())) {
    if (absl::c_linear_search(kTypes, type)) continue;
    return absl::StrCat("what stands at ", place.name(), " is one of ", absl::StrJoin(kTypes, ", "),
                        ", or several with | between them, not '", type, "'");
  }
  return "";
}

std::string WrongInDeclaredFormat(absl::string_view format) {
  if (format.empty() || absl::c_linear_search(kFormats, format)) return "";
  return absl::StrCat("format is one of ", absl::StrJoin(kFormats, ", "), ", not '", format, "'");
}

bool DeclaresValues(const v1::DeclaredKeys& declared) {
  return !declared.value().empty() || !declared.format().empty();
}

std::vector<std::string> NotAsDeclared(const v1::DeclaredKeys& declared,
                                       const v1::ValueShape& value) {
  std::vector<std::string> told;
  if (!declared.type().empty() && declared.type() != value.type()) return told;
  AddFormats(declared, value, told);
  if (!declared.value().empty()) AddPlaces(PlacesOf(declared), value, told);
  return told;
}

}  // namespace varve
