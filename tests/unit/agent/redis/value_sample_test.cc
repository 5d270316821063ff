#include "agent/source/redis/value_sample.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "tests/support/matchers.h"

namespace varve::redis {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string Bulk(absl::string_view text) {
  return absl::StrCat("$", text.size(), "\r\n", text, "\r\n");
}

std::string Array(const std::vector<std::string>& elements) {
  std::string bytes = absl::StrCat("*", elements.size(), "\r\n");
  for (const std::string& element : elements) bytes += element;
  return bytes;
}

std::string Bulks(const std::vector<std::string>& texts) {
  std::vector<std::string> elements;
  for (const std::string& text : texts) elements.push_back(Bulk(text));
  return Array(elements);
}

ValueSample Sample(absl::string_view name, SampleForm form, const std::string& bytes,
                   SampleMode mode) {
  const Redactor redactor({"key-1", std::string(32, 'k')});
  RespReader reader;
  reader.Feed(bytes);
  const absl::StatusOr<std::optional<Reply>> reply = reader.Next();
  if (!reply.ok() || !reply->has_value()) return {"the test's reply is none", false};
  return SampleOfValue(redactor, name, form, **reply, mode);
}

struct SampleCase {
  const char* name;
  SampleForm form;
  std::string reply;
  std::string plain;
  std::string masked;  // ~ for what is masked
};

class ValueSampleTest : public ::testing::TestWithParam<SampleCase> {};

TEST_P(ValueSampleTest, ShowsThePlainValue) {
  EXPECT_EQ(Sample("k", GetParam().form, GetParam().reply, SampleMode::kPlain).text,
            GetParam().plain);
}

TEST_P(ValueSampleTest, ShowsTheStructureOfAMaskedValue) {
  const ValueSample sample = Sample("k", GetParam().form, GetParam().reply, SampleMode::kMasked);
  EXPECT_EQ(sample.text, absl::StrReplaceAll(GetParam().masked, {{"~", kMasked}}));
  EXPECT_EQ(sample.masked, absl::StrContains(GetParam().masked, "~"));
}

INSTANTIATE_TEST_SUITE_P(
    All, ValueSampleTest,
    ::testing::Values(
        SampleCase{"Text", SampleForm::kText, Bulk("ready"), "ready", "~"},
        SampleCase{"EmptyText", SampleForm::kText, Bulk(""), "", ""},
        SampleCase{"Json", SampleForm::kText, Bulk("{\"a\": 1}"), "{\"a\": 1}", "{\"a\": ~}"},
        SampleCase{"TextThatGoesOn", SampleForm::kText, Bulk(std::string(250, ' ') + "seven words"),
                   std::string(250, ' ') + "seven ...", "~"},
        SampleCase{"Hash", SampleForm::kFields,
                   Array({Bulk("0"), Bulks({"state", "done", "at", "7"})}),
                   "{\"at\": \"7\", \"state\": \"done\"}", "{\"at\": \"~\", \"state\": \"~\"}"},
        SampleCase{"HashThatGoesOn", SampleForm::kFields,
                   Array({Bulk("17"), Bulks({"state", "done"})}), "{\"state\": \"done\", ...}",
                   "{\"state\": \"~\", ...}"},
        SampleCase{"HashOfManyFields", SampleForm::kFields,
                   Array({Bulk("0"), Bulks({"a", "1", "b", "2", "c", "3", "d", "4"})}),
                   "{\"a\": \"1\", \"b\": \"2\", \"c\": \"3\", ...}",
                   "{\"a\": \"~\", \"b\": \"~\", \"c\": \"~\", ...}"},
        SampleCase{"EmptyHash", SampleForm::kFields, Array({Bulk("0"), Array({})}), "", ""},
        SampleCase{"Set", SampleForm::kMembers, Array({Bulk("0"), Bulks({"x", "y"})}),
                   "[\"x\", \"y\"]", "[\"~\", \"~\"]"},
        SampleCase{"List", SampleForm::kList, Bulks({"x", "y", "z", "more"}),
                   "[\"x\", \"y\", \"z\", ...]", "[\"~\", \"~\", \"~\", ...]"},
        SampleCase{"EmptyList", SampleForm::kList, Array({}), "", ""},
        SampleCase{"Quotes", SampleForm::kList, Bulks({"say \"\\\"\n\x01"}),
                   "[\"say \\\"\\\\\\\"\\n\\u0001\"]", "[\"~\"]"},
        SampleCase{"Stream", SampleForm::kEntries,
                   Array({Array({Bulk("1-0"), Bulks({"type", "paid"})}),
                          Array({Bulk("2-0"), Bulks({"type", "sent"})})}),
                   "{\"type\": \"paid\", ...}", "{\"type\": \"~\", ...}"},
        SampleCase{"StreamOfOne", SampleForm::kEntries,
                   Array({Array({Bulk("1-0"), Bulks({"type", "paid"})})}), "{\"type\": \"paid\"}",
                   "{\"type\": \"~\"}"}),
    [](const auto& info) { return info.param.name; });

TEST(ValueSample, NothingIsShownWhereSamplingIsOff) {
  EXPECT_EQ(Sample("k", SampleForm::kText, Bulk("ready"), SampleMode::kOff).text, "");
}

TEST(ValueSample, ASecretsKeyMasksItsValueWhole) {
  for (const char* const name : {"api_key", "cfg:password", "password:reset:7", "app.secret"}) {
    const ValueSample sample = Sample(name, SampleForm::kText, Bulk("hunter2"), SampleMode::kPlain);
    EXPECT_EQ(sample.text, kMasked) << name;
    EXPECT_TRUE(sample.masked);
  }
}

TEST(ValueSample, ASecretsFieldMasksItsValueWhole) {
  EXPECT_EQ(
      Sample("user:1", SampleForm::kFields,
             Array({Bulk("0"), Bulks({"password", "hunter2", "name", "Ann"})}), SampleMode::kPlain)
          .text,
      absl::StrCat("{\"name\": \"Ann\", \"password\": \"", kMasked, "\"}"));
}

TEST(ValueSample, AFieldsNameThatIsASecretIsMasked) {
  EXPECT_THAT(Sample("user:1", SampleForm::kFields,
                     Array({Bulk("0"), Bulks({"ann@mail.example", "1"})}), SampleMode::kPlain)
                  .text,
              Not(HasSubstr("ann@")));
}

TEST(ValueSample, BinaryIsMaskedInEveryMode) {
  EXPECT_EQ(Sample("k", SampleForm::kText, Bulk("\xff\x01\xfe"), SampleMode::kPlain).text, kMasked);
  EXPECT_EQ(Sample("k", SampleForm::kText, Bulk("\xff\x01\xfe"), SampleMode::kMasked).text,
            kMasked);
}

TEST(ValueSample, OfALongElementTheBeginningIsShown) {
  const std::string text =
      Sample("k", SampleForm::kList, Bulks({std::string(60, ' ') + "many words more"}),
             SampleMode::kPlain)
          .text;
  EXPECT_EQ(text, "[\"" + std::string(60, ' ') + "...\"]");
}

struct FormlessCase {
  const char* name;
  SampleForm form;
  std::string reply;
};

class FormlessReplyTest : public ::testing::TestWithParam<FormlessCase> {};

TEST_P(FormlessReplyTest, GivesNoSample) {
  EXPECT_EQ(Sample("k", GetParam().form, GetParam().reply, SampleMode::kPlain).text, "");
}

INSTANTIATE_TEST_SUITE_P(
    All, FormlessReplyTest,
    ::testing::Values(
        FormlessCase{"NullText", SampleForm::kText, "$-1\r\n"},
        FormlessCase{"NumberForText", SampleForm::kText, ":7\r\n"},
        FormlessCase{"TextForHash", SampleForm::kFields, Bulk("x")},
        FormlessCase{"HashWithoutCursor", SampleForm::kFields, Bulks({"a", "b"})},
        FormlessCase{"HashOfNumbers", SampleForm::kFields,
                     Array({Bulk("0"), "*2\r\n:1\r\n:2\r\n"})},
        FormlessCase{"SetOfArrays", SampleForm::kMembers,
                     Array({Bulk("0"), Array({Bulks({"a"})})})},
        FormlessCase{"ListOfNulls", SampleForm::kList, "*1\r\n$-1\r\n"},
        FormlessCase{"StreamOfTexts", SampleForm::kEntries, Bulks({"a", "b", "c", "d"})},
        FormlessCase{"StreamOfNullEntry", SampleForm::kEntries, "*1\r\n*2\r\n$3\r\n1-0\r\n*-1\r\n"},
        FormlessCase{"EmptyStream", SampleForm::kEntries, Array({})}),
    [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace varve::redis
