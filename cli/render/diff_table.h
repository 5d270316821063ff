// A diff as people read it, and as programs do.
#pragma once

#include <string>

#include "cli/render/diff_report.h"
#include "varve/v1/diff.pb.h"

namespace varve {

// For a terminal or a pipe. `utf8`: signs beyond ASCII may be used. `colour`: colours repeat what
// signs and words say.
std::string DiffTable(const v1::DiffResult& result, bool utf8, bool colour = false);

// One block of a report, behind an empty line: its title, then its lines.
std::string DiffBlockText(const DiffBlock& block, bool utf8, bool colour = false);

// As Markdown: a heading with the answer, a list for each section.
std::string DiffMarkdown(const v1::DiffResult& result);

// For build servers: each object that differs is a case; one of a class from `fail_on` on fails it.
std::string DiffJunit(const v1::DiffResult& result, v1::ChangeClass fail_on);
// As workflow commands: what breaks is an error, what is risky a warning, the rest a notice.
std::string DiffGithub(const v1::DiffResult& result);

// As JSON of the format "varve.diff.v1": docs/formats.md.
std::string DiffJson(const v1::DiffResult& result);

}  // namespace varve
