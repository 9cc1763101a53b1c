// The one table of what mosquitto's three programs take.
#include "options/dialect/options.hpp"

#include <algorithm>
#include <array>

#include "base/units.hpp"
#include "options/words.hpp"
#include "wire/properties.hpp"

namespace mqtk {

namespace {

using enum DropInForm;

constexpr std::string_view kNoFile = "no file specified";
constexpr std::string_view kNoTopic = "no topic specified";

constexpr DropInOption kOptions[] = {
    {"-A", "", "PSR", "bind", Text, "no address specified"},
    {"-c", "--disable-clean-session", "PSR", "no-clean", Switch},
    {"-C", "", "S", "count", Count, "no count specified"},
    {"-d", "--debug", "PSR", "debug", Switch},
    {"-D", "--property", "PSR", "property", Property, "not enough arguments specified",
     "--property"},
    {"-e", "", "R", "response-to", ResponseTopic, "no response topic specified"},
    {"-E", "", "S", "exit-when-subscribed", Switch},
    {"-f", "--file", "PR", "file", Payload, kNoFile},
    {"-F", "", "SR", "format", Format, "no format specified"},
    {"-h", "--host", "PSR", "host", Text, "no host specified"},
    {"-i", "--id", "PSR", "id", Id, "no id specified"},
    {"-I", "--id-prefix", "PSR", "id-prefix", Id, "no id prefix specified"},
    {"-k", "--keepalive", "PSR", "keepalive", KeepAlive, "no keepalive specified"},
    {"-l", "--stdin-line", "P", "stdin-line", PayloadSwitch},
    {"-L", "--url", "PSR", "url", Url, "no URL specified"},
    {"-m", "--message", "PR", "message", Payload, "no message specified"},
    {"-M", "", "PSR", "max-inflight", Inflight, "max_inflight not specified"},
    {"-n", "--null-message", "PR", "null-message", PayloadSwitch},
    {"-N", "", "SR", "no-newline", Switch},
    {"-o", "", "PSR", "", OptionsFile, "no options file specified"},
    {"-p", "--port", "PSR", "port", Port, "no port specified"},
    {"-P", "--pw", "PSR", "password", Text, "no password specified"},
    {"-q", "--qos", "PSR", "qos", Qos, "no QoS specified"},
    {"-r", "--retain", "P", "retain", Switch},
    {"-R", "", "SR", "no-retained", Switch},
    {"-s", "--stdin-file", "PR", "stdin-file", PayloadSwitch},
    {"-S", "", "PSR", "srv", Switch},
    {"-t", "--topic", "PSR", "topic", Topic, kNoTopic},
    {"-T", "--filter-out", "S", "filter-out", FilterOut, "no topic filter specified"},
    {"-u", "--username", "PSR", "username", Text, "no username specified"},
    {"-U", "--unsubscribe", "S", "unsubscribe", Unsubscribe, "no unsubscribe topic specified"},
    {"-v", "--verbose", "SR", "verbose", Switch},
    {"-V", "--protocol-version", "PSR", "protocol-version", Version, "no version specified",
     "--protocol-version"},
    {"-w", "--watch", "S", "watch", Switch},
    {"-W", "", "SR", "timeout", Timeout, "no timeout specified"},
    {"-x", "", "PSR", "session-expiry", SessionExpiry, "no session expiry interval specified"},
    {"", "--cafile", "PSR", "cafile", Text, kNoFile},
    {"", "--capath", "PSR", "capath", Text, "no directory specified"},
    {"", "--cert", "PSR", "cert", Text, kNoFile},
    {"", "--ciphers", "PSR", "ciphers", Text, "no ciphers specified"},
    {"", "--help", "PSR", "", Help},
    {"", "--insecure", "PSR", "insecure", Switch},
    {"", "--key", "PSR", "key", Text, kNoFile},
    {"", "--keyform", "PSR", "keyform", Text, "no keyform specified"},
    {"", "--latency", "R", "latency", Switch},
    {"", "--message-rate", "S", "message-rate", Switch},
    {"", "--no-tls", "PSR", "no-tls", Switch},
    {"", "--nodelay", "PSR", "nodelay", Switch},
    {"", "--pretty", "SR", "pretty", Switch},
    {"", "--proxy", "PSR", "proxy", Proxy, "no proxy url specified"},
    {"", "--psk", "PSR", "psk", Text, "no key specified"},
    {"", "--psk-identity", "PSR", "psk-identity", Text, "no identity specified"},
    {"", "--quiet", "PSR", "quiet", Switch},
    {"", "--random-filter", "S", "random-filter", Percent, "no chance specified"},
    {"", "--remove-retained", "S", "remove-retained", Switch},
    {"", "--repeat", "P", "repeat", Repeat, "no count specified"},
    {"", "--repeat-delay", "P", "repeat-delay", RepeatDelay, "no time specified"},
    {"", "--retain-as-published", "SR", "retain-as-published", Switch},
    {"", "--retain-handling", "SR", "retain-handling", RetainHandling, "no option specified"},
    {"", "--retained-only", "S", "retained-only", Switch},
    {"", "--tls-alpn", "PSR", "tls-alpn", Text, "no protocol specified"},
    {"", "--tls-engine", "PSR", "tls-engine", Text, "no engine_id specified"},
    {"", "--tls-engine-kpass-sha1", "PSR", "tls-engine-kpass-sha1", Text,
     "no kpass sha1 specified"},
    {"", "--tls-keylog", "PSR", "tls-keylog", Text, kNoFile},
    {"", "--tls-use-os-certs", "PSR", "tls-use-os-certs", Switch},
    {"", "--tls-version", "PSR", "tls-version", Text, "no version specified"},
    {"", "--unix", "PSR", "unix", Text, "no socket path specified"},
    {"", "--version", "PSR", "", AboutVersion},
    {"", "--will-payload", "PSR", "will-payload", Text, "no will payload specified"},
    {"", "--will-qos", "PSR", "will-qos", WillQos, "no will QoS specified"},
    {"", "--will-retain", "PSR", "will-retain", Switch},
    {"", "--will-topic", "PSR", "will-topic", WillTopic, "no will topic specified"},
    {"", "--ws", "PSR", "ws", Switch},
};

char letter_of(DropIn tool) {
  return tool == DropIn::Pub ? 'P' : tool == DropIn::Sub ? 'S' : 'R';
}

struct Packet {
  std::string_view name;
  wire::PropertyPlace place;
  bool usable;
};
constexpr std::array<Packet, 14> kPackets = {{
    {"connect", wire::PropertyPlace::Connect, true},
    {"connack", wire::PropertyPlace::Connack, false},
    {"publish", wire::PropertyPlace::Publish, true},
    {"puback", wire::PropertyPlace::Puback, false},
    {"pubrec", wire::PropertyPlace::Pubrec, false},
    {"pubrel", wire::PropertyPlace::Pubrel, false},
    {"pubcomp", wire::PropertyPlace::Pubcomp, false},
    {"subscribe", wire::PropertyPlace::Subscribe, true},
    {"suback", wire::PropertyPlace::Suback, false},
    {"unsubscribe", wire::PropertyPlace::Unsubscribe, true},
    {"unsuback", wire::PropertyPlace::Unsuback, false},
    {"disconnect", wire::PropertyPlace::Disconnect, true},
    {"auth", wire::PropertyPlace::Auth, false},
    {"will", wire::PropertyPlace::Will, true},
}};

}  // namespace

std::span<const DropInOption> drop_in_options() {
  return kOptions;
}

const DropInOption* find_drop_in_option(DropIn tool, std::string_view word) {
  for (const DropInOption& option : kOptions) {
    const bool named = !word.empty() && (option.letter == word || option.name == word);
    if (named && option.tools.find(letter_of(tool)) != std::string_view::npos) return &option;
  }
  return nullptr;
}

std::string check_drop_in_property(std::span<const std::string_view> words) {
  const std::string argument = " in --property argument.";
  const std::string packet(words[0]);
  const auto* const place = std::ranges::find(kPackets, lower_case(packet), &Packet::name);
  if (place == kPackets.end()) return "Invalid command " + packet + " given" + argument;
  const std::string name(words[1]);
  const wire::PropertyInfo* const info = wire::find_property(lower_case(name));
  if (info == nullptr) return "Invalid property name " + name + " given" + argument;
  if (!info->allowed_in(place->place)) {
    return name + " property not allowed for " + packet + argument;
  }
  if (!place->usable) return name + " property not supported for " + packet + argument;
  if (info->id == wire::PropertyId::SubscriptionIdentifier && place->name == "publish") {
    return "subscription-identifier property not supported for publish" + argument;
  }
  if (info->type > wire::PropertyType::VarInt) return {};
  const auto number = parse_number(words[2], info->minimum, info->maximum);
  if (number) return {};
  return "Property value (" + std::string(words[2]) + ") out of range for property " + name + ".";
}

}  // namespace mqtk
