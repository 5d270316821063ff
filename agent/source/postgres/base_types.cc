// Base types, and shells of them. pg_type.
#include "agent/source/postgres/kind_writers.h"
#include "agent/source/postgres/names.h"

namespace varve::postgres {
namespace {

const char* AlignmentOf(char typalign) {
  switch (typalign) {
    case 'c':
      return "char";
    case 's':
      return "int2";
    case 'd':
      return "double";
    default:
      return "int4";
  }
}

const char* StorageOf(char typstorage) {
  switch (typstorage) {
    case 'e':
      return "external";
    case 'x':
      return "extended";
    case 'm':
      return "main";
    default:
      return "plain";
  }
}

void FillFunctions(const Catalog& catalog, const BaseTypeRow& row, v1::BaseTypeStructure& type) {
  const auto fill = [&](Oid function, auto mutable_member) {
    if (function != 0) *(type.*mutable_member)() = RoutineIdentity(catalog, function);
  };
  fill(row.input, &v1::BaseTypeStructure::mutable_input);
  fill(row.output, &v1::BaseTypeStructure::mutable_output);
  fill(row.receive, &v1::BaseTypeStructure::mutable_receive);
  fill(row.send, &v1::BaseTypeStructure::mutable_send);
  fill(row.typmod_in, &v1::BaseTypeStructure::mutable_typmod_in);
  fill(row.typmod_out, &v1::BaseTypeStructure::mutable_typmod_out);
  fill(row.analyze, &v1::BaseTypeStructure::mutable_analyze);
  fill(row.subscript, &v1::BaseTypeStructure::mutable_subscript);
}

FacetShape Structure(const Catalog& catalog, const TypeRow& type_row, const BaseTypeRow& row,
                     FacetShape facet) {
  v1::BaseTypeStructure& type = *facet.shape.mutable_base_type();
  FillFunctions(catalog, row, type);
  type.set_length(row.length);
  type.set_by_value(row.by_value);
  type.set_alignment(AlignmentOf(row.alignment));
  type.set_storage(StorageOf(row.storage));
  type.set_category(std::string(row.category));
  type.set_preferred(row.preferred);
  if (!row.default_value.empty()) {
    type.set_default_value(facet.MaskValue(type_row.name, row.default_value));
  }
  if (type_row.element != 0) *type.mutable_element() = DataTypeOf(catalog, type_row.element);
  type.set_delimiter(std::string(row.delimiter));
  type.set_collatable(type_row.collation != 0);
  return facet;
}

FacetShape ShellStructure(FacetShape facet) {
  facet.shape.mutable_base_type()->set_shell(true);
  return facet;
}

}  // namespace

void WriteBaseTypes(const Catalog& catalog, SectionWriter& writer) {
  for (const auto& [oid, type] : catalog.types) {
    const auto row = catalog.base_types.find(oid);
    const bool shell = type.type == 'p' && oid >= kFirstUserOid;
    if (!shell && row == catalog.base_types.end()) continue;
    if (!Belongs(catalog, kTypeCatalog, oid, type.schema, "base_type", writer)) continue;
    const EntityKey entity = TypeKey(catalog, type);
    writer.Add(entity, v1::FACET_STRUCTURE,
               shell ? ShellStructure(writer.NewShape())
                     : Structure(catalog, type, row->second, writer.NewShape()),
               ObjectLocator(catalog, oid));
    const ObjectAddress address{kTypeCatalog, oid, 0};
    WriteAccess(catalog, entity, address, type.owner, type.acl, writer);
    WriteDocs(catalog, entity, address, writer);
  }
}

}  // namespace varve::postgres
