#include "inspect/shared/json_fields.hpp"

#include <algorithm>

#include "base/numbers.hpp"
#include "output/json_reader.hpp"

namespace mqtk::inspect {

namespace {

using Kind = JsonReader::Kind;

struct Level {
  bool list = false;
  bool empty = true;
  std::size_t next = 0;
  std::size_t path_size = 0;
};

/// The path to the value that is read, as containers open and close around it.
class Place {
 public:
  void key(std::string_view name) {
    path_.resize(levels_.back().path_size);
    path_.append(".").append(name);
    levels_.back().empty = false;
  }
  void value() {
    if (levels_.empty() || !levels_.back().list) return;
    Level& level = levels_.back();
    path_.resize(level.path_size);
    path_ += '[' + std::to_string(level.next++) + ']';
    level.empty = false;
  }
  void open(bool list) {
    value();
    levels_.push_back({list, true, 0, path_.size()});
  }
  /// True when nothing was in it.
  bool close() {
    const Level level = levels_.back();
    levels_.pop_back();
    path_.resize(level.path_size);
    return level.empty;
  }
  std::string text() const { return path_.empty() ? "." : path_; }

 private:
  std::vector<Level> levels_;
  std::string path_;
};

}  // namespace

std::optional<double> JsonField::number() const {
  if (!text && value == "true") return 1.0;
  if (!text && value == "false") return 0.0;
  return parse_double(value);
}

std::optional<std::vector<JsonField>> json_fields(Bytes document, std::size_t limit) {
  if (!is_json(document)) return std::nullopt;
  std::vector<JsonField> fields;
  Place place;
  JsonReader reader(document);
  while (fields.size() < limit) {
    const JsonReader::Token token = reader.next();
    switch (token.kind) {
      case Kind::ObjectBegin:
      case Kind::ArrayBegin:
        place.open(token.kind == Kind::ArrayBegin);
        break;
      case Kind::ObjectEnd:
      case Kind::ArrayEnd:
        if (place.close()) {
          fields.push_back({place.text(), token.kind == Kind::ArrayEnd ? "[]" : "{}", false});
        }
        break;
      case Kind::Key:
        place.key(json_string_text(token.text));
        break;
      case Kind::String:
        place.value();
        fields.push_back({place.text(), json_string_text(token.text), true});
        break;
      case Kind::Number:
      case Kind::Literal:
        place.value();
        fields.push_back({place.text(), std::string(token.text), false});
        break;
      case Kind::End:
      case Kind::Fault:
        return fields;
    }
  }
  return fields;
}

std::string sparkline(const std::vector<double>& numbers) {
  if (numbers.empty()) return {};
  const auto [least, most] = std::ranges::minmax(numbers);
  std::string out;
  for (const double number : numbers) {
    const double share = most > least ? (number - least) / (most - least) : 0.5;
    const int height = std::clamp(static_cast<int>(share * 8), 0, 7);
    out += "\xE2\x96";
    out += octet(0x81U + static_cast<unsigned>(height));
  }
  return out;
}

}  // namespace mqtk::inspect
