// What the probe says, line by line: JSON from a process that runs other people's code. Nothing of
// it is trusted.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace varve {

// The interpreter that answers; its first line.
struct ProbeHello {
  std::string python;  // "3.11.2"
};

// A module that was found below a root.
struct ProbeModule {
  std::string name;
  std::string file;  // as seen from the folder of `path` that holds it
};

// A module that is not read for its name, or for that of a folder above it: tests, migrations.
struct ProbeLeftOut {
  std::string name;
};

// All modules were told, but those that these hold.
struct ProbeListed {
  std::vector<std::string> capped;  // roots that hold more than are read
  std::vector<std::string> unread;  // packages whose folder cannot be listed
};

// A module's code begins to run; it is not done before its ProbeImported.
struct ProbeImport {
  std::string module;
};
struct ProbeImported {
  std::string module;
};

// A module's source was parsed (static read).
struct ProbeParsed {
  std::string module;
};

// A model is about to be described.
struct ProbeDescribe {
  std::string id;
};

// What the application imported: "pydantic" → "2.11.1".
struct ProbeLibrary {
  std::map<std::string, std::string> versions;
  int generation = 0;  // of Pydantic: 1 or 2; 0 where there is none
};

// Something that one module or model cost itself.
struct ProbeError {
  std::string stage;  // "find", "import", "describe", "parse", "document", "fence"
  std::string module;
  std::string raised_by;  // the module whose code raised it, where another one imported that
  std::string id;         // of a model
  std::string type;       // of the exception
  std::string text;       // not yet redacted
  std::string file;
  int64_t line = 0;                    // from 1; 0: not known
  std::vector<std::string> variables;  // of the environment, that were asked for and not there
  std::string missing;                 // the module that an ImportError names
};

struct ProbeField {
  std::string name;
  std::string type;
  std::optional<bool> required;
  std::optional<bool> nullable;
  // At most one of the three.
  std::optional<std::string> default_json;
  std::optional<std::string> default_factory;
  std::optional<std::string> default_text;
  std::string alias;
  std::string description;
  std::string title;
  std::string examples;                            // JSON; empty: none
  std::map<std::string, std::string> constraints;  // values in JSON
  std::vector<std::string> references;             // ids of models
  std::vector<std::string> enums;                  // ids of enums
  std::string deprecated;                          // why; empty: it is not
  std::vector<std::string> unknown;                // as ModelField has it
};

struct ProbeFunction {
  std::string kind = {};
  std::string name = {};
  std::string mode = {};
  std::vector<std::string> fields = {};
  // Of a computed field.
  std::string type = {};
  std::string alias = {};
  std::string description = {};
  std::string title = {};
  std::string deprecated = {};
};

// Of a mapped table; each as the message of models.proto that is called so has it.
struct ProbeColumn {
  std::string name = {};
  std::string type = {};
  std::optional<bool> nullable = {};
  std::string server_default = {};
  std::string identity = {};
  std::string generated = {};
  bool stored = false;
  std::vector<std::string> enum_labels = {};
  std::string client_default = {};
  std::string comment = {};
  std::vector<std::string> unknown = {};
};

struct ProbeForeignKey {
  std::string name = {};
  std::vector<std::string> columns = {};
  std::string target_schema = {};
  std::string target_table = {};
  std::vector<std::string> target_columns = {};
  std::string on_delete = {};
  std::string on_update = {};
  bool deferrable = false;
  bool initially_deferred = false;
};

struct ProbeUnique {
  std::string name = {};
  std::vector<std::string> columns = {};
};

struct ProbeIndex {
  std::string name = {};
  bool unique = false;
  std::vector<std::string> keys = {};
  std::string method = {};
  std::string predicate = {};
};

struct ProbeCheck {
  std::string name = {};
  std::string expression = {};
};

struct ProbeTable {
  std::string schema = {};
  std::string name = {};
  std::vector<ProbeColumn> columns = {};
  std::vector<std::string> primary_key = {};
  std::vector<ProbeForeignKey> foreign_keys = {};
  std::vector<ProbeUnique> uniques = {};
  std::vector<ProbeIndex> indexes = {};
  std::vector<ProbeCheck> checks = {};
  std::string comment = {};
  std::string error = {};  // what of it the mapper could not tell
  std::vector<std::string> unknown = {};
};

struct ProbeModel {
  std::string id;  // "module:qualname"
  std::string module;
  std::string qualname;
  std::string kind;
  bool is_static = false;
  bool is_namesake = false;             // its qualname was numbered
  std::vector<std::string> also;        // ids under which the same file was loaded too
  std::vector<std::string> incomplete;  // bases that a static read could not follow
  std::vector<std::string> unknown;     // of "fields", "config", "functions", "docs"
  std::vector<std::string> bases;
  std::vector<std::string> ancestors;
  std::string document;  // "json_schema", "openapi"; empty of a class
  std::string deprecated;
  std::vector<ProbeField> fields;
  std::map<std::string, std::string> config;  // values in JSON
  std::vector<ProbeFunction> functions;
  std::optional<ProbeTable> table;
  std::string doc;
  std::string file;
  int64_t line = 0;
  std::optional<std::string> schema;        // JSON
  std::optional<std::string> schema_error;  // the exception's type and text
};

struct ProbeEnumMember {
  std::string name;
  // One of the two.
  std::optional<std::string> value_json;
  std::optional<std::string> value_text;
};

struct ProbeEnum {
  std::string id;
  std::string module;
  std::string qualname;
  bool is_static = false;
  std::vector<std::string> bases;
  std::string document;  // as of a model
  std::string doc;
  std::string file;
  int64_t line = 0;
  std::vector<ProbeEnumMember> members;
};

// What the read leaned on: a text for the agent to hand back, as it is, when it asks whether that
// has changed.
struct ProbeLeanedOn {
  std::string text;
};

// Whether what an earlier read leaned on has changed.
struct ProbeWatched {
  std::string changed;  // what; empty: nothing
};

// The last line: all was said.
struct ProbeEnd {
  int64_t models = 0;
};

using ProbeLine = std::variant<ProbeHello, ProbeModule, ProbeLeftOut, ProbeListed, ProbeImport,
                               ProbeImported, ProbeParsed, ProbeDescribe, ProbeLibrary, ProbeError,
                               ProbeModel, ProbeEnum, ProbeLeanedOn, ProbeWatched, ProbeEnd>;

// One line without its newline. Errors: kInvalidArgument (not JSON, not one of these, a member of
// another type; the message says which and holds nothing of the line's content).
absl::StatusOr<ProbeLine> ParseProbeLine(absl::string_view line);

}  // namespace varve
