// Words for an answer of drift that its table, its matrix and its Markdown share.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cli/render/diff_report.h"
#include "varve/v1/drift.pb.h"

namespace varve {

// "A", …, "Z", "AA": the name of the class at that place of its unit.
std::string ClassLetter(size_t at);

// "prod-eu"; "prod-eu@40" where another snapshot of it takes part too.
std::string MemberName(const v1::DriftResult& result, uint32_t member);
// "prod-eu@940".
std::string MemberReference(const v1::DriftResult& result, uint32_t member);

// "postgres public", "postgres table public.orders"; empty of whole environments.
std::string UnitName(const v1::DriftUnit& unit);

// "3 names … 8 more" of a class; all where there are few.
std::string MemberList(const v1::DriftResult& result, const v1::DriftClass& of_class);

// How a class is beside the first of its unit: "lacks column public.orders.discount",
// "2 added, 1 removed", "same; redis unavailable". `told`: what differs; `since` as SinceWords.
std::string ClassWords(const v1::DriftClass& of_class, const DiffReport& told,
                       const std::string& since);

// Whether a change is of that class of that unit.
bool IsChangeOf(const v1::DriftChange& change, size_t unit, size_t of_class);

// " (prod-eu since 2026-03-04 09:12)": since when what the class lacks is where it is held against.
// Empty where that is not known.
std::string SinceWords(const v1::DriftResult& result, size_t unit, size_t of_class);

// What differs from the first class of a unit to another one, as a diff tells it.
DiffReport ReportOf(const v1::DriftResult& result, size_t unit, size_t of_class,
                    const std::string& arrow);

// Whether a report says no more than one thing, which ClassWords has in it.
bool IsOneThing(const DiffReport& report);

// "varve diff prod-eu prod-old".
std::string DiffCommand(const v1::DriftResult& result, const v1::DriftUnit& unit, size_t of_class);

// The answer in one line, without a line's end.
std::string DriftAnswer(const v1::DriftResult& result);

// What was left out, a line each: what, then why and whose.
std::vector<DiffLine> UnsaidLines(const v1::DriftResult& result);

}  // namespace varve
