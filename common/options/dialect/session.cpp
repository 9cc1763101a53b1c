#include "options/dialect/session.hpp"

#include <unistd.h>

#include <algorithm>

#include "base/bytes.hpp"
#include "net/tls/tls.hpp"
#include "options/resolve.hpp"
#include "options/words.hpp"

namespace mqtk {

namespace {

constexpr std::string_view kClientsVersion = "2.1.2";
constexpr std::string_view kInflight = "20";
constexpr long kReceiveAll = 20;

}  // namespace

const ScannedFlag* DropInSession::given(std::string_view name) const {
  const auto found = std::ranges::find_if(
      line_.flags, [name](const ScannedFlag& each) { return each.flag->name == name; });
  return found == line_.flags.end() ? nullptr : &*found;
}

std::string_view DropInSession::value(std::string_view name) const {
  const ScannedFlag* const found = given(name);
  return found == nullptr ? std::string_view() : std::string_view(found->value);
}

void DropInSession::drop(std::string_view name) {
  std::erase_if(line_.flags, [name](const ScannedFlag& each) { return each.flag->name == name; });
}

void DropInSession::set(std::string_view name, std::string text) {
  drop(name);
  add(name, std::move(text));
}

void DropInSession::add(std::string_view name, std::string text) {
  const Flag* const target = flag(name);
  if (target == nullptr) return;
  ScannedFlag entry;
  entry.flag = target;
  entry.value = std::move(text);
  entry.typed = "--" + std::string(name);
  line_.flags.push_back(std::move(entry));
}

void DropInSession::use_url(const BrokerUrl& url, bool tls, bool websocket) {
  set("host", url.endpoint.host);
  drop("unix");
  if (url.port_given) {
    set("port", std::to_string(url.endpoint.port));
  } else {
    set("port", tls ? "8883" : "1883");
  }
  if (url.username) set("username", *url.username);
  if (url.password) set("password", *url.password);
  if (websocket) set("ws", "");
  url_tls_ = tls;
}

void DropInSession::say(std::string complaint, std::string text) {
  line_.done = true;
  line_.complaint = std::move(complaint);
  line_.text = std::move(text);
}

void DropInSession::refuse(const std::string& text, bool gap) {
  say("Error: " + text + (gap ? "\n\n\nUse '" : "\n\nUse '") + std::string(dialect_.program) +
      " --help' to see usage.\n");
}

void DropInSession::refuse_file(const std::string& path, std::string_view why) {
  say("Error: Unable to read file \"" + path + "\": " + std::string(why) +
      ".\nError loading input file \"" + path + "\".\n");
}

std::string DropInSession::usage_text() const {
  std::string out(dialect_.program);
  out.append(" as mqtt-toolkit has it, with the options of Mosquitto ").append(kClientsVersion);
  out.append(".\n\nUsage: ").append(dialect_.program).append(" [OPTION]...\n\n");
  for (const DropInOption& option : drop_in_options()) {
    const std::string_view word = option.letter.empty() ? option.name : option.letter;
    if (find_drop_in_option(dialect_.tool, word) != &option) continue;
    std::string head = " ";
    for (const std::string_view spelled : {option.letter, option.name}) {
      if (!spelled.empty()) head.append(" ").append(spelled);
    }
    const Flag* const ours = flag(option.flag);
    if (!option.missing.empty()) {
      head.append(" ").append(ours != nullptr ? ours->value_name : "VALUE");
    }
    if (ours != nullptr) {
      head.resize(std::max<std::size_t>(head.size() + 2, 34), ' ');
      head += ours->doc;
    }
    out.append(head).append("\n");
  }
  return out;
}

void DropInSession::help() {
  say({}, usage_text());
}

void DropInSession::about() {
  say({}, std::string(dialect_.program) + " version " + std::string(kClientsVersion) +
              " running on mqtt-toolkit " + MQTK_VERSION + ".\n");
}

void DropInSession::finish() {
  settle_version();
  if (!check() || !check_properties() || !check_tool()) return;
  settle_address();
  settle_tls();
  if (has("id") && value("id").empty()) return say("Error: Invalid id.\n");
  settle_session();
  settle_tool();
}

// Properties and -x force MQTT 5; without it, what only it has is left out.
void DropInSession::settle_version() {
  if (has("property") || has("session-expiry")) set("protocol-version", "5");
  if (dialect_.tool == DropIn::Rr && !has("protocol-version")) set("protocol-version", "5");
  if (value("protocol-version") == "5") {
    line_.version = wire::ProtocolVersion::V5;
    if (has("no-retained") && !has("retain-handling")) set("retain-handling", "never");
    return;
  }
  drop("retain-as-published");
  drop("retain-handling");
}

bool DropInSession::check() {
  const auto wrong = [this](const std::string& text) {
    refuse(text);
    return false;
  };
  if (has("will-payload") && !has("will-topic")) {
    return wrong("Will payload given, but no will topic given.");
  }
  if (has("will-retain") && !has("will-topic")) {
    return wrong("Will retain given, but no will topic given.");
  }
  if (has("cert") != has("key")) {
    return wrong("Both certfile and keyfile must be provided if one of them is set.");
  }
  if (has("keyform") && !has("key")) {
    return wrong("If keyform is set, keyfile must be also specified.");
  }
  if (has("tls-engine-kpass-sha1") && (!has("tls-engine") || !has("keyform"))) {
    return wrong(
        "when using tls-engine-kpass-sha1, both tls-engine and keyform must also be provided.");
  }
  if (has("psk") && (has("cafile") || has("capath"))) {
    return wrong("Only one of --psk or --cafile/--capath may be used at once.");
  }
  if (has("psk") && !has("psk-identity")) {
    return wrong("--psk-identity required if --psk used.");
  }
  const bool identified = has("id") || has("id-prefix");
  if (value("protocol-version") == "5") {
    const bool infinite =
        value("session-expiry") == "never" || (has("no-clean") && !has("session-expiry"));
    if (infinite && !identified) {
      return wrong(
          "You must provide a client id if you are using an infinite session expiry interval.");
    }
  } else if (has("no-clean") && !identified) {
    return wrong("You must provide a client id if you are using the -c option.");
  }
  if (has("password") && !has("username") && value("protocol-version") != "5") {
    say("Error: Problem setting username and/or password.\n");
    return false;
  }
  return true;
}

bool DropInSession::check_properties() {
  std::vector<std::string> seen;
  for (const ScannedFlag& given : line_.flags) {
    if (given.flag->name != "property") continue;
    const auto packet_end = given.value.find('\0');
    const auto name_end = given.value.find('\0', packet_end + 1);
    const std::string name = lower_case(given.value.substr(0, name_end));
    std::string packet = lower_case(given.value.substr(0, packet_end));
    if (name.ends_with("user-property")) continue;
    if (std::ranges::find(seen, name) != seen.end()) {
      std::ranges::transform(packet, packet.begin(), [](char c) {
        return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
      });
      say("Error in " + packet + " properties: Duplicate property in property list\n\nUse '" +
          std::string(dialect_.program) + " --help' to see usage.\n");
      return false;
    }
    if (dialect_.tool == DropIn::Rr && packet == "publish" && name.ends_with("response-topic")) {
      say("Error in PUBLISH properties: Duplicate response topic.\n");
      return false;
    }
    seen.push_back(name);
  }
  return true;
}

bool DropInSession::check_tool() {
  const bool message = has("message") || has("file") || has("stdin-file") || has("stdin-line") ||
                       has("null-message");
  switch (dialect_.tool) {
    case DropIn::Pub:
      if (has("topic") && message) return true;
      say("Error: Both topic and message must be supplied.\n", usage_text());
      return false;
    case DropIn::Rr:
      if (has("topic") && message && has("response-to")) return true;
      refuse("All of topic, message, and response topic must be supplied.");
      return false;
    default:
      if (!has("topic") && !has("unsubscribe")) {
        refuse("You must specify a topic to subscribe to (-t) or unsubscribe from (-U).");
        return false;
      }
      if (has("no-retained") && has("retained-only")) {
        say("\nError: Combining '-R' and '--retained-only' makes no sense.\n");
        return false;
      }
      return true;
  }
}

void DropInSession::settle_address() {
  const std::string host(has("host") ? value("host") : "localhost");
  if (value("port") == "0") {
    set("unix", host);
    drop("host");
  }
  if (has("unix")) {
    drop("host");
    drop("port");
    return;
  }
  set("host", host);
  const bool tls = !has("no-tls") && (has("cafile") || has("capath") || has("psk") || url_tls_);
  if (!has("port")) set("port", tls ? "8883" : "1883");
}

void DropInSession::settle_tls() {
  static constexpr std::string_view kOptions[] = {
      "cafile",       "capath",   "cert",       "key",         "ciphers",          "psk",
      "psk-identity", "tls-alpn", "tls-keylog", "tls-version", "tls-use-os-certs", "insecure"};
  const bool authority = has("cafile") || has("capath");
  if (url_tls_ && !authority && !has("psk")) set("tls-use-os-certs", "");
  const bool port = value("port") == "8883";
  const bool tls = !has("no-tls") && (authority || has("psk") || has("tls-use-os-certs") || port);
  if (!tls) {
    for (const std::string_view option : kOptions) drop(option);
  }
  // The service records name the port; that of TLS still asks for TLS.
  if (has("srv") && has("port")) {
    if (port && !has("no-tls") && !authority && !has("psk")) set("tls-use-os-certs", "");
    drop("port");
  }
  // Theirs look for a file of the key's name even when an engine has the key.
  const bool in_engine = lower_case(value("keyform")) == "engine";
  for (const std::string_view file : {"cafile", "capath", "cert", "key"}) {
    if (file == "key" && in_engine) continue;
    if (!has(file) || ::access(std::string(value(file)).c_str(), R_OK) == 0) continue;
    return say("Error: Problem setting TLS options: File not found.\n");
  }
  if (!settle_engine(tls)) return;
  const std::string version(value("tls-version"));
  if (has("tls-version") && version != "tlsv1.2" && version != "tlsv1.3") {
    return say("Error: Problem setting TLS options, check the options are valid.\n");
  }
}

// Looked at without TLS, too; false: it is wrong.
bool DropInSession::settle_engine(bool tls) {
  static constexpr std::string_view kOptions[] = {"tls-engine", "keyform", "tls-engine-kpass-sha1"};
  const std::string engine(value("tls-engine"));
  if (has("tls-engine") && !has_tls_engine(engine)) {
    say("Error: Problem setting TLS engine, is " + engine + " a valid engine?\n");
    return false;
  }
  const std::string form = lower_case(value("keyform"));
  if (has("keyform") && form != "pem" && form != "engine") {
    say("Error: Problem setting key form, it must be one of 'pem' or 'engine'.\n");
    return false;
  }
  if (has("tls-engine-kpass-sha1") && !sha1_of_hex(value("tls-engine-kpass-sha1"))) {
    say("Error: Problem setting TLS engine key pass sha, is it a 40 character hex string?\n");
    return false;
  }
  if (has("keyform")) set("keyform", form);
  if (form != "engine") {
    drop("tls-engine-kpass-sha1");
  } else if (tls) {
    set("key-passphrase-prompt", "");
  }
  if (!tls) {
    for (const std::string_view option : kOptions) drop(option);
  }
  return true;
}

void DropInSession::settle_session() {
  if (!has("id") && !has("id-prefix")) {
    set("id", value("protocol-version") == "31" ? generate_client_id("mosq-", 23) : "");
  }
  if (!has("max-inflight")) set("max-inflight", std::string(kInflight));
  set("reconnect-interval", "1s");
  set("max-reconnect-interval", "1s");
  set("publish-timeout", "0");
}

void DropInSession::settle_tool() {
  if (dialect_.tool == DropIn::Rr) set("request", "");
  // The next one goes when the last one has arrived.
  if (has("repeat") && !has("repeat-delay")) set("repeat-delay", "1us");
  if (dialect_.tool != DropIn::Sub) return;
  set("resubscribe", "always");
  if (has("retained-only")) set("idle", "0");
  // A stored session must not lose what comes behind the last message that is wanted.
  const std::string count(value("count"));
  if (value("protocol-version") == "5" && !count.empty() && std::stol(count) < kReceiveAll) {
    set("max-inflight", count);
  }
  if (has("format")) drop("verbose");
}

}  // namespace mqtk
