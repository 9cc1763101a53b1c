#include "inspect/shared/json_text.hpp"

#include "output/terminal_text.hpp"
#include "wire/utf8.hpp"

namespace mqtk::inspect {

JsonText::JsonText(std::string_view schema) : writer_(text_) {
  begin();
  if (!schema.empty()) add("schema", schema);
}

JsonText& JsonText::add(std::string_view key, std::string_view text) {
  name(key);
  if (wire::is_utf8(text)) {
    writer_.string(text);
  } else {
    writer_.string(terminal_text(text));
  }
  return *this;
}

JsonText& JsonText::milliseconds(std::string_view key, Duration value) {
  return add(key, static_cast<double>(value / 1us) / 1000.0);
}

JsonText& JsonText::list(std::string_view key, const std::vector<std::string>& texts) {
  begin_list(key);
  for (const std::string& text : texts) add({}, text);
  return end();
}

JsonText& JsonText::raw(std::string_view key, std::string_view json) {
  name(key);
  writer_.raw(json);
  return *this;
}

JsonText& JsonText::octets(std::string_view key, Bytes value) {
  if (wire::is_utf8(value)) return add(key, value);
  return add(std::string(key) + "_base64", to_base64(value));
}

JsonText& JsonText::outcome(const Error* error) {
  add("ok", error == nullptr);
  if (error == nullptr) return *this;
  add("cause", mqtk::name(error->cause)).add("message", error->message);
  return error->hint.empty() ? *this : add("hint", error->hint);
}

JsonText& JsonText::begin(std::string_view key) {
  name(key);
  writer_.begin_object();
  open_ += '{';
  return *this;
}

JsonText& JsonText::begin_list(std::string_view key) {
  name(key);
  writer_.begin_array();
  open_ += '[';
  return *this;
}

JsonText& JsonText::end() {
  if (open_.back() == '{') {
    writer_.end_object();
  } else {
    writer_.end_array();
  }
  open_.pop_back();
  return *this;
}

std::string JsonText::text() {
  while (!open_.empty()) end();
  return text_;
}

}  // namespace mqtk::inspect
