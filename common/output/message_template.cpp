#include "output/message_template.hpp"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <cstring>

#include "output/terminal_text.hpp"

namespace mqtk {

namespace {

using wire::PropertyId;

constexpr std::string_view kLetters = "%AEFSCRDPtpxXfdlmqrIUjJ";
constexpr std::string_view kSeparators = "!\"#$&'()*+,-./:;<=>?@[\\]^_`{|}~ ";
constexpr std::string_view kEscapes = "\\0aenrtv";
constexpr std::string_view kEscaped{"\\\0\a\x1b\n\r\t\v", 8};
constexpr int kWidest = 65'535;

bool is_ascii_digit(char c) {
  return c >= '0' && c <= '9';
}

void append_padded(std::string& out, std::string_view text, std::size_t width, bool left,
                   char pad) {
  const std::size_t missing = width > text.size() ? width - text.size() : 0;
  if (!left) out.append(missing, pad);
  out.append(text);
  if (left) out.append(missing, ' ');
}

// The nine digits behind the second.
std::string nanoseconds(const MessageRecord& message) {
  const auto since = message.time.time_since_epoch();
  const auto part = since - std::chrono::floor<std::chrono::seconds>(since);
  std::string digits =
      std::to_string(std::chrono::duration_cast<std::chrono::nanoseconds>(part).count());
  return std::string(9 - digits.size(), '0') + digits;
}

std::time_t second_of(const MessageRecord& message) {
  return static_cast<std::time_t>(
      std::chrono::floor<std::chrono::seconds>(message.time.time_since_epoch()).count());
}

PropertyId number_property(char letter) {
  switch (letter) {
    case 'A':
      return PropertyId::TopicAlias;
    case 'E':
      return PropertyId::MessageExpiryInterval;
    case 'F':
      return PropertyId::PayloadFormatIndicator;
    default:
      return PropertyId::SubscriptionIdentifier;
  }
}

std::string user_properties(const MessageRecord& message) {
  std::string out;
  for (const wire::Property& property : message.properties) {
    if (property.info->id != PropertyId::UserProperty) continue;
    if (!out.empty()) out += ' ';
    out.append(property.key).append(":").append(property.value);
  }
  return out;
}

}  // namespace

std::string_view describe(TemplateFault fault) {
  switch (fault) {
    case TemplateFault::None:
      break;
    case TemplateFault::NotJson:
      return "the payload is no valid JSON";
    case TemplateFault::NotFloat:
      return "%f: the payload is no float of 4 octets";
    case TemplateFault::NotDouble:
      return "%d: the payload is no double of 8 octets";
  }
  return "";
}

class MessageTemplate::Compiler {
 public:
  explicit Compiler(std::string_view text) : rest_(text) {}

  Result<MessageTemplate> run() {
    while (!rest_.empty() && !fault_) {
      const char c = take();
      if (c == '%') {
        specifier();
      } else if (c == '@') {
        time();
      } else if (c == '\\') {
        escape();
      } else {
        literal(c);
      }
    }
    if (fault_) return fail(ErrorKind::Usage, std::move(*fault_));
    return std::move(out_);
  }

 private:
  char take() {
    const char c = rest_.front();
    rest_.remove_prefix(1);
    return c;
  }
  void refuse(std::string what) { fault_ = std::move(what); }

  void literal(char c) {
    if (out_.pieces_.empty() || out_.pieces_.back().letter != 0) out_.pieces_.emplace_back();
    out_.pieces_.back().text += c;
  }

  bool flag(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    take();
    return true;
  }

  bool number(int& value) {
    if (rest_.empty() || !is_ascii_digit(rest_.front())) return false;
    value = 0;
    while (!rest_.empty() && is_ascii_digit(rest_.front())) {
      value = std::min(value * 10 + (take() - '0'), kWidest);
    }
    return true;
  }

