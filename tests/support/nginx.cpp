#include "support/nginx.hpp"

#include <unistd.h>

#include <stdexcept>

#include "support/ports.hpp"
#include "support/programs.hpp"
#include "support/wait_until.hpp"

namespace mqtk::test {

namespace {
constexpr int kNginxStarts = 5;
}  // namespace

bool Nginx::available() {
  return !find_program("nginx").empty();
}

Nginx::Nginx(NginxConfig config) : config_(std::move(config)) {
  // {PLAIN} is nginx's own way to keep a password readable.
  folder_.write("users", "alice:{PLAIN}secret\n");
  for (int attempt = 0; attempt < kNginxStarts; ++attempt) {
    http_port_ = free_port();
    if (!config_.cert_file.empty()) https_port_ = free_port();
    ProcessOptions options;
    options.argv = {find_program("nginx"),
                    "-p",
                    folder_.path(),
                    "-e",
                    "stderr",
                    "-c",
                    folder_.write("nginx.conf", config_text())};
    process_ = std::make_unique<Process>(std::move(options));
    const bool settled = wait_until([this] {
      return !process_->running() ||
             (can_connect(http_port_) && (https_port_ == 0 || can_connect(https_port_)));
    });
    if (settled && process_->running()) return;
    if (process_->running()) break;  // with ports that are taken it ends
  }
  throw std::runtime_error("nginx does not start:\n" + log());
}

Nginx::~Nginx() {
  if (process_) process_->stop();
}

std::string Nginx::log() const {
  return process_->err_so_far();
}

std::string Nginx::config_text() const {
  const std::string to_broker =
      "proxy_pass http://127.0.0.1:" + std::to_string(config_.broker_port) +
      "/mqtt;"
      " proxy_http_version 1.1;"
      " proxy_set_header Upgrade $http_upgrade;"
      " proxy_set_header Connection upgrade;"
      " proxy_set_header Host $host;"
      " proxy_buffering off;"
      " proxy_read_timeout 300s;";
  std::string text = "daemon off;\nmaster_process off;\nworker_processes 1;\n";
  if (::geteuid() == 0) text += "user root;\n";
  text += "pid " + folder_.file("nginx.pid") + ";\nerror_log stderr warn;\n";
  text += "events { worker_connections 512; }\nhttp {\naccess_log off;\n";
  for (const char* kind : {"client_body", "proxy", "fastcgi", "uwsgi", "scgi"}) {
    text += std::string(kind) + "_temp_path " + folder_.file(kind) + ";\n";
  }
  text += "server {\nlisten 127.0.0.1:" + std::to_string(http_port_) + ";\n";
  if (https_port_ != 0) {
    text += "listen 127.0.0.1:" + std::to_string(https_port_) + " ssl;\n";
    text += "ssl_certificate " + config_.cert_file + ";\n";
    text += "ssl_certificate_key " + config_.key_file + ";\n";
  }
  text += "location = /mqtt { " + to_broker + " }\n";
  text += "location = /auth/mqtt { auth_basic broker; auth_basic_user_file " +
          folder_.file("users") + "; " + to_broker + " }\n";
  text +=
      "location = /token/mqtt { if ($http_x_token != secret) { return 401; } " + to_broker + " }\n";
  // A signature that ends: 403 for a wrong one, 410 for an old one.
  text +=
      "location = /signed/mqtt { secure_link $arg_md5,$arg_expires;"
      " secure_link_md5 \"$secure_link_expires$uri secret\";"
      " if ($secure_link = \"\") { return 403; } if ($secure_link = 0) { return 410; } " +
      to_broker + " }\n";
  text += "location = /redir { return 302 /mqtt; }\n";
  text += "location = /forbidden { return 403; }\n";
  text += "location = /noupgrade { return 502; }\n";
  text += "location = /plain { return 200 hello; }\n";
  text += "location / { return 404; }\n}\n}\n";
  return text;
}

}  // namespace mqtk::test
