#include "cli/argument_secrets.h"

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace varve {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

// A process's arguments, which TakeArguments may overwrite.
class ProcessArguments {
 public:
  explicit ProcessArguments(std::vector<std::string> all) : all_(std::move(all)) {
    for (std::string& argument : all_) pointers_.push_back(argument.data());
  }
  Arguments Take() { return TakeArguments(static_cast<int>(pointers_.size()), pointers_.data()); }
  const std::string& at(size_t index) const { return all_[index]; }

 private:
  std::vector<std::string> all_;
  std::vector<char*> pointers_;
};

struct SecretCase {
  const char* name;
  std::vector<std::string> arguments;  // behind the program's name
  std::vector<std::string> left;       // what other users of the machine see then
};
class PasswordsInArguments : public ::testing::TestWithParam<SecretCase> {};

TEST_P(PasswordsInArguments, AreWipedFromTheProcess) {
  std::vector<std::string> all = GetParam().arguments;
  all.insert(all.begin(), "varve");
  ProcessArguments process(all);
  const Arguments taken = process.Take();
  EXPECT_EQ(taken.all, GetParam().arguments);
  for (size_t at = 0; at < GetParam().left.size(); ++at) {
    EXPECT_EQ(process.at(at + 1), GetParam().left[at]);
  }
  ASSERT_THAT(taken.warnings, ElementsAre(HasSubstr("warning: the password in --")));
  EXPECT_THAT(taken.warnings[0], Not(HasSubstr("s3cret")));
}

INSTANTIATE_TEST_SUITE_P(
    All, PasswordsInArguments,
    ::testing::Values(SecretCase{"UrlApart",
                                 {"snapshot", "--database-url", "postgresql://u:s3cret@h/d", "-v"},
                                 {"snapshot", "--database-url", std::string(25, '*'), "-v"}},
                      SecretCase{"UrlBehindAnEqualsSign",
                                 {"--database-url=postgresql://u:s3cret@h/d"},
                                 {absl::StrCat("--database-url=", std::string(25, '*'))}},
                      SecretCase{"Redis",
                                 {"--redis-url", "redis://:s3cret@h"},
                                 {"--redis-url", std::string(17, '*')}},
                      SecretCase{"AsAParameter",
                                 {"--database-url", "postgresql://h/d?user=u&PassWord=s3cret"},
                                 {"--database-url", std::string(39, '*')}},
                      SecretCase{"AsAKeyword",
                                 {"--database-url", "host=h password=s3cret"},
                                 {"--database-url", std::string(22, '*')}},
                      SecretCase{"WithAnAtSignInIt",
                                 {"--database-url", "postgresql://u:s3@cret@h/d"},
                                 {"--database-url", std::string(26, '*')}}),
    [](const auto& info) { return info.param.name; });

class OtherArguments : public ::testing::TestWithParam<std::vector<std::string>> {};

TEST_P(OtherArguments, AreLeftAsTheyAre) {
  std::vector<std::string> all = GetParam();
  all.insert(all.begin(), "varve");
  ProcessArguments process(all);
  EXPECT_THAT(process.Take().warnings, IsEmpty());
  for (size_t at = 0; at < all.size(); ++at) EXPECT_EQ(process.at(at), all[at]);
}

INSTANTIATE_TEST_SUITE_P(
    All, OtherArguments,
    ::testing::Values(std::vector<std::string>{"snapshot", "-o", "audit"},
                      std::vector<std::string>{"--database-url", "postgresql:///shop"},
                      std::vector<std::string>{"--database-url", "postgresql://me@h:5432/shop"},
                      std::vector<std::string>{"--redis-url", "redis://127.0.0.1:6379/0"},
                      std::vector<std::string>{"--database-url"},
                      std::vector<std::string>{"--python", "a:b@c"}));

TEST(TakeArguments, OfAProgramWithoutAnyIsEmpty) {
  ProcessArguments process({"varve"});
  EXPECT_THAT(process.Take().all, IsEmpty());
}

}  // namespace
}  // namespace varve
