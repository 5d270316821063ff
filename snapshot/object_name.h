// Names of objects, as people type them:
//   [SECTION/][KIND:]schema.name[.part]   public.orders, orders/public.orders.total,
//                                         public.archive(date), table:public."Odd name", role:app
//   [SECTION/]redis:PATTERN[.part]        redis:session:*, redis:1/user:*.email
//   [SECTION/]model:module.Name[.field]   model:shop.models.Order.total
// SECTION is a section's name or a source's. Names are as PostgreSQL writes them, in double quotes
// where they need it; without quotes a name is first taken as it stands, then in lower case. A
// routine's types may be left out where one routine has the name. An index is also found by its
// schema and name. Of a part as much of its path may stand as tells it from others:
// public.orders.constraints.total.
#pragma once

#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "snapshot/line.h"
#include "snapshot/section.h"
#include "varve/v1/shape.pb.h"

namespace varve {

struct ObjectFound {
  std::string section;
  EntityKey entity;
  // A part of it, as a diff's paths write it: {"columns", "total"}. Empty: the entity itself.
  std::vector<std::string> element;
  // As one types it (typed_name.h): "public.orders.total".
  std::string name;
};

// A name that was typed, taken apart as far as its text alone tells.
class ObjectName {
 public:
  // Errors: kInvalidArgument (it is empty, a quote has no end, no such kind; the message says what
  // to write).
  static absl::StatusOr<ObjectName> Parse(absl::string_view text);

  const std::string& text() const { return text_; }  // as it was typed
  const std::string& section() const { return section_; }
  const std::string& kind() const { return kind_; }
  const std::string& rest() const { return rest_; }

 private:
  std::string text_;
  std::string section_;  // or a source; empty: any
  std::string kind_;     // or "redis", "model"; empty: any of PostgreSQL's
  std::string rest_;     // names and part
};

// Finds the object. Errors: kNotFound (there is none; the message names the nearest),
// kInvalidArgument (it could be several; the message lists how to write each), kDataLoss (a shape
// is missing or damaged).
absl::StatusOr<ObjectFound> FindObject(const ObjectName& name, const Snapshot& snapshot);

// The same where only lines are at hand: `shape_of` is asked for the few shapes that may hold the
// part. Its errors are passed on.
using ShapeOfLine =
    absl::FunctionRef<absl::StatusOr<v1::Shape>(const Section& section, const Seen& seen)>;
absl::StatusOr<ObjectFound> FindObject(const ObjectName& name, absl::Span<const Section> sections,
                                       ShapeOfLine shape_of);

}  // namespace varve
