// What the rules say of a snapshot, as people read it, and as programs do.
#pragma once

#include <string>

#include "varve/v1/check.pb.h"

namespace varve {

// "no error, 3 warnings; 61 rules, 1 could not say".
std::string CheckAnswer(const v1::CheckResult& result);

// For a terminal or a pipe.
std::string CheckTable(const v1::CheckResult& result);

// As Markdown: a heading with the answer, then the tables.
std::string CheckMarkdown(const v1::CheckResult& result);
// The tables alone: of findings, of accepted ones, and of what could not be said; each where there
// is some.
std::string CheckTables(const v1::CheckResult& result);

// As JSON of the format "varve.check.v1": docs/formats.md.
std::string CheckJson(const v1::CheckResult& result);

// As JUnit's XML: a case for each rule that found nothing and for each finding, which failed where
// it is at or above `fail_on`; skipped where a finding is accepted or a rule could not say.
std::string CheckJunit(const v1::CheckResult& result, v1::FindingSeverity fail_on);

// As commands to a GitHub workflow, a line each: annotations of the run.
// https://docs.github.com/actions/reference/workflow-commands-for-github-actions
std::string CheckGithub(const v1::CheckResult& result);

// "error", "warn", "info"; "unknown" of a newer collector's.
std::string SeverityWord(v1::FindingSeverity severity);

}  // namespace varve
