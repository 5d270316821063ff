#include "agent/source/redis/node_scan.h"

#include <algorithm>
#include <bitset>
#include <utility>

#include "absl/strings/str_cat.h"

namespace varve::redis {
namespace {

using Slots = std::bitset<kSlots>;

// A slot that moves again and again is not followed forever.
constexpr int kMostRounds = 3;

}  // namespace

struct NodeScans::State {
  explicit State(const RedisConfig& config) : probes(config.depth), pacer(config.pace) {}

  Probes probes;
  Pacer pacer;
  std::optional<LoadWatch> watch;  // none: INFO was refused
  // Of the last scan.
  ScanEnd end;
  std::string command = "SCAN";
  Slots strays;  // slots of keys that it holds though another node serves them
};

// What is to be read of one database, and what of it was. Without a cluster a node is one part.
struct NodeScans::Round {
  int number = 0;                   // of rounds done
  std::vector<Slots> wanted;        // by node: slots to read there now
  std::vector<Slots> read;          // by node: slots that were read there, whole
  std::unique_ptr<SeenNames> seen;  // null without a cluster
  std::mutex visiting;              // guards `seen`, and calls of the visitor
  uint64_t keys = 0;
  uint64_t probed = 0;
  uint64_t gone = 0;
  uint64_t elsewhere = 0;
  Slots moved;
  absl::Status follow;  // the last time that the cluster was asked who serves what

