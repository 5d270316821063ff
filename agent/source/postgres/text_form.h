// How the bytes of a database's texts become UTF-8.
#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "base/utf8.h"

namespace varve::postgres {

enum class TextForm {
  kUtf8,     // the server sends UTF-8: as it is
  kEscaped,  // it sends what is stored (client_encoding SQL_ASCII): all texts escaped
};

inline TextForm TextFormOf(absl::string_view client_encoding) {
  return client_encoding == "SQL_ASCII" ? TextForm::kEscaped : TextForm::kUtf8;
}

inline std::string TextFrom(absl::string_view bytes, TextForm form) {
  return form == TextForm::kEscaped ? EscapedUtf8(bytes) : ToUtf8(bytes);
}

// The bytes that TextFrom made `text` of: a name as SQL has to have it.
inline std::string BytesOf(absl::string_view text, TextForm form) {
  return form == TextForm::kEscaped ? UnescapedUtf8(text) : std::string(text);
}

}  // namespace varve::postgres
