// Change rules that hold for whole sections, and for what no other rule answers for.
#include "snapshot/changes/change_case.h"

namespace varve {
namespace {

using v1::Difference;

constexpr v1::ChangeClass kBreaking = v1::CHANGE_CLASS_BREAKING;
constexpr v1::ChangeClass kRisky = v1::CHANGE_CLASS_RISKY;
constexpr v1::ChangeClass kAdditive = v1::CHANGE_CLASS_ADDITIVE;
constexpr v1::ChangeClass kCosmetic = v1::CHANGE_CLASS_COSMETIC;

bool IsSection(const Change& change) { return change.kind.empty(); }

constexpr ChangeCase kSections[] = {
    {{"change/database-dropped", kBreaking, "all that was in it is gone"},
     "",
     v1::FACET_UNSPECIFIED,
     Difference::OP_REMOVED,
     "",
     IsSection},
    {{"change/docs", kCosmetic, "words for people"},
     "",
     v1::FACET_DOCS,
     Difference::OP_UNSPECIFIED,
     "**"},
    {{"change/representation", kCosmetic, "the same model as its library prints it"},
     "",
     v1::FACET_REPRESENTATION,
     Difference::OP_UNSPECIFIED,
     "**"},
};

constexpr ChangeCase kOthers[] = {
    {{"change/renamed", kBreaking, "who uses the old name fails"},
     "",
     v1::FACET_UNSPECIFIED,
     Difference::OP_RENAMED},
    {{"change/added", kAdditive, "nobody relied on it"},
     "",
     v1::FACET_UNSPECIFIED,
     Difference::OP_ADDED},
    {{"change/dropped", kBreaking, "who uses it fails"},
     "",
     v1::FACET_UNSPECIFIED,
     Difference::OP_REMOVED},
    {{"change/state", kCosmetic, "moves by itself"},
     "",
     v1::FACET_STATE,
     Difference::OP_UNSPECIFIED,
     "**"},
    {{"change/setting", kRisky, "set otherwise"},
     "",
     v1::FACET_OPTIONS,
     Difference::OP_UNSPECIFIED,
     "**"},
    // The last: it answers for everything.
    {{"change/other", kRisky, "no rule knows it to be harmless"},
     "",
     v1::FACET_UNSPECIFIED,
     Difference::OP_UNSPECIFIED,
     "**"},
};

}  // namespace

absl::Span<const ChangeCase> SectionChangeCases() { return kSections; }
absl::Span<const ChangeCase> OtherChangeCases() { return kOthers; }

}  // namespace varve
