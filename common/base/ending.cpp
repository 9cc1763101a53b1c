#include "base/ending.hpp"

#include <signal.h>
#include <unistd.h>

#include <initializer_list>

namespace mqtk {

namespace {

/// As a handler it may only call what is safe in one.
[[noreturn]] void end_by(int number) {
  ::signal(number, SIG_DFL);
  sigset_t only;
  ::sigemptyset(&only);
  ::sigaddset(&only, number);
  ::pthread_sigmask(SIG_UNBLOCK, &only, nullptr);
  ::raise(number);
  constexpr int kSignalled = 128;
  end_process(kSignalled + number);
}

}  // namespace

void end_process(int exit_code, int signal) {
  if (signal != 0) end_by(signal);
  ::_exit(exit_code);
}

void let_signals_end_process() {
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
    struct sigaction action = {};
    if (::sigaction(number, nullptr, &action) == 0 && action.sa_handler == SIG_IGN) continue;
    action = {};
    action.sa_handler = end_by;
    ::sigaction(number, &action, nullptr);
  }
}

void take_signals() {
  let_signals_end_process();
  ::signal(SIGUSR1, SIG_IGN);
}

}  // namespace mqtk
