// The careful look of Redactor::MaskText, and the glance that spares most texts it.
#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "agent/redaction/redaction.h"

namespace varve {

// True: MaskSecrets finds nothing in `text`. False says nothing. Costs a tenth of it.
bool IsPlainText(absl::string_view text);

// As Redactor::MaskText.
std::string MaskSecrets(absl::string_view text, Masked& masked);

}  // namespace varve