  void specifier() {
    Piece piece;
    piece.left = flag('-');
    piece.zero = flag('0');
    number(piece.width);
    if (!rest_.empty() && rest_.front() == '.') {
      take();
      number(piece.precision);
      if (piece.precision < 0) piece.precision = 0;
    }
    if (!rest_.empty() && kSeparators.find(rest_.front()) != std::string_view::npos) {
      piece.separator = take();
    }
    if (rest_.empty()) return refuse("Incomplete format specifier.");
    piece.letter = take();
    if (kLetters.find(piece.letter) == std::string_view::npos) {
      return refuse("Invalid format specifier '" + std::string(1, piece.letter) + "'.");
    }
    if (piece.letter == '%') return literal('%');
    if (piece.left) piece.zero = false;
    out_.pieces_.push_back(std::move(piece));
  }

  void time() {
    if (rest_.empty()) return refuse("Incomplete format specifier.");
    const char c = take();
    if (c == '@') return literal('@');
    Piece piece;
    piece.letter = c == 'N' ? 'N' : '@';
    // The character in front keeps an empty answer of strftime apart from a failure.
    piece.text = {'.', '%', c};
    out_.pieces_.push_back(std::move(piece));
  }

  void escape() {
    if (rest_.empty()) return refuse("Incomplete escape specifier.");
    const char c = take();
    const std::size_t at = kEscapes.find(c);
    if (at == std::string_view::npos) {
      return refuse("Invalid escape specifier '" + std::string(1, c) + "'.");
    }
    literal(kEscaped[at]);
  }

