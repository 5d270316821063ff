#include "tests/unit/storage/sqlite/model_texts.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/status.h"
#include "snapshot/kinds.h"
#include "storage/sqlite/connection.h"
#include "storage/sqlite/rows.h"

namespace varve::testing {
namespace {

using nlohmann::json;

constexpr char kVersions[] = R"(
  SELECT s.name, e.kind, e.names, v.facet, v.from_seq, v.to_seq,
         v.shape, v.way, v.digest, v.key_id, v.locator
  FROM version v JOIN environment n ON n.id = v.environment JOIN section s ON s.id = v.section
  JOIN entity e ON e.id = v.entity WHERE n.name = ?1)";
constexpr char kUnseens[] = R"(
  SELECT s.name, e.kind, e.names, u.facet, u.from_seq, u.to_seq,
         u.shape, u.way, u.digest, u.key_id, u.locator, u.reason, u.sent
  FROM unseen u JOIN environment n ON n.id = u.environment JOIN section s ON s.id = u.section
  JOIN entity e ON e.id = u.entity WHERE n.name = ?1)";
constexpr int kFirstSeen = 6;

std::string TextOr(const json& object, const char* key, const char* other) {
  const auto found = object.find(key);
  if (found == object.end() || found->is_null()) return other;
  return found->is_string() ? found->get<std::string>() : found->dump();
}

std::string Hashed(const std::string& text) { return HashOf<BlobHash>(text).Hex(); }

// "table x.p structure"
std::string KeyText(const json& item) {
  return absl::StrCat(item.at("kind").get<std::string>(), " ",
                      absl::StrJoin(item.at("identity").get<std::vector<std::string>>(), "."), " ",
                      item.at("facet").get<std::string>());
}
std::string KeyText(const LineKey& key) {
  return absl::StrCat(key.entity.kind, " ", absl::StrJoin(key.entity.names, "."), " ",
                      FacetName(key.facet));
}

// What a seen line carries beside its shape. The model keeps a digest's text, a store its hash.
std::string FactsText(const json& seen) {
  const std::string digest = TextOr(seen, "digest", "");
  return absl::StrCat(TextOr(seen, "way", "?"), " digest=", digest.empty() ? "" : Hashed(digest),
                      " key=", TextOr(seen, "key", ""), " locator=", TextOr(seen, "locator", ""));
}
std::string FactsText(const Seen& seen) {
  std::string locator;
  if (!seen.locator.empty()) {
    v1::Locator message;
    message.ParseFromString(seen.locator);
    json parts = json::object();
    for (const v1::Locator::Part& part : message.parts()) {
      parts[absl::StrCat(part.number())] = part.name();
    }
    locator = json({{"id", message.id()}, {"parts", parts}}).dump();
  }
  return absl::StrCat(seen.way == v1::WAY_STATIC ? "static" : "run",
                      " digest=", absl::BytesToHexString(seen.digest), " key=", seen.key_id,
                      " locator=", locator);
}

json ShapeIn(const ModelShapes& shapes, const LineKey& key, const ShapeHash& hash) {
  const auto found = shapes.find({key, hash});
  return found == shapes.end() ? json("a shape that was not published") : found->second;
}

// The model's name of a shape.
std::string ModelHash(const json& shape) { return Hashed(shape.dump()).substr(0, 16); }

std::string RowText(const json& row, const json& seen) {
  std::string text =
      absl::StrCat(TextOr(row, "section", "?"), " ", KeyText(row), " ",
                   row.at("from_seq").get<int64_t>(), "-", TextOr(row, "to_seq", ""));
  if (!seen.is_null()) {
    absl::StrAppend(&text, " ", TextOr(seen, "shape", "?"), " ", FactsText(seen));
  }
  return text;
}

// The columns that both tables share.
absl::StatusOr<std::string> RowText(const sqlite::Statement& row, const ModelShapes& shapes) {
  VARVE_ASSIGN_OR_RETURN(const LineKey key, sqlite::LineKeyAt(row, 1));
  VARVE_ASSIGN_OR_RETURN(const std::optional<Seen> seen, sqlite::SeenAt(row, kFirstSeen));
  std::string text = absl::StrCat(row.Text(0), " ", KeyText(key), " ", row.Int64(4), "-");
  if (!row.IsNull(5)) absl::StrAppend(&text, row.Int64(5));
  if (seen.has_value()) {
    absl::StrAppend(&text, " ", ModelHash(ShapeIn(shapes, key, seen->shape)), " ",
                    FactsText(*seen));
  }
  return text;
}

std::string ReasonText(const std::string& reason, bool sent) {
  return absl::StrCat(" unseen: ", reason, sent ? "" : " (not sent)");
}

}  // namespace

std::string LinesText(const json& section) {
  std::set<std::string> texts;
  for (const json& line : section.at("lines")) {
    std::string text = KeyText(line);
    if (line.contains("shape")) {
      absl::StrAppend(&text, " ", line.at("shape").dump(), " ", FactsText(line));
    }
    if (line.contains("unseen")) {
      absl::StrAppend(&text, " unseen: ", line.at("unseen").get<std::string>(), " last ",
                      TextOr(line, "last", "never"));
    }
    texts.insert(std::move(text));
  }
  return absl::StrJoin(texts, "\n");
}

std::string LinesText(const std::vector<ReadLine>& lines, const ModelShapes& shapes) {
  std::set<std::string> texts;
  for (const ReadLine& line : lines) {
    const LineKey& key = line.line.key;
    std::string text = KeyText(key);
    if (const Seen* const seen = line.Current(); seen != nullptr) {
      absl::StrAppend(&text, " ", ShapeIn(shapes, key, seen->shape).dump(), " ", FactsText(*seen));
    }
    if (!line.line.seen.has_value()) {
      absl::StrAppend(
          &text, " unseen: ", SightName(line.line.unseen), " last ",
          line.last_seen.has_value() ? absl::StrCat(line.last_seen_seq) : std::string("never"));
    }
    texts.insert(std::move(text));
  }
  return absl::StrJoin(texts, "\n");
}

RowTexts RowsOf(const json& answer) {
  RowTexts texts;
  for (const json& row : answer.at("version")) texts.insert(RowText(row, row.at("state")));
  for (const json& row : answer.at("unseen")) {
    texts.insert(RowText(row, row.at("weaker")) +
                 ReasonText(row.at("reason"), row.at("sent").get<bool>()));
  }
  return texts;
}

absl::StatusOr<RowTexts> RowsIn(const std::string& path, const std::string& environment,
                                const ModelShapes& shapes) {
  VARVE_ASSIGN_OR_RETURN(
      const auto connection,
      sqlite::Connection::Open(path, sqlite::Connection::Access::kRead, /*vfs=*/""));
  RowTexts texts;
  for (const char* const sql : {kVersions, kUnseens}) {
    VARVE_ASSIGN_OR_RETURN(sqlite::Connection::Lease row, connection->Prepare(sql));
    row->BindText(0, environment);
    while (true) {
      VARVE_ASSIGN_OR_RETURN(const bool found, row->Step());
      if (!found) break;
      VARVE_ASSIGN_OR_RETURN(std::string text, RowText(*row, shapes));
      if (sql == kUnseens) {
        const auto reason = static_cast<v1::Sight>(row->Int64(kFirstSeen + sqlite::kSeenColumns));
        const bool sent = row->Int64(kFirstSeen + sqlite::kSeenColumns + 1) != 0;
        absl::StrAppend(&text, ReasonText(SightName(reason), sent));
      }
      texts.insert(std::move(text));
    }
  }
  return texts;
}

}  // namespace varve::testing
