// An optional for what is seldom there: while empty it takes no more room than a pointer.
#pragma once

#include <memory>
#include <optional>
#include <utility>

namespace varve {

template <typename T>
class Rarely {
 public:
  Rarely() = default;
  Rarely(T value)  // NOLINT(google-explicit-constructor): as std::optional
      : value_(std::make_unique<T>(std::move(value))) {}
  Rarely(std::optional<T> value)  // NOLINT(google-explicit-constructor)
      : value_(value.has_value() ? std::make_unique<T>(*std::move(value)) : nullptr) {}
  Rarely(const Rarely& other) : value_(other.has_value() ? std::make_unique<T>(*other) : nullptr) {}
  Rarely(Rarely&&) noexcept = default;
  Rarely& operator=(Rarely other) noexcept {
    value_ = std::move(other.value_);
    return *this;
  }
  ~Rarely() = default;

  bool has_value() const { return value_ != nullptr; }
  const T* get() const { return value_.get(); }  // null where there is none
  const T& operator*() const { return *value_; }
  const T* operator->() const { return value_.get(); }
  T* operator->() { return value_.get(); }
  void reset() { value_.reset(); }

  friend bool operator==(const Rarely& a, const Rarely& b) {
    return a.has_value() == b.has_value() && (!a.has_value() || *a == *b);
  }

 private:
  std::unique_ptr<T> value_;
};

}  // namespace varve
