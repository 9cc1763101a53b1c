#include "bench/load/name_template.hpp"

namespace mqtk::bench {

Result<void> check_template(std::string_view text, std::string_view letters,
                            std::string_view what) {
  for (std::size_t at = text.find('%'); at != std::string_view::npos; at = text.find('%', at + 2)) {
    const char letter = at + 1 < text.size() ? text[at + 1] : '\0';
    if (letter == '%' || (letter != '\0' && letters.find(letter) != std::string_view::npos)) {
      continue;
    }
    std::string known;
    for (const char each : letters) known.append("%").append(1, each).append(" ");
    return fail(ErrorKind::Usage,
                std::string(what) + ": '" +
                    (letter == '\0' ? std::string("%") : std::string("%") + letter) +
                    "' stands for nothing here",
                "known are " + known + "and %% for a percent sign");
  }
  return {};
}

void fill_template(std::string_view text, const TemplateValues& values, std::string& out) {
  while (!text.empty()) {
    const auto mark = text.find('%');
    out.append(text.substr(0, mark));
    if (mark == std::string_view::npos || mark + 1 >= text.size()) return;
    switch (text[mark + 1]) {
      case 'i':
        out += std::to_string(values.index);
        break;
      case 'c':
        out += values.client_id;
        break;
      case 'u':
        out += values.username;
        break;
      case 'r':
        out += values.run;
        break;
      case 'n':
        out += std::to_string(values.number);
        break;
      default:
        out += text[mark + 1];
    }
    text.remove_prefix(mark + 2);
  }
}

std::string fill_template(std::string_view text, const TemplateValues& values) {
  std::string out;
  fill_template(text, values, out);
  return out;
}

bool uses(std::string_view text, char letter) {
  for (std::size_t at = text.find('%'); at != std::string_view::npos; at = text.find('%', at + 2)) {
    if (at + 1 < text.size() && text[at + 1] == letter) return true;
  }
  return false;
}

std::string filter_for_all(std::string_view topic, const TemplateValues& values) {
  std::string out;
  while (true) {
    const auto end = topic.find('/');
    const std::string_view level = topic.substr(0, end);
    const bool differs = uses(level, 'i') || uses(level, 'c') || uses(level, 'u');
    if (differs) {
      out += '+';
    } else {
      fill_template(level, values, out);
    }
    if (end == std::string_view::npos) return out;
    out += '/';
    topic.remove_prefix(end + 1);
  }
}

}  // namespace mqtk::bench
