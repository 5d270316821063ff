#include "tests/unit/agent/odd_text.h"

#include <vector>

#include "agent/redaction/redaction.h"

namespace varve::testing {

std::string OddText(std::mt19937& random, size_t most_pieces) {
  static const std::vector<std::string> kPieces = {"password",
                                                   "password = ",
                                                   " AS ",
                                                   " IN (",
                                                   " = ANY (ARRAY[",
                                                   "::text",
                                                   "IS DISTINCT FROM ",
                                                   "Bearer ",
                                                   "\n",
                                                   "token",
                                                   "API_KEY",
                                                   "apiKey",
                                                   "pwd",
                                                   "secret",
                                                   "auth",
                                                   "bearer",
                                                   "user",
                                                   "eyJ",
                                                   "sk_live_",
                                                   "ghp_",
                                                   "AKIA",
                                                   "xoxb-",
                                                   "SG.",
                                                   "ya29.",
                                                   "Zm9vYmFyMTIz",
                                                   "0123456789ab",
                                                   "a1b2c3d4e5f6a7b8",
                                                   "hunter2",
                                                   "true",
                                                   "7",
                                                   ":",
                                                   ":",
                                                   "://",
                                                   "/",
                                                   "|",
                                                   "{",
                                                   "}",
                                                   "#",
                                                   ",",
                                                   ".",
                                                   "-",
                                                   "_",
                                                   "=",
                                                   "=>",
                                                   ":=",
                                                   "'",
                                                   "\"",
                                                   "\\",
                                                   " ",
                                                   "\t",
                                                   "@",
                                                   "mail.example",
                                                   "x@y.zz",
                                                   "-----BEGIN ",
                                                   "PRIVATE KEY-----",
                                                   "--",
                                                   "?",
                                                   "&",
                                                   ";",
                                                   "(",
                                                   ")",
                                                   "<",
                                                   ">",
                                                   "é",
                                                   "用户",
                                                   "\xff",
                                                   std::string(1, '\0'),
                                                   std::string(kMasked),
                                                   std::string(40, 'x'),
                                                   std::string(300, 'y')};
  std::string text;
  for (size_t left = 1 + random() % most_pieces; left > 0; --left) {
    if (random() % 16 == 0) {
      text += static_cast<char>(random() % 256);
    } else {
      text += kPieces[random() % kPieces.size()];
    }
  }
  return text;
}

}  // namespace varve::testing
