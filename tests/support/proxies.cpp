#include "support/proxies.hpp"

#include <functional>
#include <stdexcept>

#include "support/ports.hpp"
#include "support/programs.hpp"
#include "support/wait_until.hpp"

namespace mqtk::test {

namespace {

constexpr int kProxyStarts = 5;

/// Starts what `options_for` says for a free port, until one accepts there.
std::unique_ptr<Process> start(
    std::uint16_t& port, const std::function<ProcessOptions(const std::string&)>& options_for) {
  std::string said;
  for (int attempt = 0; attempt < kProxyStarts; ++attempt) {
    port = free_port();
    auto process = std::make_unique<Process>(options_for(std::to_string(port)));
    wait_until([&process, port] { return !process->running() || can_connect(port); });
    if (process->running()) return process;
    said = process->stop().text();
  }
  throw std::runtime_error("the proxy does not start: " + said);
}

}  // namespace

bool Microsocks::available() {
  return !find_program("microsocks").empty();
}

Microsocks::Microsocks(const ProxyUser& user) {
  process_ = start(port_, [&user](const std::string& port) {
    ProcessOptions options;
    options.argv = {find_program("microsocks"), "-i", "127.0.0.1", "-p", port};
    if (!user.name.empty()) {
      for (const std::string& word :
           {std::string("-u"), user.name, std::string("-P"), user.password}) {
        options.argv.push_back(word);
      }
    }
    return options;
  });
}

bool Tinyproxy::available() {
  return !find_program("tinyproxy").empty();
}

Tinyproxy::Tinyproxy(const ProxyUser& user) {
  process_ = start(port_, [this, &user](const std::string& port) {
    std::string config = "Port " + port +
                         "\nListen 127.0.0.1\nTimeout 600\nMaxClients 100\nAllow 127.0.0.1\n"
                         "LogLevel Connect\nDisableViaHeader Yes\n";
    if (!user.name.empty()) config += "BasicAuth " + user.name + " " + user.password + "\n";
    ProcessOptions options;
    options.argv = {find_program("tinyproxy"), "-d", "-c", folder_.write("tinyproxy.conf", config)};
    return options;
  });
}

bool Haproxy::available() {
  return !find_program("haproxy").empty();
}

Haproxy::Haproxy(const HaproxyConfig& config) {
  process_ = start(port_, [this, &config](const std::string& port) {
    std::string text = "global\n  maxconn 100\ndefaults\n  mode tcp\n  retries 0\n";
    for (const char* what : {"connect", "client", "server"}) {
      text += std::string("  timeout ") + what + " 300s\n";
    }
    text += "listen broker\n  bind 127.0.0.1:" + port + " " + config.bind + "\n";
    for (const std::string& line : config.lines) text += "  " + line + "\n";
    text += "  server one 127.0.0.1:" + std::to_string(config.target) + "\n";
    ProcessOptions options;
    options.argv = {find_program("haproxy"), "-db", "-f", folder_.write("haproxy.cfg", text)};
    return options;
  });
}

}  // namespace mqtk::test