  std::string_view rest_;
  MessageTemplate out_;
  std::optional<std::string> fault_;
};

Result<MessageTemplate> MessageTemplate::compile(std::string_view text) {
  return Compiler(text).run();
}

TemplateFault MessageTemplate::append(std::string& out, const MessageRecord& message) {
  fault_ = TemplateFault::None;
  const std::size_t begin = out.size();
  for (const Piece& piece : pieces_) append_piece(out, piece, message);
  if (fault_ == TemplateFault::NotJson) out.resize(begin);
  return fault_;
}

const std::tm& MessageTemplate::local_time(const MessageRecord& message) {
  const std::time_t second = second_of(message);
  if (second != second_) {
    second_ = second;
    ::localtime_r(&second_, &local_);
  }
  return local_;
}

void MessageTemplate::append_time(std::string& out, const Piece& piece,
                                  const MessageRecord& message) {
  char text[256];
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
  const std::size_t size =
      std::strftime(text, sizeof text, piece.text.c_str(), &local_time(message));
#pragma GCC diagnostic pop
  if (size > 1) out.append(text + 1, size - 1);
}

void MessageTemplate::append_text(std::string& out, const Piece& piece, Bytes text) const {
  if (piece.precision >= 0) text = text.substr(0, static_cast<std::size_t>(piece.precision));
  const auto width = static_cast<std::size_t>(piece.width);
  if (!rules_.terminal) return append_padded(out, text, width, piece.left, ' ');
  append_padded(out, terminal_text(text), width, piece.left, ' ');
}

void MessageTemplate::append_hex(std::string& out, const Piece& piece, Bytes payload) const {
  const auto width = static_cast<std::size_t>(piece.width);
  if (rules_.width_cuts && width > 0) payload = payload.substr(0, width);
  std::string digits = to_hex(payload);
  if (piece.letter == 'X') {
    std::ranges::transform(digits, digits.begin(), [](char c) {
      return c >= 'a' && c <= 'f' ? static_cast<char>(c - 'a' + 'A') : c;
    });
  }
  if (piece.precision > 0) {
    const auto step = static_cast<std::size_t>(piece.precision);
    std::string grouped;
    for (std::size_t at = 0; at < digits.size(); at += step) {
      if (at > 0) grouped += piece.separator;
      grouped += digits.substr(at, step);
    }
    digits = std::move(grouped);
  }
  append_padded(out, digits, width, piece.left, piece.zero ? '0' : ' ');
}

template <typename Number>
void MessageTemplate::append_real(std::string& out, const Piece& piece, Bytes payload) {
  if (payload.size() != sizeof(Number)) {
    fault_ = sizeof(Number) == sizeof(float) ? TemplateFault::NotFloat : TemplateFault::NotDouble;
    return;
  }
  Number number = 0;
  std::memcpy(&number, payload.data(), sizeof number);
  const int precision = piece.precision < 0 ? 6 : piece.precision;
  const char* const form = piece.left ? "%-*.*f" : piece.zero ? "%0*.*f" : "%*.*f";
  std::string text(static_cast<std::size_t>(piece.width + precision) + 400, '\0');
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
  const int size = std::snprintf(text.data(), text.size(), form, piece.width, precision,
                                 static_cast<double>(number));
#pragma GCC diagnostic pop
  out.append(text, 0, static_cast<std::size_t>(std::max(size, 0)));
}

void MessageTemplate::append_piece(std::string& out, const Piece& piece,
                                   const MessageRecord& message) {
  const auto width = static_cast<std::size_t>(piece.width);
  const char pad = piece.zero ? '0' : ' ';
  const auto number = [&](std::uint64_t value) {
    char digits[20];
    const auto end = std::to_chars(std::begin(digits), std::end(digits), value).ptr;
    append_padded(out, std::string_view(digits, end), width, piece.left, pad);
  };
  const auto safe = [&](Bytes text) {
    if (rules_.terminal) {
      append_terminal_text(out, text, Lines::Keep);
    } else {
      out.append(text);
    }
  };
  switch (piece.letter) {
    case 0:
      out += piece.text;
      break;
    case '@':
      append_time(out, piece, message);
      break;
    case 'N':
      out += nanoseconds(message);
      break;
    case 'A':
    case 'E':
    case 'F':
    case 'S':
      if (const auto value = message.properties.number(number_property(piece.letter))) {
        number(*value);
      } else {
        out.append(width, pad);
      }
      break;
    case 'C':
      append_text(out, piece, message.properties.text(PropertyId::ContentType).value_or(""));
      break;
    case 'R':
      if (const auto topic = message.properties.text(PropertyId::ResponseTopic)) {
        append_text(out, piece, *topic);
      }
      break;
    case 'D':
      safe(message.properties.text(PropertyId::CorrelationData).value_or(""));
      break;
    case 'P':
      safe(user_properties(message));
      break;
    case 't':
      append_text(out, piece, message.topic);
      break;
    case 'p': {
      Bytes payload = message.payload;
      if (rules_.width_cuts && width > 0) payload = payload.substr(0, width);
      if (!rules_.width_cuts && piece.precision >= 0) {
        payload = payload.substr(0, static_cast<std::size_t>(piece.precision));
      }
      if (width <= payload.size()) {
        safe(payload);
      } else if (rules_.terminal) {
        append_padded(out, terminal_text(payload, Lines::Keep), width, piece.left, pad);
      } else {
        append_padded(out, payload, width, piece.left, pad);
      }
      break;
    }
    case 'x':
    case 'X':
      append_hex(out, piece, message.payload);
      break;
    case 'f':
      append_real<float>(out, piece, message.payload);
      break;
    case 'd':
      append_real<double>(out, piece, message.payload);
      break;
    case 'l':
      number(message.payload.size());
      break;
    case 'm':
      number(message.packet_id);
      break;
    case 'q':
      out += static_cast<char>('0' + static_cast<int>(message.qos));
      break;
    case 'r':
      out += message.retain ? '1' : '0';
      break;
    case 'I': {
      Piece iso = piece;
      char text[64];
      const std::size_t size =
          std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S%z", &local_time(message));
      append_text(out, iso, std::string_view(text, size));
      break;
    }
    case 'U':
      out += std::to_string(second_of(message));
      out += '.';
      out += nanoseconds(message);
      break;
    default: {  // j, J
      char text[64];
      const std::tm& local = local_time(message);
      const std::size_t seconds = std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &local);
      std::string tst(text, seconds);
      tst.append(".").append(nanoseconds(message), 0, 6);
      tst.append(text, std::strftime(text, sizeof text, "%z", &local));
      std::string json;
      const bool done =
          append_template_json(json, message, tst, piece.letter == 'J', rules_.pretty);
      if (!done) fault_ = TemplateFault::NotJson;
      // An embedded payload may hold what JSON allows and a terminal acts upon.
      if (done && rules_.terminal) append_terminal_text(out, json, Lines::Keep);
      if (done && !rules_.terminal) out += json;
    }
  }
}

}  // namespace mqtk
