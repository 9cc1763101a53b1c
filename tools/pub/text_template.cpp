#include "pub/text_template.hpp"

#include <sys/random.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <ctime>

#include "base/bytes.hpp"
#include "output/terminal_text.hpp"

namespace mqtk::pub {

struct TextTemplate::Placeholder {
  std::string_view name;
  Append append;
};

namespace {

using SystemClock = std::chrono::system_clock;

std::int64_t nanoseconds() {
  return std::chrono::nanoseconds(SystemClock::now().time_since_epoch()).count();
}

void append_digits(std::string& out, std::int64_t number, std::size_t digits) {
  const std::string text = std::to_string(number);
  out.append(digits > text.size() ? digits - text.size() : 0, '0');
  out += text;
}

void append_time(std::string& out, const TemplateValues&) {
  const std::int64_t now = nanoseconds();
  const std::time_t seconds = now / 1'000'000'000;
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  std::array<char, 32> text{};
  out.append(text.data(), std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S.", &parts));
  append_digits(out, now / 1'000 % 1'000'000, 6);
  out += 'Z';
}

void append_seconds(std::string& out, const TemplateValues&) {
  const std::int64_t now = nanoseconds();
  out += std::to_string(now / 1'000'000'000) + ".";
  append_digits(out, now / 1'000 % 1'000'000, 6);
}

std::string random_octets(std::size_t size) {
  std::string octets(size, '\0');
  if (::getentropy(octets.data(), size) != 0) {
    for (char& each : octets) each = octet(static_cast<unsigned>(std::rand()) & 0xFFU);
  }
  return octets;
}

/// `make` is asked the first time only.
template <typename Make>
void append_once(std::string& out, std::string* kept, Make make) {
  if (kept == nullptr) {
    out += make();
    return;
  }
  if (kept->empty()) *kept = make();
  out += *kept;
}

/// RFC 9562, version 4.
std::string make_uuid() {
  std::string out;
  std::string octets = random_octets(16);
  octets[6] = octet((u8(octets[6]) & 0x0FU) | 0x40U);
  octets[8] = octet((u8(octets[8]) & 0x3FU) | 0x80U);
  const std::string hex = to_hex(octets);
  for (const auto& [at, size] : {std::pair{0, 8}, {8, 4}, {12, 4}, {16, 4}, {20, 12}}) {
    if (at > 0) out += '-';
    out.append(hex, static_cast<std::size_t>(at), static_cast<std::size_t>(size));
  }
  return out;
}

void append_uuid(std::string& out, const TemplateValues& values) {
  append_once(out, values.uuid, make_uuid);
}

void append_random(std::string& out, const TemplateValues& values) {
  append_once(out, values.random, [] { return to_hex(random_octets(4)); });
}

void append_host(std::string& out, const TemplateValues&) {
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) == 0) out += name.data();
}

void append_file(std::string& out, const TemplateValues& values) {
  const std::size_t slash = values.file.rfind('/');
  out += slash == std::string_view::npos ? values.file : values.file.substr(slash + 1);
}

}  // namespace

const TextTemplate::Placeholder* TextTemplate::find(std::string_view name) {
  static constexpr std::array<Placeholder, 9> kPlaceholders = {{
      {"n", [](std::string& out, const TemplateValues& v) { out += std::to_string(v.number); }},
      {"time", append_time},
      {"ts", append_seconds},
      {"ms", [](std::string& out,
                const TemplateValues&) { out += std::to_string(nanoseconds() / 1'000'000); }},
      {"uuid", append_uuid},
      {"random", append_random},
      {"host", append_host},
      {"id", [](std::string& out, const TemplateValues& v) { out += v.client_id; }},
      {"file", append_file},
  }};
  const auto* found = std::ranges::find(kPlaceholders, name, &Placeholder::name);
  return found == kPlaceholders.end() ? nullptr : found;
}

std::string TextTemplate::known_names(const Variables& variables) {
  std::string names = "{n} {time} {ts} {ms} {uuid} {random} {host} {id} {file}";
  for (const auto& [name, value] : variables) names += " {" + name + "}";
  return names;
}

Result<TextTemplate::Variables> TextTemplate::read_variables(
    const std::vector<std::string>& definitions) {
  Variables variables;
  for (const std::string& definition : definitions) {
    const std::size_t equals = definition.find('=');
    const std::string name = definition.substr(0, equals);
    const auto legal = [](char c) {
      return c == '_' || c == '-' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
             (c >= 'A' && c <= 'Z');
    };
    if (equals == std::string::npos || name.empty() || !std::ranges::all_of(name, legal)) {
      return fail(ErrorKind::Usage, "--var: '" + terminal_text(definition) + "' is not NAME=VALUE",
                  "a name is made of letters, digits, - and _");
    }
    if (find(name) != nullptr) {
      return fail(ErrorKind::Usage, "--var: {" + name + "} has a meaning of its own");
    }
    variables.emplace_back(name, definition.substr(equals + 1));
  }
  return variables;
}

Result<TextTemplate> TextTemplate::compile(std::string_view text, const Variables& variables,
                                           std::string_view option) {
  TextTemplate result;
  std::string plain;
  const auto wrong = [&](const std::string& what) {
    return fail(ErrorKind::Usage, std::string(option) + ": " + what,
                "known are " + known_names(variables) + "; {{ and }} are braces");
  };
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c != '{' && c != '}') {
      plain += c;
      continue;
    }
    if (at + 1 < text.size() && text[at + 1] == c) {
      plain += c;
      ++at;
      continue;
    }
    if (c == '}') return wrong("a '}' without its '{'");
    const std::size_t end = text.find('}', at);
    if (end == std::string_view::npos) return wrong("a '{' without its '}'");
    const std::string_view name = text.substr(at + 1, end - at - 1);
    at = end;
    const auto last = std::find_if(variables.rbegin(), variables.rend(),
                                   [&](const auto& variable) { return variable.first == name; });
    if (last != variables.rend()) {
      plain += last->second;
    } else if (const Placeholder* placeholder = find(name)) {
      result.parts_.push_back({std::move(plain), placeholder->append});
      plain.clear();
    } else {
      return wrong("{" + terminal_text(name) + "} is not known");
    }
  }
  result.rest_ = std::move(plain);
  return result;
}

void TextTemplate::append(std::string& out, const TemplateValues& values) const {
  for (const Part& part : parts_) {
    out += part.before;
    part.append(out, values);
  }
  out += rest_;
}

}  // namespace mqtk::pub
