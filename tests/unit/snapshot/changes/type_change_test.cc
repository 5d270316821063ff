#include "snapshot/changes/type_change.h"

#include <gtest/gtest.h>

namespace varve {
namespace {

struct Case {
  const char* before;
  const char* after;
  TypeChange expected;
};

TEST(TypeChange, SaysWhatBecomesOfTheValues) {
  const Case cases[] = {
      {"character varying(20)", "character varying(40)", TypeChange::kWidens},
      {"character varying(20)", "character varying", TypeChange::kWidens},
      {"character varying(20)", "text", TypeChange::kWidens},
      {"text", "character varying", TypeChange::kWidens},
      {"text", "character varying(40)", TypeChange::kNarrows},
      {"character varying(40)", "character varying(20)", TypeChange::kNarrows},
      {"character(4)", "character(8)", TypeChange::kNarrows},
      {"character(2)", "character varying(8)", TypeChange::kFits},
      {"character(8)", "character varying(2)", TypeChange::kNarrows},
      {"smallint", "bigint", TypeChange::kWidens},
      {"bigint", "integer", TypeChange::kNarrows},
      {"real", "double precision", TypeChange::kWidens},
      {"double precision", "real", TypeChange::kNarrows},
      {"numeric(10,2)", "numeric(12,2)", TypeChange::kWidens},
      {"numeric(10,2)", "numeric(12,4)", TypeChange::kWidens},
      {"numeric(10,2)", "numeric(10,4)", TypeChange::kNarrows},
      {"numeric(10,2)", "numeric", TypeChange::kWidens},
      {"numeric(12,2)", "integer", TypeChange::kNarrows},
      {"integer", "numeric", TypeChange::kFits},
      {"integer", "numeric(10,0)", TypeChange::kFits},
      {"integer", "numeric(10,2)", TypeChange::kNarrows},
      {"integer", "double precision", TypeChange::kFits},
      {"bigint", "double precision", TypeChange::kNarrows},
      {"integer", "text", TypeChange::kNarrows},
      {"json", "jsonb", TypeChange::kFits},
      {"date", "timestamp with time zone", TypeChange::kFits},
      {"timestamp(3) with time zone", "timestamp(6) with time zone", TypeChange::kWidens},
      {"timestamp(6) with time zone", "timestamp(3) with time zone", TypeChange::kNarrows},
      {"timestamp without time zone", "timestamp with time zone", TypeChange::kNarrows},
      {"integer[]", "bigint[]", TypeChange::kWidens},
      {"integer[]", "integer", TypeChange::kNarrows},
      {"public.mood", "public.state", TypeChange::kNarrows},
      {"public.\"odd(1)\"", "public.\"odd(2)\"", TypeChange::kNarrows},
  };
  for (const Case& each : cases) {
    EXPECT_EQ(TypeChangeOf(each.before, each.after), each.expected)
        << each.before << " to " << each.after;
  }
}

}  // namespace
}  // namespace varve
