// The promises of storage/store.h as tests that hold for every store. They are written over
// StoreConformance; the test program of a store instantiates them with its StoreKind.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "storage/store.h"
#include "tests/support/matchers.h"
#include "tests/unit/storage/pending_builder.h"

namespace varve::testing {

// A kind of store under test.
struct StoreKind {
  const char* name;  // becomes part of the tests' names
  // Opens what is kept in `folder`; makes it where nothing is.
  absl::StatusOr<std::unique_ptr<SnapshotStore>> (*open)(const std::string& folder);
  // Flips one bit of what is kept of a blob, behind the back of the store, which is not open.
  absl::Status (*damage_blob)(const std::string& folder, const BlobHash& hash);
};

// A store in a folder of its own.
class StoreConformance : public ::testing::TestWithParam<StoreKind> {
 protected:
  void SetUp() override;

  SnapshotStore& store() { return *store_; }
  const std::string& folder() const { return folder_.path(); }
  void Close() { store_.reset(); }
  void Open();

  // Commits and returns the number; 0, and the test fails, where it is refused.
  int64_t Commit(const PendingSnapshot& snapshot);
  // Publishes `sections`, whole, as the next snapshot of "prod"; returns its number.
  int64_t Put(const std::vector<TestSection>& sections);
  int64_t Put(const TestSection& section) { return Put(std::vector<TestSection>{section}); }
  // Publishes a snapshot of "prod" in which the section was not to be had.
  int64_t PutUnavailable(const std::string& section);
  // A new id for a snapshot.
  std::string NextId();

  // The head of a section of "prod"; the test fails where it has none.
  Head HeadOf(const std::string& section);

  // The lines of a section of "prod" as people would note them:
  //   table public.orders structure: SHAPE
  //   table public.orders structure: SHAPE (static)
  //   table public.orders expressions: locked, last SHAPE @4
  //   table public.orders structure: static SHAPE, last SHAPE @4
  //   table public.orders access: not permitted (not sent), last SHAPE @4
  std::vector<std::string> Lines(int64_t seq, const std::string& section = "postgres");
  // The lines themselves.
  std::vector<ReadLine> ReadBack(int64_t seq, const std::string& section = "postgres");

 private:
  std::string ShapeText(const Seen& seen);
  std::string Describe(const ReadLine& line);

  TemporaryFolder folder_;
  std::unique_ptr<SnapshotStore> store_;
  int next_id_ = 0;
};

// The same, for what many threads do; a program of its own, which also runs under TSan.
class StoreConcurrency : public StoreConformance {};

// A section that looked at tables whole: their structure, expressions and access.
TestSection Tables(const std::string& name = "postgres", uint32_t revision = 1);

}  // namespace varve::testing
