#include "support/mosquitto.hpp"

#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>
#include <algorithm>

#include <filesystem>
#include <stdexcept>

#include "support/ports.hpp"
#include "support/programs.hpp"
#include "support/wait_until.hpp"

namespace mqtk::test {

namespace {

constexpr int kStartAttempts = 10;

void add_line(std::string& text, const std::string& key, const std::string& value) {
  if (!value.empty()) text += key + " " + value + "\n";
}

/// A password file; the hashes are mosquitto_passwd's own.
std::string make_password_file(const TempDir& folder, const std::string& name,
                               const std::vector<MosquittoUser>& users) {
  const std::string path = folder.write(name, "");
  for (const MosquittoUser& user : users) {
    const ProcessResult result =
        run({find_program("mosquitto_passwd"), "-b", path, user.name, user.password});
    if (!result.ok()) throw std::runtime_error("mosquitto_passwd: " + result.text());
  }
  return path;
}

}  // namespace

bool Mosquitto::available() {
  return !find_program("mosquitto").empty() && !find_program("mosquitto_passwd").empty();
}

Mosquitto::Mosquitto(MosquittoConfig config) : config_(std::move(config)) {
  // It may give up its rights after all: then the folder must be open to others.
  ::chmod(folder_.path().c_str(), 0755);
  for (const MosquittoListener& listener : config_.listeners)
    listeners_.push_back({listener, 0, {}});
  // Version 2.0 does not count WebSocket listeners and gives up when there is no other.
  const bool only_websockets =
      std::all_of(listeners_.begin(), listeners_.end(),
                  [](const Running& running) { return running.listener.websocket; });
  if (only_websockets) {
    MosquittoListener spare;
    spare.name = "spare";
    listeners_.push_back({spare, 0, {}});
  }
  for (int attempt = 0; attempt < kStartAttempts; ++attempt) {
    choose_ports();
    folder_.write("mosquitto.conf", config_text());
    if (try_start()) return;
    if (process_->running()) break;  // with ports that are taken it ends
  }
  throw std::runtime_error("mosquitto does not start:\n" + log());
}

Mosquitto::~Mosquitto() {
  if (process_) stop();
}

void Mosquitto::choose_ports() {
  for (Running& running : listeners_) {
    if (running.listener.unix_socket) {
      running.socket_path = folder_.file(running.listener.name + ".sock");
    } else {
      running.port = free_port();
    }
  }
}

std::string Mosquitto::config_text() const {
  std::string text = "set_tcp_nodelay true\nsys_interval 1\n";
  if (listeners_differ()) text += "per_listener_settings true\n";
  if (::geteuid() == 0) text += "user root\n";
  text += "log_dest file " + folder_.file("mosquitto.log") + "\n";
  text += config_.log_packets ? "log_type all\n"
                              : "log_type error\nlog_type warning\nlog_type notice\n"
                                "log_type information\nlog_type subscribe\nlog_type unsubscribe\n";
  if (config_.persistence) {
    text += "persistence true\npersistence_location " + folder_.path() + "/\n";
    text += "autosave_interval " + std::to_string(config_.autosave_interval_s) + "\n";
    if (config_.autosave_on_changes) text += "autosave_on_changes true\n";
  }
  for (const std::string& line : config_.extra) text += line + "\n";
  for (std::size_t i = 0; i < listeners_.size(); ++i) text += listener_text(listeners_[i], i);
  // With WebSocket listeners alone, version 2.0.11 says that it has none and ends.
  text += "\nlistener 0 " + folder_.file("spare.sock") + "\n";
  return text;
}

bool Mosquitto::listeners_differ() const {
  const auto rights = [](const MosquittoListener& listener) {
    std::vector<std::string> all{listener.anonymous ? "anonymous" : "", listener.acl};
    for (const MosquittoUser& user : listener.users) {
      all.push_back(user.name);
      all.push_back(user.password);
    }
    return all;
  };
  // Keys are of one file for all.
  std::size_t with_keys = 0;
  for (const MosquittoListener& listener : config_.listeners) {
    if (rights(listener) != rights(config_.listeners.front())) return true;
    if (!listener.psk_hex.empty()) ++with_keys;
  }
  return with_keys > 1;
}

std::string Mosquitto::rights_text(const MosquittoListener& listener,
                                   const std::string& number) const {
  std::string text;
  if (!listener.users.empty()) {
    text +=
        "password_file " + make_password_file(folder_, "passwd" + number, listener.users) + "\n";
  }
  text += std::string("allow_anonymous ") + (listener.anonymous ? "true" : "false") + "\n";
  if (!listener.acl.empty()) {
    text += "acl_file " + folder_.write("acl" + number, listener.acl + "\n") + "\n";
  }
  return text;
}

std::string Mosquitto::listener_text(const Running& running, std::size_t index) const {
  const MosquittoListener& listener = running.listener;
  const std::string number = std::to_string(index);
  std::string text = "\n";
  if (listener.unix_socket) {
    text += "listener 0 " + running.socket_path + "\n";
  } else {
    text += "listener " + std::to_string(running.port) + " 127.0.0.1\n";
  }
  if (listener.websocket) text += "protocol websockets\n";
  add_line(text, "certfile", listener.cert_file);
  add_line(text, "keyfile", listener.key_file);
  add_line(text, "cafile", listener.ca_file);
  add_line(text, "crlfile", listener.crl_file);
  if (listener.require_certificate) text += "require_certificate true\n";
  if (listener.identity_as_username) text += "use_identity_as_username true\n";
  if (!listener.psk_hex.empty()) {
    text += "psk_hint test\npsk_file " +
            folder_.write("psk" + number, listener.psk_identity + ":" + listener.psk_hex + "\n") +
            "\n";
  }
  // What all have in common is said once.
  if (index == 0 || listeners_differ()) text += rights_text(listener, number);
  for (const std::string& line : listener.extra) text += line + "\n";
  return text;
}

bool Mosquitto::ready(std::size_t log_begin) const {
  if (read_file(folder_.file("mosquitto.log")).find(" running\n", log_begin) == std::string::npos) {
    return false;
  }
  for (const Running& running : listeners_) {
    const bool accepts = running.listener.unix_socket ? can_connect_unix(running.socket_path)
                                                      : can_connect(running.port);
    if (!accepts) return false;
  }
  return true;
}

bool Mosquitto::try_start() {
  ProcessOptions options;
  options.argv = {find_program("mosquitto"), "-c", folder_.file("mosquitto.conf")};
  options.stdout_file = folder_.file("mosquitto.out");
  options.merge_stderr = true;
  const std::size_t log_begin = read_file(folder_.file("mosquitto.log")).size();
  process_ = std::make_unique<Process>(std::move(options));
  const bool settled =
      wait_until([this, log_begin] { return ready(log_begin) || !process_->running(); }, 10s);
  return settled && process_->running();
}

void Mosquitto::start() {
  if (running()) return;
  for (int attempt = 0; attempt < kStartAttempts; ++attempt) {
    for (const Running& running : listeners_) {
      std::error_code ignored;
      if (running.listener.unix_socket) std::filesystem::remove(running.socket_path, ignored);
    }
    if (try_start()) return;
  }
  throw std::runtime_error("mosquitto does not start again:\n" + log());
}

void Mosquitto::stop() {
  process_->send_signal(SIGCONT);
  process_->stop();
}

void Mosquitto::kill() {
  process_->send_signal(SIGKILL);
  process_->wait_end(10s);
}

void Mosquitto::pause() {
  process_->send_signal(SIGSTOP);
}

void Mosquitto::resume() {
  process_->send_signal(SIGCONT);
}

void Mosquitto::reload() {
  process_->send_signal(SIGHUP);
}

pid_t Mosquitto::pid() const {
  return process_->pid();
}

bool Mosquitto::running() const {
  return process_ && process_->running();
}

const Mosquitto::Running& Mosquitto::find(std::string_view name) const {
  for (const Running& running : listeners_) {
    if (running.listener.name == name) return running;
  }
  throw std::runtime_error("mosquitto has no listener '" + std::string(name) + "'");
}

std::uint16_t Mosquitto::port() const {
  return listeners_.at(0).port;
}

std::uint16_t Mosquitto::port(std::string_view name) const {
  return find(name).port;
}

std::string Mosquitto::unix_path(std::string_view name) const {
  return find(name).socket_path;
}

std::string Mosquitto::address() const {
  return "127.0.0.1:" + std::to_string(port());
}

std::string Mosquitto::log() const {
  return read_file(folder_.file("mosquitto.log")) + read_file(folder_.file("mosquitto.out"));
}

bool Mosquitto::wait_log_contains(std::string_view text, Duration deadline) const {
  return wait_until([this, text] { return log().find(text) != std::string::npos; }, deadline);
}

}  // namespace mqtk::test
