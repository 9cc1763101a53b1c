#include "support/skipped.hpp"

#include <cstdio>
#include <set>
#include <string>

#define CATCH_CONFIG_EXTERNAL_INTERFACES
#include "support/catch.hpp"

namespace mqtk::test {

namespace {

std::set<std::string, std::less<>>& reasons() {
  static std::set<std::string, std::less<>> said;
  return said;
}

#if __has_include(<catch2/catch_all.hpp>)
using ListenerBase = Catch::EventListenerBase;
#else
using ListenerBase = Catch::TestEventListenerBase;
#endif
// The mark that ctest looks for, SKIP, hides what else a test has to say, a failure too.
struct SkipListener : ListenerBase {
  using ListenerBase::ListenerBase;
  void testCaseEnded(const Catch::TestCaseStats& stats) override {
    const char* mark = stats.totals.assertions.failed == 0 ? "SKIP" : "not tested";
    for (const std::string& reason : reasons()) std::printf("%s: %s\n", mark, reason.c_str());
    std::fflush(stdout);
    reasons().clear();
  }
};

}  // namespace

void say_skipped(std::string_view reason) {
  reasons().emplace(reason);
}

CATCH_REGISTER_LISTENER(SkipListener)

}  // namespace mqtk::test
