#include "base/module.hpp"

#include <dlfcn.h>
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

#include <mutex>
#include <string>
#include <vector>

#include "base/platform.hpp"

#ifndef MQTK_MODULE_RELATIVE_DIR
#define MQTK_MODULE_RELATIVE_DIR "../lib/mqtt-toolkit"
#endif

namespace mqtk {

namespace {

struct Loaded {
  std::string name;
  const void* table;
};

// One for the whole process; threads with their own loops come here at the same time.
struct Registry {
  std::mutex mutex;
  std::vector<Loaded> modules;
};

Registry& registry() {
  static Registry only;
  return only;
}

const void* table_of(const Registry& modules, std::string_view name) {
  for (const Loaded& module : modules.modules) {
    if (module.name == name) return module.table;
  }
  return nullptr;
}

// Where a module may lie, always relative to the program's own file: the installed layout (also
// under a moved prefix or through a symbolic link), then the build tree's.
std::vector<std::string> candidates(std::string_view name) {
  const std::string file = "mqtk-" + std::string(name) + ".so";
  std::vector<std::string> paths;
  const std::string program = executable_path();
  if (const auto slash = program.rfind('/'); slash != std::string::npos) {
    const std::string folder = program.substr(0, slash);
    paths.push_back(folder + "/" + MQTK_MODULE_RELATIVE_DIR + "/" + file);
    paths.push_back(folder + "/../lib/mqtt-toolkit/" + file);
  }
  return paths;
}

}  // namespace

void link_module(std::string_view name, ModuleFactory factory) {
  Registry& known = registry();
  const std::lock_guard lock(known.mutex);
  if (table_of(known, name) != nullptr) return;
  known.modules.push_back({std::string(name), factory(kModuleVersion)});
}

Result<const void*> load_module(std::string_view name) {
  Registry& known = registry();
  const std::lock_guard lock(known.mutex);
  if (const void* table = table_of(known, name)) return table;
  const std::string symbol = "mqtk_module_" + std::string(name);
  std::string reason = "not found";
  for (const std::string& path : candidates(name)) {
    if (::access(path.c_str(), R_OK) != 0) continue;
    void* handle = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (handle == nullptr) {
      const char* text = ::dlerror();
      reason = text == nullptr ? "cannot be loaded" : text;
      continue;
    }
    const auto factory = reinterpret_cast<ModuleFactory>(::dlsym(handle, symbol.c_str()));
    const void* table = factory == nullptr ? nullptr : factory(kModuleVersion);
    if (table == nullptr) {
      reason = path + " is of another version";
      continue;
    }
    known.modules.push_back({std::string(name), table});
    return table;
  }
  return fail(ErrorKind::Configuration,
              "the module '" + std::string(name) + "' is needed but " + reason,
              "it is part of the package mqtt-toolkit or, where there is one, mqtt-toolkit-" +
                  std::string(name) + "; install that, or build with MQTK_MODULES=OFF");
}

}  // namespace mqtk
