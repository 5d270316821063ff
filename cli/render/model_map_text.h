// Which table each model stands for, as people read it, and as they paste it.
#pragma once

#include <string>

#include "snapshot/rules/model_map.h"

namespace varve {

// "4 of 11 models stand for a table", then a row for each.
std::string ModelMapTable(const ModelTraces& traces);
std::string ModelMapMarkdown(const ModelTraces& traces);

// As JSON of the format "varve.models.v1": docs/formats.md.
std::string ModelMapJson(const ModelTraces& traces);

// The part `models` of a rules file: those that only their name tells, to be read and pasted.
std::string ModelMapYaml(const ModelTraces& traces);

}  // namespace varve
