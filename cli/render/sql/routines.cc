// Functions, procedures, window functions and aggregates.
#include <cstdint>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "cli/render/sql/sql_words.h"
#include "cli/render/sql/writing.h"

namespace varve::sql {
namespace {

bool IsInput(const v1::RoutineArgument& argument) {
  return argument.mode() != "out" && argument.mode() != "table";
}

std::string ArgumentText(const v1::RoutineArgument& argument) {
  std::string text;
  if (argument.mode() == "out" || argument.mode() == "inout" || argument.mode() == "variadic") {
    text = absl::StrCat(absl::AsciiStrToUpper(argument.mode()), " ");
  }
  if (!argument.name().empty()) absl::StrAppend(&text, Name(argument.name()), " ");
  return absl::StrCat(text, Type(argument.type()));
}

class RoutineWriter {
 public:
  RoutineWriter(const EntityView& entity, Writing& writing, Object& object)
      : entity_(entity),
        routine_(entity.Shape(v1::FACET_STRUCTURE).routine()),
        texts_(entity.Shape(v1::FACET_EXPRESSIONS).routine_expressions()),
        writing_(writing),
        object_(object),
        name_(Qualified(entity.key().names[0], entity.key().names[1])) {}

  void Write() {
    const bool needs_texts =
        routine_.default_count() > 0 || (routine_.language() == "sql" && routine_.source().empty());
    if (needs_texts && !entity_.Saw(v1::FACET_EXPRESSIONS)) {
      writing_.Miss(object_, "its defaults and body", WhyUnseen(entity_, v1::FACET_EXPRESSIONS));
      return;
    }
    AddObject(object_, routine_.has_aggregate() ? AggregateText() : Text());
    const absl::string_view word = routine_.kind() == "procedure" ? "PROCEDURE " : "FUNCTION ";
    for (const std::string& extension : routine_.depends_on_extensions()) {
      Add(object_, absl::StrCat("ALTER ", word, Signature(entity_.key(), routine_),
                                " DEPENDS ON EXTENSION ", Name(extension), ";"));
    }
  }

 private:
  std::string Text() {
    const bool is_procedure = routine_.kind() == "procedure";
    std::string text = absl::StrCat("CREATE ", is_procedure ? "PROCEDURE " : "FUNCTION ", name_,
                                    "(", Arguments(), ")");
    if (!is_procedure) absl::StrAppend(&text, "\nRETURNS ", ResultText());
    absl::StrAppend(&text, "\nLANGUAGE ", Name(routine_.language()), Attributes());
    return absl::StrCat(text, BodyText(), ";");
  }

  std::string Arguments() {
    std::vector<absl::string_view> defaults;
    if (routine_.default_count() > 0) defaults = ListItems(texts_.argument_defaults());
    size_t inputs = 0;
    for (const v1::RoutineArgument& argument : routine_.arguments()) inputs += IsInput(argument);
    std::vector<std::string> items;
    size_t input = 0;
    for (const v1::RoutineArgument& argument : routine_.arguments()) {
      if (argument.mode() == "table") continue;
      std::string item = ArgumentText(argument);
      if (IsInput(argument) && input++ + defaults.size() >= inputs) {
        const absl::string_view value = defaults[input - 1 + defaults.size() - inputs];
        absl::StrAppend(&item, " DEFAULT ",
                        writing_.variables().Expression(absl::StripLeadingAsciiWhitespace(value),
                                                        absl::StrCat(name_, " ", argument.name())));
      }
      items.push_back(std::move(item));
    }
    return absl::StrJoin(items, ", ");
  }

  std::string ResultText() const {
    std::vector<std::string> columns;
    for (const v1::RoutineArgument& argument : routine_.arguments()) {
      if (argument.mode() == "table") columns.push_back(ArgumentText(argument));
    }
    if (!columns.empty()) return absl::StrCat("TABLE(", absl::StrJoin(columns, ", "), ")");
    return absl::StrCat(routine_.returns_set() ? "SETOF " : "", Type(routine_.returns()));
  }

  std::string Attributes() {
    std::string text;
    for (const v1::DataType& type : routine_.transforms()) {
      absl::StrAppend(&text, text.empty() ? " TRANSFORM " : ", ", "FOR TYPE ", Type(type));
    }
    if (routine_.kind() == "window") absl::StrAppend(&text, " WINDOW");
    if (routine_.volatility() == "immutable") absl::StrAppend(&text, " IMMUTABLE");
    if (routine_.volatility() == "stable") absl::StrAppend(&text, " STABLE");
    if (routine_.strict()) absl::StrAppend(&text, " STRICT");
    if (routine_.leakproof()) absl::StrAppend(&text, " LEAKPROOF");
    if (routine_.security_definer()) absl::StrAppend(&text, " SECURITY DEFINER");
    if (routine_.parallel() == "safe") absl::StrAppend(&text, " PARALLEL SAFE");
    if (routine_.parallel() == "restricted") absl::StrAppend(&text, " PARALLEL RESTRICTED");
    const bool is_native = routine_.language() == "c" || routine_.language() == "internal";
    if (routine_.kind() != "procedure" && routine_.cost() != (is_native ? "1" : "100")) {
      absl::StrAppend(&text, " COST ", routine_.cost());
    }
    if (routine_.returns_set() && routine_.rows() != "1000" && !routine_.rows().empty()) {
      absl::StrAppend(&text, " ROWS ", routine_.rows());
    }
    if (routine_.has_support()) {
      absl::StrAppend(&text, " SUPPORT ", Qualified(routine_.support()));
    }
    for (const v1::Option& setting : routine_.settings()) {
      absl::StrAppend(&text, "\nSET ", SettingText(setting, name_, writing_));
    }
    return text;
  }

