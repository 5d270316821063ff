// Subscriptions of this database. pg_subscription.
#include "agent/source/postgres/array_text.h"
#include "agent/source/postgres/kind_writers.h"
#include "agent/source/postgres/names.h"
#include "agent/source/postgres/option_text.h"

namespace varve::postgres {
namespace {

const char* StreamingOf(char substream) {
  switch (substream) {
    case 't':
      return "on";
    case 'p':
      return "parallel";
    default:
      return "";
  }
}

FacetShape Structure(const Catalog& catalog, const SubscriptionRow& row, FacetShape facet) {
  v1::SubscriptionStructure& subscription = *facet.shape.mutable_subscription();
  subscription.set_enabled(row.enabled);
  for (const std::string& name : ArrayItems(row.publications)) {
    subscription.add_publications(TextFrom(name, catalog.text_form));
  }
  subscription.set_slot_name(std::string(row.slot));
  subscription.set_synchronous_commit(std::string(row.synchronous_commit));
  subscription.set_binary(row.binary);
  subscription.set_streaming(StreamingOf(row.streaming));
  subscription.set_two_phase(row.two_phase != 'd');
  subscription.set_disable_on_error(row.disable_on_error);
  subscription.set_password_not_required(!row.password_required);
  subscription.set_run_as_owner(row.run_as_owner);
  if (row.origin != "any") subscription.set_origin(std::string(row.origin));
  subscription.set_failover(row.failover);
  return facet;
}

// Where it cannot be taken apart, all of it may be a password.
constexpr absl::string_view kWhole = "connection", kSecret = "password";

void WriteConnection(const SubscriptionRow& row, const EntityKey& entity, SectionWriter& writer) {
  FacetShape facet = writer.NewShape();
  v1::OptionList& list = *facet.shape.mutable_option_list();
  const auto options = ConnectionOptions(row.connection);
  if (!options.has_value()) {
    v1::Option& whole = *list.add_options();
    whole.set_name(std::string(kWhole));
    whole.set_value(facet.MaskValue(kSecret, row.connection));
  } else {
    for (const OptionText& option : *options) {
      v1::Option& added = *list.add_options();
      added.set_name(option.name);
      added.set_value(facet.MaskValue(option.name, option.value));
    }
  }
  writer.Add(entity, v1::FACET_OPTIONS, std::move(facet));
}

// Without a remedy: what would show it shows passwords.
const Unseen kSuperusersOnly = {v1::SIGHT_NOT_PERMITTED, "only for superusers", ""};
// What newer servers grant by themselves; neither column holds a secret.
const Unseen kBefore14 = {
    v1::SIGHT_NOT_PERMITTED, "servers before 14 show some columns to superusers only",
    "GRANT SELECT (oid, subsynccommit) ON pg_catalog.pg_subscription TO PUBLIC"};

}  // namespace

void WriteSubscriptions(const Catalog& catalog, SectionWriter& writer) {
  for (const auto& [name, row] : catalog.replication.subscriptions) {
    const EntityKey entity{"subscription", {std::string(name)}};
    if (row.readable) {
      const ObjectAddress address{kSubscriptionCatalog, row.oid, 0};
      writer.Add(entity, v1::FACET_STRUCTURE, Structure(catalog, row, writer.NewShape()),
                 ObjectLocator(catalog, row.oid));
      WriteAccess(catalog, entity, address, row.owner, {}, writer);
      WriteDocs(catalog, entity, address, writer);
    } else {
      for (const v1::Facet facet : {v1::FACET_STRUCTURE, v1::FACET_ACCESS, v1::FACET_DOCS}) {
        writer.AddUnseen(entity, facet, kBefore14);
      }
    }
    if (row.permitted) {
      WriteConnection(row, entity, writer);
    } else {
      writer.AddUnseen(entity, v1::FACET_OPTIONS, kSuperusersOnly);
    }
  }
}

}  // namespace varve::postgres
