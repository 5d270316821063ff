// The database, its schemas and extensions; languages and access methods.
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "cli/render/sql/sql_words.h"
#include "cli/render/sql/writing.h"

namespace varve::sql {

void WriteSchema(const EntityView& schema, Writing& /*writing*/, Object& object) {
  const std::string& name = schema.key().names[0];
  // A new database may have it already.
  const absl::string_view lenient = name == "public" ? "IF NOT EXISTS " : "";
  AddObject(object, absl::StrCat("CREATE SCHEMA ", lenient, Name(name), ";"));
}

void WriteExtension(const EntityView& entity, Writing& /*writing*/, Object& object) {
  const v1::ExtensionStructure& extension = entity.Shape(v1::FACET_STRUCTURE).extension();
  const std::string& name = entity.key().names[0];
  Statement& made = AddObject(object, absl::StrCat("CREATE EXTENSION IF NOT EXISTS ", Name(name),
                                                   " WITH SCHEMA ", Name(extension.schema()),
                                                   " VERSION ", Literal(extension.version()), ";"));
  made.needs.push_back({EntityKey{"schema", {extension.schema()}}, {}});
}

// Its name is that of the database which the script is run in.
void WriteDatabase(const EntityView& entity, Writing& writing, Object& object) {
  constexpr absl::string_view kAlter = "ALTER DATABASE :\"DBNAME\" ";
  AddObject(object, "");
  if (!entity.Saw(v1::FACET_OPTIONS)) {
    writing.Miss(object, "its settings", WhyUnseen(entity, v1::FACET_OPTIONS));
    return;
  }
  const v1::DatabaseOptions& options = entity.Shape(v1::FACET_OPTIONS).database_options();
  if (options.has_connection_limit()) {
    Add(object, absl::StrCat(kAlter, "CONNECTION LIMIT ", options.connection_limit(), ";"));
  }
  for (const v1::Option& setting : options.settings()) {
    Add(object, absl::StrCat(kAlter, "SET ", SettingText(setting, "database", writing), ";"));
  }
  for (const v1::RoleSettings& role : options.role_settings()) {
    for (const v1::Option& setting : role.settings()) {
      Add(object, absl::StrCat("ALTER ROLE ", Name(role.role()), " IN DATABASE :\"DBNAME\" SET ",
                               SettingText(setting, role.role(), writing), ";"));
    }
  }
  if (options.is_template()) Add(object, absl::StrCat(kAlter, "IS_TEMPLATE true;"));
}

void WriteLanguage(const EntityView& entity, Writing& /*writing*/, Object& object) {
  const v1::LanguageStructure& language = entity.Shape(v1::FACET_STRUCTURE).language();
  std::string text =
      absl::StrCat("CREATE ", language.trusted() ? "TRUSTED " : "", "LANGUAGE ",
                   Name(entity.key().names[0]), " HANDLER ", Qualified(language.handler()));
  if (language.has_inline_handler()) {
    absl::StrAppend(&text, " INLINE ", Qualified(language.inline_handler()));
  }
  if (language.has_validator()) {
    absl::StrAppend(&text, " VALIDATOR ", Qualified(language.validator()));
  }
  AddObject(object, absl::StrCat(text, ";"));
}

void WriteAccessMethod(const EntityView& entity, Writing& /*writing*/, Object& object) {
  const v1::AccessMethodStructure& method = entity.Shape(v1::FACET_STRUCTURE).access_method();
  AddObject(object, absl::StrCat("CREATE ACCESS METHOD ", Name(entity.key().names[0]), " TYPE ",
                                 absl::AsciiStrToUpper(method.type()), " HANDLER ",
                                 Qualified(method.handler()), ";"));
}

void WriteEventTrigger(const EntityView& entity, Writing& /*writing*/, Object& object) {
  const v1::EventTriggerStructure& trigger = entity.Shape(v1::FACET_STRUCTURE).event_trigger();
  const std::string name = Name(entity.key().names[0]);
  std::string text = absl::StrCat("CREATE EVENT TRIGGER ", name, " ON ", Name(trigger.event()));
  if (!trigger.tags().empty()) {
    absl::StrAppend(&text, " WHEN TAG IN (");
    for (const std::string& tag : trigger.tags()) {
      absl::StrAppend(&text, &tag == &trigger.tags(0) ? "" : ", ", Literal(tag));
    }
    absl::StrAppend(&text, ")");
  }
  AddObject(object, absl::StrCat(text, " EXECUTE FUNCTION ", Qualified(trigger.function()), "();"));
  absl::string_view firing;
  if (trigger.enabled() == "disabled") firing = "DISABLE";
  if (trigger.enabled() == "replica") firing = "ENABLE REPLICA";
  if (trigger.enabled() == "always") firing = "ENABLE ALWAYS";
  if (!firing.empty()) Add(object, absl::StrCat("ALTER EVENT TRIGGER ", name, " ", firing, ";"));
}

}  // namespace varve::sql
