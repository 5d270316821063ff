#include "agent/source/redis/sentinel.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "agent/source/redis/refusal.h"
#include "base/status.h"

namespace varve::redis {
namespace {

constexpr size_t kLongestHost = 255;
constexpr size_t kMostReplicas = 1000;

absl::Status Unexpected(absl::string_view command) {
  return absl::DataLossError(
      absl::StrCat("the Sentinel's answer to ", command, " has not the form of one"));
}

std::optional<Place> PlaceFrom(absl::string_view host, absl::string_view port) {
  Place place = {std::string(host), 0};
  const bool is_good = !host.empty() && host.size() <= kLongestHost &&
                       absl::SimpleAtoi(port, &place.port) && place.port > 0 && place.port <= 65535;
  return is_good ? std::optional<Place>(std::move(place)) : std::nullopt;
}

absl::StatusOr<Watched> AskOne(Connection& connection, const Endpoint& endpoint,
                               bool with_replicas) {
  VARVE_ASSIGN_OR_RETURN(
      const Reply reply,
      connection.Command({"SENTINEL", "GET-MASTER-ADDR-BY-NAME", endpoint.primary}));
  if (reply[0].type == ReplyType::kError) {
    return absl::FailedPreconditionError(
        absl::StrCat("SENTINEL GET-MASTER-ADDR-BY-NAME: ", RefusalText(reply[0].text)));
  }
  VARVE_ASSIGN_OR_RETURN(std::optional<Place> primary, PrimaryFrom(reply));
  if (!primary.has_value()) {
    return absl::NotFoundError(
        absl::StrCat("the Sentinel watches no primary called ", endpoint.primary));
  }
  Watched watched = {*std::move(primary), {}};
  if (!with_replicas) return watched;
  VARVE_ASSIGN_OR_RETURN(const Reply replicas,
                         connection.Command({"SENTINEL", "REPLICAS", endpoint.primary}));
  if (replicas[0].type == ReplyType::kError) return watched;
  VARVE_ASSIGN_OR_RETURN(watched.replicas, ReplicasFrom(replicas));
  return watched;
}

}  // namespace

absl::StatusOr<std::optional<Place>> PrimaryFrom(const Reply& reply) {
  if (reply[0].type == ReplyType::kNull) return std::optional<Place>();
  const bool has_form = reply[0].type == ReplyType::kArray && reply.size() == 3 &&
                        reply[1].type == ReplyType::kBulk && reply[2].type == ReplyType::kBulk;
  if (!has_form) return Unexpected("GET-MASTER-ADDR-BY-NAME");
  std::optional<Place> place = PlaceFrom(reply[1].text, reply[2].text);
  if (!place.has_value()) return Unexpected("GET-MASTER-ADDR-BY-NAME");
  return place;
}

absl::StatusOr<std::vector<Place>> ReplicasFrom(const Reply& reply) {
  if (reply[0].type != ReplyType::kArray) return Unexpected("REPLICAS");
  std::vector<Place> places;
  size_t at = 1;
  while (at < reply.size()) {
    const Value& replica = reply[at++];
    if (replica.type != ReplyType::kArray || replica.number % 2 != 0 ||
        static_cast<size_t>(replica.number) > reply.size() - at) {
      return Unexpected("REPLICAS");
    }
    absl::string_view host;
    absl::string_view port;
    absl::string_view flags;
    absl::string_view link;
    for (const size_t end = at + static_cast<size_t>(replica.number); at < end; at += 2) {
      if (reply[at].type != ReplyType::kBulk || reply[at + 1].type != ReplyType::kBulk) {
        return Unexpected("REPLICAS");
      }
      if (reply[at].text == "ip") host = reply[at + 1].text;
      if (reply[at].text == "port") port = reply[at + 1].text;
      if (reply[at].text == "flags") flags = reply[at + 1].text;
      if (reply[at].text == "master-link-status") link = reply[at + 1].text;
    }
    const bool is_up = !absl::StrContains(flags, "down") &&
                       !absl::StrContains(flags, "disconnected") && link == "ok";
    std::optional<Place> place = PlaceFrom(host, port);
    if (is_up && place.has_value() && places.size() < kMostReplicas) {
      places.push_back(*std::move(place));
    }
  }
  std::sort(places.begin(), places.end(), [](const Place& a, const Place& b) {
    return a.host != b.host ? a.host < b.host : a.port < b.port;
  });
  return places;
}

absl::StatusOr<Watched> AskSentinels(const Endpoint& endpoint, bool with_replicas,
                                     const Patience& patience) {
  absl::Status last = absl::NotFoundError("no Sentinel is given");
  for (const Place& place : endpoint.sentinels) {
    Endpoint sentinel = endpoint.At(place);
    sentinel.user = endpoint.sentinel_user;
    sentinel.password = endpoint.sentinel_password;
    absl::StatusOr<Connection> connection = Connection::Open(sentinel, patience);
    absl::StatusOr<Watched> watched = connection.ok()
                                          ? AskOne(*connection, endpoint, with_replicas)
                                          : absl::StatusOr<Watched>(connection.status());
    if (watched.ok()) return watched;
    last = Annotate(watched.status(), absl::StrCat("sentinel ", sentinel.Address()));
  }
  return last;
}

}  // namespace varve::redis
