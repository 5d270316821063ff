#include "cli/render/ci_text.h"

#include <tinyxml2.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include "cli/render/text_table.h"

namespace varve {
namespace {

// Of the text of a workflow command, and of a property of one.
std::string GithubText(const std::string& text) {
  return absl::StrReplaceAll(text, {{"%", "%25"}, {"\r", "%0D"}, {"\n", "%0A"}});
}
std::string GithubProperty(const std::string& text) {
  return absl::StrReplaceAll(GithubText(text), {{":", "%3A"}, {",", "%2C"}});
}

}  // namespace

void AddJunitCase(tinyxml2::XMLPrinter& xml, const std::string& group, const std::string& name,
                  const char* child, const std::string& text) {
  xml.OpenElement("testcase");
  xml.PushAttribute("classname", OneLine(group).c_str());
  xml.PushAttribute("name", OneLine(name).c_str());
  if (child != nullptr) {
    xml.OpenElement(child);
    if (absl::string_view(child) == "system-out") {
      xml.PushText(text.c_str());
    } else {
      xml.PushAttribute("message", text.c_str());
    }
    xml.CloseElement();
  }
  xml.CloseElement();
}

std::string GithubCommand(const std::string& command, const std::string& title,
                          const std::string& text) {
  return absl::StrCat("::", command, " title=", GithubProperty(OneLine(title)),
                      "::", GithubText(OneLine(text)), "\n");
}

}  // namespace varve
