#include "snapshot/stored_line.h"

#include <utility>

#include "base/status.h"

namespace varve {

v1::StoredLine ToProto(const ReadLine& line) {
  v1::StoredLine proto;
  *proto.mutable_identity() = IdentityOf(line.line.key.entity);
  proto.set_facet(line.line.key.facet);
  if (const Seen* const current = line.Current()) *proto.mutable_seen() = ToProto(*current);
  if (!line.line.seen.has_value()) proto.set_unseen(line.line.unseen);
  if (line.last_seen.has_value()) *proto.mutable_last_seen() = ToProto(*line.last_seen);
  proto.set_last_seen_seq(line.last_seen_seq);
  proto.set_last_seen_us(line.last_seen_us);
  proto.set_sent(line.sent);
  return proto;
}

absl::StatusOr<ReadLine> ReadLineFrom(const v1::StoredLine& proto) {
  if (proto.identity().kind().empty() || proto.identity().names().empty()) {
    return absl::InvalidArgumentError("a line has no identity");
  }
  if (proto.facet() == v1::FACET_UNSPECIFIED) {
    return absl::InvalidArgumentError("a line has no facet");
  }
  const bool is_unseen = proto.unseen() != v1::SIGHT_UNSPECIFIED;
  if (!is_unseen && !proto.has_seen()) {
    return absl::InvalidArgumentError("a line is neither seen nor unseen");
  }
  if (is_unseen && proto.has_seen() && proto.unseen() != v1::SIGHT_STATIC) {
    return absl::InvalidArgumentError("a line is both seen and unseen");
  }
  ReadLine line;
  line.line.key = {KeyOf(proto.identity()), proto.facet()};
  line.line.unseen = proto.unseen();
  if (proto.has_seen()) {
    VARVE_ASSIGN_OR_RETURN(Seen seen, SeenFrom(proto.seen()));
    if (is_unseen) {
      line.weaker = std::move(seen);
    } else {
      line.line.seen = std::move(seen);
    }
  }
  if (proto.has_last_seen()) {
    VARVE_ASSIGN_OR_RETURN(line.last_seen, SeenFrom(proto.last_seen()));
  }
  line.last_seen_seq = proto.last_seen_seq();
  line.last_seen_us = proto.last_seen_us();
  line.sent = proto.sent();
  return line;
}

Line SentLine(const ReadLine& line) {
  if (!line.weaker.has_value()) return line.line;
  Line sent;
  sent.key = line.line.key;
  sent.seen = *line.weaker;
  return sent;
}

}  // namespace varve
