// A model as the probe told it, as shapes: canonical and redacted.
#pragma once

#include <optional>

#include "agent/redaction/redaction.h"
#include "agent/source/models/mask_json.h"
#include "agent/source/models/probe_lines.h"
#include "snapshot/line.h"
#include "snapshot/section_builder.h"
#include "varve/v1/shape.pb.h"

namespace varve {

EntityKey ModelKey(const ProbeModel& model);
EntityKey EnumKey(const ProbeEnum& found);

// One facet: its shape, and what travels beside it.
struct ModelFacet {
  v1::Shape shape;
  LineFacts facts;
};

// The facets of a model. Docs only where somebody wrote some; representation only where its schema
// was told.
struct ModelShapes {
  ModelFacet structure;
  ModelFacet behaviour;
  std::optional<ModelFacet> docs;
  std::optional<ModelFacet> representation;
};

// The facets of an enum. Docs only where somebody wrote some.
struct EnumShapes {
  ModelFacet structure;
  std::optional<ModelFacet> docs;
};

EnumShapes ShapesOf(const ProbeEnum& found, const Redactor& redactor);

// What was masked in the defaults of these models' fields, and which of them are settings: their
// schemas, and those of models that hold them, repeat both.
SchemaSecrets SecretsOf(const Redactor& redactor, const std::vector<ProbeModel>& models);

ModelShapes ShapesOf(const ProbeModel& model, const Redactor& redactor,
                     const SchemaSecrets& secrets);

}  // namespace varve
