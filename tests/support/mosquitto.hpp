// A real broker: Debian's mosquitto with a configuration of the test's own, on free ports of the
// loopback interface. (Its WebSocket listeners can only be made to bind every interface.)
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "support/process.hpp"
#include "support/temp_dir.hpp"
#include "support/wait_until.hpp"

namespace mqtk::test {

struct MosquittoUser {
  std::string name{};
  std::string password{};
};

/// One listener; passwords, access rules and certificates are its own. Where passwords or rules of
/// listeners differ, mosquitto from 2.0.12 on queues nothing for a client that is away.
struct MosquittoListener {
  std::string name = "tcp";  ///< to ask for its port
  bool unix_socket = false;  ///< instead of a port
  bool websocket = false;
  std::string cert_file{};  ///< with key_file: TLS
  std::string key_file{};
  std::string ca_file{};  ///< of client certificates
  std::string crl_file{};
  bool require_certificate = false;
  bool identity_as_username = false;
  std::string psk_identity{};  ///< with psk_hex: TLS with a pre-shared key
  std::string psk_hex{};
  std::vector<MosquittoUser> users{};  ///< none: everybody may connect
  bool anonymous = true;               ///< besides the users
  std::string acl{};                   ///< content of an acl_file
  std::vector<std::string> extra{};    ///< further lines, e.g. "max_qos 1"
};

struct MosquittoConfig {
  std::vector<MosquittoListener> listeners{MosquittoListener{}};
  bool persistence = false;
  int autosave_interval_s = 0;       ///< 0: only when it ends in an orderly way
  bool autosave_on_changes = false;  ///< the interval counts changes instead of seconds
  bool log_packets = false;          ///< the log names every packet; slow
  std::vector<std::string> extra{};  ///< further global lines, e.g. "max_packet_size 2000"
};

class Mosquitto {
 public:
  static bool available();

  /// Started and ready: every listener accepts. Throws std::runtime_error with the log when it does
  /// not come up.
  explicit Mosquitto(MosquittoConfig config = {});
  ~Mosquitto();
  Mosquitto(const Mosquitto&) = delete;
  Mosquitto& operator=(const Mosquitto&) = delete;

  /// Of the first listener, or of the one named so.
  std::uint16_t port() const;
  std::uint16_t port(std::string_view name) const;
  std::string unix_path(std::string_view name) const;
  /// "127.0.0.1:PORT" of the first listener, as -L and URLs want it.
  std::string address() const;

  pid_t pid() const;
  bool running() const;
  /// Ends it with SIGTERM: clients get a DISCONNECT or an end, persistent data is saved.
  void stop();
  /// Ends it with SIGKILL.
  void kill();
  /// Starts it again on the same ports after stop() or kill().
  void start();
  void restart() {
    stop();
    start();
  }
  /// Freezes and thaws it: connections stay, nothing is answered.
  void pause();
  void resume();
  /// Reads the files of users, rules and certificates again.
  void reload();

  /// Everything it has logged, over restarts.
  std::string log() const;
  bool wait_log_contains(std::string_view text, Duration deadline = kPatience) const;
  const TempDir& folder() const { return folder_; }

 private:
  struct Running {
    MosquittoListener listener;
    std::uint16_t port = 0;
    std::string socket_path;
  };

  const Running& find(std::string_view name) const;
  void choose_ports();
  std::string config_text() const;
  std::string listener_text(const Running& running, std::size_t index) const;
  /// Users, rules and keys are not the same for all. Only then is each given its own: from 2.0.12
  /// on a broker with such listeners queues nothing for sessions whose client is away.
  bool listeners_differ() const;
  std::string rights_text(const MosquittoListener& listener, const std::string& number) const;
  /// True when it is ready; false when it ended.
  bool try_start();
  /// It says so in its log from `log_begin` on, and every listener accepts.
  bool ready(std::size_t log_begin) const;

  TempDir folder_;
  MosquittoConfig config_;
  std::vector<Running> listeners_;
  std::unique_ptr<Process> process_;
};

}  // namespace mqtk::test
