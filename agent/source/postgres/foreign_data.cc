// Foreign data wrappers, servers and user mappings. pg_foreign_data_wrapper, pg_foreign_server,
// pg_user_mappings.
#include "agent/source/postgres/kind_writers.h"
#include "agent/source/postgres/names.h"

namespace varve::postgres {
namespace {

// They are in no schema.
constexpr Oid kNoSchema = 0;

void WriteOptions(const Catalog& catalog, const EntityKey& entity, absl::string_view options,
                  SectionWriter& writer) {
  FacetShape facet = writer.NewShape();
  v1::OptionList& list = *facet.shape.mutable_option_list();
  facet.MaskOptions(options, catalog.text_form, *list.mutable_options());
  writer.Add(entity, v1::FACET_OPTIONS, std::move(facet));
}

void WriteWrappers(const Catalog& catalog, SectionWriter& writer) {
  constexpr absl::string_view kKind = "foreign_data_wrapper";
  for (const auto& [oid, row] : catalog.foreign.wrappers) {
    const ObjectAddress address{kForeignDataWrapperCatalog, oid, 0};
    if (!Belongs(catalog, address.catalog, oid, kNoSchema, kKind, writer)) continue;
    const EntityKey entity{std::string(kKind), {std::string(row.name)}};
    FacetShape facet = writer.NewShape();
    v1::ForeignDataWrapperStructure& wrapper = *facet.shape.mutable_foreign_data_wrapper();
    if (row.handler != 0) *wrapper.mutable_handler() = RoutineIdentity(catalog, row.handler);
    if (row.validator != 0) *wrapper.mutable_validator() = RoutineIdentity(catalog, row.validator);
    writer.Add(entity, v1::FACET_STRUCTURE, std::move(facet), ObjectLocator(catalog, oid));
    WriteAccess(catalog, entity, address, row.owner, row.acl, writer);
    WriteOptions(catalog, entity, row.options, writer);
    WriteDocs(catalog, entity, address, writer);
  }
}

void WriteServers(const Catalog& catalog, SectionWriter& writer) {
  constexpr absl::string_view kKind = "server";
  for (const auto& [oid, row] : catalog.foreign.servers) {
    const ObjectAddress address{kForeignServerCatalog, oid, 0};
    if (!Belongs(catalog, address.catalog, oid, kNoSchema, kKind, writer)) continue;
    const EntityKey entity{std::string(kKind), {std::string(row.name)}};
    FacetShape facet = writer.NewShape();
    v1::ServerStructure& server = *facet.shape.mutable_server();
    const auto wrapper = catalog.foreign.wrappers.find(row.wrapper);
    if (wrapper != catalog.foreign.wrappers.end()) {
      server.set_wrapper(std::string(wrapper->second.name));
    }
    server.set_type(std::string(row.type));
    server.set_version(std::string(row.version));
    writer.Add(entity, v1::FACET_STRUCTURE, std::move(facet), ObjectLocator(catalog, oid));
    WriteAccess(catalog, entity, address, row.owner, row.acl, writer);
    WriteOptions(catalog, entity, row.options, writer);
    WriteDocs(catalog, entity, address, writer);
  }
}

void WriteUserMappings(const Catalog& catalog, SectionWriter& writer) {
  constexpr absl::string_view kKind = "user_mapping";
  for (const UserMappingRow& row : catalog.foreign.user_mappings) {
    if (!Belongs(catalog, kUserMappingCatalog, row.oid, kNoSchema, kKind, writer)) continue;
    const EntityKey entity{std::string(kKind), {std::string(row.user), std::string(row.server)}};
    FacetShape facet = writer.NewShape();
    facet.shape.mutable_user_mapping();
    writer.Add(entity, v1::FACET_STRUCTURE, std::move(facet), ObjectLocator(catalog, row.oid));
    if (row.permitted) {
      WriteOptions(catalog, entity, row.options, writer);
    } else {
      // Without a remedy: what would show them shows passwords.
      writer.AddUnseen(entity, v1::FACET_OPTIONS,
                       {v1::SIGHT_NOT_PERMITTED,
                        "only for superusers, the user itself, and the server's owner where it is "
                        "everyone's",
                        ""});
    }
  }
}

}  // namespace

void WriteForeignData(const Catalog& catalog, SectionWriter& writer) {
  WriteWrappers(catalog, writer);
  WriteServers(catalog, writer);
  WriteUserMappings(catalog, writer);
}

}  // namespace varve::postgres
