// Tells ThreadSanitizer of gRPC's callbacks. Debian's gRPC is not instrumented: that an operation
// was started before its callback runs, and that a call ends behind all of its callbacks, would be
// lost, and every message read as a race. Linked into the tests of a ThreadSanitizer build, these
// definitions come before the library's. They include no header of gRPC: it defines the same.
#include <dlfcn.h>
#include <sanitizer/tsan_interface.h>

#include <cstddef>

namespace {

template <typename Function>
Function Next(const char* name) {
  void* const found = dlsym(RTLD_NEXT, name);
  if (found == nullptr) __builtin_trap();  // another gRPC: name its functions here
  return reinterpret_cast<Function>(found);
}

}  // namespace

extern "C" {

// grpc_call_error grpc_call_start_batch(grpc_call*, const grpc_op*, size_t, void* tag, void*): the
// tag is the functor that runs when the operations are done.
int grpc_call_start_batch(void* call, const void* ops, size_t count, void* tag, void* reserved) {
  static const auto next =
      Next<int (*)(void*, const void*, size_t, void*, void*)>("grpc_call_start_batch");
  __tsan_release(tag);
  return next(call, ops, count, tag, reserved);
}

// grpc::internal::CallbackWithSuccessTag::StaticRun(grpc_completion_queue_functor*, int): runs it.
#define VARVE_STATIC_RUN \
  "_ZN4grpc8internal22CallbackWithSuccessTag9StaticRunEP29grpc_completion_queue_functori"
void VarveRunFunctor(void* functor, int ok) __asm__(VARVE_STATIC_RUN);
void VarveRunFunctor(void* functor, int ok) {
  static const auto next = Next<void (*)(void*, int)>(VARVE_STATIC_RUN);
  __tsan_acquire(functor);
  next(functor, ok);
}

// grpc::internal::ServerCallbackCall, as far as it is looked at. What must be over before a call is
// cancelled or done counts down an atomic; where the library itself counts, nobody sees it.
struct VarveServerCallbackCall {
  void* virtual_table;
  int on_cancel_conditions_remaining;
  int callbacks_outstanding;
};

// ScheduleOnDone(bool): the last of the call's callbacks is over.
#define VARVE_SCHEDULE_ON_DONE "_ZN4grpc8internal18ServerCallbackCall14ScheduleOnDoneEb"
void VarveScheduleOnDone(VarveServerCallbackCall* call,
                         bool is_inline) __asm__(VARVE_SCHEDULE_ON_DONE);
void VarveScheduleOnDone(VarveServerCallbackCall* call, bool is_inline) {
  static const auto next = Next<void (*)(VarveServerCallbackCall*, bool)>(VARVE_SCHEDULE_ON_DONE);
  __tsan_acquire(&call->callbacks_outstanding);
  next(call, is_inline);
}

// CallOnCancel(grpc::internal::ServerReactor*): the call was begun, and is cancelled.
#define VARVE_CALL_ON_CANCEL \
  "_ZN4grpc8internal18ServerCallbackCall12CallOnCancelEPNS0_13ServerReactorE"
void VarveCallOnCancel(VarveServerCallbackCall* call, void* reactor) __asm__(VARVE_CALL_ON_CANCEL);
void VarveCallOnCancel(VarveServerCallbackCall* call, void* reactor) {
  static const auto next = Next<void (*)(VarveServerCallbackCall*, void*)>(VARVE_CALL_ON_CANCEL);
  __tsan_acquire(&call->on_cancel_conditions_remaining);
  next(call, reactor);
}

}  // extern "C"
