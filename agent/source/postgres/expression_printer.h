// The thread on which the server prints while another writes.
#pragma once

#include <array>
#include <iterator>
#include <thread>

#include "absl/synchronization/notification.h"
#include "agent/source/postgres/catalog.h"
#include "agent/source/postgres/expressions.h"
#include "agent/source/postgres/object_reader.h"
#include "agent/source/postgres/printings.h"
#include "snapshot/selection.h"

namespace varve::postgres {

// Has the server print on a thread of its own what `catalog` says is to be printed, without what
// `selection` leaves out. Never fails: what could not be had is in `unseen`.
//
// Borrows what it is made with, and uses `reader` alone, until the last step is done or it is
// destroyed, which waits for that. For one thread besides its own.
class ExpressionPrinter {
 public:
  ExpressionPrinter(ObjectReader& reader, const Catalog& catalog, const Selection& selection);
  ~ExpressionPrinter();
  ExpressionPrinter(const ExpressionPrinter&) = delete;
  ExpressionPrinter& operator=(const ExpressionPrinter&) = delete;

  // Waits for `step`, whose turn it is after the steps before it. Of what comes back only what was
  // waited for may be looked at.
  const Expressions& Await(PrintingStep step);

 private:
  // Of one step.
  struct Step {
    absl::Notification done;
    UnseenObjects unseen;
  };
  void Print(ObjectReader& reader, const Catalog& catalog, const Selection& selection);

  std::array<Step, std::size(kPrintingSteps)> steps_;
  // The printing thread fills it but for `unseen`, which is of the steps that were waited for.
  Expressions expressions_;
  std::thread thread_;
};

}  // namespace varve::postgres
