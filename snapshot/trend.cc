#include "snapshot/trend.h"

#include <algorithm>
#include <map>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "base/nearest.h"
#include "base/status.h"
#include "snapshot/kinds.h"
#include "snapshot/typed_name.h"

namespace varve {
namespace {

constexpr int64_t kDayUs = int64_t{24} * 60 * 60 * 1000 * 1000;
constexpr size_t kMostNamed = 30;
constexpr absl::string_view kNotCounted = "not counted";
// What tells most, the first that there is.
constexpr absl::string_view kTelling[] = {
    "rows",        "rows_estimate", "keys",         "last_value",   "database_bytes",
    "used_memory", "index_bytes",   "memory_bytes", "member_count", "field_count"};
// Of a whole object the sum of its parts.
constexpr absl::string_view kSums[] = {"index_bytes", "index_scans"};

// By name, as one asks for it.
using Figures = std::map<std::string, int64_t>;

const v1::EntityMeasures* Find(const v1::Measures& measures, const EntityKey& key) {
  const auto found = absl::c_find_if(measures.entities(), [&](const v1::EntityMeasures& entity) {
    return KeyOf(entity.identity()) == key;
  });
  return found == measures.entities().end() ? nullptr : &*found;
}

Figures FiguresOfPart(const v1::EntityMeasures& entity, const std::string& part) {
  Figures figures;
  for (const v1::Measure& measure : entity.measures()) {
    if (measure.has_number() && measure.element() == part) {
      figures[measure.name()] = measure.number();
    }
  }
  return figures;
}

Figures FiguresOfWhole(const v1::EntityMeasures& entity) {
  Figures figures = FiguresOfPart(entity, "");
  for (const v1::Measure& measure : entity.measures()) {
    if (!measure.has_number() || measure.element().empty()) continue;
    figures[absl::StrCat(measure.name(), ":", measure.element())] = measure.number();
    if (absl::c_linear_search(kSums, measure.name())) figures[measure.name()] += measure.number();
  }
  return figures;
}

std::string Chosen(const Figures& figures) {
  const auto best = absl::c_find_if(
      kTelling, [&](absl::string_view name) { return figures.count(std::string(name)) > 0; });
  return best == std::end(kTelling) ? figures.begin()->first : std::string(*best);
}

class Trend {
 public:
  Trend(const ObjectLife& life, const TrendAsked& asked, const HistorySources& sources,
        MeasuresAt measures_at)
      : life_(life),
        asked_(asked),
        sources_(sources),
        measures_at_(measures_at),
        entity_(*life.names.front().key) {}

  absl::StatusOr<v1::TrendResult> Tell() {
    VARVE_RETURN_IF_ERROR(FindRange());
    VARVE_ASSIGN_OR_RETURN(history_, HistoryOf(life_, FirstFacet(entity_.kind), sources_, nullptr));
    DropFirstWithoutIt();
    size_t count = last_ - first_;
    told_.set_point_count(count);
    if (asked_.limit != 0) count = std::min<size_t>(count, asked_.limit);
    told_.set_measure(asked_.measure);
    for (size_t at = last_; at > last_ - count; --at) VARVE_RETURN_IF_ERROR(AddPoint(at - 1));
    VARVE_RETURN_IF_ERROR(CheckMeasure());
    std::reverse(told_.mutable_points()->begin(), told_.mutable_points()->end());
    *told_.mutable_identity() = IdentityOf(entity_);
    told_.mutable_element()->Assign(asked_.element.begin(), asked_.element.end());
    told_.set_last_seq(life_.numbers.back());
    return std::move(told_);
  }

 private:
  std::string Name() const { return TypedName(entity_, asked_.element); }

  // Places of the snapshots of the time that is asked for; times never go back.
  absl::Status FindRange() {
    const std::vector<int64_t>& times = life_.times_us;
    const auto place = [&](auto at) { return static_cast<size_t>(at - times.begin()); };
    first_ = place(absl::c_lower_bound(times, asked_.since_us));
    last_ =
        asked_.until_us == 0 ? times.size() : place(absl::c_upper_bound(times, asked_.until_us));
    if (first_ < last_) return absl::OkStatus();
    return absl::NotFoundError(
        absl::StrCat("no snapshot lies in that time; there are ", life_.numbers.size(), ", from ",
                     FormatMinute(absl::FromUnixMicros(times.front())), " to ",
                     FormatMinute(absl::FromUnixMicros(times.back())), " UTC"));
  }

  const HistoryPiece& PieceAt(int64_t seq) const {
    return *std::lower_bound(
        history_.pieces.begin(), history_.pieces.end(), seq,
        [](const HistoryPiece& piece, int64_t number) { return piece.to_seq < number; });
  }

  // A series begins with the object.
  void DropFirstWithoutIt() {
    const auto is_there = [&](const HistoryPiece& piece) {
      return piece.key.has_value() && piece.state != PieceState::kAbsent &&
             piece.state != PieceState::kNotConfigured;
    };
    while (first_ < last_ && !is_there(PieceAt(life_.numbers[first_]))) ++first_;
  }

