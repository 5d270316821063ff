#include "agent/redaction/mask_key.h"

#include <fcntl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "base/status.h"
#include "snapshot/hash.h"

namespace varve {
namespace {

// The file: this word, a space, 64 hexadecimal digits, a newline.
constexpr absl::string_view kHead = "varve-mask-key-1 ";
constexpr size_t kKeyBytes = 32;

absl::Status ErrnoStatus(absl::string_view doing, const std::string& path) {
  return absl::ErrnoToStatus(errno, absl::StrCat(doing, " ", path));
}

absl::StatusOr<std::string> ReadPrivate(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (file < 0) return ErrnoStatus("opening the mask key", path);
  const absl::Cleanup close = [file] { ::close(file); };
  struct stat facts = {};
  if (::fstat(file, &facts) != 0) return ErrnoStatus("reading the mask key", path);
  if ((facts.st_mode & 077) != 0) {
    return absl::FailedPreconditionError(
        absl::StrCat("mask key ", path, ": others may read it; run: chmod 600 ", path));
  }
  std::string text(256, '\0');
  const ssize_t size = ::read(file, text.data(), text.size());
  if (size < 0) return ErrnoStatus("reading the mask key", path);
  text.resize(static_cast<size_t>(size));
  return text;
}

absl::StatusOr<MaskKey> KeyFrom(absl::string_view text, const std::string& path) {
  absl::string_view digits = text;
  const bool has_form = absl::ConsumePrefix(&digits, kHead) && absl::ConsumeSuffix(&digits, "\n") &&
                        digits.size() == 2 * kKeyBytes &&
                        digits.find_first_not_of("0123456789abcdef") == absl::string_view::npos;
  if (!has_form) {
    return absl::DataLossError(
        absl::StrCat("mask key ", path, ": it holds no key; move it away and a new one is made"));
  }
  return MaskKeyOf(absl::HexStringToBytes(digits));
}

absl::Status WriteAll(int file, absl::string_view text, const std::string& path) {
  if (::write(file, text.data(), text.size()) != static_cast<ssize_t>(text.size()) ||
      ::fsync(file) != 0) {
    return ErrnoStatus("writing the mask key", path);
  }
  return absl::OkStatus();
}

// Writes a new key under a name of its own, then gives it its name unless another process was
// first.
absl::Status Create(const std::string& folder, const std::string& path) {
  std::string bytes(kKeyBytes, '\0');
  if (::getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) {
    return ErrnoStatus("drawing random bytes for the mask key", path);
  }
  std::string temporary = absl::StrCat(folder, "/.mask.key.XXXXXX");
  const int file = ::mkostemp(temporary.data(), O_CLOEXEC);  // 0600
  if (file < 0) return ErrnoStatus("making the mask key", path);
  const absl::Cleanup remove = [&] {
    ::close(file);
    ::unlink(temporary.c_str());
  };
  VARVE_RETURN_IF_ERROR(
      WriteAll(file, absl::StrCat(kHead, absl::BytesToHexString(bytes), "\n"), path));
  if (::link(temporary.c_str(), path.c_str()) != 0 && errno != EEXIST) {
    return ErrnoStatus("making the mask key", path);
  }
  const int directory = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (directory >= 0) {
    ::fsync(directory);
    ::close(directory);
  }
  return absl::OkStatus();
}

}  // namespace

MaskKey MaskKeyOf(std::string bytes) {
  const std::string id = HashOf<BlobHash>(absl::StrCat("varve mask key id\n", bytes)).Hex();
  return {id.substr(0, 16), std::move(bytes)};
}

absl::StatusOr<MaskKey> LoadOrCreateMaskKey(const std::string& folder) {
  const std::string path = absl::StrCat(folder, "/mask.key");
  absl::StatusOr<std::string> text = ReadPrivate(path);
  if (absl::IsNotFound(text.status())) {
    VARVE_RETURN_IF_ERROR(Create(folder, path));
    text = ReadPrivate(path);
  }
  VARVE_RETURN_IF_ERROR(text.status());
  return KeyFrom(*text, path);
}

}  // namespace varve
