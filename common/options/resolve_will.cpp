#include "base/bytes.hpp"
#include "options/resolve_parts.hpp"
#include "options/secrets.hpp"
#include "options/usage_error.hpp"
#include "wire/topic.hpp"

namespace mqtk {

namespace {

Result<void> check_topic(std::string_view topic, const std::string& option) {
  const auto fault = wire::check_topic_name(topic);
  if (!fault) return {};
  return usage_error(option + ": '" + std::string(topic) + "': " + std::string(fault->what));
}

Result<std::optional<std::string>> will_payload(const WillFlags& flags) {
  const int given = (flags.payload ? 1 : 0) + (flags.file ? 1 : 0) + (flags.base64 ? 1 : 0);
  if (given > 1) {
    return usage_error("--will-payload, --will-file and --will-base64 exclude each other");
  }
  std::optional<std::string> payload = flags.payload;
  if (flags.base64) {
    payload.emplace();
    if (!from_base64(*flags.base64, *payload))
      return usage_error("--will-base64: this is no base64");
  }
  if (flags.file) {
    auto content = read_file(*flags.file, "will file", wire::kMaxFieldSize, ErrorKind::NoInput);
    if (!content) return fail(std::move(content.error()));
    payload = std::move(*content);
  }
  if (payload && payload->size() > wire::kMaxFieldSize) {
    return usage_error("the will's payload has more than 65535 octets");
  }
  return payload;
}

void warn(std::vector<std::string>& warnings, bool given, std::string_view option,
          std::string_view without) {
  if (!given) return;
  warnings.push_back(std::string(option) + " has no effect without " + std::string(without));
}

Result<void> resolve_birth(const WillFlags& flags, ResolvedClient& out) {
  if (!flags.birth_topic) {
    if (flags.birth_payload) return usage_error("--birth-payload needs --birth-topic");
    warn(out.warnings, flags.birth_qos.has_value(), "--birth-qos", "--birth-topic");
    warn(out.warnings, flags.birth_retain, "--birth-retain", "--birth-topic");
    return {};
  }
  if (auto checked = check_topic(*flags.birth_topic, "--birth-topic"); !checked) return checked;
  out.config.birth =
      BirthConfig{*flags.birth_topic, flags.birth_payload.value_or(""),
                  flags.birth_qos.value_or(wire::Qos::AtMostOnce), flags.birth_retain};
  return {};
}

}  // namespace

Result<void> resolve_will(const WillFlags& flags, std::string_view publish_topic,
                          ResolvedClient& out) {
  auto payload = will_payload(flags);
  if (!payload) return fail(std::move(payload.error()));
  if (flags.topic || *payload) {
    WillConfig will;
    if (flags.topic) {
      will.topic = *flags.topic;
    } else if (!publish_topic.empty()) {
      will.topic = std::string(publish_topic) + "$will";
    } else {
      return usage_error("a will's payload needs a topic", "add --will-topic TOPIC");
    }
    if (auto checked = check_topic(will.topic, "--will-topic"); !checked) return checked;
    will.payload = payload->value_or("");
    will.qos = flags.qos.value_or(wire::Qos::AtMostOnce);
    will.retain = flags.retain;
    will.properties = out.properties.will;
    if (flags.delay_s) {
      auto added = add_property(will.properties, wire::PropertyId::WillDelayInterval,
                                *flags.delay_s, "--will-delay");
      if (!added) return added;
    }
    out.config.will = std::move(will);
  } else {
    warn(out.warnings, flags.qos.has_value(), "--will-qos", "a will");
    warn(out.warnings, flags.retain, "--will-retain", "a will");
    warn(out.warnings, flags.delay_s.has_value(), "--will-delay", "a will");
    warn(out.warnings, !out.properties.will.empty(), "--property will", "a will");
  }
  return resolve_birth(flags, out);
}

}  // namespace mqtk
