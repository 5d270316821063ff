#include "agent/daemon/program.h"

#include "absl/strings/str_cat.h"
#include "agent/daemon/report.h"
#include "base/console.h"

namespace varve {

void Tell(absl::string_view message) { WriteMessage(kAgentProgram, message); }

void TellErrors(const v1::SnapshotHeader& header) {
  for (const v1::SectionHeader& section : header.sections()) {
    for (const v1::SectionError& error : section.errors()) {
      Tell(absl::StrCat(section.name(), ": ", ErrorText(error)));
    }
  }
}

}  // namespace varve
