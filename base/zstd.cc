#include "base/zstd.h"

#include <zstd.h>
#include <zstd_errors.h>

#include <algorithm>
#include <memory>
#include <new>
#include <utility>

#include "absl/strings/str_cat.h"

namespace varve {
namespace {

// zstd's own default: higher levels cost far more time than they save bytes here.
constexpr int kLevel = 3;

// Frames of kLevel want a window of 2 MiB at most. zstd takes memory for the window that a frame
// claims before it reads what is in it.
constexpr int kMostWindowLog = 23;

struct FreeContext {
  void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
  void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};
using Compressor = std::unique_ptr<ZSTD_CCtx, FreeContext>;
using Decompressor = std::unique_ptr<ZSTD_DCtx, FreeContext>;

// Contexts cost more to make than a small frame does to read: each thread keeps its own, as long as
// it is small.
constexpr size_t kMostKeptBytes = size_t{2} << 20;
thread_local Compressor kept_compressor;
thread_local Decompressor kept_decompressor;

Compressor TakeCompressor() {
  Compressor context = std::move(kept_compressor);
  if (context == nullptr) context.reset(ZSTD_createCCtx());
  if (context == nullptr) throw std::bad_alloc();
  ZSTD_CCtx_reset(context.get(), ZSTD_reset_session_and_parameters);
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_compressionLevel, kLevel);
  // Four bytes by which Inflated notices flipped bits that still inflate.
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_checksumFlag, 1);
  return context;
}

Decompressor TakeDecompressor() {
  Decompressor context = std::move(kept_decompressor);
  if (context == nullptr) context.reset(ZSTD_createDCtx());
  if (context == nullptr) throw std::bad_alloc();
  ZSTD_DCtx_reset(context.get(), ZSTD_reset_session_and_parameters);
  ZSTD_DCtx_setParameter(context.get(), ZSTD_d_windowLogMax, kMostWindowLog);
  return context;
}

// What to make room for first: what the frame claims, within what is cheap to have.
size_t FirstRoom(absl::string_view frame) {
  const unsigned long long claimed = ZSTD_getFrameContentSize(frame.data(), frame.size());
  const size_t most = ZSTD_DStreamOutSize();
  if (claimed == ZSTD_CONTENTSIZE_UNKNOWN || claimed == ZSTD_CONTENTSIZE_ERROR) return most;
  return std::clamp<unsigned long long>(claimed, 1, most);
}

absl::Status ToStatus(size_t error) {
  const std::string message = absl::StrCat("zstd: ", ZSTD_getErrorName(error));
  const bool too_large = ZSTD_getErrorCode(error) == ZSTD_error_frameParameter_windowTooLarge;
  return too_large ? absl::ResourceExhaustedError(message) : absl::DataLossError(message);
}

}  // namespace

std::string Compressed(absl::string_view bytes) {
  Compressor context = TakeCompressor();
  std::string frame(ZSTD_compressBound(bytes.size()), '\0');
  const size_t size =
      ZSTD_compress2(context.get(), frame.data(), frame.size(), bytes.data(), bytes.size());
  // With room of ZSTD_compressBound it can only run out of memory, and then nothing of ours goes
  // on.
  if (ZSTD_isError(size) != 0) throw std::bad_alloc();
  frame.resize(size);
  if (ZSTD_sizeof_CCtx(context.get()) <= kMostKeptBytes) kept_compressor = std::move(context);
  return frame;
}

namespace {

absl::StatusOr<std::string> InflatedBy(ZSTD_DCtx* context, absl::string_view frame,
                                       size_t most_bytes) {
  std::string bytes;
  ZSTD_inBuffer in = {frame.data(), frame.size(), 0};
  size_t room = FirstRoom(frame);
  while (true) {
    const size_t have = bytes.size();
    bytes.resize(std::min(most_bytes + 1, have + room));
    // Room doubles as it fills, so that a frame that lies about its size costs nothing.
    room = std::max(bytes.size(), ZSTD_DStreamOutSize());
    ZSTD_outBuffer out = {bytes.data(), bytes.size(), have};
    const size_t hint = ZSTD_decompressStream(context, &out, &in);
    if (ZSTD_isError(hint) != 0) return ToStatus(hint);
    const bool room_left = out.pos < out.size;
    bytes.resize(out.pos);
    if (bytes.size() > most_bytes) {
      return absl::ResourceExhaustedError(absl::StrCat("more than ", most_bytes, " bytes"));
    }
    // 0: a frame is at its end and wholly out, also where it filled the room to the last byte.
    if (hint == 0 && in.pos == in.size) return bytes;
    if (in.pos == in.size && room_left) return absl::DataLossError("zstd: cut short");
  }
}

}  // namespace

absl::StatusOr<std::string> Inflated(absl::string_view frame, size_t most_bytes) {
  Decompressor context = TakeDecompressor();
  absl::StatusOr<std::string> bytes = InflatedBy(context.get(), frame, most_bytes);
  if (ZSTD_sizeof_DCtx(context.get()) <= kMostKeptBytes) kept_decompressor = std::move(context);
  return bytes;
}

}  // namespace varve
