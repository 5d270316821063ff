// Indexes of tables and materialized views.
#include "absl/strings/str_cat.h"
#include "cli/render/sql/relation.h"
#include "cli/render/sql/sql_words.h"
#include "cli/render/sql/writing.h"

namespace varve::sql {
namespace {

class IndexWriter {
 public:
  IndexWriter(const EntityView& relation, Writing& writing, Object& object)
      : relation_(relation), writing_(writing), object_(object), name_(NameOf(relation)) {}

  void Write(const v1::Index& index) {
    if (!index.of_constraint()) WriteIndex(index);
    const std::string name = Qualified(relation_.key().names[0], index.name());
    const Need own = {OwnKey(relation_), {"index", index.name()}};
    for (int at = 0; at < index.keys_size(); ++at) {
      if (!index.keys(at).has_statistics_target()) continue;
      Add(object_, absl::StrCat("ALTER INDEX ", name, " ALTER COLUMN ", at + 1, " SET STATISTICS ",
                                index.keys(at).statistics_target(), ";"))
          .needs.push_back(own);
    }
    for (const std::string& extension : index.depends_on_extensions()) {
      Add(object_,
          absl::StrCat("ALTER INDEX ", name, " DEPENDS ON EXTENSION ", Name(extension), ";"))
          .needs.push_back(own);
    }
    if (!index.parent().empty()) WriteAttach(index, name, own);
  }

 private:
  void WriteIndex(const v1::Index& index) {
    const auto& all = IsTable(relation_)
                          ? relation_.Shape(v1::FACET_EXPRESSIONS).table_expressions().indexes()
                          : relation_.Shape(v1::FACET_EXPRESSIONS).view_expressions().indexes();
    const v1::IndexExpression* const texts = Named(all, index.name());
    if (texts == nullptr && HasTexts(index)) {
      writing_.Miss(object_, absl::StrCat("index ", index.name()),
                    WhyUnseen(relation_, v1::FACET_EXPRESSIONS));
      return;
    }
    if (HasOptionsOfUnknownClass(index)) {
      writing_.Miss(object_, absl::StrCat("index ", index.name()),
                    "it gives options to a default operator class, whose name was not captured");
      return;
    }
    Statement& statement =
        AddPart(object_, {"index", index.name()},
                Text(index, texts == nullptr ? v1::IndexExpression::default_instance() : *texts));
    if (!IsPartitioned(relation_)) return;
    for (const EntityView* const child : writing_.kin().PartitionsOf(relation_.key())) {
      statement.needs.push_back({KeyRef::Borrowed(child->key()), {"attach", ""}, true});
    }
  }

  // SQL takes options only behind the name of a class.
  static bool HasOptionsOfUnknownClass(const v1::Index& index) {
    for (const v1::IndexKey& key : index.keys()) {
      if (!key.operator_class_options().empty() && !key.has_operator_class()) return true;
    }
    return false;
  }

  static bool HasTexts(const v1::Index& index) {
    for (const v1::IndexKey& key : index.keys()) {
      if (key.column().empty()) return true;
    }
    return index.partial();
  }

  std::string Text(const v1::Index& index, const v1::IndexExpression& texts) {
    const std::string hint = absl::StrCat(name_, " ", index.name());
    std::string text =
        absl::StrCat("CREATE ", index.unique() ? "UNIQUE INDEX " : "INDEX ", Name(index.name()),
                     IsPartitioned(relation_) ? " ON ONLY " : " ON ", name_, " USING ",
                     Name(index.method()), " (");
    int expression = 0;
    for (const v1::IndexKey& key : index.keys()) {
      absl::StrAppend(&text, &key == &index.keys(0) ? "" : ", ");
      if (!key.column().empty()) {
        absl::StrAppend(&text, Name(key.column()));
      } else if (expression < texts.keys_size()) {
        absl::StrAppend(&text, "(", writing_.variables().Expression(texts.keys(expression++), hint),
                        ")");
      }
      absl::StrAppend(&text, KeyOptions(key));
    }
    absl::StrAppend(&text, ")");
    if (!index.included().empty()) {
      absl::StrAppend(&text, " INCLUDE (", Names(index.included()), ")");
    }
    if (index.nulls_not_distinct()) absl::StrAppend(&text, " NULLS NOT DISTINCT");
    absl::StrAppend(&text, Parameters(index.storage_parameters(), {}));
    if (!index.tablespace().empty()) {
      absl::StrAppend(&text, " TABLESPACE ", Name(index.tablespace()));
    }
    if (!texts.predicate().empty()) {
      absl::StrAppend(&text, " WHERE ", writing_.variables().Expression(texts.predicate(), hint));
    }
    return absl::StrCat(text, ";");
  }

  static std::string KeyOptions(const v1::IndexKey& key) {
    std::string text;
    if (key.has_collation()) absl::StrAppend(&text, " COLLATE ", Qualified(key.collation()));
    if (key.has_operator_class()) {
      absl::StrAppend(&text, " ", Qualified(key.operator_class()));
    }
    if (!key.operator_class_options().empty()) {
      absl::StrAppend(&text, "(", ParameterItems(key.operator_class_options()), ")");
    }
    if (key.descending()) absl::StrAppend(&text, " DESC");
    if (key.descending() != key.nulls_first()) {
      absl::StrAppend(&text, key.nulls_first() ? " NULLS FIRST" : " NULLS LAST");
    }
    return text;
  }

  void WriteAttach(const v1::Index& index, const std::string& name, const Need& own) {
    const v1::TableStructure& table = TableOf(relation_);
    if (table.parents().empty()) return;
    Statement& statement =
        AddPart(object_, {"index attach", index.name()},
                absl::StrCat("ALTER INDEX ", Qualified(table.parents(0).names(0), index.parent()),
                             " ATTACH PARTITION ", name, ";"));
    statement.needs.push_back(own);
    statement.needs.push_back({OwnKey(relation_), {"attach", ""}});
    statement.needs.push_back({writing_.KeyOf(table.parents(0)), {"index", index.parent()}, true});
  }

  const EntityView& relation_;
  Writing& writing_;
  Object& object_;
  const std::string name_;
};

// A statement of no text, for those to wait for that need the indexes of all partitions.
void WritePartitionsIndexed(const EntityView& table, const Writing& writing, Object& object) {
  Statement& indexed = AddPart(object, {"partitions indexed", ""}, "");
  for (const EntityView* const child : writing.kin().PartitionsOf(table.key())) {
    for (const v1::Index& index : TableOf(*child).indexes()) {
      if (index.parent().empty()) continue;
      indexed.needs.push_back(
          {KeyRef::Borrowed(child->key()), {"index attach", index.name()}, true});
    }
  }
}

}  // namespace

void WriteIndexes(const EntityView& relation, Writing& writing, Object& object) {
  IndexWriter writer(relation, writing, object);
  const auto& indexes =
      IsTable(relation) ? TableOf(relation).indexes() : ViewOf(relation).indexes();
  for (const v1::Index& index : indexes) writer.Write(index);
  if (IsPartitioned(relation)) WritePartitionsIndexed(relation, writing, object);
}

}  // namespace varve::sql
