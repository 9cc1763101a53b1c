#include "inspect/shared/probe_phases.hpp"

#include <algorithm>
#include <cstdio>

#include "base/units.hpp"

namespace mqtk::inspect {

namespace {

std::string join(const std::vector<std::string>& words, std::string_view between = ", ") {
  std::string out;
  for (const std::string& word : words) out.append(out.empty() ? "" : between).append(word);
  return out;
}

std::string join_addresses(const AttemptReport& attempt) {
  std::vector<std::string> words;
  for (const AddressReport& address : attempt.addresses) words.push_back(address.address);
  return join(words);
}

void describe_resolving(const AttemptReport& attempt, PhaseReport& phase) {
  const std::size_t count = attempt.addresses.size();
  phase.text = count == 1 ? attempt.addresses.front().address
                          : std::to_string(count) + " addresses: " + join_addresses(attempt);
  std::vector<std::string> addresses;
  for (const AddressReport& address : attempt.addresses) addresses.push_back(address.address);
  phase.details.push_back({"addresses", std::move(addresses)});
}

void describe_dialing(const AttemptReport& attempt, PhaseReport& phase) {
  std::vector<std::string> outcomes;
  std::vector<std::string> others;
  for (const AddressReport& address : attempt.addresses) {
    const std::string outcome = address.address + " " + address.outcome;
    outcomes.push_back(outcome);
    if (address.outcome == "connected") {
      phase.text = outcome;
    } else {
      others.push_back(outcome);
    }
  }
  if (!attempt.local_address.empty() && attempt.endpoint.scheme != Scheme::Unix) {
    phase.text += " from " + attempt.local_address;
    phase.details.push_back({"local_address", attempt.local_address});
  }
  if (!others.empty()) phase.text += " (" + join(others) + ")";
  phase.details.push_back({"addresses", std::move(outcomes)});
}

void describe_tls(const TlsInfo& tls, PhaseReport& phase) {
  phase.text = tls.version + ", " + tls.cipher;
  if (!tls.alpn.empty()) phase.text += ", ALPN " + tls.alpn;
  phase.text += tls.verify_result == "pre-shared key" ? ", pre-shared key"
                : tls.verified                        ? ", certificate trusted"
                                                      : ", certificate not verified";
  if (!tls.verified && tls.verify_result != "pre-shared key") {
    phase.text += " (" + tls.verify_result + ")";
  }
  if (tls.client_certificate_requested) phase.text += ", a client certificate was asked for";
}

void describe_websocket(const WebSocketInfo& websocket, PhaseReport& phase) {
  phase.text =
      "HTTP " + std::to_string(websocket.status) + ", " +
      (websocket.subprotocol.empty() ? "no subprotocol" : "subprotocol " + websocket.subprotocol);
}

// Details that tell something even when the phase has failed.
void add_details(const ConnectReport& report, Phase which, PhaseReport& phase) {
  if (which == Phase::Tls && report.tls) {
    const TlsInfo& tls = *report.tls;
    if (!tls.version.empty()) phase.details.push_back({"version", tls.version});
    if (!tls.cipher.empty()) phase.details.push_back({"cipher", tls.cipher});
    if (!tls.alpn.empty()) phase.details.push_back({"alpn", tls.alpn});
    phase.details.push_back({"verified", tls.verified});
    if (!tls.verify_result.empty()) phase.details.push_back({"verification", tls.verify_result});
    phase.details.push_back({"client_certificate_requested", tls.client_certificate_requested});
  }
  if (which == Phase::WebSocket && report.websocket && report.websocket->status != 0) {
    const WebSocketInfo& websocket = *report.websocket;
    phase.details.push_back({"status", std::int64_t{websocket.status}});
    if (!websocket.reason.empty()) phase.details.push_back({"reason", websocket.reason});
    if (!websocket.subprotocol.empty()) {
      phase.details.push_back({"subprotocol", websocket.subprotocol});
    }
    for (const HttpHeader& header : websocket.headers) {
      std::string name = "header_" + header.name;
      std::ranges::transform(name, name.begin(), [](char c) {
        return c == '-' ? '_' : c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
      });
      if (!header.value.empty()) phase.details.push_back({std::move(name), header.value});
    }
  }
}

void describe_accepted(const ClientConfig& config, const ConnectReport& report,
                       PhaseReport& phase) {
  phase.text = "MQTT " + std::string(wire::name(config.version)) + " accepted, ";
  phase.text +=
      report.connack && report.connack->session_present ? "session present" : "no stored session";
}

}  // namespace

std::string target_text(const ClientConfig& config) {
  std::vector<std::string> words;
  for (const Endpoint& endpoint : config.endpoints) words.push_back(to_string(endpoint));
  return join(words);
}

std::string milliseconds(Duration duration) {
  std::array<char, 32> text{};
  const double ms = std::chrono::duration<double, std::milli>(duration).count();
  std::snprintf(text.data(), text.size(),
                ms < 10    ? "%.2f ms"
                : ms < 100 ? "%.1f ms"
                           : "%.0f ms",
                ms);
  return text.data();
}

std::vector<PhaseReport> attempt_phases(const AttemptReport& attempt, const ClientConfig& config,
                                        const ConnectReport& report, const Error* error) {
  std::vector<PhaseReport> out;
  for (int i = 0; i <= static_cast<int>(attempt.phase); ++i) {
    const auto which = static_cast<Phase>(i);
    const Duration took = attempt.timings.phase[i];
    if (took < 0ns) continue;
    PhaseReport phase;
    phase.name = which == Phase::Mqtt ? "connect" : std::string(name(which));
    phase.took = took;
    const bool failed = error != nullptr && which == attempt.phase;
    phase.verdict = failed ? Verdict::Failed : Verdict::Ok;
    switch (which) {
      case Phase::Resolve:
        describe_resolving(attempt, phase);
        break;
      case Phase::Tcp:
        describe_dialing(attempt, phase);
        break;
      case Phase::Proxy:
        phase.text = "the proxy passes the connection on to " +
                     host_and_port(attempt.endpoint.host, attempt.endpoint.port);
        break;
      case Phase::Tls:
        if (attempt.tls) describe_tls(*attempt.tls, phase);
        break;
      case Phase::WebSocket:
        if (attempt.websocket) describe_websocket(*attempt.websocket, phase);
        break;
      case Phase::Mqtt:
      case Phase::Count_:
        describe_accepted(config, report, phase);
        break;
    }
    add_details(report, which, phase);
    if (failed) phase.text = error->message;
    out.push_back(std::move(phase));
  }
  return out;
}

Facts property_facts(wire::PropertiesView properties) {
  Facts out;
  std::vector<std::string> user;
  for (const wire::Property& property : properties) {
    std::string name(property.info->name);
    std::ranges::replace(name, '-', '_');
    switch (property.info->type) {
      case wire::PropertyType::Byte:
      case wire::PropertyType::TwoByte:
      case wire::PropertyType::FourByte:
      case wire::PropertyType::VarInt:
        out.push_back({std::move(name), std::int64_t{property.number}});
        break;
      case wire::PropertyType::Utf8:
        out.push_back({std::move(name), std::string(property.value)});
        break;
      case wire::PropertyType::Binary:
        // Authentication data may be a secret.
        out.push_back({std::move(name), std::to_string(property.value.size()) + " octets"});
        break;
      case wire::PropertyType::Utf8Pair:
        user.push_back(std::string(property.key) + "=" + std::string(property.value));
        break;
    }
  }
  if (!user.empty()) out.push_back({"user_properties", std::move(user)});
  return out;
}

ConnackReport connack_report(const wire::Connack& connack, wire::ProtocolVersion version) {
  ConnackReport out;
  out.code = connack.code;
  const bool v5 =
      version == wire::ProtocolVersion::V5 && (connack.code == 0 || connack.code > 0x7F);
  out.reason =
      v5 ? wire::name(static_cast<wire::ReasonCode>(connack.code), wire::PacketType::Connack)
         : wire::name(static_cast<wire::ConnackCode>(connack.code));
  out.session_present = connack.session_present;
  out.properties = property_facts(connack.properties);
  return out;
}

Error not_delivered(const std::string& topic, wire::ProtocolVersion version,
                    const std::optional<PublishOutcome>& acknowledged, const std::string& waited) {
  if (!acknowledged) {
    return {ErrorKind::Unreachable,
            Cause::PubTimeout,
            "the broker did not acknowledge a message" + waited,
            {}};
  }
  Error error{ErrorKind::Failed, Cause::PubNotDelivered,
              "the broker took a message to '" + topic + "', and it did not come back" + waited,
              "these credentials may not publish to this topic, or not read it, and the broker "
              "does not say so: try --topic-prefix PREFIX or -t TOPIC"};
  if (acknowledged->reason == wire::ReasonCode::NoMatchingSubscribers) {
    error.message += "; it says that nobody is subscribed";
    error.hint =
        "the granted subscription has no effect: these credentials may not read this topic; try "
        "--topic-prefix PREFIX or -t TOPIC";
  } else if (version != wire::ProtocolVersion::V5) {
    error.hint += "; with -V 5 a broker can say more";
  }
  return error;
}

std::vector<std::string> evidence_of(const ConnectReport& report, const AttemptReport& attempt) {
  std::vector<std::string> out;
  const PhaseReport* failed = nullptr;
  const PhaseReport* before = nullptr;
  for (const PhaseReport& phase : report.phases) {
    if (phase.verdict == Verdict::Failed) failed = &phase;
    if (phase.verdict == Verdict::Ok && failed == nullptr) before = &phase;
  }
  if (failed == nullptr || failed->name == "configuration") return out;
  out.push_back(failed->name + " failed after " + milliseconds(failed->took) +
                (before != nullptr ? "; " + before->name + " had succeeded" : ""));
  if (failed->name == "tcp") {
    for (const AddressReport& address : attempt.addresses) {
      out.push_back(address.address + ": " + address.outcome +
                    (address.took > 0ns ? " after " + milliseconds(address.took) : ""));
    }
  }
  if (report.connack && report.connack->code != 0) {
    out.push_back("CONNACK with code " + std::to_string(report.connack->code) + " (" +
                  report.connack->reason + ")");
  }
  if (report.websocket && report.websocket->status != 0 && report.websocket->status != 101) {
    out.push_back("the server answered HTTP " + std::to_string(report.websocket->status) + " " +
                  report.websocket->reason);
  }
  if (report.tls && report.tls->client_certificate_requested) {
    out.push_back("the server asked for a client certificate");
  }
  return out;
}

}  // namespace mqtk::inspect
