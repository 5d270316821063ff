// Canonical form: made twice it is the same, it reads back, and lists whose order has no meaning
// have one order however they came.
#include <string>
#include <vector>

#include "google/protobuf/descriptor.h"
#include "google/protobuf/stubs/logging.h"
#include "snapshot/canonical.h"
#include "tests/fuzz/property.h"
#include "varve/v1/options.pb.h"
#include "varve/v1/shape.pb.h"

namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

// Turns around every list whose order has no meaning.
void TurnAround(Message& message) {
  const Reflection& reflection = *message.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection.ListFields(message, &fields);
  for (const FieldDescriptor* const field : fields) {
    const bool is_message = field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE;
    if (!field->is_repeated()) {
      if (is_message) TurnAround(*reflection.MutableMessage(&message, field));
      continue;
    }
    const int size = reflection.FieldSize(message, field);
    for (int i = 0; is_message && i < size; ++i) {
      TurnAround(*reflection.MutableRepeatedMessage(&message, field, i));
    }
    if (field->options().GetExtension(varve::v1::ordered)) continue;
    for (int i = 0; i < size / 2; ++i) reflection.SwapElements(&message, field, i, size - 1 - i);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  // Bytes that are no message are no news here.
  [[maybe_unused]] static auto* const log_before = google::protobuf::SetLogHandler(nullptr);
  varve::v1::Shape shape;
  if (!shape.ParseFromArray(data, static_cast<int>(size))) return 0;
  varve::v1::Shape turned = shape;
  TurnAround(turned);
  const std::string bytes = varve::CanonicalBytes(shape);
  VARVE_HOLDS(varve::CanonicalBytes(turned) == bytes);
  VARVE_HOLDS(varve::CanonicalBytes(shape) == bytes);
  varve::v1::Shape back;
  VARVE_HOLDS(back.ParseFromString(bytes));
  VARVE_HOLDS(varve::CanonicalBytes(back) == bytes);
  return 0;
}
