// Pieces of what build servers read: JUnit's XML and GitHub's workflow commands.
#pragma once

#include <string>

namespace tinyxml2 {
class XMLPrinter;
}

namespace varve {

// A case of JUnit; `child` ("failure", "skipped", "system-out") and `text` say how it went where
// it did not just pass; null: it did.
void AddJunitCase(tinyxml2::XMLPrinter& xml, const std::string& group, const std::string& name,
                  const char* child, const std::string& text);

// "::warning title=TITLE::TEXT" and a line break; everything escaped, each made one line.
std::string GithubCommand(const std::string& command, const std::string& title,
                          const std::string& text);

}  // namespace varve
