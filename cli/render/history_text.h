// Answers over time as people read them, and as programs do (docs/formats.md).
#pragma once

#include <string>

#include "varve/v1/history.pb.h"

namespace varve {

// For a terminal or a pipe. `utf8`: signs beyond ASCII may be used.
std::string HistoryTable(const v1::ObjectHistory& history, bool utf8);
std::string HistoryMarkdown(const v1::ObjectHistory& history);
std::string HistoryJson(const v1::ObjectHistory& history);

std::string BlameTable(const v1::BlameResult& result, bool utf8);
std::string BlameMarkdown(const v1::BlameResult& result);
std::string BlameJson(const v1::BlameResult& result);

std::string LogTable(const v1::LogResult& result, bool utf8);
std::string LogMarkdown(const v1::LogResult& result);
std::string LogJson(const v1::LogResult& result);

}  // namespace varve
