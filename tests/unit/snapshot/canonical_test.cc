#include "snapshot/canonical.h"

#include "gtest/gtest.h"
#include "snapshot/line.h"
#include "varve/v1/shape.pb.h"
#include "varve/v1/snapshot.pb.h"

namespace varve {
namespace {

v1::Grant GrantOf(const std::string& grantee, const std::string& grantor) {
  v1::Grant grant;
  grant.set_grantee(grantee);
  grant.set_grantor(grantor);
  return grant;
}

TEST(Canonical, NamedElementsAreSortedByName) {
  v1::TableStructure a, b;
  a.add_indexes()->set_name("x");
  a.add_indexes()->set_name("y");
  b.add_indexes()->set_name("y");
  b.add_indexes()->set_name("x");
  EXPECT_EQ(CanonicalBytes(a), CanonicalBytes(b));
}

TEST(Canonical, ElementsKeepTheirContentWhileTheyAreSorted) {
  v1::TableStructure table;
  for (const char* const name : {"d", "a", "c", "e", "b"}) {
    v1::Index& index = *table.add_indexes();
    index.set_name(name);
    index.set_method(std::string("method of ") + name);
  }
  SortUnordered(table);
  std::string names;
  for (const v1::Index& index : table.indexes()) {
    names += index.name();
    EXPECT_EQ(index.method(), "method of " + index.name());
  }
  EXPECT_EQ(names, "abcde");
}

TEST(Canonical, ElementsOfOneNameHaveOneOrder) {
  v1::Access a, b;
  for (const char* const grantor : {"y", "x"}) a.add_grants()->set_grantor(grantor);
  for (const char* const grantor : {"x", "y"}) b.add_grants()->set_grantor(grantor);
  EXPECT_EQ(CanonicalBytes(a), CanonicalBytes(b));
  // Joined, both are called "a b c".
  v1::Access c, d;
  *c.add_grants() = GrantOf("a b", "c");
  *c.add_grants() = GrantOf("a", "b c");
  *d.add_grants() = GrantOf("a", "b c");
  *d.add_grants() = GrantOf("a b", "c");
  EXPECT_EQ(CanonicalBytes(c), CanonicalBytes(d));
}

TEST(Canonical, ListsWhoseOrderHasMeaningStay) {
  v1::EnumStructure a, b;
  a.add_labels("sad");
  a.add_labels("ok");
  b.add_labels("ok");
  b.add_labels("sad");
  EXPECT_NE(CanonicalBytes(a), CanonicalBytes(b));
}

TEST(Canonical, NamesOfAnIdentityKeepTheirOrder) {
  v1::Shape shape;
  v1::Identity& parent = *shape.mutable_table()->add_parents();
  parent.add_names("public");
  parent.add_names("orders");
  v1::Shape back;
  ASSERT_TRUE(back.ParseFromString(CanonicalBytes(shape)));
  EXPECT_EQ(back.table().parents(0).names(0), "public");
  EXPECT_EQ(back.table().parents(0).names(1), "orders");
}

TEST(Canonical, ScopesOfCoverageKeepTheirOrder) {
  v1::Coverage coverage;
  v1::CoverageEntry& entry = *coverage.add_entries();
  entry.add_scope("public");
  entry.add_scope("orders");
  CanonicalBytes(coverage);
  EXPECT_EQ(coverage.entries(0).scope(0), "public");
}

TEST(Canonical, ScalarListsAreSorted) {
  v1::KeyPatternStructure pattern;
  pattern.add_types("string");
  pattern.add_types("hash");
  SortUnordered(pattern);
  EXPECT_EQ(pattern.types(0), "hash");
}

TEST(Canonical, ListsWithinListsAreSorted) {
  v1::Access a, b;
  a.add_grants()->add_privileges("SELECT");
  a.mutable_grants(0)->add_privileges("INSERT");
  b.add_grants()->add_privileges("INSERT");
  b.mutable_grants(0)->add_privileges("SELECT");
  EXPECT_EQ(CanonicalBytes(a), CanonicalBytes(b));
}

TEST(Canonical, AbsentAndEmptyDiffer) {
  v1::Shape absent, empty;
  empty.mutable_schema();
  EXPECT_NE(CanonicalBytes(absent), CanonicalBytes(empty));
  v1::ModelField none, blank;
  blank.set_default_json("");
  EXPECT_NE(CanonicalBytes(none), CanonicalBytes(blank));
}

TEST(ElementName, JoinsTheFieldsThatMakeIt) {
  v1::ElementDoc doc;
  doc.set_part("column");
  doc.set_name("total");
  EXPECT_EQ(ElementName(doc, "part,name"), "column total");
  EXPECT_EQ(ElementName(doc, "name"), "total");
  v1::RoleMembership membership;
  membership.mutable_role()->add_names("clerks");
  membership.mutable_grantor()->add_names("chief");
  EXPECT_EQ(ElementName(membership, "role,grantor"), "clerks chief");
}

TEST(ElementName, HasNumbersAndTypesAsTheyAreWritten) {
  v1::OperatorMember member;
  member.set_strategy(3);
  *member.mutable_left()->mutable_type() = IdentityOf({"type", {"pg_catalog", "int4"}});
  EXPECT_EQ(ElementName(member, "strategy,left,right"), "3 integer ");
  *member.mutable_right()->mutable_type() = IdentityOf({"enum", {"public", "mood"}});
  EXPECT_EQ(ElementName(member, "strategy,left,right"), "3 integer public.mood");
}

TEST(ElementName, OfAnIdentityIsWhatPeopleCallIt) {
  v1::MemberAccess member;
  member.mutable_object()->set_kind("function");
  for (const char* const name : {"public", "f", "integer", "text"}) {
    member.mutable_object()->add_names(name);
  }
  EXPECT_EQ(ElementName(member, "object"), "public.f(integer, text)");
  EXPECT_EQ(ElementName(member, "object.kind,object"), "function public.f(integer, text)");
  EXPECT_EQ(ElementName(member.object(), "kind,names"), "function public.f(integer, text)");
}

}  // namespace
}  // namespace varve
