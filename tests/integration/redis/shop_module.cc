// A module for Redis that does nothing: its version is one more than the number of its arguments.
// Redis hands a module its functions by name; the few that are needed are spelled out here, since
// no package has the header.
namespace {

using Ask = int (*)(const char* name, void* function);
using SetAttributes = void (*)(void* context, const char* name, int version, int api_version);

}  // namespace

extern "C" int RedisModule_OnLoad(void* context, void** /*arguments*/, int count) {
  const Ask ask = *static_cast<Ask*>(context);
  SetAttributes set_attributes = nullptr;
  if (ask("RedisModule_SetModuleAttribs", static_cast<void*>(&set_attributes)) != 0) return 1;
  set_attributes(context, "shop", 1 + count, 1);
  return 0;
}
