// Packets of a trace for people and as JSON.
#include <algorithm>
#include <array>
#include <cstdio>
#include <ctime>

#include "inspect/shared/json_text.hpp"
#include "inspect/trace/stream.hpp"
#include "output/terminal_text.hpp"

namespace mqtk::inspect {

namespace {

constexpr std::size_t kHexColumn = 8;  ///< octets in a line

std::string type_name(const TracedPacket& packet) {
  if (!packet.is_packet) {
    std::string incident(name(packet.incident));
    std::ranges::replace(incident, '_', ' ');
    return packet.incident == Incident::None ? "no MQTT" : incident;
  }
  return std::string(wire::name(static_cast<wire::PacketType>(u8(packet.octets[0]) >> 4U)));
}

Bytes shown_part(Bytes value, const TraceFormat& format) {
  return format.payload == 0 ? value : value.substr(0, format.payload);
}

std::string value_text(const PacketField& field, const TraceFormat& format) {
  if (field.secret && !format.secrets) {
    return "(" + std::to_string(field.value.size()) + " octets, hidden)";
  }
  const Bytes part = shown_part(field.value, format);
  std::string out = terminal_text(part);
  if (part.size() < field.value.size()) {
    out += " ... (" + std::to_string(part.size()) + " of " + std::to_string(field.value.size()) +
           " octets)";
  }
  return out;
}

std::string spaced_hex(Bytes octets) {
  std::string out;
  for (const char c : octets) out += to_hex(Bytes(&c, 1)) + " ";
  return out;
}

void append_field(std::string& out, const TracedPacket& packet, const PacketField& field,
                  const TraceFormat& format) {
  std::string line = "    ";
  std::string rest;
  if (format.detail == TraceFormat::Detail::Octets) {
    std::array<char, 8> at{};
    std::snprintf(at.data(), at.size(), "%04zx  ", field.at);
    std::string octets(packet.octets.substr(field.at, field.size));
    // The length of a hidden value stays readable.
    if (field.secret && !format.secrets) octets.resize(std::min<std::size_t>(octets.size(), 2));
    const Bytes part = shown_part(octets, format);
    line += at.data() + spaced_hex(part.substr(0, kHexColumn));
    for (std::size_t i = kHexColumn; i < part.size(); i += kHexColumn) {
      std::snprintf(at.data(), at.size(), "%04zx  ", field.at + i);
      rest += "    " + std::string(at.data()) + spaced_hex(part.substr(i, kHexColumn)) + "\n";
    }
    line.resize(std::max<std::size_t>(line.size(), 4 + 6 + kHexColumn * 3), ' ');
    line += " ";
  }
  std::string name = field.name;
  std::ranges::replace(name, '_', ' ');
  line += name + " " + value_text(field, format);
  if (!field.meaning.empty()) line += " (" + terminal_text(field.meaning) + ")";
  out += line + "\n" + rest;
}

void append_text(std::string& out, const TracedPacket& packet, const TraceFormat& format) {
  out += wall_text(packet.time) + " #" + std::to_string(packet.connection) +
         (packet.from == Side::Client ? " > " : " < ") + type_name(packet);
  if (packet.incident == Incident::None) {
    out += ", " + std::to_string(packet.octets.size()) + " octets";
  } else if (packet.is_packet) {
    out += ", cut short: " + packet.why;
  } else {
    out += ": " + packet.why + "\n";
    return;
  }
  if (!packet.is_packet) {
    out += ": " + terminal_text(shown_part(packet.octets, format)) + "\n";
  } else if (format.detail == TraceFormat::Detail::Lines) {
    for (const PacketField& field : packet_fields(packet.octets, packet.version)) {
      if (field.name == "packet_type" || field.name == "remaining_length" ||
          field.name == "property_length" ||
          (field.name.ends_with("flags") && field.value == "0")) {
        continue;
      }
      out += " " + field.name + "=" + value_text(field, format);
    }
    out += "\n";
  } else {
    out += "\n";
    for (const PacketField& field : packet_fields(packet.octets, packet.version)) {
      append_field(out, packet, field, format);
    }
  }
  for (const Violation& violation : packet.violations) {
    out += "    !!! [" + violation.rule + "] " + terminal_text(violation.what) + "\n";
  }
}

void append_json(std::string& out, const TracedPacket& packet, const TraceFormat& format) {
  JsonText json("mqtt-inspect.trace/1");
  const auto since = packet.time.time_since_epoch();
  std::array<char, 40> time{};
  std::snprintf(
      time.data(), time.size(), "%lld.%06lld",
      static_cast<long long>(since / std::chrono::seconds(1)),
      static_cast<long long>(since % std::chrono::seconds(1) / std::chrono::microseconds(1)));
  json.raw("ts", time.data()).add("connection", packet.connection);
  json.add("from", packet.from == Side::Client ? "client" : "broker");
  if (packet.incident != Incident::None) {
    json.add("incident", name(packet.incident)).add("why", packet.why);
  }
  if (packet.incident == Incident::None || packet.is_packet) json.add("size", packet.octets.size());
  if (packet.is_packet) {
    json.add("type", type_name(packet)).add("protocol", wire::name(packet.version));
    json.begin_list("fields");
    for (const PacketField& field : packet_fields(packet.octets, packet.version)) {
      json.begin().add("at", field.at).add("size", field.size).add("name", field.name);
      if (field.secret && !format.secrets) {
        json.add("hidden", true);
      } else {
        json.octets("value", field.value);
      }
      if (!field.meaning.empty()) json.add("meaning", field.meaning);
      json.end();
    }
    json.end();
  } else if (packet.incident == Incident::None) {
    json.octets("octets", packet.octets);
  }
  json.begin_list("violations");
  for (const Violation& violation : packet.violations) {
    json.begin().add("rule", violation.rule).add("what", violation.what).end();
  }
  out += json.line();
}

}  // namespace

std::string wall_text(WallTime time) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
  const std::time_t whole = std::chrono::system_clock::to_time_t(seconds);
  std::tm local{};
  localtime_r(&whole, &local);
  std::array<char, 40> text{};
  const std::size_t size = std::strftime(text.data(), text.size(), "%H:%M:%S", &local);
  std::snprintf(text.data() + size, text.size() - size, ".%06d",
                static_cast<int>((time - seconds) / std::chrono::microseconds(1)));
  return text.data();
}

std::string clock_text() {
  return wall_text(std::chrono::time_point_cast<std::chrono::nanoseconds>(
                       std::chrono::system_clock::now()))
      .substr(0, 8);
}

void append_packet(std::string& out, const TracedPacket& packet, const TraceFormat& format) {
  if (format.json) {
    append_json(out, packet, format);
  } else {
    append_text(out, packet, format);
  }
}

}  // namespace mqtk::inspect
