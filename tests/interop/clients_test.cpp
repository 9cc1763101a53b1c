// Messages between our programs and the clients of others, in both directions: MQTT.js over TCP and
// WebSocket, mosquitto_pub and mosquitto_sub over TCP.
#include <algorithm>
#include <functional>
#include <nlohmann/json.hpp>

#include "base/bytes.hpp"
#include "interop/brokers.hpp"
#include "support/catch.hpp"
#include "support/programs.hpp"
#include "support/skipped.hpp"

using namespace mqtk;
using namespace mqtk::test;
using Json = nlohmann::json;

namespace {

constexpr const char* kType = "text/x-test";
constexpr const char* kName = "unit";
constexpr const char* kValue = "C";

struct Sample {
  std::string qos;
  std::string topic;
  std::string payload;
};

/// Each quality of service with text, every octet, nothing, and more than one read.
std::vector<Sample> samples(const std::string& topic) {
  std::string octets;
  for (int i = 0; i < 256; ++i) octets.push_back(static_cast<char>(i));
  std::vector<Sample> all;
  for (const char* qos : {"0", "1", "2"}) {
    int number = 0;
    for (const std::string& payload :
         {std::string("gr\xc3\xbc\xc3\x9f Gott"), octets, std::string(), pattern(50'000)}) {
      all.push_back({qos, topic + "/" + qos + "/" + std::to_string(number++), payload});
    }
  }
  return all;
}

std::string in_short(const Sample& sample) {
  return sample.qos + " " + sample.topic + " " + to_hex(sample.payload);
}

/// As every side shows a message; with MQTT 5 there is a content type and a user property.
std::string line(const Sample& sample, bool v5) {
  return in_short(sample) + (v5 ? std::string(" ") + kType + " " + kName + ":" + kValue : "");
}

std::vector<std::string> sorted_lines(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    std::string one = text.substr(at, end - at);
    one.erase(one.find_last_not_of(' ') + 1);
    lines.push_back(std::move(one));
    at = end + 1;
  }
  std::sort(lines.begin(), lines.end());
  return lines;
}

std::vector<std::string> expected_lines(const std::vector<Sample>& all, bool v5) {
  std::string text;
  for (const Sample& sample : all) text += line(sample, v5) + "\n";
  return sorted_lines(text);
}

/// The first line that is not as expected, both ends of it; "" when all are.
std::string difference(const std::vector<std::string>& got,
                       const std::vector<std::string>& expected) {
  const auto brief = [](const std::vector<std::string>& lines, std::size_t i) {
    if (i >= lines.size()) return std::string("nothing");
    const std::string& text = lines[i];
    return text.size() < 200 ? text : text.substr(0, 100) + "..." + text.substr(text.size() - 60);
  };
  for (std::size_t i = 0; i < std::max(got.size(), expected.size()); ++i) {
    if (i < got.size() && i < expected.size() && got[i] == expected[i]) continue;
    return brief(got, i) + " instead of " + brief(expected, i);
  }
  return {};
}

/// What mqtt-sub --json has printed, in the same form.
std::vector<std::string> lines_of_records(const std::string& out, bool v5) {
  std::string text;
  for (const std::string& record : sorted_lines(out)) {
    const Json message = Json::parse(record, nullptr, false);
    if (!message.is_object()) return {"no record: " + record};
    Sample sample{std::to_string(message.value("qos", -1)), message.value("topic", ""),
                  message.value("payload", "")};
    if (message.contains("payload_base64")) {
      sample.payload.clear();
      CHECK(from_base64(message["payload_base64"].get<std::string>(), sample.payload));
    }
    std::string shown = in_short(sample);
    if (v5) {
      const Json properties = message.value("properties", Json::object());
      shown += " " + properties.value("content_type", "");
      for (const Json& pair : properties.value("user_properties", Json::array())) {
        shown += " " + pair.value("name", "") + ":" + pair.value("value", "");
      }
    }
    text += shown + "\n";
  }
  return sorted_lines(text);
}

/// Somebody else's client, in one version over one transport.
struct Peer {
  Words ours;  ///< how our programs reach the same broker
  bool v5;
  /// Prints lines as above for `count` messages, then ends.
  std::function<Words(const std::string& filter, std::size_t count)> subscriber;
  std::function<ProcessResult(const std::vector<Sample>&)> publisher;
};

void exchange_messages(const Mosquitto& broker, const Peer& peer, const std::string& topic) {
  const std::vector<Sample> theirs = samples(topic + "/theirs");
  const std::vector<Sample> ours = samples(topic + "/ours");

  ProcessOptions options;
  options.argv = peer.subscriber(topic + "/ours/#", ours.size());
  options.deadline = 100s;
  Process listening(options);
  REQUIRE(broker.wait_log_contains(topic + "/ours/#", 60s));
  for (const Sample& sample : ours) {
    Words words = peer.ours + Words{"-t", sample.topic, "-q", sample.qos, "-s"};
    if (peer.v5) {
      words = words +
              Words{"--content-type", kType, "--user-property", std::string(kName) + "=" + kValue};
    }
    const ProcessResult sent = publish_text(words, sample.payload);
    INFO(sent.text());
    CHECK(sent.ok());
  }
  const ProcessResult heard = listening.wait();
  INFO(heard.err);
  CHECK(heard.ok());
  CHECK(difference(sorted_lines(heard.out), expected_lines(ours, peer.v5)) == "");

  Subscriber subscriber(peer.ours + Words{"-t", topic + "/theirs/#", "-q", "2", "--json", "-C",
                                          std::to_string(theirs.size())});
  REQUIRE(subscriber.ready());
  const ProcessResult sent = peer.publisher(theirs);
  INFO(sent.text());
  CHECK(sent.ok());
  const ProcessResult got = subscriber.wait();
  CHECK(got.ok());
  CHECK(difference(lines_of_records(got.out, peer.v5), expected_lines(theirs, peer.v5)) == "");
}

MosquittoConfig open_config() {
  MosquittoConfig config;
  MosquittoListener ws;
  ws.name = "ws";
  ws.websocket = true;
  config.listeners = {MosquittoListener{}, ws};
  return config;
}

Words ours(const Mosquitto& broker, const std::string& version) {
  return at(broker) + Words{"-V", version};
}

}  // namespace

TEST_CASE("interop: MQTT.js over TCP and WebSocket") {
  const std::string script = node_folder() + "/mqtt_js.mjs";
  if (!Mosquitto::available() || find_program("node").empty() || read_file(script).empty()) {
    return say_skipped("MQTT.js is not installed");
  }
  const Mosquitto broker(open_config());
  for (const std::string transport : {"mqtt", "ws"}) {
    for (const std::string version : {"3.1.1", "5"}) {
      const std::string url = transport + "://127.0.0.1:" +
                              std::to_string(broker.port(transport == "ws" ? "ws" : "tcp"));
      INFO(url << ", MQTT " << version);
      const Words node = {find_program("node"), script};
      Peer peer;
      peer.ours = ours(broker, version);
      peer.v5 = version == "5";
      peer.subscriber = [&](const std::string& filter, std::size_t count) {
        return node + Words{"sub", url, version, filter, std::to_string(count)};
      };
      peer.publisher = [&](const std::vector<Sample>& all) {
        ProcessOptions options;
        options.argv = node + Words{"pub", url, version, kType, kName, kValue};
        options.stdin_text = "";
        options.deadline = 60s;
        for (const Sample& sample : all) *options.stdin_text += in_short(sample) + "\n";
        return run(std::move(options));
      };
      exchange_messages(broker, peer, transport + version.substr(0, 1));
    }
  }
}

TEST_CASE("interop: mosquitto's own clients") {
  if (!Mosquitto::available() || find_program("mosquitto_sub").empty()) {
    return say_skipped("mosquitto's clients are not installed");
  }
  const Mosquitto broker(open_config());
  for (const std::string version : {"3.1.1", "5"}) {
    INFO("MQTT " << version);
    const Words link = at(broker) + Words{"-V", version == "5" ? "mqttv5" : "mqttv311"};
    Peer peer;
    peer.ours = ours(broker, version);
    peer.v5 = version == "5";
    peer.subscriber = [&](const std::string& filter, std::size_t count) {
      return Words{find_program("mosquitto_sub"), "-F", "%q %t %x %C %P", "-q", "2"} + link +
             Words{"-t", filter, "-C", std::to_string(count)};
    };
    peer.publisher = [&](const std::vector<Sample>& all) {
      for (const Sample& sample : all) {
        ProcessOptions options;
        options.argv = Words{find_program("mosquitto_pub"), "-t", sample.topic, "-q", sample.qos} +
                       link + Words{sample.payload.empty() ? "-n" : "-s"};
        if (peer.v5) {
          options.argv =
              options.argv + Words{"-D",      "PUBLISH",       "content-type", kType, "-D",
                                   "PUBLISH", "user-property", kName,          kValue};
        }
        options.stdin_text = sample.payload;
        const ProcessResult sent = run(std::move(options));
        if (!sent.ok()) return sent;
      }
      ProcessResult all_sent;
      all_sent.exit_code = 0;
      return all_sent;
    };
    exchange_messages(broker, peer, "m" + version.substr(0, 1));
  }
}
