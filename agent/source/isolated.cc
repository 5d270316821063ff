#include "agent/source/isolated.h"

#include <exception>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "agent/redaction/redaction.h"
#include "base/utf8.h"

namespace varve {
namespace {

// Shared between who waits and the thread that reads: either may be the last to need it.
struct Reading {
  explicit Reading(std::unique_ptr<Source> read_source) : source(std::move(read_source)) {}
  const std::unique_ptr<Source>
      source;         // used by the one reading thread, its names and kind by anyone
  absl::Mutex mutex;  // never held while the source is read
  bool busy ABSL_GUARDED_BY(mutex) = false;
  std::optional<std::vector<Section>> result ABSL_GUARDED_BY(mutex);
};

std::vector<Section> Unavailable(const Source& source, absl::string_view why,
                                 absl::string_view remedy) {
  return UnavailableSections(source, "", absl::StrCat("reading ", source.name()), why, remedy);
}

// What a library says of its trouble: it may quote a connection string, in any encoding. There is
// no digest of errors, so the key does not matter.
std::string Tellable(absl::string_view what) {
  static const Redactor* const redactor = new Redactor(MaskKey{});
  Masked unused;
  return redactor->MaskText(ToUtf8(what), unused);
}

std::vector<Section> Read(Source& source, const GatherLimits& limits) {
  try {
    return source.Gather(limits);
  } catch (const std::exception& e) {
    return Unavailable(source, Tellable(e.what()), "report this: a source must not throw");
  } catch (...) {
    return Unavailable(source, "it threw no std::exception",
                       "report this: a source must not throw");
  }
}

class IsolatedSource : public Source {
 public:
  IsolatedSource(std::unique_ptr<Source> source, absl::Duration grace)
      : reading_(std::make_shared<Reading>(std::move(source))), grace_(grace) {}

  absl::string_view name() const override { return reading_->source->name(); }
  absl::string_view kind() const override { return reading_->source->kind(); }

  std::vector<std::string> SectionNames() const override {
    return reading_->source->SectionNames();
  }

  std::vector<Section> Gather(const GatherLimits& limits) override {
    if (!Start(limits)) {
      return Unavailable(*reading_->source, "the read before this one has not come back yet",
                         "see why it hangs; restart the agent to give it up");
    }
    absl::MutexLock lock(&reading_->mutex);
    reading_->mutex.AwaitWithDeadline(
        absl::Condition(
            +[](std::optional<std::vector<Section>>* result) { return result->has_value(); },
            &reading_->result),
        limits.deadline + grace_);
    if (!reading_->result.has_value()) {
      return Unavailable(*reading_->source, "it did not come back by the deadline",
                         "see why it hangs, or give it more time");
    }
    std::vector<Section> sections = *std::move(reading_->result);
    reading_->result.reset();
    return sections;
  }

 private:
  // Starts a read; false when one is going on.
  bool Start(const GatherLimits& limits) {
    absl::MutexLock lock(&reading_->mutex);
    if (reading_->busy) return false;
    reading_->busy = true;
    reading_->result.reset();  // of a read that came back after it was given up
    // Not joined: it may never come back. It owns what it touches, and ends with its read.
    std::thread([reading = reading_, limits] {
      std::vector<Section> sections = Read(*reading->source, limits);
      absl::MutexLock done(&reading->mutex);
      reading->result = std::move(sections);
      reading->busy = false;
    }).detach();
    return true;
  }

  const std::shared_ptr<Reading> reading_;  // shared with the thread, which may outlive this
  const absl::Duration grace_;
};

}  // namespace

std::unique_ptr<Source> Isolated(std::unique_ptr<Source> source, absl::Duration grace) {
  return std::make_unique<IsolatedSource>(std::move(source), grace);
}

}  // namespace varve
