#include "agent/source/models/sandbox.h"

#include <seccomp.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <type_traits>

#include "absl/cleanup/cleanup.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace varve {
namespace {

struct ReleaseFilter {
  void operator()(void* filter) const { seccomp_release(filter); }
};
using FilterPtr = std::unique_ptr<std::remove_pointer_t<scmp_filter_ctx>, ReleaseFilter>;

absl::Status Trouble(absl::string_view doing, int error) {
  return absl::InternalError(absl::StrCat(doing, ": ", std::strerror(error < 0 ? -error : error)));
}

// Rules go by number: a call that this kernel or libseccomp does not know is negative, and skipped.
int AddRules(scmp_filter_ctx filter, bool allow_network) {
  const int always[] = {
      SCMP_SYS(setsid),           SCMP_SYS(setpgid),           SCMP_SYS(ptrace),
      SCMP_SYS(process_vm_readv), SCMP_SYS(process_vm_writev), SCMP_SYS(io_uring_setup)};
  for (const int call : always) {
    const int error = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), call, 0);
    if (error != 0) return error;
  }
  if (allow_network) return 0;
  for (const int call : {SCMP_SYS(connect), SCMP_SYS(bind)}) {
    const int error = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EACCES), call, 0);
    if (error != 0) return error;
  }
  return seccomp_rule_add(filter, SCMP_ACT_ERRNO(EACCES), SCMP_SYS(socket), 1,
                          SCMP_A0(SCMP_CMP_NE, AF_UNIX));
}

// This libseccomp exports to a descriptor only.
absl::StatusOr<std::vector<sock_filter>> Exported(scmp_filter_ctx filter) {
  const int file = memfd_create("seccomp", MFD_CLOEXEC);
  if (file < 0) return Trouble("making a file in memory", errno);
  const absl::Cleanup close_file = [file] { close(file); };
  const int error = seccomp_export_bpf(filter, file);
  if (error != 0) return Trouble("exporting a seccomp filter", error);
  const off_t size = lseek(file, 0, SEEK_END);
  std::vector<sock_filter> program(static_cast<size_t>(size) / sizeof(sock_filter));
  const size_t bytes = program.size() * sizeof(sock_filter);
  if (pread(file, program.data(), bytes, 0) != static_cast<ssize_t>(bytes)) {
    return Trouble("reading a seccomp filter", errno);
  }
  return program;
}

}  // namespace

absl::StatusOr<std::vector<sock_filter>> SandboxFilter(bool allow_network) {
  const FilterPtr filter(seccomp_init(SCMP_ACT_ALLOW));
  if (filter == nullptr) return Trouble("making a seccomp filter", ENOMEM);
  // Calls by another architecture's numbers (32 bit) are refused, or they would pass by all rules.
  int error = seccomp_attr_set(filter.get(), SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_ERRNO(EACCES));
  if (error == 0) error = AddRules(filter.get(), allow_network);
  if (error != 0) return Trouble("making a seccomp filter", error);
  return Exported(filter.get());
}

}  // namespace varve
