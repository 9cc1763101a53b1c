#include "base/process.hpp"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstddef>
#include <exception>
#include <new>
#include <stdexcept>
#include <system_error>

#include "base/ending.hpp"
#include "base/error.hpp"

extern char** environ;

namespace mqtk {

namespace {

std::string_view program() {
#ifdef __APPLE__
  return ::getprogname();
#else
  return program_invocation_short_name;
#endif
}

void write_line(std::string_view label, std::string_view what, std::string_view detail) {
  const std::array parts{program(), label,
                         what,      std::string_view(detail.empty() ? "" : ": "),
                         detail,    std::string_view("\n")};
  std::array<iovec, parts.size()> pieces{};
  for (std::size_t i = 0; i < parts.size(); ++i) {
    pieces[i] = {const_cast<char*>(parts[i].data()), parts[i].size()};
  }
  [[maybe_unused]] const auto written =
      ::writev(STDERR_FILENO, pieces.data(), static_cast<int>(pieces.size()));
}

bool holds_secret(std::string_view entry) {
  constexpr std::string_view kOurs = "MQTT_TOOLKIT_";
  if (!entry.starts_with(kOurs)) return false;
  const std::size_t equals = std::min(entry.find('='), entry.size());
  const std::string_view variable = entry.substr(kOurs.size(), equals - kOurs.size());
  for (const std::string_view part : {"PASS", "PSK", "PIN", "HEADER", "AUTH", "SECRET", "TOKEN"}) {
    if (variable.find(part) != std::string_view::npos) return true;
  }
  const bool address = variable.find("URL") != std::string_view::npos ||
                       variable.find("PROXY") != std::string_view::npos;
  return address && entry.find_first_of("@?", equals) != std::string_view::npos;
}

[[noreturn]] void out_of_memory() {
  end_for_want("there is not enough memory", {},
               "give it less at a time, or more memory (ulimit -v, limits of the container)");
}

/// Of threads and coroutines too: nothing of ours throws but for what the system refuses.
[[noreturn]] void uncaught() {
  try {
    if (std::current_exception()) std::rethrow_exception(std::current_exception());
  } catch (const std::bad_alloc&) {
    out_of_memory();
  } catch (const std::length_error& error) {
    end_for_want("something is larger than memory can be", error.what(), "give it less at a time");
  } catch (const std::system_error& error) {
    end_for_want("the system refuses", error.what(),
                 "there may be too many threads or processes (ulimit -u, ulimit -v)");
  } catch (const std::exception& error) {
    say_plainly("this should not happen", error.what());
  } catch (...) {
  }
  ::abort();
}

}  // namespace

void prepare_process() {
  // The wrong way round, so that reading and writing still fail as they would have.
  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; ++fd) {
    if (::fcntl(fd, F_GETFD) < 0) ::open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
  }
  std::set_new_handler(&out_of_memory);
  std::set_terminate(&uncaught);
  std::signal(SIGXFSZ, SIG_IGN);
  take_signals();
}

std::vector<std::string> child_environment() {
  std::vector<std::string> out;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    if (!holds_secret(*entry)) out.emplace_back(*entry);
  }
  return out;
}

void say_plainly(std::string_view what, std::string_view detail) {
  write_line(": error: ", what, detail);
}

void end_for_want(std::string_view what, std::string_view detail, std::string_view hint) {
  say_plainly(what, detail);
  if (!hint.empty()) write_line(": hint: ", hint, {});
  ::_exit(exit_code(ErrorKind::TryAgain));
}

}  // namespace mqtk
