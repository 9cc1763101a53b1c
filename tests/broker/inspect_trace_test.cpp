// mqtt-inspect trace: its decoding beside tshark's, MQTT in WebSocket, the relay.
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <sstream>

#include "broker/inspect_run.hpp"
#include "inspect/trace/capture_file.hpp"
#include "support/catch.hpp"
#include "support/raw_client.hpp"
#include "support/skipped.hpp"
#include "support/temp_dir.hpp"
#include "support/wait_until.hpp"
#include "unit/wire/golden.hpp"
#include "wire/utf8.hpp"

using namespace mqtk;
using namespace mqtk::test;
using inspect::CaptureStream;
using inspect::Side;
using inspect::WallTime;

namespace {

/// Under tshark's name: all values of that field in one packet, in their order.
using Values = std::map<std::string, std::vector<std::string>>;

struct Name {
  const char* ours;
  const char* tshark;
  bool hex = false;  ///< tshark shows octets
};
constexpr Name kNames[] = {
    {"packet_type", "mqtt.msgtype"},
    {"remaining_length", "mqtt.len"},
    {"dup", "mqtt.dupflag"},
    {"qos", "mqtt.qos"},
    {"retain", "mqtt.retain"},
    {"protocol_name", "mqtt.protoname"},
    {"protocol_level", "mqtt.ver"},
    {"username_flag", "mqtt.conflag.uname"},
    {"password_flag", "mqtt.conflag.passwd"},
    {"will_retain", "mqtt.conflag.retain"},
    {"will_qos", "mqtt.conflag.qos"},
    {"will_flag", "mqtt.conflag.willflag"},
    {"clean_session", "mqtt.conflag.cleansess"},
    {"clean_start", "mqtt.conflag.cleansess"},
    {"reserved_flag", "mqtt.conflag.reserved"},
    {"keep_alive", "mqtt.kalive"},
    {"client_id", "mqtt.clientid"},
    {"will_topic", "mqtt.willtopic"},
    {"will_payload", "mqtt.willmsg", true},
    {"username", "mqtt.username"},
    {"password", "mqtt.passwd"},
    {"session_present", "mqtt.conack.flags.sp"},
    {"packet_id", "mqtt.msgid"},
    {"topic", "mqtt.topic"},
    {"topic_filter", "mqtt.topic"},
    {"payload", "mqtt.msg", true},
    {"no_local", "mqtt.subscription_options_nl"},
    {"retain_as_published", "mqtt.subscription_options_rap"},
    {"retain_handling", "mqtt.subscription_options_retain"},
    {"property_length", "mqtt.property_len"},
    {"will_property_length", "mqtt.property_len"},
    {"content_type", "mqtt.property.content_type"},
    {"maximum_qos", "mqtt.property.max_qos"},
    {"topic_alias", "mqtt.property.topic_alias"},
    {"user_property_key", "mqtt.prop_key"},
    {"user_property_value", "mqtt.prop_value"},
};
/// Those whose name in tshark depends on the packet's type and version.
constexpr const char* kMoreNames[] = {"mqtt.conack.val",
                                      "mqtt.connack.reason_code",
                                      "mqtt.puback.reason_code",
                                      "mqtt.pubrec.reason_code",
                                      "mqtt.pubrel.reason_code",
                                      "mqtt.pubcomp.reason_code",
                                      "mqtt.suback.qos",
                                      "mqtt.suback.reason_code",
                                      "mqtt.unsuback.reason_code",
                                      "mqtt.disconnect.reason_code",
                                      "mqtt.auth.reason_code",
                                      "mqtt.sub.qos",
                                      "mqtt.subscription_options_qos",
                                      "mqtt.prop_number",
                                      "mqtt.prop_string"};

std::string lower(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

/// Where tshark shows what we call `name` in this packet; empty: nowhere.
std::string tshark_name(const std::string& name, const Json& packet) {
  for (const Name& each : kNames) {
    if (name == each.ours) return each.tshark;
  }
  const bool v5 = packet["protocol"] == "5";
  const std::string type = lower(packet["type"].get<std::string>());
  if (name == "reason_code") return "mqtt." + type + ".reason_code";
  if (name == "return_code") return type == "connack" ? "mqtt.conack.val" : "mqtt.suback.qos";
  if (name == "requested_qos") return v5 ? "mqtt.subscription_options_qos" : "mqtt.sub.qos";
  if (name == "flags") return {};
  std::string dashed = name;
  for (char& c : dashed) {
    if (c == '_') c = '-';
  }
  const auto* const property = wire::find_property(std::string_view(dashed));
  if (property == nullptr) return {};
  const bool text =
      property->type == wire::PropertyType::Utf8 || property->type == wire::PropertyType::Binary;
  return text ? "mqtt.prop_string" : "mqtt.prop_number";
}

bool shown_as_hex(const std::string& name) {
  for (const Name& each : kNames) {
    if (name == each.ours) return each.hex;
  }
  return false;
}

/// tshark shows octets that it takes for text up to the first NUL, and what is no UTF-8 as U+FFFD.
std::string as_text(const std::string& octets) {
  const std::string text = octets.substr(0, octets.find('\0'));
  if (wire::is_utf8(text)) return text;
  std::string out;
  for (const char c : text) out += u8(c) < 0x80 ? std::string(1, c) : "\xEF\xBF\xBD";
  return out;
}

Values values_of(const Json& packet) {
  Values out;
  for (const Json& field : packet["fields"]) {
    const auto name = field["name"].get<std::string>();
    const std::string there = tshark_name(name, packet);
    if (there.empty()) continue;
    std::string octets;
    if (field.contains("value_base64")) {
      from_base64(field["value_base64"].get<std::string>(), octets);
    } else {
      octets = field["value"].get<std::string>();
    }
    std::string value = shown_as_hex(name) ? to_hex(octets) : octets;
    if (there == "mqtt.prop_string") value = as_text(value);
    // tshark shows nothing for an empty field.
    if (!value.empty()) out[there].push_back(value);
  }
  return out;
}

std::vector<std::string> split(const std::string& text, char at) {
  std::vector<std::string> out;
  std::istringstream in(text);
  for (std::string part; std::getline(in, part, at);) out.push_back(part);
  return out;
}

std::vector<Values> run_tshark(const std::string& file, const std::string& tshark) {
  std::vector<std::string> names;
  for (const Name& each : kNames) {
    if (std::find(names.begin(), names.end(), each.tshark) == names.end())
      names.emplace_back(each.tshark);
  }
  names.insert(names.end(), std::begin(kMoreNames), std::end(kMoreNames));
  Words words = {tshark,         "-r",   file,           "-d",     "tcp.port==1883,mqtt",
                 "-Y",           "mqtt", "-T",           "fields", "-E",
                 "separator=/t", "-E",   "occurrence=a", "-E",     "aggregator=|"};
  for (const std::string& name : names) words = words + Words{"-e", name};
  const ProcessResult result = run(words);
  INFO(result.err);
  REQUIRE(result.ok());
  std::vector<Values> out;
  for (const std::string& line : split(result.out, '\n')) {
    Values& values = out.emplace_back();
    const auto columns = split(line, '\t');
    for (std::size_t i = 0; i < columns.size(); ++i) {
      for (std::string value : split(columns[i], '|')) {
        if (value == "<MISSING>") continue;
        if (value == "True") value = "1";
        if (value == "False") value = "0";
        if (value.starts_with("0x")) value = std::to_string(std::stoul(value, nullptr, 16));
        values[names[i]].push_back(value);
      }
    }
  }
  return out;
}

std::string text_of(const Values& values) {
  std::string out;
  for (const auto& [name, list] : values) {
    out += name + "=";
    for (const std::string& value : list) out += value + "|";
    out += " ";
  }
  return out;
}

bool is_from_broker(const wire::Packet& packet) {
  switch (wire::type_of(packet)) {
    case wire::PacketType::Connack:
    case wire::PacketType::Suback:
    case wire::PacketType::Unsuback:
    case wire::PacketType::Pingresp:
      return true;
    default:
      return false;
  }
}

std::vector<Json> json_lines(const std::string& text) {
  std::vector<Json> out;
  for (const std::string& line : split(text, '\n')) out.push_back(Json::parse(line));
  return out;
}

class Relay {
 public:
  explicit Relay(const Words& words)
      : process_(inspect_options(Words{"trace", "--listen", "127.0.0.1:0"} + words)) {
    process_.wait_stderr_contains("listening on 127.0.0.1:", 30s);
    const std::string said = process_.err_so_far();
    const auto at = said.find("127.0.0.1:");
    if (at != std::string::npos) port_ = std::stoi(said.substr(at + 10));
  }
  std::string port() const { return std::to_string(port_); }
  Process& process() { return process_; }

 private:
  Process process_;
  int port_ = 0;
};

}  // namespace

TEST_CASE("every packet of 3.1, 3.1.1 and 5 is decoded as tshark decodes it") {
  const std::string tshark = find_program("tshark");
  if (tshark.empty()) return say_skipped("tshark is not installed");
  const TempDir folder;
  std::string capture = inspect::pcapng_head();
  std::vector<std::string> names;
  std::uint64_t connection = 0;
  WallTime time{std::chrono::seconds(1'700'000'000)};
  for (const Golden& golden : golden_packets()) {
    const std::string octets = bytes_of(golden.bytes);
    const bool hello = wire::type_of(golden.packet) == wire::PacketType::Connect;
    CaptureStream stream(++connection, 1883);
    stream.open(capture, time);
    if (!hello) {
      std::string connect;
      wire::Connect packet = plain_connect("c");
      packet.version = golden.version;
      wire::encode(packet, connect);
      stream.say(capture, Side::Client, connect, time);
      names.emplace_back("CONNECT before it");
    }
    stream.say(capture, is_from_broker(golden.packet) ? Side::Broker : Side::Client, octets, time);
    stream.close(capture, Side::Client, time);
    names.emplace_back(golden.name);
    time += std::chrono::milliseconds(1);
  }
  const std::string file = folder.write("golden.pcapng", capture);
  const ProcessResult ours = mqtk::test::inspect(
      {"trace", "--read", file, "--json", "--show-secrets", "--max-value", "0"});
  INFO(ours.err);
  REQUIRE(ours.ok());
  const auto packets = json_lines(ours.out);
  const auto theirs = run_tshark(file, tshark);
  REQUIRE(packets.size() == names.size());
  REQUIRE(theirs.size() == names.size());
  for (std::size_t i = 0; i < names.size(); ++i) {
    INFO(names[i] << ": " << packets[i].dump());
    CHECK(text_of(values_of(packets[i])) == text_of(theirs[i]));
  }
}

TEST_CASE("the relay shows both directions, masks passwords, and writes a capture") {
  if (!have_broker()) return;
  const Mosquitto broker;
  const TempDir folder;
  const std::string file = folder.file("relay.pcapng");
  Relay relay(Words{"--json", "--write", file} + at(broker));
  const Words there = {"-h", "127.0.0.1", "-p", relay.port()};
  REQUIRE(publish(there + Words{"-t", "a/b", "-m", "hello", "-q", "2", "-V", "5", "-u", "joe", "-P",
                                "secret"})
              .ok());
  REQUIRE(relay.process().wait_stdout_contains("\"DISCONNECT\"", 30s));
  const ProcessResult result = relay.process().stop();
  INFO(result.text());
  CHECK(result.out.find("secret") == std::string::npos);
  // The capture holds the password, and says so, to nobody but its owner.
  CHECK(result.err.find("holds passwords") != std::string::npos);
  CHECK(read_file(file).find("holds passwords") != std::string::npos);
  CHECK(std::filesystem::status(file).permissions() ==
        (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
  std::vector<std::string> types;
  for (const Json& packet : json_lines(result.out)) {
    types.push_back((packet["from"] == "client" ? ">" : "<") + packet["type"].get<std::string>());
    CHECK(packet["violations"].empty());
  }
  CHECK(types == std::vector<std::string>{">CONNECT", "<CONNACK", ">PUBLISH", "<PUBREC", ">PUBREL",
                                          "<PUBCOMP", ">DISCONNECT"});
  const ProcessResult again = mqtk::test::inspect({"trace", "--read", file, "--json"});
  INFO(again.err);
  CHECK(json_lines(again.out).size() == types.size());
  const ProcessResult text = mqtk::test::inspect({"trace", "--read", file});
  CHECK(text.out.find("protocol name MQTT") != std::string::npos);
  CHECK(text.out.find("(6 octets, hidden)") != std::string::npos);
  CHECK(text.out.find("00 04 4d 51 54 54") != std::string::npos);
}

TEST_CASE("the relay passes on what breaks a rule, and names the rule") {
  if (!have_broker()) return;
  const Mosquitto broker;
  Relay relay(Words{"--json"} + at(broker));
  {
    RawClient client(static_cast<std::uint16_t>(std::stoi(relay.port())));
    client.send(plain_connect("raw"));
    CHECK(client.receive_type() == "CONNACK");
    client.send(plain_connect("raw"));
    client.wait_end();
  }
  REQUIRE(relay.process().wait_stdout_contains("MQTT-3.1.0-2", 30s));
  {
    RawClient client(static_cast<std::uint16_t>(std::stoi(relay.port())));
    client.send_raw(Bytes("\0\0", 2));
    client.wait_end();
  }
  CHECK(relay.process().wait_stdout_contains("\"octets\"", 30s));
}

TEST_CASE("TLS and WebSocket on either side of the relay") {
  if (!have_broker()) return;
  const World world;
  const Words ca = {"--cafile", world.certs.ca};
  const Words identity = {"--listen-cert", world.certs.server.certificate, "--listen-key",
                          world.certs.server.key};
  struct Case {
    const char* name;
    Words relay, client;
  };
  const std::string ws = "ws://127.0.0.1:" + std::to_string(world.broker.port("ws")) + "/mqtt";
  const std::vector<Case> cases = {
      {"TLS to the broker", at(world.broker, "tls") + ca, {}},
      {"TLS to the client", at(world.broker) + identity, ca},
      {"WebSocket to the broker", {ws}, {}},
      {"WebSocket to the client", at(world.broker) + Words{"--listen-ws"}, {"--ws"}},
      {"both to the client, TLS to the broker",
       at(world.broker, "tls") + ca + identity + Words{"--listen-ws"}, ca + Words{"--ws"}},
  };
  for (const Case& each : cases) {
    Relay relay(Words{"--json"} + each.relay);
    const ProcessResult sent = publish(Words{"-h", "localhost", "-4", "-p", relay.port()} +
                                       each.client + Words{"-t", "x", "-m", "through", "-q", "1"});
    INFO(each.name << sent.text() << relay.process().err_so_far());
    CHECK(sent.ok());
    CHECK(relay.process().wait_stdout_contains("\"through\"", 30s));
    CHECK(relay.process().wait_stdout_contains("PUBACK", 30s));
  }
}

TEST_CASE("the relay loses nothing") {
  if (!have_broker()) return;
  MosquittoConfig config;
  // What a slow subscriber has not taken is not dropped by the broker.
  config.extra = {"max_queued_messages 0"};
  const Mosquitto broker(config);
  Relay relay(Words{"--show", "lines", "--write", "/dev/null"} + at(broker));
  Subscriber subscriber(Words{"-h", "127.0.0.1", "-p", relay.port(), "-t", "n/#", "-q", "1", "-C",
                              "20000", "-W", "80"},
                        "/dev/null");
  REQUIRE(subscriber.ready());
  std::string lines;
  for (int i = 0; i < 20'000; ++i) lines += std::to_string(i) + "\n";
  REQUIRE(publish_text({"-h", "127.0.0.1", "-p", relay.port(), "-t", "n/x", "-q", "1", "-l"}, lines)
              .ok());
  CHECK(subscriber.wait().ok());
  const ProcessResult result = relay.process().stop();
  CHECK(occurrences(result.out, " > PUBLISH,") == 20'000);
  CHECK(occurrences(result.out, " < PUBLISH,") == 20'000);
  CHECK(occurrences(result.out, "!!!") == 0);
}

TEST_CASE("a client that goes in the middle of a packet is reported") {
  if (!have_broker()) return;
  const Mosquitto broker;
  Relay relay(Words{"--json"} + at(broker));
  {
    RawClient client(static_cast<std::uint16_t>(std::stoi(relay.port())));
    client.send_raw(Bytes("\x10\x20\x00\x04MQTT", 8));
  }
  CHECK(relay.process().wait_stdout_contains("\"incident\":\"cut_short\"", 30s));
  const std::string out = relay.process().stop().out;
  CHECK(out.find("the client ended the connection after 8 of 34 octets") != std::string::npos);
}

TEST_CASE("octets and hex text from the standard input") {
  ProcessOptions options = inspect_options({"trace", "--read", "-", "--show", "fields"});
  options.stdin_text = "10 0c 00 04 4d 51 54 54 04 02 00 3c 00 00\nc0 00";
  ProcessResult result = run(options);
  INFO(result.text());
  CHECK(result.ok());
  CHECK(result.out.find("keep alive 60") != std::string::npos);
  CHECK(result.out.find("PINGREQ, 2 octets") != std::string::npos);
  options.stdin_text = std::string("\x30\x03\x00\x01#", 5);
  result = run(options);
  CHECK(result.out.find("[MQTT-3.1.0-1]") != std::string::npos);
  CHECK(result.out.find("[MQTT-3.3.2-2]") != std::string::npos);
  CHECK(mqtk::test::inspect({"trace", "--read", "/no/such/file"}).exit_code == 66);
  CHECK(mqtk::test::inspect({"trace"}).exit_code == 64);
}

TEST_CASE("a capture that cannot be written ends the relay") {
  if (!have_broker()) return;
  const Mosquitto broker;
  const TempDir folder;
  // Never the real one: a fault of ours would take it from all others.
  const std::string full = folder.file("full");
  if (::mknod(full.c_str(), S_IFCHR | 0600, makedev(1, 7)) != 0) {
    return say_skipped("no device can be made here");
  }
  const ProcessResult result =
      mqtk::test::inspect(Words{"trace", "--listen", "127.0.0.1:0", "--write", full} + at(broker));
  INFO(result.text());
  CHECK(result.exit_code == 74);
  CHECK(result.err.find("cannot write " + full) != std::string::npos);
  CHECK(std::filesystem::is_character_file(full));
}
