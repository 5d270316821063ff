#include "snapshot/rules/orm_type.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "snapshot/postgres_type.h"

namespace varve {
namespace {

enum class Sort { kText, kNumber, kMoment, kTimeOfDay, kDocument, kOther };

// Types of PostgreSQL, by what format_type() calls them without a size.
struct KnownType {
  absl::string_view name;
  Sort sort;
  int rank;  // of those of one sort and above 0 each holds what those below it hold
};
constexpr KnownType kKnown[] = {
    {"bigint", Sort::kNumber, 3},
    {"bit varying", Sort::kOther, 0},
    {"bit", Sort::kOther, 0},
    {"boolean", Sort::kOther, 0},
    {"bytea", Sort::kOther, 0},
    {"character varying", Sort::kText, 1},
    {"character", Sort::kText, 0},
    {"cidr", Sort::kOther, 0},
    {"citext", Sort::kText, 1},
    {"date", Sort::kMoment, 0},
    {"double precision", Sort::kNumber, 0},
    {"inet", Sort::kOther, 0},
    {"integer", Sort::kNumber, 2},
    {"interval", Sort::kOther, 0},
    {"json", Sort::kDocument, 0},
    {"jsonb", Sort::kDocument, 0},
    {"macaddr", Sort::kOther, 0},
    {"money", Sort::kNumber, 0},
    {"numeric", Sort::kNumber, 4},
    {"real", Sort::kNumber, 0},
    {"smallint", Sort::kNumber, 1},
    {"text", Sort::kText, 1},
    {"time with time zone", Sort::kTimeOfDay, 0},
    {"time without time zone", Sort::kTimeOfDay, 0},
    {"timestamp with time zone", Sort::kMoment, 0},
    {"timestamp without time zone", Sort::kMoment, 0},
    {"uuid", Sort::kOther, 0},
    {"xml", Sort::kOther, 0},
};

// A spelled type taken apart: "numeric", "10,2" and whether it is an array.
struct Parts {
  std::string name;
  std::string size;
  bool is_array = false;
};

Parts TakeTypeApart(absl::string_view text) {
  Parts parts;
  std::string lower = absl::AsciiStrToLower(absl::StripAsciiWhitespace(text));
  absl::string_view rest = lower;
  while (absl::ConsumeSuffix(&rest, "[]")) parts.is_array = true;
  const size_t open = rest.find('(');
  const size_t close = rest.find(')');
  if (open == absl::string_view::npos || close == absl::string_view::npos || close < open) {
    parts.name = std::string(rest);
  } else {
    parts.name = absl::StrCat(absl::StripTrailingAsciiWhitespace(rest.substr(0, open)),
                              rest.substr(close + 1));
    parts.size = std::string(rest.substr(open + 1, close - open - 1));
    parts.size.erase(std::remove(parts.size.begin(), parts.size.end(), ' '), parts.size.end());
  }
  // A schema says where a type is, not which.
  const size_t dot = parts.name.rfind('.');
  if (dot != std::string::npos) parts.name = parts.name.substr(dot + 1);
  return parts;
}

const KnownType* Known(const Parts& parts) {
  for (const KnownType& type : kKnown) {
    if (type.name == parts.name) return &type;
  }
  return nullptr;
}

constexpr int64_t kNoLimit = std::numeric_limits<int64_t>::max();

int64_t FirstOf(absl::string_view size) {
  int64_t first = 0;
  return absl::SimpleAtoi(size.substr(0, size.find(',')), &first) ? first : kNoLimit;
}

// Digits after the point of numeric(p,s).
int64_t ScaleOf(absl::string_view size) {
  int64_t scale = 0;
  const size_t comma = size.find(',');
  if (size.empty()) return kNoLimit;
  if (comma == absl::string_view::npos) return 0;
  return absl::SimpleAtoi(size.substr(comma + 1), &scale) ? scale : 0;
}

TypeDifference ByRoom(int64_t declared, int64_t column) {
  if (declared == column) return TypeDifference::kSame;
  return column > declared ? TypeDifference::kWider : TypeDifference::kNarrower;
}

TypeDifference CompareNumeric(absl::string_view declared, absl::string_view column) {
  const auto whole_digits = [](absl::string_view size) {
    return size.empty() ? kNoLimit : FirstOf(size) - ScaleOf(size);
  };
  const TypeDifference whole = ByRoom(whole_digits(declared), whole_digits(column));
  const TypeDifference part = ByRoom(ScaleOf(declared), ScaleOf(column));
  if (whole == TypeDifference::kNarrower || part == TypeDifference::kNarrower) {
    return TypeDifference::kNarrower;
  }
  return whole == TypeDifference::kSame ? part : whole;
}

// One type, of two sizes.
TypeDifference CompareSizes(const KnownType& type, const Parts& declared, const Parts& column) {
  if (declared.size == column.size) return TypeDifference::kSame;
  if (type.name == "numeric") return CompareNumeric(declared.size, column.size);
  if (type.name == "bit") return TypeDifference::kOther;
  return ByRoom(FirstOf(declared.size), FirstOf(column.size));
}

TypeDifference CompareKnown(const KnownType& declared, const Parts& declared_parts,
                            const KnownType& column, const Parts& column_parts) {
  if (declared.name == column.name) return CompareSizes(declared, declared_parts, column_parts);
  if (declared.sort == Sort::kOther || declared.sort != column.sort) return TypeDifference::kOther;
  const bool are_texts =
      declared.sort == Sort::kText && declared.rank == column.rank && declared.rank > 0;
  if (are_texts) return ByRoom(FirstOf(declared_parts.size), FirstOf(column_parts.size));
  const bool are_whole = declared.rank > 0 && column.rank > 0 && declared.rank < 4 &&
                         column.rank < 4 && declared.sort == Sort::kNumber;
  if (are_whole) return ByRoom(declared.rank, column.rank);
  const bool are_floats = (declared.name == "real" && column.name == "double precision") ||
                          (declared.name == "double precision" && column.name == "real");
  if (are_floats)
    return declared.name == "real" ? TypeDifference::kWider : TypeDifference::kNarrower;
  return TypeDifference::kRelated;
}

}  // namespace

TypeDifference CompareTypes(absl::string_view declared, const v1::DataType& column) {
  const Parts ours = TakeTypeApart(declared);
  const Parts theirs = TakeTypeApart(TypeText(column));
  const KnownType* const our_type = Known(ours);
  const KnownType* const their_type = Known(theirs);
  if (ours.is_array != theirs.is_array) {
    return our_type != nullptr ? TypeDifference::kOther : TypeDifference::kUnknown;
  }
  if (our_type != nullptr && their_type != nullptr) {
    return CompareKnown(*our_type, ours, *their_type, theirs);
  }
  if (ours.name == theirs.name) return TypeDifference::kSame;
  // An enum is certain to be no type of PostgreSQL's own; of other types one may rest on another.
  const bool is_enum = column.type().kind() == "enum";
  return our_type != nullptr && is_enum ? TypeDifference::kOther : TypeDifference::kUnknown;
}

}  // namespace varve