  std::string BodyText() {
    if (!routine_.library().empty()) {
      return absl::StrCat("\nAS ", Literal(routine_.library()), ", ", Literal(routine_.source()));
    }
    if (routine_.source().empty() && !texts_.sql_body().empty()) {
      return absl::StrCat("\n", writing_.variables().Expression(texts_.sql_body(), name_));
    }
    return absl::StrCat("\nAS ",
                        writing_.variables().Body(routine_.source(), absl::StrCat(name_, " body")));
  }

  std::string AggregateText() {
    const v1::Aggregate& aggregate = routine_.aggregate();
    std::vector<std::string> items;
    AddSteps(aggregate.steps(), "", items);
    if (aggregate.has_combine()) {
      items.push_back(absl::StrCat("COMBINEFUNC = ", Qualified(aggregate.combine())));
    }
    if (aggregate.has_serial()) {
      items.push_back(absl::StrCat("SERIALFUNC = ", Qualified(aggregate.serial())));
    }
    if (aggregate.has_deserial()) {
      items.push_back(absl::StrCat("DESERIALFUNC = ", Qualified(aggregate.deserial())));
    }
    if (aggregate.has_moving()) AddSteps(aggregate.moving(), "M", items);
    if (aggregate.has_sort_operator()) {
      const v1::Identity& sort = aggregate.sort_operator();
      items.push_back(
          absl::StrCat("SORTOP = OPERATOR(", Name(sort.names(0)), ".", sort.names(1), ")"));
    }
    if (aggregate.kind() == "hypothetical_set") items.emplace_back("HYPOTHETICAL");
    if (routine_.parallel() != "unsafe") {
      items.push_back(absl::StrCat("PARALLEL = ", absl::AsciiStrToUpper(routine_.parallel())));
    }
    return absl::StrCat("CREATE AGGREGATE ", name_, "(", AggregateArguments(routine_, true),
                        ") (\n    ", absl::StrJoin(items, ",\n    "), "\n);");
  }

  void AddSteps(const v1::AggregateSteps& steps, absl::string_view prefix,
                std::vector<std::string>& items) {
    const auto add = [&](absl::string_view name, absl::string_view value) {
      items.push_back(absl::StrCat(prefix, name, " = ", value));
    };
    add("SFUNC", Qualified(steps.transition()));
    add("STYPE", Type(steps.state_type()));
    if (steps.state_space_bytes() != 0) add("SSPACE", absl::StrCat(steps.state_space_bytes()));
    if (steps.has_inverse()) add("INVFUNC", Qualified(steps.inverse()));
    if (steps.has_final()) {
      add("FINALFUNC", Qualified(steps.final()));
      if (steps.final_extra()) items.push_back(absl::StrCat(prefix, "FINALFUNC_EXTRA"));
      const bool is_normal = routine_.aggregate().kind() == "normal";
      if (steps.final_modify() != (is_normal ? "read_only" : "read_write")) {
        add("FINALFUNC_MODIFY", absl::AsciiStrToUpper(steps.final_modify()));
      }
    }
    if (steps.has_initial_condition()) {
      add("INITCOND", writing_.variables().Literal(steps.initial_condition(), name_));
    }
  }

 public:
  // "integer ORDER BY text"; "*" of none. `named`: as CREATE writes them.
  static std::string AggregateArguments(const v1::RoutineStructure& routine, bool named) {
    if (routine.arguments().empty()) return "*";
    std::vector<std::string> direct;
    std::vector<std::string> aggregated;
    const bool is_normal = routine.aggregate().kind() == "normal";
    for (int at = 0; at < routine.arguments_size(); ++at) {
      const v1::RoutineArgument& argument = routine.arguments(at);
      std::string text = named ? ArgumentText(argument)
                               : absl::StrCat(argument.mode() == "variadic" ? "VARIADIC " : "",
                                              Type(argument.type()));
      const bool is_direct =
          !is_normal && static_cast<uint32_t>(at) < routine.aggregate().direct_argument_count();
      (is_direct ? direct : aggregated).push_back(std::move(text));
    }
    // A variadic that takes both kinds is written twice.
    if (!is_normal && aggregated.empty()) aggregated.push_back(direct.back());
    if (is_normal) return absl::StrJoin(aggregated, ", ");
    return absl::StrCat(absl::StrJoin(direct, ", "), direct.empty() ? "" : " ", "ORDER BY ",
                        absl::StrJoin(aggregated, ", "));
  }

 private:
  const EntityView& entity_;
  const v1::RoutineStructure& routine_;
  const v1::RoutineExpressions& texts_;
  Writing& writing_;
  Object& object_;
  const std::string name_;
};

}  // namespace

std::string Signature(const EntityKey& key, const v1::RoutineStructure& routine) {
  const std::string name = Qualified(key.names[0], key.names[1]);
  if (routine.has_aggregate()) {
    return absl::StrCat(name, "(", RoutineWriter::AggregateArguments(routine, false), ")");
  }
  std::vector<std::string> types;
  for (const v1::RoutineArgument& argument : routine.arguments()) {
    if (IsInput(argument)) types.push_back(Type(argument.type()));
  }
  return absl::StrCat(name, "(", absl::StrJoin(types, ", "), ")");
}

void WriteRoutine(const EntityView& routine, Writing& writing, Object& object) {
  RoutineWriter(routine, writing, object).Write();
}

}  // namespace varve::sql
