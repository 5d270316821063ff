// A random life of one environment: the truth, and what an agent of some revision and role sees of
// it, for the store and for the executable data model alike.
#pragma once

#include <map>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "nlohmann/json.hpp"
#include "tests/unit/snapshot/toy_shapes.h"
#include "tests/unit/storage/pending_builder.h"

namespace varve::testing {

// The rules of toy shapes, as the model's command `meta` takes them; in order, since a kind's first
// facet says whether an entity is there.
nlohmann::ordered_json ToyMeta();

// A section to both: to the model as JSON, to the store as lines. Moving JSON is noexcept and calls
// what is not. NOLINTNEXTLINE(bugprone-exception-escape)
struct Published {
  nlohmann::json model;
  std::optional<TestSection> store = {};  // nothing: unavailable
  // What the model calls a line's shape.
  std::map<std::pair<LineKey, ShapeHash>, nlohmann::json> shapes = {};
};

class ToyWorld {
 public:
  // Equal seeds, equal lives. Borrows `shapes`.
  ToyWorld(uint32_t seed, const ToyShapes& shapes);

  // From now on no shape names a column; they are still renamed. The model writes a column with its
  // table's name, our shapes by its own name alone: where two tables had one name after the other,
  // the two tell them apart differently.
  void LeaveOutColumns() { names_columns_ = false; }

  // Lets something happen.
  void Step();

  // The sections of one snapshot, by name. Sections that are missing are not configured.
  std::map<std::string, Published> Publishable();

  int Pick(int n) { return static_cast<int>(random_() % static_cast<uint32_t>(n)); }
  bool Chance(double p) { return random_() < p * 4294967296.0; }

 private:
  struct ToyTable {
    int oid = 0;
    bool ran = true;
    std::string unknown;  // a property that a static read cannot tell, or not all of it
    int secret = 0;
    std::string column = "c";
    std::map<std::string, int> properties;
  };
  using Name = std::pair<std::string, std::string>;

  Name SomeName();
  void ChangeTable();
  void RenameSchema();
  void ChangeCoverage(v1::Facet facet, const std::string& scope);

  static Published Unavailable();
  Published Section(const std::string& name);
  Published Schemas(const std::string& name);
  Published Cluster();
  Published Tables();
  static void Cover(Published& section, const std::string& kind, v1::Facet facet, v1::Sight state,
                    const std::vector<std::string>& scope);
  void See(Published& section, const LineKey& key, const nlohmann::json& shape,
           const ToyShape& ours, const SeenFacts& facts);
  void AddSchemas(Published& section);
  void AddTable(Published& section, const Name& name, const ToyTable& table, v1::Facet facet);

  v1::Sight CoveredAs(v1::Facet facet, const std::string& schema) const;
  bool IsCaptured(v1::Facet facet, const std::string& property, bool ran) const;
  int Meaning(v1::Facet facet) const;

  std::mt19937 random_;
  const ToyShapes& shapes_;
  bool names_columns_ = true;
  int oid_ = 0;
  uint32_t revision_ = 1;
  std::string key_ = "k1";
  int databases_ = 3;  // bits: which of two there are
  std::map<std::string, int> schemas_;
  std::map<Name, ToyTable> tables_;
  std::map<std::pair<v1::Facet, std::string>, v1::Sight> coverage_;
};

}  // namespace varve::testing