  absl::Status AddPoint(size_t place) {
    v1::TrendPoint& point = *told_.add_points();
    point.set_seq(life_.numbers[place]);
    point.set_time_us(life_.times_us[place]);
    const HistoryPiece& piece = PieceAt(point.seq());
    const bool has_section =
        piece.state != PieceState::kUnavailable && piece.state != PieceState::kNotConfigured;
    if (piece.key.has_value() && has_section) {
      VARVE_ASSIGN_OR_RETURN(const Figures figures, FiguresAt(point.seq(), *piece.key));
      Take(figures, point);
    }
    if (point.has_value()) return absl::OkStatus();
    const std::string why = WhyUnseen(piece, life_);
    point.set_why(!piece.key.has_value() ? "not there"
                  : why.empty()          ? std::string(kNotCounted)
                                         : why);
    return absl::OkStatus();
  }

  absl::StatusOr<Figures> FiguresAt(int64_t seq, const EntityKey& key) const {
    VARVE_ASSIGN_OR_RETURN(const v1::Measures measures, measures_at_(seq));
    const v1::EntityMeasures* const entity = Find(measures, key);
    if (entity == nullptr) return Figures();
    return asked_.element.empty() ? FiguresOfWhole(*entity)
                                  : FiguresOfPart(*entity, asked_.element.back());
  }

  void Take(const Figures& figures, v1::TrendPoint& point) {
    if (figures.empty()) return;
    if (told_.measures().empty()) {
      for (const auto& [name, number] : figures) told_.add_measures(name);
      if (told_.measure().empty()) told_.set_measure(Chosen(figures));
    }
    const auto figure = figures.find(told_.measure());
    if (figure == figures.end()) return;
    point.set_value(figure->second);
    has_value_ = true;
  }

  // Those of parts are left out where the object has one of the name.
  std::vector<std::string> FiguresToName() const {
    std::vector<std::string> names;
    for (const std::string& measure : told_.measures()) {
      const std::string name = measure.substr(0, measure.find(':'));
      if (name == measure || !absl::c_linear_search(names, name)) names.push_back(measure);
    }
    return names;
  }

  absl::Status CheckMeasure() const {
    if (has_value_) return absl::OkStatus();
    if (told_.measures().empty()) {
      const std::string why = told_.points().empty() ? "not there" : told_.points(0).why();
      return absl::NotFoundError(absl::StrCat(
          "nothing was counted of ", Name(), " in that time",
          why == kNotCounted ? "" : absl::StrCat(": ", why),
          "; figures are kept of tables, indexes, sequences, databases, key patterns, servers and "
          "models"));
    }
    const std::vector<std::string> all = FiguresToName();
    const std::string likely = LikelyName(asked_.measure, all);
    const auto named = static_cast<ptrdiff_t>(std::min(all.size(), kMostNamed));
    return absl::NotFoundError(absl::StrCat(
        Name(), " has no figure '", asked_.measure, "'; ",
        likely.empty() ? "" : absl::StrCat("nearest is ", likely, "; "), "it has ",
        absl::StrJoin(all.begin(), all.begin() + named, ", "),
        all.size() > kMostNamed ? absl::StrCat(" and ", all.size() - kMostNamed, " more") : ""));
  }

  const ObjectLife& life_;
  const TrendAsked& asked_;
  const HistorySources& sources_;
  MeasuresAt measures_at_;
  const EntityKey& entity_;  // as it is called in the last snapshot
  FacetHistory history_;
  size_t first_ = 0;  // places of snapshots: from this one on
  size_t last_ = 0;   // up to the one before this
  bool has_value_ = false;
  v1::TrendResult told_;
};

}  // namespace

absl::StatusOr<v1::TrendResult> TellTrend(const ObjectLife& life, const TrendAsked& asked,
                                          const HistorySources& sources, MeasuresAt measures_at) {
  return Trend(life, asked, sources, measures_at).Tell();
}

std::optional<TrendFigures> FiguresOf(const v1::TrendResult& result) {
  TrendFigures figures;
  for (const v1::TrendPoint& point : result.points()) {
    if (!point.has_value()) continue;
    if (figures.first == nullptr) figures.first = figures.least = figures.most = &point;
    figures.last = &point;
    if (point.value() < figures.least->value()) figures.least = &point;
    if (point.value() > figures.most->value()) figures.most = &point;
  }
  if (figures.first == nullptr) return std::nullopt;
  const int64_t span_us = figures.last->time_us() - figures.first->time_us();
  if (span_us >= kDayUs) {
    // Of two numbers of 64 bits the difference has up to 65.
    const double change =
        static_cast<double>(figures.last->value()) - static_cast<double>(figures.first->value());
    figures.change_per_day = change * static_cast<double>(kDayUs) / static_cast<double>(span_us);
  }
  return figures;
}

}  // namespace varve