  bool Wants(size_t node) const { return node < wanted.size() && wanted[node].any(); }
};

NodeScans::NodeScans(Deployment& deployment, const RedisConfig& config, double share,
                     absl::Time deadline)
    : deployment_(deployment), config_(config), share_(share), deadline_(deadline) {}

NodeScans::~NodeScans() = default;

NodeScans::State& NodeScans::StateOf(size_t node) {
  while (states_.size() <= node) {
    State& state = *states_.emplace_back(std::make_unique<State>(config_));
    const Node& opened = *deployment_.nodes()[states_.size() - 1];
    if (!opened.is_readable() || opened.server.info_refusal.has_value()) continue;
    state.watch.emplace(state.pacer.most(), LoadOf(opened.server.info, opened.opened_at),
                        opened.connection->commands());
    state.pacer.SetAlone(state.watch->is_alone());
  }
  return *states_[node];
}

ScanEnd::Kind NodeScans::EndOf(const Node& node, const absl::Status& failure) const {
  const bool is_past = absl::IsDeadlineExceeded(failure) && node.connection.has_value() &&
                       node.connection->is_past_deadline();
  return is_past ? ScanEnd::Kind::kPastDeadline : ScanEnd::Kind::kFailed;
}

// How selecting ended, in the words of a scan: whole, refused, failed.
ScanEnd NodeScans::SelectOn(Node& node, int number) const {
  ScanEnd end;
  const absl::StatusOr<std::string> refusal = node.connection->Select(number);
  if (!refusal.ok()) {
    end.kind = EndOf(node, refusal.status());
    end.status = refusal.status();
  } else if (!refusal->empty()) {
    end.kind = ScanEnd::Kind::kRefused;
    end.refusal = RefusalOf(*refusal);
    end.status = absl::PermissionDeniedError(RefusalText(*refusal));
  }
  return end;
}

// Runs on a thread of its own; touches this node and its state, and the rest under the lock.
void NodeScans::ScanNode(int number, size_t index, Round& round, KeyVisitor visit) {
  Node& node = *deployment_.nodes()[index];
  State& state = *states_[index];
  state.end = {};
  state.strays.reset();
  state.command = "SELECT";
  if (!node.is_readable()) {
    state.end.kind = EndOf(node, node.failure);
    state.end.status = node.failure;
    state.command = "SCAN";
    return;
  }
  state.end = SelectOn(node, number);
  if (state.end.kind == ScanEnd::Kind::kWhole) {
    state.command = "SCAN";
    ScanTerms terms = {number, share_, deadline_, nullptr};
    if (round.seen != nullptr) {
      terms.takes = [&](const MetKey& key) {
        const int slot = SlotOf(key.name);
        if (round.wanted[index][slot]) return true;
        const bool is_stray = deployment_.NodeOfSlot(slot) != static_cast<int>(index);
        if (is_stray && !round.read[index][slot]) state.strays.set(slot);
        return false;
      };
    }
    Scanner scanner(*node.connection, state.probes, state.pacer,
                    state.watch.has_value() ? &*state.watch : nullptr, std::move(terms));
    state.end = scanner.Scan([&](const MetKey& key, const KeyFacts& facts) {
      const std::lock_guard<std::mutex> lock(round.visiting);
      if (round.seen != nullptr) {
        if (round.number > 0 && round.seen->Has(key.hash)) return;
        round.seen->Add(key.hash);
      }
      ++round.keys;
      if (facts.is_probed) ++round.probed;
      visit(key, facts);
    });
  }
  if (state.end.kind == ScanEnd::Kind::kPastDeadline) {
    state.end.status = absl::DeadlineExceededError("the time that reading may take is over");
  }
  if (state.end.kind == ScanEnd::Kind::kPastDeadline || state.end.kind == ScanEnd::Kind::kFailed) {
    node.failure = state.end.status;
  }
}

std::vector<size_t> NodeScans::NodesWith(const Round& round) const {
  std::vector<size_t> nodes;
  for (size_t i = 0; i < deployment_.nodes().size(); ++i) {
    if (round.Wants(i)) nodes.push_back(i);
  }
  return nodes;
}

// After a round over a cluster: what must still be read, and where. Slots that are served elsewhere
// by now are read there again, and so are keys that a node holds of slots that are on their way.
void NodeScans::PlanNext(Round& round) {
  std::vector<Slots> strays;
  round.read.resize(deployment_.nodes().size());
  round.wanted.resize(deployment_.nodes().size());
  for (size_t i = 0; i < states_.size(); ++i) {
    if (round.Wants(i) && states_[i]->end.kind == ScanEnd::Kind::kWhole) {
      round.read[i] |= round.wanted[i];
    }
    strays.push_back(round.Wants(i) ? states_[i]->strays : Slots());
    round.wanted[i].reset();
  }
  std::vector<int> before(kSlots);
  for (int slot = 0; slot < kSlots; ++slot) before[slot] = deployment_.NodeOfSlot(slot);
  // Nobody tells: what was read stays, and what was not is missing.
  round.follow = deployment_.Follow();
  const size_t nodes = deployment_.nodes().size();
  round.read.resize(nodes);
  round.wanted.resize(nodes);
  strays.resize(nodes);
  for (size_t i = 0; i < nodes; ++i) StateOf(i);
  for (int slot = 0; slot < kSlots; ++slot) {
    const int now = deployment_.NodeOfSlot(slot);
    if (now < 0) continue;
    if (now != before[slot]) round.moved.set(slot);
    const bool can_be = deployment_.nodes()[now]->is_readable();
    if (!round.read[now][slot] && can_be) round.wanted[now].set(slot);
    for (size_t i = 0; i < nodes; ++i) {
      if (!strays[i][slot]) continue;
      round.moved.set(slot);
      if (!round.read[i][slot] && deployment_.nodes()[i]->is_readable()) round.wanted[i].set(slot);
    }
  }
}

NodesEnd NodeScans::Conclude(const Round& round) const {
  NodesEnd result;
  const size_t nodes = deployment_.nodes().size();
  std::vector<bool> is_missing(nodes);
  for (int slot = 0; slot < (round.seen == nullptr ? 1 : kSlots); ++slot) {
    const int node = deployment_.NodeOfSlot(slot);
    if (node < 0 || round.read[node][slot]) continue;
    // Where it was before it was read whole, as it was then.
    const bool was_read = std::any_of(round.read.begin(), round.read.end(),
                                      [slot](const Slots& read) { return read[slot]; });
    if (was_read) {
      result.are_moves_open |= deployment_.nodes()[node]->is_readable();
    } else {
      is_missing[node] = true;
    }
  }
  for (size_t i = 0; i < nodes; ++i) {
    if (!is_missing[i]) continue;
    PartEnd part = {deployment_.nodes()[i]->Where(), states_[i]->command, states_[i]->end};
    if (part.end.kind == ScanEnd::Kind::kWhole) {
      // It was opened, and its slots were followed no more.
      const absl::Status& failure = deployment_.nodes()[i]->failure;
      part.end.kind = ScanEnd::Kind::kFailed;
      part.end.status =
          failure.ok() ? absl::UnavailableError("its slots moved again and again") : failure;
    }
    if (result.parts.empty()) {
      result.end = part.end;
      result.command = part.command;
    }
    result.parts.push_back(std::move(part));
  }
  result.end.keys = round.keys;
  result.end.probed = round.probed;
  result.end.gone = round.gone;
  result.end.elsewhere = round.elsewhere;
  result.slots_moved = round.moved.count();
  result.follow = round.follow;
  for (const Slots& wanted : round.wanted) result.are_moves_open |= wanted.any();
  if (round.seen == nullptr) result.parts.clear();
  return result;
}

NodesEnd NodeScans::Scan(int number, uint64_t keys_said, KeyVisitor visit) {
  Round round;
  const bool is_cluster = deployment_.is_whole_cluster();
  const size_t nodes = deployment_.nodes().size();
  round.wanted.resize(nodes);
  round.read.resize(nodes);
  if (is_cluster) round.seen = std::make_unique<SeenNames>(keys_said);
  for (int slot = 0; slot < (is_cluster ? kSlots : 1); ++slot) {
    const int node = deployment_.NodeOfSlot(slot);
    if (node >= 0) round.wanted[node].set(slot);
  }
  for (size_t i = 0; i < nodes; ++i) StateOf(i);
  while (true) {
    const std::vector<size_t> reading = NodesWith(round);
    Beside(reading.size(), [&](size_t i) { ScanNode(number, reading[i], round, visit); });
    for (const size_t i : reading) {
      round.gone += states_[i]->end.gone;
      round.elsewhere += states_[i]->end.elsewhere;
    }
    ++round.number;
    if (!is_cluster) {
      if (states_[0]->end.kind == ScanEnd::Kind::kWhole) round.read[0].set(0);
      round.wanted[0].reset();
      return Conclude(round);
    }
    PlanNext(round);
    if (round.number == kMostRounds || NodesWith(round).empty()) return Conclude(round);
  }
}

Probes NodeScans::MergedProbes() const {
  Probes merged(config_.depth);
  for (const std::unique_ptr<State>& state : states_) merged.TakeRefusals(state->probes);
  return merged;
}

std::optional<absl::Status> NodeScans::over() const {
  absl::Status last;
  for (const std::unique_ptr<Node>& node : deployment_.nodes()) {
    if (node->is_readable()) return std::nullopt;
    last = node->failure;
  }
  return last;
}

}  // namespace varve::redis
