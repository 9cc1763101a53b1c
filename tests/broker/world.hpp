// The programs under test, and a broker that can be reached in every way they know.
#pragma once

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "support/certs.hpp"
#include "support/mosquitto.hpp"
#include "support/nginx.hpp"
#include "support/process.hpp"
#include "support/proxies.hpp"

namespace mqtk::test {

using Words = std::vector<std::string>;

Words operator+(Words left, const Words& right);

/// mqtt-pub or mqtt-sub with these words and a generous deadline.
ProcessOptions pub_options(const Words& words);
ProcessOptions sub_options(const Words& words);

ProcessResult publish(const Words& words);
ProcessResult publish_text(const Words& words, std::string input);
ProcessResult subscribe(const Words& words);

/// mqtt-sub with -d, subscribed when the constructor returns.
class Subscriber {
 public:
  explicit Subscriber(const Words& words, std::string stdout_file = {});
  bool ready() const { return ready_; }
  Process& process() { return process_; }
  ProcessResult wait() { return process_.wait(); }

 private:
  Process process_;
  bool ready_;
};

/// -h and -p of a broker's listener.
Words at(const Mosquitto& broker);
Words at(const Mosquitto& broker, const std::string& listener);

/// One way to reach the broker.
struct Link {
  std::string name;
  Words words;
};

constexpr const char* kPskIdentity = "device";
constexpr const char* kPskHex = "00112233445566778899aabbccddeeff";

/// Listeners: tcp, unix, tls, mtls, psk, ws, wss, expired, wrong_name.
MosquittoConfig world_config(const Certs& certs);

class World {
 public:
  World();
  const Certs& certs;
  Mosquitto broker;
  /// Every way that the installed programs allow; a test that is not to see all counts as skipped.
  const std::vector<Link>& links() const;

 private:
  void add_nginx();
  void add_proxies();
  std::vector<Link> links_;
  std::set<std::string> missing_;
  std::unique_ptr<Nginx> nginx_;
  std::vector<std::unique_ptr<Microsocks>> socks_;
  std::vector<std::unique_ptr<Tinyproxy>> http_;
};

/// False, and said, when there is no broker to test against.
bool have_broker();

/// Not periodic in a power of two, all octets, with NUL.
std::string pattern(std::size_t size);
std::size_t count_lines(const std::string& text);
std::size_t occurrences(const std::string& text, const std::string& what);

}  // namespace mqtk::test
