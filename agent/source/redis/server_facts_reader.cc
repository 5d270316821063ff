#include "agent/source/redis/server_facts_reader.h"

#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "agent/source/redis/section_troubles.h"
#include "base/status.h"

namespace varve::redis {
namespace {

// Listing so many takes a server 1 ms to 2 ms, in which no other client is served.
constexpr int64_t kMostClients = 500;
// Of more code the answer might be larger than what we take.
constexpr int64_t kMostLibraryBytes = int64_t{16} << 20;
// A list that is longer is none that people made.
constexpr size_t kMostItems = 5000;

struct FactWords {
  absl::string_view command;
  absl::string_view rule;
};

FactWords WordsOf(Fact fact) {
  switch (fact) {
    case Fact::kSettings:
      return {"CONFIG GET", "+config|get"};
    case Fact::kUsers:
      return {"ACL LIST", "+acl|list"};
    case Fact::kModules:
      return {"MODULE LIST", "+module|list"};
    case Fact::kLibraries:
      return {"FUNCTION LIST", "+function|list"};
    case Fact::kClients:
      return {"CLIENT LIST", "+client|list"};
    case Fact::kSlowLog:
      return {"SLOWLOG GET", "+slowlog|get"};
    case Fact::kLatency:
      return {"LATENCY LATEST", "+latency|latest"};
  }
  return {};
}

int MajorVersion(const ServerReading& server) {
  const std::pair<absl::string_view, absl::string_view> parts =
      absl::StrSplit(server.version, absl::MaxSplits('.', 1));
  int major = 0;
  return absl::SimpleAtoi(parts.first, &major) ? major : 0;
}

class Reader {
 public:
  Reader(Connection& connection, const ServerReading& server, const Redactor& redactor)
      : connection_(connection), server_(server), redactor_(redactor) {}

  ServerFacts Read() {
    if (server_.mode == "sentinel") {
      for (const Fact fact : kAllFacts) {
        Leave(fact, v1::SIGHT_NOT_SUPPORTED, "this is a Sentinel: it is not asked of it");
      }
      return std::move(facts_);
    }
    for (const Fact fact : kAllFacts) {
      if (!facts_.broke.has_value()) {
        const absl::Status status = Read(fact);
        if (!status.ok()) facts_.broke = status;
      }
      if (facts_.broke.has_value()) Leave(fact, v1::SIGHT_FAILED, facts_.broke->message());
    }
    return std::move(facts_);
  }

 private:
  absl::Status Read(Fact fact) {
    switch (fact) {
      case Fact::kSettings:
        return AskList(fact, {"CONFIG", "GET", "*"}, SettingsFrom, facts_.settings);
      case Fact::kUsers:
        if (!Has(6)) return absl::OkStatus();  // it has none
        return AskList(fact, {"ACL", "LIST"}, AclUsersFrom, facts_.users);
      case Fact::kModules:
        return ReadModules();
      case Fact::kLibraries:
        return ReadLibraries();
      case Fact::kClients:
        return ReadClients();
      case Fact::kSlowLog:
        return Ask(fact, {"SLOWLOG", "GET", "128"},
                   [&](Reply reply) { return Take(SlowLogFrom(reply), facts_.slow_log); });
      case Fact::kLatency:
        return AskList(fact, {"LATENCY", "LATEST"}, LatencyFrom, facts_.latency);
    }
    return absl::OkStatus();
  }

  // Whether the server is of that major version, or may be.
  bool Has(int major) const {
    const int of_server = MajorVersion(server_);
    return of_server == 0 || of_server >= major;
  }

  void Leave(Fact fact, v1::Sight sight, absl::string_view why) {
    facts_.End(fact) = {sight, std::string(why), std::nullopt};
  }

  template <typename Taken>
  static bool Take(std::optional<Taken> from, Taken& to) {
    if (!from.has_value()) return false;
    to = *std::move(from);
    return true;
  }

  // `take` returns whether the reply had the form that it should have.
  template <typename TakeReply>
  absl::Status Ask(Fact fact, std::initializer_list<absl::string_view> command, TakeReply take) {
    VARVE_ASSIGN_OR_RETURN(const Reply reply, connection_.Command(command));
    if (reply[0].type == ReplyType::kError) {
      const Refusal refusal = RefusalOf(reply[0].text);
      facts_.End(fact) = {SightOf(refusal), RefusalText(reply[0].text), refusal};
    } else if (!take(reply)) {
      Leave(fact, v1::SIGHT_FAILED, "the server's answer has not the form of one");
    }
    return absl::OkStatus();
  }

  template <typename Item>
  absl::Status AskList(Fact fact, std::initializer_list<absl::string_view> command,
                       std::optional<std::vector<Item>> (*from)(Reply), std::vector<Item>& items) {
    VARVE_RETURN_IF_ERROR(
        Ask(fact, command, [&](Reply reply) { return Take(from(reply), items); }));
    if (items.size() > kMostItems) {
      items.clear();
      Leave(fact, v1::SIGHT_CAPPED, absl::StrCat("more than ", kMostItems, " of them"));
    }
    return absl::OkStatus();
  }

  absl::Status ReadModules() {
    if (server_.info.modules().has_value()) {
      facts_.modules = ModulesFrom(*server_.info.modules());
      return absl::OkStatus();
    }
    std::optional<std::vector<Module>> (*const from)(Reply) = ModulesFrom;
    return AskList(Fact::kModules, {"MODULE", "LIST"}, from, facts_.modules);
  }

  absl::Status ReadLibraries() {
    if (!Has(7)) return absl::OkStatus();  // it has none
    if (server_.info.Number("used_memory_functions").value_or(0) > kMostLibraryBytes) {
      Leave(Fact::kLibraries, v1::SIGHT_CAPPED, "more code than is asked for");
      return absl::OkStatus();
    }
    return AskList(Fact::kLibraries, {"FUNCTION", "LIST", "WITHCODE"}, LibrariesFrom,
                   facts_.libraries);
  }

  absl::Status ReadClients() {
    if (server_.info.Number("connected_clients").value_or(0) > kMostClients) {
      Leave(
          Fact::kClients, v1::SIGHT_EXCLUDED,
          absl::StrCat("more than ", kMostClients, " clients: listing them takes the server long"));
      return absl::OkStatus();
    }
    return Ask(Fact::kClients, {"CLIENT", "LIST"}, [&](Reply reply) {
      if (reply[0].type != ReplyType::kBulk) return false;
      facts_.clients = ClientsFrom(reply[0].text, redactor_);
      return true;
    });
  }

  Connection& connection_;
  const ServerReading& server_;
  const Redactor& redactor_;
  ServerFacts facts_;
};

}  // namespace

absl::string_view FactCommand(Fact fact) { return WordsOf(fact).command; }
absl::string_view FactRule(Fact fact) { return WordsOf(fact).rule; }

ServerFacts ReadServerFacts(Connection& connection, const ServerReading& server,
                            const Redactor& redactor) {
  return Reader(connection, server, redactor).Read();
}

}  // namespace varve::redis
