#include "collector/token.h"

#include <fcntl.h>
#include <openssl/rand.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <cerrno>
#include <cstring>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/log.h"
#include "base/status.h"
#include "snapshot/hash.h"

namespace varve {
namespace {

constexpr absl::string_view kBase62 =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
constexpr size_t kRandomDigits = 43;
constexpr size_t kChecksumDigits = 6;

std::string Checksum(absl::string_view text) {
  uLong crc = crc32(0, reinterpret_cast<const Bytef*>(text.data()), static_cast<uInt>(text.size()));
  std::string digits(kChecksumDigits, '0');
  for (size_t i = digits.size(); i > 0; --i) {
    digits[i - 1] = kBase62[crc % kBase62.size()];
    crc /= kBase62.size();
  }
  return digits;
}

// Uniform digits: a byte of 248 and more is thrown away, since 256 is no multiple of 62.
absl::StatusOr<std::string> RandomDigits() {
  std::string digits;
  while (digits.size() < kRandomDigits) {
    unsigned char byte = 0;
    if (RAND_bytes(&byte, 1) != 1) {
      return absl::InternalError("making a token: the system gives no random numbers");
    }
    if (byte < 248) digits.push_back(kBase62[byte % kBase62.size()]);
  }
  return digits;
}

absl::StatusOr<std::string> ReadTokenFile(int file, const std::string& path) {
  struct stat facts {};
  if (fstat(file, &facts) != 0 || (facts.st_mode & 077) != 0) {
    return absl::PermissionDeniedError(
        absl::StrCat("token file ", path, " can be read by others; run: chmod 600 ", path));
  }
  std::array<char, 256> buffer{};
  const ssize_t size = read(file, buffer.data(), buffer.size());
  const absl::string_view token = absl::StripAsciiWhitespace(
      absl::string_view(buffer.data(), size > 0 ? static_cast<size_t>(size) : 0));
  if (!IsTokenForm(token)) {
    return absl::InvalidArgumentError(
        absl::StrCat("token file ", path, " holds no token; remove it, and a new one is made"));
  }
  return std::string(token);
}

// Under a temporary name first: a token that was cut short by a full disk would lock everybody out.
absl::Status WriteTokenFile(const std::string& path, absl::string_view token) {
  const std::string part = absl::StrCat(path, ".part");
  const std::string line = absl::StrCat(token, "\n");
  const int file = open(part.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  bool written = file >= 0 && fchmod(file, 0600) == 0 &&
                 write(file, line.data(), line.size()) == static_cast<ssize_t>(line.size()) &&
                 fsync(file) == 0;
  if (file >= 0) close(file);
  written = written && rename(part.c_str(), path.c_str()) == 0;
  if (written) return absl::OkStatus();
  const int error = errno;
  unlink(part.c_str());
  return absl::PermissionDeniedError(
      absl::StrCat("writing token file ", path, ": ", std::strerror(error)));
}

}  // namespace

absl::StatusOr<std::string> MakeToken(absl::string_view role_prefix) {
  VARVE_ASSIGN_OR_RETURN(const std::string digits, RandomDigits());
  const std::string body = absl::StrCat("varve_", role_prefix, "_", digits);
  return absl::StrCat(body, "_", Checksum(body));
}

bool IsTokenForm(absl::string_view token) {
  if (!absl::StartsWith(token, "varve_") || token.size() < kRandomDigits + kChecksumDigits + 8) {
    return false;
  }
  const absl::string_view body = token.substr(0, token.size() - kChecksumDigits - 1);
  return token[body.size()] == '_' && token.substr(body.size() + 1) == Checksum(body);
}

TokenHash HashToken(absl::string_view token) { return Sha256(token); }

absl::StatusOr<std::string> LoadOrMakeAdminToken(const std::string& path) {
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  const int error = errno;
  const absl::Cleanup close_file = [file] {
    if (file >= 0) close(file);
  };
  if (file >= 0) return ReadTokenFile(file, path);
  if (error != ENOENT) {
    return absl::PermissionDeniedError(
        absl::StrCat("token file ", path, ": ", std::strerror(error)));
  }
  VARVE_ASSIGN_OR_RETURN(std::string token, MakeToken("adm"));
  VARVE_RETURN_IF_ERROR(WriteTokenFile(path, token));
  log::Info("admin token written", {{"file", path}});
  return token;
}

}  // namespace varve
