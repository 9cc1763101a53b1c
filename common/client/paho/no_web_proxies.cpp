#include "client/paho/no_web_proxies.hpp"

#include <unistd.h>

#include <mutex>
#include <string_view>
#include <utility>
#include <vector>

extern char** environ;

namespace mqtk {

namespace {

// Never freed: other threads may be reading either list while they are exchanged, which takes one
// pointer. setenv() would move a list under their eyes.
struct Lists {
  std::mutex mutex;
  unsigned users = 0;
  char** whole = nullptr;
  std::vector<char*> hidden;
  std::vector<std::vector<char*>> earlier;
};

Lists& lists() {
  static auto* only = new Lists;
  return *only;
}

bool starts_with(std::string_view text, std::string_view prefix) {
  return text.substr(0, prefix.size()) == prefix;
}

}  // namespace

NoWebProxies::NoWebProxies() {
  Lists& shared = lists();
  const std::lock_guard lock(shared.mutex);
  if (shared.users++ > 0) return;
  std::vector<char*> rest;
  bool some = false;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const bool proxy = starts_with(*entry, "http_proxy=") || starts_with(*entry, "https_proxy=");
    some = some || proxy;
    if (!proxy) rest.push_back(*entry);
  }
  shared.whole = nullptr;
  if (!some) return;
  rest.push_back(nullptr);
  // Nearly always the same as the last time: then no memory moves.
  if (rest != shared.hidden)
    shared.earlier.push_back(std::exchange(shared.hidden, std::move(rest)));
  shared.whole = environ;
  environ = shared.hidden.data();
}

NoWebProxies::~NoWebProxies() {
  Lists& shared = lists();
  const std::lock_guard lock(shared.mutex);
  if (--shared.users > 0 || shared.whole == nullptr) return;
  // Whoever called setenv() meanwhile has made a list of his own.
  if (environ == shared.hidden.data()) environ = shared.whole;
}

}  // namespace mqtk
