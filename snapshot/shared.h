// A value that its copies share until one of them is changed. Copying costs nothing, however large
// it is.
//
// Thread safety: as of any value. Copies of one value may be used, and changed, on different
// threads.
#pragma once

#include <atomic>
#include <utility>

namespace varve {

template <typename T>
class Shared {
 public:
  Shared() = default;  // T()
  Shared(T value)      // NOLINT(google-explicit-constructor): it stands for the value
      : held_(new Held(std::move(value))) {}
  Shared(const Shared& other) : held_(other.held_) {
    if (held_ != nullptr) held_->owners.fetch_add(1, std::memory_order_relaxed);
  }
  Shared(Shared&& other) noexcept : held_(std::exchange(other.held_, nullptr)) {}
  Shared& operator=(Shared other) noexcept {
    std::swap(held_, other.held_);
    return *this;
  }
  ~Shared() {
    if (held_ != nullptr && held_->owners.fetch_sub(1, std::memory_order_acq_rel) == 1) {
      delete held_;
    }
  }

  const T& operator*() const { return held_ != nullptr ? held_->value : Empty(); }
  const T* operator->() const { return &**this; }

  // What a list is read by.
  auto begin() const { return (**this).begin(); }
  auto end() const { return (**this).end(); }
  auto size() const { return (**this).size(); }
  bool empty() const { return (**this).empty(); }

  // The value, to be changed: from here on only this has it. Valid until this is copied.
  T& Edit() {
    if (held_ == nullptr) {
      held_ = new Held(T());
    } else if (held_->owners.load(std::memory_order_acquire) != 1) {
      *this = Shared(T(held_->value));
    }
    return held_->value;
  }

 private:
  struct Held {
    explicit Held(T held_value) : value(std::move(held_value)) {}
    T value;
    std::atomic<int> owners = 1;
  };

  static const T& Empty() {
    static const T& empty = *new T();
    return empty;
  }

  Held* held_ = nullptr;  // null: empty
};

}  // namespace varve
