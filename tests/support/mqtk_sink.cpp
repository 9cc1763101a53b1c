// A broker that accepts everything and counts, for measurements and shell-driven tests:
//   mqtk_sink [--port N] [--host ADDRESS] [--unix PATH] [--feed N --size OCTETS] [--stall]
//             [--ws] [--cert FILE --key FILE [--ca FILE]]
// The first line of stdout is the port (or path). SIGTERM, SIGINT or the end of a pipe on stdin end
// it; then the counts follow as one line of JSON. The line "counts" on stdin prints them meanwhile.
#include <signal.h>

#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

#include "base/units.hpp"
#include "net/tls/tls.hpp"
#include "server/sink.hpp"
#include "support/command_lines.hpp"

namespace {

using namespace mqtk;

int usage(std::string_view what) {
  std::fprintf(stderr, "mqtk_sink: %.*s\n", static_cast<int>(what.size()), what.data());
  return 64;
}

int serve(const SinkOptions& options) {
  EventLoop loop;
  auto sink = Sink::start(loop, options);
  if (!sink) return usage(sink.error().message);
  const auto print_counts = [&sink] {
    std::printf("%s\n", to_json((*sink)->counts()).c_str());
    std::fflush(stdout);
  };
  if (options.listen.unix_path.empty()) {
    std::printf("%u\n", unsigned{(*sink)->port()});
  } else {
    std::printf("%s\n", options.listen.unix_path.c_str());
  }
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
      [&print_counts](const std::string& line) {
        if (line == "counts") print_counts();
      },
      stop);
  while (!over) loop.run();
  (*sink)->drain();
  print_counts();
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  SinkOptions options;
  TlsConfig tls;
  for (int i = 1; i < argc; ++i) {
    const std::string_view name = argv[i];
    if (name == "--stall") {
      options.stall = true;
      continue;
    }
    if (name == "--ws") {
      options.layers.websocket = true;
      continue;
    }
    if (i + 1 == argc) return usage("unknown option or missing value");
    const std::string value = argv[++i];
    const auto number = parse_size(value);
    if (name == "--port" && number && *number <= 65535) {
      options.listen.port = static_cast<std::uint16_t>(*number);
    } else if (name == "--host") {
      options.listen.host = value;
    } else if (name == "--unix") {
      options.listen.unix_path = value;
    } else if (name == "--feed" && number) {
      options.feed = *number;
    } else if (name == "--size" && number) {
      options.feed_size = static_cast<std::size_t>(*number);
    } else if (name == "--cert") {
      tls.certificate.file = value;
    } else if (name == "--key") {
      tls.key.file = value;
    } else if (name == "--ca") {
      tls.ca.file = value;
    } else {
      return usage("unknown option or wrong value: " + std::string(name) + " " + value);
    }
  }
  test::raise_descriptor_limit();
  if (tls.certificate.empty()) return serve(options);
  auto context = make_tls_context(tls, TlsRole::Server);
  if (!context) return usage(context.error().message);
  options.layers.tls = context->get();
  return serve(options);
}
