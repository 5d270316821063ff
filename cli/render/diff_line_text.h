// Words of a diff's lines.
#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "cli/render/diff_report.h"
#include "varve/v1/diff.pb.h"

namespace varve {

// "key pattern" of "key_pattern".
std::string Words(absl::string_view name);

// "table public.orders".
std::string EntityName(const v1::Identity& identity);

// "column public.orders.discount" of "table public.orders" and "column discount".
std::string NameOfPart(const std::string& entity, const std::string& part);

// "+", "-", "~", "→", "?"; a space where there is none. `utf8`: signs beyond ASCII may be used.
absl::string_view Sign(DiffSign sign, bool utf8);

// "  between @4 and @6" of a change found after a gap; else empty.
std::string Between(const v1::Difference& difference);

DiffSign SignOf(v1::Difference::Op op);

// The line of a property or part; `suffix` ends its detail, `arrow` stands between two values.
DiffLine LineOf(v1::PropertyChange change, const std::string& suffix, const std::string& arrow);

// "rows 1,204 → 1,250 (+3.82 %)".
std::string GrowthText(const v1::Growth& growth, const std::string& arrow);

}  // namespace varve
