#include "snapshot/line.h"

#include <array>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/types/span.h"
#include "base/status.h"
#include "google/protobuf/arena.h"
#include "snapshot/canonical.h"

namespace varve {
namespace {

void Fill(const Seen& seen, v1::Seen& proto) {
  proto.set_shape_hash(std::string(seen.shape.bytes()));
  proto.set_way(seen.way);
  if (!seen.digest.empty()) {
    proto.mutable_masked()->set_digest(seen.digest);
    proto.mutable_masked()->set_key_id(seen.key_id);
  }
  if (!seen.locator.empty()) proto.mutable_locator()->ParseFromString(seen.locator);
}

void Fill(const Line& line, v1::Line& proto) {
  FillIdentity(line.key.entity, *proto.mutable_identity());
  proto.set_facet(line.key.facet);
  if (line.seen.has_value()) {
    Fill(*line.seen, *proto.mutable_seen());
  } else {
    proto.set_unseen(line.unseen);
  }
}

}  // namespace

EntityKey KeyOf(const v1::Identity& identity) {
  return {identity.kind(), {identity.names().begin(), identity.names().end()}};
}

void FillIdentity(const EntityKey& key, v1::Identity& identity) {
  identity.set_kind(key.kind);
  for (const std::string& name : key.names) identity.add_names(name);
}

v1::Identity IdentityOf(const EntityKey& key) {
  v1::Identity identity;
  FillIdentity(key, identity);
  return identity;
}

std::string NameInForm(const EntityKey& key,
                       absl::FunctionRef<std::string(const std::string&)> part) {
  const absl::Span<const std::string> names = key.names;
  const auto joined = [&](absl::Span<const std::string> parts) {
    return absl::StrJoin(
        parts, ".", [&](std::string* out, const std::string& name) { out->append(part(name)); });
  };
  if ((key.kind == "function" || key.kind == "operator") && names.size() >= 2) {
    return absl::StrCat(joined(names.first(2)), "(", absl::StrJoin(names.subspan(2), ", "), ")");
  }
  if ((key.kind == "operator_class" || key.kind == "operator_family") && names.size() == 3) {
    return absl::StrCat(joined(names.first(2)), " USING ", part(names[2]));
  }
  if (key.kind == "cast" && names.size() == 2) return absl::StrCat(names[0], " AS ", names[1]);
  if (key.kind == "transform" && names.size() == 2) {
    return absl::StrCat(names[0], " LANGUAGE ", part(names[1]));
  }
  if (key.kind == "user_mapping" && names.size() == 2) {
    return absl::StrCat(part(names[0]), " SERVER ", part(names[1]));
  }
  if (key.kind == "default_privileges" && names.size() == 3) {
    const std::string where = names[1].empty() ? "" : absl::StrCat(" in ", part(names[1]));
    return absl::StrCat(names[2], " by ", part(names[0]), where);
  }
  return joined(names);
}

std::string DisplayName(const EntityKey& key) {
  const absl::Span<const std::string> names = key.names;
  if (key.kind == "key_pattern" && names.size() == 2) {
    return names[0] == "0" ? names[1] : absl::StrCat(names[0], "/", names[1]);
  }
  // Rules name tables by the hundred thousand, and the general form takes a call for each part.
  if (key.kind == "table" && names.size() == 2) return absl::StrCat(names[0], ".", names[1]);
  return NameInForm(key, [](const std::string& name) { return name; });
}

v1::Seen ToProto(const Seen& seen) {
  v1::Seen proto;
  Fill(seen, proto);
  return proto;
}

v1::Line ToProto(const Line& line) {
  v1::Line proto;
  Fill(line, proto);
  return proto;
}

absl::StatusOr<Seen> SeenFrom(const v1::Seen& proto) {
  Seen seen;
  VARVE_ASSIGN_OR_RETURN(seen.shape, ShapeHash::FromBytes(proto.shape_hash()));
  seen.way = proto.way();
  if (proto.has_masked()) {
    if (proto.masked().digest().size() != ShapeHash::kSize) {
      return absl::InvalidArgumentError("a masked digest has 32 bytes");
    }
    seen.digest = proto.masked().digest();
    seen.key_id = proto.masked().key_id();
  }
  if (proto.has_locator()) {
    v1::Locator locator = proto.locator();
    seen.locator = CanonicalBytes(locator);
  }
  return seen;
}

absl::StatusOr<Line> LineFrom(const v1::Line& proto) {
  if (proto.identity().kind().empty() || proto.identity().names().empty()) {
    return absl::InvalidArgumentError("a line has no identity");
  }
  if (proto.facet() == v1::FACET_UNSPECIFIED) {
    return absl::InvalidArgumentError("a line has no facet");
  }
  Line line;
  line.key = {KeyOf(proto.identity()), proto.facet()};
  switch (proto.state_case()) {
    case v1::Line::kSeen: {
      VARVE_ASSIGN_OR_RETURN(line.seen, SeenFrom(proto.seen()));
      return line;
    }
    case v1::Line::kUnseen:
      line.unseen = proto.unseen();
      return line;
    case v1::Line::STATE_NOT_SET:
      break;
  }
  return absl::InvalidArgumentError("a line is neither seen nor unseen");
}

std::string LineBytes(const Line& line) {
  // Most fit here: nothing but texts is allocated.
  std::array<char, 2048> room;  // NOLINT(*-member-init): written before it is read
  google::protobuf::Arena arena(room.data(), room.size());
  v1::Line& proto = *google::protobuf::Arena::CreateMessage<v1::Line>(&arena);
  Fill(line, proto);
  return OwnCanonicalBytes(proto);
}

}  // namespace varve
