// A TCP relay with faults, for shell-driven tests:
//   mqtk_relay --to HOST:PORT | --to-unix PATH  [--port N] [--delay MS] [--buffer OCTETS]
//              [--log FILE] [--payload OCTETS] [COMMAND...]
// The first line of stdout is the port; every command that was carried out is answered with "ok",
// another one with "error: ...". Commands come as arguments (each one word, quoted) or as lines on
// stdin; SIGTERM, "stop" or the end of a pipe on stdin end it. DIR is "up" (to the target) or
// "down"; TYPE is a packet's name, e.g. PUBACK.
//   cut [reset]                         ends all connections now
//   cut-octets DIR N [reset]            ends the connection after N more octets
//   cut-at DIR TYPE N [reset] [forward] ends it before (or after) the N-th such packet
//   swallow DIR TYPE [AFTER [COUNT]]    such packets vanish
//   rate DIR OCTETS                     so many a second pass, 0: as they come
//   delay DIR MS, stall DIR on|off, hole DIR on|off, half-close DIR, refuse on|off, refuse-for MS
//   clear                               forgets all rules
//   counts                              prints the counts as JSON before "ok"
#include <signal.h>

#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "support/command_lines.hpp"
#include "support/relay.hpp"
#include "support/relay_commands.hpp"

namespace {

using namespace mqtk;

int usage(std::string_view what) {
  std::fprintf(stderr, "mqtk_relay: %.*s\n", static_cast<int>(what.size()), what.data());
  return 64;
}

int serve(const RelayOptions& options, const std::vector<std::string>& first_commands) {
  EventLoop loop;
  auto relay = Relay::start(loop, options);
  if (!relay) return usage(relay.error().message);
  for (const std::string& command : first_commands) {
    if (const std::string wrong = test::run_command(**relay, command); !wrong.empty()) {
      return usage(wrong);
    }
  }
  std::printf("%u\n", unsigned{(*relay)->port()});
  std::fflush(stdout);

  bool over = false;
  const auto stop = [&loop, &over] {
    over = true;
    loop.stop();
  };
  const SignalWatcher terminate(loop, SIGTERM, stop);
  const SignalWatcher interrupt(loop, SIGINT, stop);
  const test::CommandLines commands(
      loop,
      [&relay, &stop](const std::string& line) {
        if (line == "stop") {
          stop();
          return;
        }
        const std::string wrong = test::run_command(**relay, line);
        std::printf("%s%s\n", wrong.empty() ? "ok" : "error: ", wrong.c_str());
        std::fflush(stdout);
      },
      stop);
  while (!over) loop.run();
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  RelayOptions options;
  options.target_port = 0;
  std::vector<std::string> commands;
  for (int i = 1; i < argc; ++i) {
    const std::string name = argv[i];
    if (!name.starts_with("--")) {
      commands.push_back(name);
      continue;
    }
    if (i + 1 == argc) return usage("a value is missing after " + name);
    if (!test::set_option(options, name, argv[++i])) {
      return usage("unknown option or wrong value: " + name + " " + argv[i]);
    }
  }
  if (options.target_port == 0 && options.target_unix_path.empty()) {
    return usage("no target: --to HOST:PORT or --to-unix PATH");
  }
  mqtk::test::raise_descriptor_limit();
  return serve(options, commands);
}
