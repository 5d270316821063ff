#include "agent/daemon/report.h"

#include "gtest/gtest.h"

namespace varve {
namespace {

constexpr Signs kSigns = {"✓", "✗", "?"};

v1::SectionHeader* AddSection(v1::SnapshotHeader& header, const std::string& name,
                              v1::SectionStatus status) {
  v1::SectionHeader* const section = header.add_sections();
  section->set_name(name);
  section->set_status(status);
  return section;
}

TEST(SnapshotLine, NamesTheSnapshotAndHowEachSectionFared) {
  v1::SnapshotHeader header;
  header.set_environment("prod-eu");
  header.set_taken_at_us(1'772'615'520'000'000);
  AddSection(header, "orders", v1::SECTION_STATUS_COMPLETE);
  AddSection(header, "cache", v1::SECTION_STATUS_PARTIAL);
  AddSection(header, "app", v1::SECTION_STATUS_UNAVAILABLE);
  EXPECT_EQ(SnapshotLine(header, 42, kSigns),
            "prod-eu@42  2026-03-04 09:12  ✓ orders  ? cache (partial)  ✗ app (unavailable)");
}

TEST(SnapshotLine, SaysThatNothingIsConfigured) {
  v1::SnapshotHeader header;
  header.set_environment("local");
  EXPECT_EQ(SnapshotLine(header, 1, kSigns), "local@1  1970-01-01 00:00  nothing configured");
}

TEST(SnapshotLine, AStatusOfANewerAgentIsAnAnswer) {
  v1::SnapshotHeader header;
  header.set_environment("prod");
  AddSection(header, "app", static_cast<v1::SectionStatus>(99));
  EXPECT_EQ(SnapshotLine(header, 1, kSigns), "prod@1  1970-01-01 00:00  ? app (value 99)");
}

TEST(ErrorText, IsOneLineThatEndsWithWhatToDo) {
  v1::SectionError error;
  error.set_doing("connecting to cache:6379");
  error.set_why("refused\n\x1b[31mpretending");
  EXPECT_EQ(ErrorText(error), "connecting to cache:6379: refused  [31mpretending");
  error.set_remedy("start the server");
  EXPECT_EQ(ErrorText(error),
            "connecting to cache:6379: refused  [31mpretending; start the server");
}

struct TroubleCase {
  const char* name;
  absl::Status status;
  const char* text;
};
class CollectorTroubleTest : public ::testing::TestWithParam<TroubleCase> {};

TEST_P(CollectorTroubleTest, SaysWhatToDo) {
  EXPECT_EQ(CollectorTrouble("127.0.0.1:7447", GetParam().status), GetParam().text);
}

INSTANTIATE_TEST_SUITE_P(
    All, CollectorTroubleTest,
    ::testing::Values(
        TroubleCase{
            "Away",
            absl::UnavailableError("ipv4:127.0.0.1:7447: Failed to connect to remote "
                                   "host: Connection refused"),
            "127.0.0.1:7447: Connection refused; start it (varve-collector --database FILE), "
            "or name another with --collector or VARVE_COLLECTOR"},
        TroubleCase{"AnotherAddressOfTheName",
                    absl::UnavailableError("ipv4:10.0.0.7:7447: Connection refused"),
                    "127.0.0.1:7447: ipv4:10.0.0.7:7447: Connection refused; start it "
                    "(varve-collector --database FILE), or name another with --collector or "
                    "VARVE_COLLECTOR"},
        TroubleCase{"AnotherAuthority",
                    absl::UnavailableError("SSL_ERROR_SSL: CERTIFICATE_VERIFY_FAILED: certificate "
                                           "verify failed"),
                    "127.0.0.1:7447: SSL_ERROR_SSL: CERTIFICATE_VERIFY_FAILED: certificate verify "
                    "failed; its certificate is not of this CA; give the right one (ca, --ca or "
                    "VARVE_CA)"},
        TroubleCase{"WantsTls", absl::UnavailableError("Socket closed"),
                    "127.0.0.1:7447: Socket closed; see whether it wants TLS, and then give its CA "
                    "(ca, --ca or VARVE_CA)"},
        TroubleCase{"NoToken", absl::UnauthenticatedError("no valid token was given"),
                    "127.0.0.1:7447: no valid token was given; give the agent's token: "
                    "--token-file FILE"},
        TroubleCase{"Full", absl::ResourceExhaustedError("disk full; free disk space"),
                    "127.0.0.1:7447: disk full; free disk space"}),
    [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace varve
