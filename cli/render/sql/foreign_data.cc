// Foreign data and logical replication.
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "cli/render/sql/sql_words.h"
#include "cli/render/sql/writing.h"

namespace varve::sql {
namespace {

// " OPTIONS (…)" of an entity whose options are a facet of their own.
std::string OptionsText(const EntityView& entity, Writing& writing, Object& object) {
  if (!entity.Saw(v1::FACET_OPTIONS)) {
    writing.Miss(object, "its options", WhyUnseen(entity, v1::FACET_OPTIONS));
    return "";
  }
  const std::string items = OptionItems(entity.Shape(v1::FACET_OPTIONS).option_list().options(),
                                        absl::StrJoin(entity.key().names, " "), writing);
  return items.empty() ? "" : absl::StrCat(" OPTIONS (", items, ")");
}

}  // namespace

void WriteForeignDataWrapper(const EntityView& entity, Writing& writing, Object& object) {
  const v1::ForeignDataWrapperStructure& wrapper =
      entity.Shape(v1::FACET_STRUCTURE).foreign_data_wrapper();
  std::string text = absl::StrCat("CREATE FOREIGN DATA WRAPPER ", Name(entity.key().names[0]));
  if (wrapper.has_handler()) absl::StrAppend(&text, " HANDLER ", Qualified(wrapper.handler()));
  if (wrapper.has_validator()) {
    absl::StrAppend(&text, " VALIDATOR ", Qualified(wrapper.validator()));
  }
  const std::string options = OptionsText(entity, writing, object);
  AddObject(object, absl::StrCat(text, options, ";"));
}

void WriteServer(const EntityView& entity, Writing& writing, Object& object) {
  const v1::ServerStructure& server = entity.Shape(v1::FACET_STRUCTURE).server();
  std::string text = absl::StrCat("CREATE SERVER ", Name(entity.key().names[0]));
  if (!server.type().empty()) absl::StrAppend(&text, " TYPE ", Literal(server.type()));
  if (!server.version().empty()) absl::StrAppend(&text, " VERSION ", Literal(server.version()));
  const std::string options = OptionsText(entity, writing, object);
  AddObject(object,
            absl::StrCat(text, " FOREIGN DATA WRAPPER ", Name(server.wrapper()), options, ";"))
      .needs.push_back({EntityKey{"foreign_data_wrapper", {server.wrapper()}}, {}});
}

void WriteUserMapping(const EntityView& entity, Writing& writing, Object& object) {
  const std::string& user = entity.key().names[0];
  const std::string options = OptionsText(entity, writing, object);
  AddObject(object,
            absl::StrCat("CREATE USER MAPPING FOR ", user == "public" ? "PUBLIC" : Name(user),
                         " SERVER ", Name(entity.key().names[1]), options, ";"))
      .needs.push_back({EntityKey{"server", {entity.key().names[1]}}, {}});
}

void WritePublication(const EntityView& entity, Writing& writing, Object& object) {
  const v1::PublicationStructure& publication = entity.Shape(v1::FACET_STRUCTURE).publication();
  const v1::PublicationExpressions& texts =
      entity.Shape(v1::FACET_EXPRESSIONS).publication_expressions();
  const std::string name = Name(entity.key().names[0]);
  std::vector<std::string> events;
  if (publication.insert()) events.emplace_back("insert");
  if (publication.update()) events.emplace_back("update");
  if (publication.delete_()) events.emplace_back("delete");
  if (publication.truncate()) events.emplace_back("truncate");
  std::string parameters = absl::StrCat("publish = '", absl::StrJoin(events, ", "), "'");
  if (publication.via_root()) absl::StrAppend(&parameters, ", publish_via_partition_root = true");
  if (!publication.generated_columns().empty()) {
    absl::StrAppend(&parameters, ", publish_generated_columns = ", publication.generated_columns());
  }
  AddObject(object, absl::StrCat("CREATE PUBLICATION ", name,
                                 publication.all_tables() ? " FOR ALL TABLES" : "", " WITH (",
                                 parameters, ");"));
  for (const v1::PublishedTable& table : publication.tables()) {
    const EntityKey key = KeyOf(table.table());
    std::string text =
        absl::StrCat("ALTER PUBLICATION ", name, " ADD TABLE ONLY ", Qualified(table.table()));
    if (!table.columns().empty()) absl::StrAppend(&text, " (", Names(table.columns()), ")");
    if (table.has_filter()) {
      const std::string* where = nullptr;
      for (const v1::PublicationFilter& filter : texts.tables()) {
        if (KeyOf(filter.table()) == key) where = &filter.where();
      }
      if (where == nullptr) {
        writing.Miss(object, absl::StrCat("which rows of ", DisplayName(key)),
                     WhyUnseen(entity, v1::FACET_EXPRESSIONS));
        continue;
      }
      absl::StrAppend(&text, " WHERE (", writing.variables().Expression(*where, name), ")");
    }
    Add(object, absl::StrCat(text, ";")).needs.push_back({key, {}});
  }
  for (const v1::Identity& schema : publication.schemas()) {
    Add(object,
        absl::StrCat("ALTER PUBLICATION ", name, " ADD TABLES IN SCHEMA ", Qualified(schema), ";"))
        .needs.push_back({KeyOf(schema), {}});
  }
}

void WriteSubscription(const EntityView& entity, Writing& writing, Object& object) {
  const v1::SubscriptionStructure& subscription = entity.Shape(v1::FACET_STRUCTURE).subscription();
  const std::string name = Name(entity.key().names[0]);
  std::string connection;
  for (const v1::Option& option : entity.Shape(v1::FACET_OPTIONS).option_list().options()) {
    absl::StrAppend(&connection, connection.empty() ? "" : " ", option.name(), "=", option.value());
  }
  if (!entity.Saw(v1::FACET_OPTIONS)) {
    writing.Miss(object, "its connection", WhyUnseen(entity, v1::FACET_OPTIONS));
    return;
  }
  std::vector<std::string> publications;
  for (const std::string& publication : subscription.publications()) {
    publications.push_back(Name(publication));
  }
  // Made without asking the publisher, which need not be there yet.
  std::vector<std::string> parameters = {"connect = false"};
  parameters.push_back(absl::StrCat("slot_name = ", subscription.slot_name().empty()
                                                        ? "NONE"
                                                        : Literal(subscription.slot_name())));
  if (subscription.synchronous_commit() != "off") {
    parameters.push_back(absl::StrCat("synchronous_commit = ", subscription.synchronous_commit()));
  }
  if (subscription.binary()) parameters.emplace_back("binary = true");
  if (!subscription.streaming().empty()) {
    parameters.push_back(absl::StrCat("streaming = ", subscription.streaming()));
  } else if (writing.major() >= 18) {
    parameters.emplace_back("streaming = off");
  }
  if (subscription.two_phase()) parameters.emplace_back("two_phase = on");
  if (subscription.disable_on_error()) parameters.emplace_back("disable_on_error = true");
  if (subscription.password_not_required()) parameters.emplace_back("password_required = false");
  if (subscription.run_as_owner()) parameters.emplace_back("run_as_owner = true");
  if (!subscription.origin().empty()) {
    parameters.push_back(absl::StrCat("origin = ", subscription.origin()));
  }
  if (subscription.failover()) parameters.emplace_back("failover = true");
  AddObject(object,
            absl::StrCat("CREATE SUBSCRIPTION ", name, " CONNECTION ",
                         writing.variables().Literal(connection, absl::StrCat(name, " connection")),
                         " PUBLICATION ", absl::StrJoin(publications, ", "), " WITH (",
                         absl::StrJoin(parameters, ", "), ");"));
  if (subscription.enabled()) {
    Add(object, absl::StrCat("ALTER SUBSCRIPTION ", name, " ENABLE;"));
  }
}

}  // namespace varve::sql
