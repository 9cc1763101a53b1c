#include "output/json_layout.hpp"
#include "output/json_reader.hpp"
#include "output/json_text.hpp"
#include "output/message_template.hpp"
#include "output/properties_json.hpp"

namespace mqtk {

bool append_pretty_json(std::string& out, Bytes json) {
  using Kind = JsonReader::Kind;
  JsonReader reader(json);
  const auto new_line = [&] { out.append("\n").append(reader.depth(), '\t'); };
  Kind before = Kind::ArrayBegin;
  auto token = reader.next();
  for (; token.kind != Kind::End && token.kind != Kind::Fault; token = reader.next()) {
    const bool first = before == Kind::ObjectBegin || before == Kind::ArrayBegin;
    const bool closes = token.kind == Kind::ObjectEnd || token.kind == Kind::ArrayEnd;
    if (!first && !closes && before != Kind::Key) out += token.kind == Kind::Key ? "," : ", ";
    if (token.kind == Kind::Key || token.kind == Kind::ObjectEnd) new_line();
    out.append(token.text);
    if (token.kind == Kind::Key) out += ":\t";
    before = token.kind;
  }
  return token.kind == Kind::End;
}

bool append_template_json(std::string& out, const MessageRecord& message, std::string_view tst,
                          bool embed, bool pretty) {
  std::string line = "{\"tst\":\"";
  line.append(tst).append("\",\"topic\":");
  append_json_string(line, message.topic);
  line.append(",\"qos\":").append(std::to_string(static_cast<int>(message.qos)));
  line.append(message.retain ? ",\"retain\":true" : ",\"retain\":false");
  line.append(",\"payloadlen\":").append(std::to_string(message.payload.size()));
  if (message.qos != wire::Qos::AtMostOnce) {
    line.append(",\"mid\":").append(std::to_string(message.packet_id));
  }
  append_json_properties(line, message.properties, PropertyStyle::Mosquitto);
  if (message.payload.empty()) {
    line += ",\"payload\":null";
  } else if (!embed) {
    append_json_octets(line, "payload", message.payload);
  } else if (is_json(message.payload)) {
    line += ",\"payload\":";
    append_json_line(line, message.payload, Escapes::AsTheyAre);
  } else {
    return false;
  }
  line += '}';
  if (pretty) return append_pretty_json(out, line);
  out += line;
  return true;
}

}  // namespace mqtk
