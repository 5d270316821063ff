// Operators and how indexes use them, casts, transforms, access methods.
#include "agent/source/postgres/catalog_query.h"

namespace varve::postgres {
namespace {

constexpr unsigned kStructure = Bit(v1::FACET_STRUCTURE);
constexpr Feed kOperators[] = {{"operator", kEveryFacet},
                               {"operator_class", kStructure},
                               {"operator_family", kStructure},
                               {"function", kStructure},
                               {"table", kStructure}};
constexpr Feed kClasses[] = {{"operator_class", kEveryFacet},
                             {"table", kStructure},
                             {"materialized_view", kStructure},
                             {"range_type", kStructure}};
constexpr Feed kFamilies[] = {{"operator_family", kEveryFacet}, {"operator_class", kStructure}};
constexpr Feed kMembers[] = {{"operator_class", kStructure}, {"operator_family", kStructure}};
constexpr Feed kMethods[] = {{"access_method", kEveryFacet},
                             {"operator_class", kEveryFacet},
                             {"operator_family", kEveryFacet},
                             {"table", kStructure},
                             {"materialized_view", kStructure}};
constexpr Feed kCasts[] = {{"cast", kEveryFacet}};
constexpr Feed kTransforms[] = {{"transform", kEveryFacet}};

constexpr QueryColumn kOperatorColumns[] = {
    {"oid"},        {"oprname"},     {"oprnamespace"}, {"oprowner"},     {"oprkind"},
    {"oprcanhash"}, {"oprcanmerge"}, {"oprleft"},      {"oprright"},     {"oprresult"},
    {"oprcom"},     {"oprnegate"},   {"oprcode::oid"}, {"oprrest::oid"}, {"oprjoin::oid"}};

void LoadOperator(RowReader& row, Catalog& catalog) {
  OperatorRow& operator_row = catalog.operators[row.TakeOid()];
  operator_row.name = row.TakeText();
  operator_row.schema = row.TakeOid();
  operator_row.owner = row.TakeOid();
  operator_row.kind = row.TakeChar();
  operator_row.hashes = row.TakeBool();
  operator_row.merges = row.TakeBool();
  operator_row.left = row.TakeOid();
  operator_row.right = row.TakeOid();
  operator_row.result = row.TakeOid();
  operator_row.commutator = row.TakeOid();
  operator_row.negator = row.TakeOid();
  operator_row.function = row.TakeOid();
  operator_row.restriction = row.TakeOid();
  operator_row.join = row.TakeOid();
}

constexpr QueryColumn kClassColumns[] = {{"oid"},       {"opcname"},    {"opcnamespace"},
                                         {"opcowner"},  {"opcmethod"},  {"opcfamily"},
                                         {"opcintype"}, {"opckeytype"}, {"opcdefault"}};

void LoadClass(RowReader& row, Catalog& catalog) {
  OperatorClassRow& operator_class = catalog.operator_classes[row.TakeOid()];
  operator_class.name = row.TakeText();
  operator_class.schema = row.TakeOid();
  operator_class.owner = row.TakeOid();
  operator_class.method = row.TakeOid();
  operator_class.family = row.TakeOid();
  operator_class.type = row.TakeOid();
  operator_class.storage = row.TakeOid();
  operator_class.is_default = row.TakeBool();
}

constexpr QueryColumn kFamilyColumns[] = {
    {"oid"}, {"opfname"}, {"opfnamespace"}, {"opfowner"}, {"opfmethod"}};

void LoadFamily(RowReader& row, Catalog& catalog) {
  OperatorFamilyRow& family = catalog.operator_families[row.TakeOid()];
  family.name = row.TakeText();
  family.schema = row.TakeOid();
  family.owner = row.TakeOid();
  family.method = row.TakeOid();
}

IndexMembers& TakeHolder(RowReader& row, Catalog& catalog) {
  ObjectAddress holder;
  holder.catalog = row.TakeOid();
  holder.object = row.TakeOid();
  return catalog.index_members[holder];
}

constexpr QueryColumn kOperatorMemberColumns[] = {
    {"d.refclassid"},   {"d.refobjid"},      {"m.oid"},     {"m.amopstrategy"},
    {"m.amoplefttype"}, {"m.amoprighttype"}, {"m.amopopr"}, {"m.amopsortfamily"}};

void LoadOperatorMember(RowReader& row, Catalog& catalog) {
  OperatorMemberRow& member = TakeHolder(row, catalog).operators.emplace_back();
  member.oid = row.TakeOid();
  member.strategy = row.TakeSmall();
  member.left = row.TakeOid();
  member.right = row.TakeOid();
  member.operator_oid = row.TakeOid();
  member.order_by = row.TakeOid();
}

constexpr QueryColumn kFunctionMemberColumns[] = {
    {"d.refclassid"},     {"d.refobjid"},        {"m.oid"},        {"m.amprocnum"},
    {"m.amproclefttype"}, {"m.amprocrighttype"}, {"m.amproc::oid"}};

void LoadFunctionMember(RowReader& row, Catalog& catalog) {
  FunctionMemberRow& member = TakeHolder(row, catalog).functions.emplace_back();
  member.oid = row.TakeOid();
  member.number = row.TakeSmall();
  member.left = row.TakeOid();
  member.right = row.TakeOid();
  member.function = row.TakeOid();
}

constexpr QueryColumn kAccessMethodColumns[] = {
    {"oid"}, {"amname"}, {"amhandler::oid"}, {"amtype"}};

void LoadAccessMethod(RowReader& row, Catalog& catalog) {
  AccessMethodRow method;
  method.oid = row.TakeOid();
  method.name = row.TakeText();
  method.handler = row.TakeOid();
  method.type = row.TakeChar();
  catalog.access_methods.emplace(method.oid, method.name);
  if (method.oid >= kFirstUserOid) catalog.own_access_methods.push_back(method);
}

constexpr QueryColumn kCastColumns[] = {{"oid"},      {"castsource"},  {"casttarget"},
                                        {"castfunc"}, {"castcontext"}, {"castmethod"}};

void LoadCast(RowReader& row, Catalog& catalog) {
  CastRow& cast = catalog.casts.emplace_back();
  cast.oid = row.TakeOid();
  cast.source = row.TakeOid();
  cast.target = row.TakeOid();
  cast.function = row.TakeOid();
  cast.context = row.TakeChar();
  cast.method = row.TakeChar();
}

constexpr QueryColumn kTransformColumns[] = {
    {"oid"}, {"trftype"}, {"trflang"}, {"trffromsql::oid"}, {"trftosql::oid"}};

void LoadTransform(RowReader& row, Catalog& catalog) {
  TransformRow& transform = catalog.transforms.emplace_back();
  transform.oid = row.TakeOid();
  transform.type = row.TakeOid();
  transform.language = row.TakeOid();
  transform.from_sql = row.TakeOid();
  transform.to_sql = row.TakeOid();
}

constexpr CatalogQuery kQueries[] = {
    {"pg_am", kAccessMethodColumns, "FROM pg_am", LoadAccessMethod, kMethods},
    {"pg_operator", kOperatorColumns, "FROM pg_operator", LoadOperator, kOperators},
    // The server's own too: an index names its class, a class its family.
    {"pg_opclass", kClassColumns, "FROM pg_opclass", LoadClass, kClasses},
    {"pg_opfamily", kFamilyColumns, "FROM pg_opfamily", LoadFamily, kFamilies},
    // Whether a member goes with its class or is loose in the family only its dependency says; one
    // that sorts by a family depends on that one too.
    {"pg_amop", kOperatorMemberColumns,
     "FROM pg_amop m JOIN pg_depend d ON d.classid = 2602 AND d.objid = m.oid AND "
     "(d.refclassid = 2616 OR (d.refclassid = 2753 AND d.refobjid = m.amopfamily)) "
     "WHERE m.oid >= 16384",
     LoadOperatorMember, kMembers},
    {"pg_amproc", kFunctionMemberColumns,
     "FROM pg_amproc m JOIN pg_depend d ON d.classid = 2603 AND d.objid = m.oid AND "
     "(d.refclassid = 2616 OR (d.refclassid = 2753 AND d.refobjid = m.amprocfamily)) "
     "WHERE m.oid >= 16384",
     LoadFunctionMember, kMembers},
    // The server itself casts a range to its multirange.
    {"pg_cast", kCastColumns,
     "FROM pg_cast WHERE oid >= 16384 AND oid NOT IN "
     "(SELECT objid FROM pg_depend WHERE classid = 2605 AND deptype = 'i')",
     LoadCast, kCasts},
    {"pg_transform", kTransformColumns, "FROM pg_transform WHERE oid >= 16384", LoadTransform,
     kTransforms},
};

}  // namespace

absl::Span<const CatalogQuery> OperatorQueries() { return kQueries; }

}  // namespace varve::postgres
