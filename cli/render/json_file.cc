#include "cli/render/json_file.h"

#include <algorithm>

#include "base/status.h"
#include "cli/render/json_sources.h"
#include "cli/render/varve_key.h"

namespace varve {
namespace {

constexpr JsonFile kFiles[] = {
    {"_schema.json", "postgres", WritePostgres},
    {"_redis.json", "redis", WriteRedis},
    {"_models.json", "models", WriteModels},
};

bool HasFile(absl::string_view source_kind) {
  return std::any_of(std::begin(kFiles), std::end(kFiles),
                     [&](const JsonFile& file) { return file.source_kind == source_kind; });
}

std::vector<const SectionView*> DataOf(const RenderView& view, const JsonFile& file) {
  std::vector<const SectionView*> sections;
  for (const SectionView& section : view.sections()) {
    const std::string& kind = section.header().source_kind();
    const bool is_orphan = &file == &kFiles[0] && !HasFile(kind);
    if (kind == file.source_kind || is_orphan) sections.push_back(&section);
  }
  return sections;
}

}  // namespace

absl::Span<const JsonFile> JsonFiles() { return kFiles; }

absl::StatusOr<std::string> RenderJson(const RenderView& view, const JsonFile& file) {
  const std::vector<const SectionView*> sections = view.MainSections(file.source_kind);
  JsonWriter out;
  out.BeginObject();
  file.write(out, view, *sections.front());
  if (sections.size() > 1) {
    out.BeginObject("more");
    for (size_t at = 1; at < sections.size(); ++at) {
      out.BeginObject(sections[at]->header().name());
      file.write(out, view, *sections[at]);
      out.EndObject();
    }
    out.EndObject();
  }
  VARVE_RETURN_IF_ERROR(WriteVarveKey(out, view, DataOf(view, file)));
  out.EndObject();
  return out.Take();
}

}  // namespace varve
