// What differs between two snapshots: by section, entity, facet, property and named element, with
// both values, and what could not be compared, with its reason. DATA.md, "Answers", is its
// contract; docs/formats.md carries it on.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/message.h"
#include "snapshot/line.h"
#include "snapshot/section.h"
#include "varve/v1/diff.pb.h"

namespace varve {

// What was known last of an object before some snapshot: when it was seen, or was looked for and
// not there.
struct LastKnown {
  int64_t seq = 0;
  LineKey key;               // what the object was called there
  uint32_t revision = 0;     // of its section there
  std::optional<Seen> seen;  // empty: it was not there
  std::string shape;         // canonical bytes, where it was seen
  // All lines of that section there: their locators prove renames since. No shapes. Shared, since
  // many lines of one gap are known from one snapshot.
  std::shared_ptr<const Section> section;
};

// Finds what was known last, before snapshot `seq`, of the object that is called `key` there.
// Nothing where it was not looked at before.
using KnownBefore = std::function<absl::StatusOr<std::optional<LastKnown>>(
    absl::string_view environment, absl::string_view section, const LineKey& key, int64_t seq)>;

// Compares two snapshots. Objects that locators prove to be one under two names, inside one
// environment, are compared as one. `known_before` may be null: then a change found after a gap is
// "cannot say". The answer is sorted; its verdict leaves out what neither side saw and what is not
// comparable. Cost grows with the lines of both and with the shapes that differ. Errors: kDataLoss
// (a shape or a coverage is missing, damaged or does not parse); those of `known_before`.
absl::StatusOr<v1::DiffResult> Diff(const Snapshot& before, const Snapshot& after,
                                    const KnownBefore& known_before);

// Decodes the bytes of a line's shape into the message that is compared.
using ShapeDecoder = std::function<absl::StatusOr<std::unique_ptr<google::protobuf::Message>>(
    const LineKey& key, absl::string_view bytes)>;

// The member of the envelope v1::Shape that a shape's bytes set, with whatever a newer agent put
// beside it; the envelope itself where that member is not known. Errors: kDataLoss (they do not
// parse).
absl::StatusOr<std::unique_ptr<google::protobuf::Message>> DecodeEnvelope(const LineKey& key,
                                                                          absl::string_view bytes);

// The same over shapes of any messages: what holds Diff against the executable model of the data
// model.
absl::StatusOr<v1::DiffResult> DiffDecodedBy(const ShapeDecoder& decode, const Snapshot& before,
                                             const Snapshot& after,
                                             const KnownBefore& known_before);

}  // namespace varve
