#include "snapshot/selector.h"

#include <algorithm>
#include <set>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "base/glob.h"
#include "base/nearest.h"
#include "base/status.h"

namespace varve {
namespace {

constexpr absl::string_view kExamples = "write for example 'prod-*' or tier=prod,region!=eu";
constexpr size_t kLongest = 4096;  // a list of some hundred names

std::string Quoted(absl::string_view text) {
  return absl::StrCat("'", absl::Utf8SafeCEscape(text.substr(0, 120)), "'");
}

absl::Status Wrong(absl::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat("selector ", what, "; ", kExamples));
}

bool IsNameByte(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) ||
         absl::string_view("._-").find(c) != absl::string_view::npos;
}
bool IsGlobByte(char c) {
  return IsNameByte(c) || absl::string_view("*?[]^").find(c) != absl::string_view::npos;
}

bool FitsOne(const std::vector<std::string>& globs, absl::string_view text) {
  return absl::c_any_of(globs, [&](const std::string& glob) { return GlobMatches(glob, text); });
}

// The value of a label; null where the environment does not have it.
const std::string* ValueOf(const v1::SnapshotHeader& header, absl::string_view label) {
  for (const v1::Label& candidate : header.labels()) {
    if (candidate.name() == label) return &candidate.value();
  }
  return nullptr;
}

// What there is where nothing was taken: values of a label that fits none, or labels, or names.
std::string WhatThereIs(absl::Span<const Selectable> all, absl::string_view label) {
  constexpr size_t kMost = 8;
  std::set<std::string> names;
  std::set<std::string> labels;
  std::set<std::string> values;
  for (const Selectable& environment : all) {
    names.emplace(environment.name);
    for (const v1::Label& candidate : environment.newest.labels()) {
      labels.insert(candidate.name());
      if (candidate.name() == label) values.insert(candidate.value());
    }
  }
  const auto listed = [](absl::string_view what, const std::set<std::string>& words) {
    std::vector<std::string> first(words.begin(), words.end());
    const size_t more = first.size() > kMost ? first.size() - kMost : 0;
    first.resize(first.size() - more);
    return absl::StrCat(what, absl::StrJoin(first, ", "),
                        more > 0 ? absl::StrCat(" and ", more, " more") : "");
  };
  if (!values.empty()) return listed(absl::StrCat("values of ", label, " are "), values);
  if (label.empty()) return listed("there are ", names);
  if (labels.empty()) return absl::StrCat("no environment has labels");
  return listed(absl::StrCat("no environment has a label ", label, "; there are "), labels);
}

}  // namespace

absl::StatusOr<Selector> Selector::Parse(absl::string_view text) {
  Selector selector;
  selector.text_ = std::string(text);
  if (text.size() > kLongest) return Wrong(absl::StrCat("of ", text.size(), " bytes is too long"));
  if (absl::StripAsciiWhitespace(text).empty()) return selector;
  for (const absl::string_view part : absl::StrSplit(text, ',')) {
    VARVE_RETURN_IF_ERROR(selector.Add(absl::StripAsciiWhitespace(part)));
  }
  return selector;
}

absl::Status Selector::Add(absl::string_view term) {
  if (term.empty()) return Wrong(absl::StrCat(Quoted(text_), ": a term is empty"));
  const size_t equals = term.find('=');
  if (equals != absl::string_view::npos) return AddLabel(term, equals);
  const auto bad = absl::c_find_if_not(term, IsGlobByte);
  if (bad == term.end()) {
    names_.emplace_back(term);
    return absl::OkStatus();
  }
  if (*bad == '@' || *bad == '~' || *bad == ':') {
    return Wrong(absl::StrCat(Quoted(term), ": it picks environments, not snapshots of one"));
  }
  return Wrong(absl::StrCat(Quoted(term), ": no environment's name has ",
                            Quoted(absl::string_view(&*bad, 1))));
}

absl::Status Selector::AddLabel(absl::string_view term, size_t equals) {
  absl::string_view label = term.substr(0, equals);
  const bool is_equal = !absl::ConsumeSuffix(&label, "!");
  absl::string_view value = term.substr(equals + 1);
  absl::ConsumePrefix(&value, "=");  // as other tools have it
  label = absl::StripAsciiWhitespace(label);
  value = absl::StripAsciiWhitespace(value);
  if (label.empty()) return Wrong(absl::StrCat(Quoted(term), ": no label stands before the '='"));
  if (!absl::c_all_of(label, IsNameByte)) {
    return Wrong(absl::StrCat(Quoted(term), ": ", Quoted(label), " can be no label"));
  }
  const auto same = absl::c_find_if(labels_, [&](const LabelTerm& candidate) {
    return candidate.label == label && candidate.is_equal == is_equal;
  });
  if (same != labels_.end()) {
    same->values.emplace_back(value);
  } else {
    labels_.push_back({std::string(label), is_equal, {std::string(value)}});
  }
  return absl::OkStatus();
}

bool Selector::Takes(const Selectable& environment) const {
  if (!names_.empty() && !FitsOne(names_, environment.name)) return false;
  return absl::c_all_of(labels_, [&](const LabelTerm& term) {
    const std::string* const value = ValueOf(environment.newest, term.label);
    return (value != nullptr && FitsOne(term.values, *value)) == term.is_equal;
  });
}

absl::StatusOr<std::vector<size_t>> Select(const Selector& selector,
                                           absl::Span<const Selectable> all) {
  std::vector<size_t> taken;
  for (size_t i = 0; i < all.size(); ++i) {
    if (selector.Takes(all[i])) taken.push_back(i);
  }
  if (!taken.empty()) return taken;
  if (all.empty()) {
    return absl::NotFoundError("no environments: the store is empty, no agent has published yet");
  }
  const std::string what =
      absl::StrCat("no environment is selected by ", Quoted(selector.text()), ": ");
  // The first term that alone takes none is the one to mend.
  for (const absl::string_view part : absl::StrSplit(selector.text(), ',')) {
    const absl::StatusOr<Selector> alone = Selector::Parse(part);
    const bool takes_some = alone.ok() && absl::c_any_of(all, [&](const Selectable& environment) {
                              return alone->Takes(environment);
                            });
    if (takes_some) continue;
    const size_t equals = part.find_first_of("!=");
    const bool is_label = equals != absl::string_view::npos;
    const absl::string_view label =
        is_label ? absl::StripAsciiWhitespace(part.substr(0, equals)) : absl::string_view();
    return absl::NotFoundError(absl::StrCat(what, WhatThereIs(all, label)));
  }
  return absl::NotFoundError(absl::StrCat(what, "each term takes some, but none is in all; ",
                                          "varve envs lists names and labels"));
}

}  // namespace varve
