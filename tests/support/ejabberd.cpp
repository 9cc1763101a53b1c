#include "support/ejabberd.hpp"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "support/programs.hpp"

namespace mqtk::test {

namespace {

/// The folder that holds ejabberd-VERSION among the libraries; empty when there is none.
std::string library_folder() {
  std::error_code ignored;
  for (const char* folder : {"/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu"}) {
    for (const auto& entry : std::filesystem::directory_iterator(folder, ignored)) {
      if (entry.path().filename().string().starts_with("ejabberd-")) return folder;
    }
  }
  return {};
}

/// One `listen` entry.
std::string listener(std::uint16_t port, bool websocket, bool tls) {
  return "  - port: " + std::to_string(port) + "\n    ip: \"127.0.0.1\"\n    module: " +
         (websocket ? "ejabberd_http\n    request_handlers:\n      /mqtt: mod_mqtt\n"
                    : "mod_mqtt\n") +
         (tls ? "    tls: true\n" : "");
}

}  // namespace

bool Ejabberd::available() {
  return !find_program("ejabberdctl").empty() && !find_program("erl").empty() &&
         !library_folder().empty();
}

ProcessOptions Ejabberd::options() {
  ports_ = free_broker_ports();
  const std::string pem =
      folder_.write("server.pem", read_file(identity_.certificate) + read_file(identity_.key));
  const std::string config = folder_.write(
      "ejabberd.yml",
      "hosts:\n  - localhost\nloglevel: info\nauth_method: internal\ncertfiles:\n  - " + pem +
          "\nlisten:\n" + listener(ports_.tcp, false, false) + listener(ports_.tls, false, true) +
          listener(ports_.ws, true, false) + listener(ports_.wss, true, true) +
          "modules:\n  mod_mqtt: {}\n");
  ProcessOptions options;
  options.argv = {find_program("erl"),
                  "+K",
                  "true",
                  "+sbwt",
                  "none",
                  "-noinput",
                  "-mnesia",
                  "dir",
                  "\"" + folder_.file("spool") + "\"",
                  "-s",
                  "ejabberd",
                  "-eval",
                  "{ok, _} = application:ensure_all_started(ejabberd), "
                  "ok = ejabberd_auth:try_register(<<\"alice\">>, <<\"localhost\">>, "
                  "<<\"secret\">>), io:format(\"users are ready~n\")."};
  options.merge_stderr = true;
  options.folder = folder_.path();
  options.env = {
      "HOME=" + folder_.path(),         "NOTIFY_SOCKET",
      "ERL_LIBS=" + library_folder(),   "ERL_CRASH_DUMP=" + folder_.file("crash"),
      "EJABBERD_CONFIG_PATH=" + config, "EJABBERD_LOG_PATH=" + folder_.file("ejabberd.log")};
  return options;
}

Ejabberd::Ejabberd(const Identity& identity)
    : identity_(identity),
      server_({"ejabberd", [this] { return options(); },
               [this](const Process& process) {
                 return process.out_so_far().find("users are ready") != std::string::npos &&
                        accept(ports_);
               }}) {}

}  // namespace mqtk::test
