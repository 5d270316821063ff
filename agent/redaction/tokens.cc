#include "agent/redaction/tokens.h"

#include <algorithm>
#include <array>
#include <iterator>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "agent/redaction/beginnings.h"

namespace varve {
namespace {

bool IsBase64Url(char c) { return absl::ascii_isalnum(c) || c == '_' || c == '-'; }

template <typename Test>
size_t RunOf(absl::string_view text, Test test) {
  size_t size = 0;
  while (size < text.size() && test(text[size])) ++size;
  return size;
}

// A vendor's keys: what they begin with, and how much at least follows of letters, digits, '_' and
// '-'.
struct Vendor {
  absl::string_view prefix;
  size_t min_rest;
};
constexpr Vendor kVendors[] = {
    {"AKIA", 16},        {"ASIA", 16},    {"AIza", 30},    {"ghp_", 16},
    {"gho_", 16},        {"ghu_", 16},    {"ghs_", 16},    {"ghr_", 16},
    {"github_pat_", 16}, {"glpat-", 16},  {"sk_live_", 8}, {"sk_test_", 8},
    {"rk_live_", 8},     {"rk_test_", 8}, {"pk_live_", 8}, {"whsec_", 8},
    {"xoxb-", 10},       {"xoxp-", 10},   {"xoxa-", 10},   {"xoxr-", 10},
    {"xoxs-", 10},       {"sk-", 20},     {"npm_", 30},    {"hf_", 30},
    {"dop_v1_", 30},     {"pypi-", 30},   {"SG.", 20},     {"xapp-", 10},
    {"ya29.", 20},       {"shpat_", 16},  {"hvs.", 20},    {"AGE-SECRET-KEY-", 20}};

constexpr size_t kShortestVendorToken = [] {
  size_t shortest = kVendors[0].prefix.size() + kVendors[0].min_rest;
  for (const Vendor& vendor : kVendors) {
    shortest = std::min(shortest, vendor.prefix.size() + vendor.min_rest);
  }
  return shortest;
}();

constexpr absl::string_view kJwtPrefix = "eyJ";

constexpr Beginnings kVendorBeginnings = [] {
  std::array<absl::string_view, std::size(kVendors)> prefixes;
  for (size_t i = 0; i < prefixes.size(); ++i) prefixes[i] = kVendors[i].prefix;
  return Beginnings(prefixes);
}();

bool IsLocalPart(char c) {
  return absl::ascii_isalnum(c) || static_cast<unsigned char>(c) >= 0x80 ||
         absl::StrContains("._%+-", absl::string_view(&c, 1));
}

// A letter or digit of a domain, of any script.
bool IsLabel(char c) { return absl::ascii_isalnum(c) || static_cast<unsigned char>(c) >= 0x80; }

}  // namespace

size_t JwtSize(absl::string_view text) {
  if (!absl::StartsWith(text, kJwtPrefix)) return 0;
  size_t size = RunOf(text, IsBase64Url);
  if (size < 8) return 0;
  int parts = 1;
  while (parts < 5 && size < text.size() && text[size] == '.') {
    const size_t part = RunOf(text.substr(size + 1), IsBase64Url);
    // The signature may be empty ("alg": "none"), the payload not; a full stop after a JWT is no
    // part of it.
    if (part == 0 && parts != 2) break;
    size += 1 + part;
    ++parts;
  }
  return parts >= 3 ? size : 0;
}

size_t VendorTokenSize(absl::string_view text) {
  if (text.size() < kShortestVendorToken) return 0;
  if (!kVendorBeginnings.Has(text[0], text[1])) return 0;  // nearly every word
  for (const Vendor& vendor : kVendors) {
    if (!absl::StartsWith(text, vendor.prefix)) continue;
    const auto in_token = [&](char c) {
      return IsBase64Url(c) || (vendor.prefix.back() == '.' && c == '.');
    };
    const size_t rest = RunOf(text.substr(vendor.prefix.size()), in_token);
    if (rest >= vendor.min_rest) return vendor.prefix.size() + rest;
  }
  return 0;
}

bool MayBeginToken(absl::string_view text) {
  if (text.size() < 2) return false;
  if (absl::StartsWith(text, kJwtPrefix)) return true;
  if (!kVendorBeginnings.Has(text[0], text[1])) return false;
  return std::any_of(std::begin(kVendors), std::end(kVendors), [text](const Vendor& vendor) {
    return absl::StartsWith(text, vendor.prefix);
  });
}

size_t PrivateKeySize(absl::string_view text) {
  static constexpr absl::string_view kBegin = "-----BEGIN ";
  static constexpr absl::string_view kEnd = "PRIVATE KEY-----";
  static constexpr size_t kLongestLabel = 64;
  if (!absl::StartsWith(text, kBegin)) return 0;
  const absl::string_view label = text.substr(0, kBegin.size() + kLongestLabel);
  const size_t begins = label.find(kEnd);
  if (begins == absl::string_view::npos) {
    // "PGP PRIVATE KEY BLOCK-----"
    const size_t block = label.find("PRIVATE KEY BLOCK-----");
    if (block == absl::string_view::npos) return 0;
    const size_t end = text.find("-----END PGP PRIVATE KEY BLOCK-----", block);
    return end == absl::string_view::npos ? text.size() : end + 35;
  }
  const size_t body = begins + kEnd.size();
  const size_t ends = text.find("-----END ", body);
  if (ends == absl::string_view::npos) return text.size();
  const size_t closes = text.substr(0, ends + kBegin.size() + kLongestLabel).find(kEnd, ends);
  return closes == absl::string_view::npos ? text.size() : closes + kEnd.size();
}

Range EmailAround(absl::string_view text, size_t at, size_t floor) {
  size_t begin = at;
  while (begin > floor && IsLocalPart(text[begin - 1])) --begin;
  while (begin < at && !absl::ascii_isalnum(text[begin]) &&
         static_cast<unsigned char>(text[begin]) < 0x80) {
    ++begin;  // "--to=-x@y.z": a name begins with no punctuation
  }
  if (begin == at) return {};
  size_t end = at + 1;
  end += RunOf(text.substr(end), [](char c) { return IsLabel(c) || c == '.' || c == '-'; });
  while (end > at + 1 && !IsLabel(text[end - 1])) --end;
  const absl::string_view domain = text.substr(at + 1, end - at - 1);
  const size_t dot = domain.rfind('.');
  if (dot == absl::string_view::npos || dot == 0) return {};
  const absl::string_view top = domain.substr(dot + 1);
  // A version (pkg@1.2.3) is no host.
  const bool is_name = std::none_of(top.begin(), top.end(), absl::ascii_isdigit);
  if (top.size() < 2 || !is_name || absl::StrContains(top, '-')) return {};
  return {begin, end};
}

bool IsOpaque(absl::string_view word) {
  return word.size() >= 12 && std::all_of(word.begin(), word.end(), IsBase64Url) &&
         std::count_if(word.begin(), word.end(), absl::ascii_isdigit) >= 2;
}

}  // namespace varve
