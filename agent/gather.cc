#include "agent/gather.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <climits>
#include <cstdint>
#include <exception>
#include <iterator>
#include <random>
#include <thread>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "base/version.h"

namespace varve {
namespace {

std::vector<Section> Thrown(const Source& source, absl::string_view what) {
  return UnavailableSections(source, "", absl::StrCat("reading ", source.name()), what,
                             "report this: a source must not throw");
}

// The last line of defence: no exception of a source, or of a library below it, ends the process.
std::vector<Section> GatherOne(Source& source, const GatherLimits& limits) {
  try {
    return source.Gather(limits);
  } catch (const std::exception& e) {
    return Thrown(source, e.what());
  } catch (...) {
    return Thrown(source, "something that is no std::exception was thrown");
  }
}

// Cut between characters.
void BoundText(std::string& text) {
  if (text.size() <= kMostErrorTextBytes) return;
  size_t end = kMostErrorTextBytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  text.resize(end);
  text += "…";
}

// How many of the errors, from the first, are within the bounds.
int ErrorsThatFit(v1::SectionHeader& header, size_t most_bytes) {
  size_t bytes = 0;
  const int most = std::min(header.errors_size(), kMostErrors);
  for (int i = 0; i < most; ++i) {
    v1::SectionError& error = *header.mutable_errors(i);
    for (std::string* text : {error.mutable_doing(), error.mutable_why(), error.mutable_remedy()}) {
      BoundText(*text);
    }
    bytes += error.ByteSizeLong();
    if (bytes > most_bytes) return i;
  }
  return most;
}

void BoundErrors(v1::SectionHeader& header, size_t most_bytes) {
  const int kept = ErrorsThatFit(header, most_bytes);
  const int more = header.errors_size() - kept;
  if (more <= 0) return;
  header.mutable_errors()->DeleteSubrange(kept, more);
  v1::SectionError& last = *header.add_errors();
  last.set_severity(v1::SectionError::SEVERITY_ERROR);
  last.set_doing(absl::StrCat("reading ", header.name()));
  last.set_why(absl::StrCat(more, " more errors are left out; mend those above first"));
}

std::vector<Section> GatherAll(absl::Span<const std::unique_ptr<Source>> sources,
                               const GatherLimits& limits) {
  std::vector<std::vector<Section>> of_source(sources.size());
  std::vector<std::thread> threads;
  threads.reserve(sources.size());
  for (size_t i = 0; i < sources.size(); ++i) {
    threads.emplace_back(
        [&of_source, &sources, &limits, i] { of_source[i] = GatherOne(*sources[i], limits); });
  }
  for (std::thread& thread : threads) thread.join();
  std::vector<Section> sections;
  for (std::vector<Section>& some : of_source) {
    std::move(some.begin(), some.end(), std::back_inserter(sections));
  }
  return sections;
}

void AddLabels(std::vector<v1::Label> labels, v1::SnapshotHeader& header) {
  std::sort(labels.begin(), labels.end(),
            [](const v1::Label& a, const v1::Label& b) { return a.name() < b.name(); });
  for (v1::Label& label : labels) *header.add_labels() = std::move(label);
}

}  // namespace

Snapshot GatherSnapshot(absl::Span<const std::unique_ptr<Source>> sources,
                        const GatherOptions& options) {
  Snapshot snapshot;
  snapshot.header.set_environment(options.environment);
  snapshot.header.set_snapshot_id(NewSnapshotId());
  snapshot.header.set_taken_at_us(absl::ToUnixMicros(options.clock()));
  snapshot.header.set_occasion(options.occasion);
  snapshot.header.set_agent_version(std::string(kVersion));
  snapshot.header.set_agent_host(HostName());
  AddLabels(options.labels, snapshot.header);
  snapshot.time_us = snapshot.header.taken_at_us();
  snapshot.sections = GatherAll(sources, GatherLimits{options.deadline});
  for (Section& section : snapshot.sections) {
    BoundErrors(section.header, kMostErrorBytes / snapshot.sections.size());
    *snapshot.header.add_sections() = section.header;
  }
  return snapshot;
}

bool SomethingFailed(const v1::SnapshotHeader& header) {
  for (const v1::SectionHeader& section : header.sections()) {
    if (section.status() == v1::SECTION_STATUS_UNAVAILABLE) return true;
    for (const v1::SectionError& error : section.errors()) {
      if (error.severity() == v1::SectionError::SEVERITY_ERROR) return true;
    }
  }
  return false;
}

std::string NewSnapshotId() {
  std::random_device system;  // getrandom(2)
  std::array<uint8_t, 16> bytes{};
  for (uint8_t& byte : bytes) byte = static_cast<uint8_t>(system());
  bytes[6] = (bytes[6] & 0x0f) | 0x40;  // version 4, RFC 4122 section 4.4
  bytes[8] = (bytes[8] & 0x3f) | 0x80;  // variant
  const std::string hex = absl::BytesToHexString(
      absl::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
  return absl::StrCat(hex.substr(0, 8), "-", hex.substr(8, 4), "-", hex.substr(12, 4), "-",
                      hex.substr(16, 4), "-", hex.substr(20));
}

std::string HostName() {
  std::array<char, HOST_NAME_MAX + 1> name{};
  if (gethostname(name.data(), name.size() - 1) != 0 || name[0] == '\0') return "unknown";
  return name.data();
}

}  // namespace varve
