#include "support/rabbitmq.hpp"

#include <unistd.h>

#include "support/ports.hpp"
#include "support/programs.hpp"

namespace mqtk::test {

namespace {

// The one in /usr/sbin changes to a user of its own.
constexpr const char* kServer = "/usr/lib/rabbitmq/bin/rabbitmq-server";

std::string number(std::uint16_t port) {
  return std::to_string(port);
}

}  // namespace

bool Rabbitmq::available() {
  return ::access(kServer, X_OK) == 0 && !find_program("epmd").empty();
}

// Without one in place, the server would start it as a daemon that outlives everybody.
ServerProcess Rabbitmq::start_names() {
  return ServerProcess({"epmd",
                        [this] {
                          names_port_ = free_port();
                          ProcessOptions options;
                          options.argv = {find_program("epmd"), "-port", number(names_port_),
                                          "-address", "127.0.0.1"};
                          return options;
                        },
                        [this](const Process&) { return can_connect(names_port_); }});
}

ProcessOptions Rabbitmq::options() {
  ports_ = free_broker_ports();
  folder_.write("enabled_plugins", "[rabbitmq_mqtt,rabbitmq_web_mqtt].\n");
  folder_.write("rabbitmq.conf",
                "listeners.tcp = none\nmqtt.listeners.tcp.1 = 127.0.0.1:" + number(ports_.tcp) +
                    "\nmqtt.listeners.ssl.1 = 127.0.0.1:" + number(ports_.tls) +
                    "\nssl_options.certfile = " + identity_.certificate +
                    "\nssl_options.keyfile = " + identity_.key +
                    "\nweb_mqtt.tcp.ip = 127.0.0.1\nweb_mqtt.tcp.port = " + number(ports_.ws) +
                    "\nweb_mqtt.ssl.ip = 127.0.0.1\nweb_mqtt.ssl.port = " + number(ports_.wss) +
                    "\nweb_mqtt.ssl.certfile = " + identity_.certificate +
                    "\nweb_mqtt.ssl.keyfile = " + identity_.key +
                    "\nmqtt.allow_anonymous = false\ndefault_user = alice\n"
                    "default_pass = secret\nlog.console = true\nlog.file = false\n");
  ProcessOptions options;
  options.argv = {kServer};
  options.merge_stderr = true;
  options.folder = folder_.path();
  options.env = {
      "HOME=" + folder_.path(),
      "NOTIFY_SOCKET",
      // It becomes the server, instead of waiting for one.
      "RUNNING_UNDER_SYSTEMD=true",
      "ERL_EPMD_PORT=" + number(names_port_),
      "ERL_EPMD_ADDRESS=127.0.0.1",
      "RABBITMQ_NODENAME=mqtk@localhost",
      "RABBITMQ_DIST_PORT=" + number(free_port()),
      "RABBITMQ_CONF_ENV_FILE=" + folder_.file("none"),
      "RABBITMQ_CONFIG_FILE=" + folder_.file("rabbitmq"),
      "RABBITMQ_ENABLED_PLUGINS_FILE=" + folder_.file("enabled_plugins"),
      "RABBITMQ_GENERATED_CONFIG_DIR=" + folder_.file("generated"),
      "RABBITMQ_MNESIA_BASE=" + folder_.file("mnesia"),
      "RABBITMQ_LOG_BASE=" + folder_.file("log"),
      "RABBITMQ_PID_FILE=" + folder_.file("pid"),
      "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS=-kernel inet_dist_use_interface {127,0,0,1} +sbwt none",
  };
  return options;
}

Rabbitmq::Rabbitmq(const Identity& identity)
    : identity_(identity),
      names_(start_names()),
      server_({"rabbitmq-server", [this] { return options(); },
               [this](const Process& process) {
                 return process.out_so_far().find("Server startup complete") != std::string::npos &&
                        accept(ports_);
               }}) {}

}  // namespace mqtk::test
