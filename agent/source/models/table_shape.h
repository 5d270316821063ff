// A mapped table as the probe told it, as a part of a model's shape.
#pragma once

#include "agent/redaction/redaction.h"
#include "agent/source/models/probe_lines.h"
#include "varve/v1/models.pb.h"

namespace varve {

// Defaults and expressions are redacted; what was masked is added to `masked`. Comments are docs,
// and not in it.
v1::ModelTable TableShape(const ProbeTable& table, const Redactor& redactor, Masked& masked);

}  // namespace varve
