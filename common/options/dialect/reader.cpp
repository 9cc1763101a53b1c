#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <limits>

#include "base/numbers.hpp"
#include "net/tls/key_uri.hpp"
#include "options/dialect/options.hpp"
#include "options/dialect/session.hpp"
#include "options/property_options.hpp"
#include "options/secrets.hpp"
#include "options/url.hpp"
#include "options/words.hpp"
#include "output/message_template.hpp"
#include "wire/topic.hpp"
#include "wire/utf8.hpp"

namespace mqtk {

namespace {

std::string_view without_blanks_and_plus(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  if (text.starts_with('+')) text.remove_prefix(1);
  return text;
}

// As atol reads: what is no digit ends the number.
long number_in(std::string_view text) {
  text = without_blanks_and_plus(text);
  long value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc::result_out_of_range) return std::numeric_limits<long>::max();
  return value;
}

// As atof reads: 0 where there is no number.
double leading_double(std::string_view text) {
  text = without_blanks_and_plus(text);
  return take_double(text).value_or(0);
}

/// What stands behind the last colon of a proxy's URL, but for those of an IPv6 address.
std::optional<long> proxy_port(std::string_view url) {
  url.remove_prefix(url.find("://") + 3);
  url.remove_prefix(url.find('@') + 1);
  if (const auto bracket = url.find(']'); bracket != std::string_view::npos) {
    url.remove_prefix(bracket);
  }
  const auto colon = url.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  return number_in(url.substr(colon + 1));
}

std::string number_text(long value) {
  return std::to_string(value);
}

class Reader {
 public:
  Reader(const Dialect& dialect, std::span<const Flag> table, DropInLine& line)
      : dialect_(dialect), session_(dialect, table, line), line_(line) {}

  void run(int argc, char** argv, const Environment& environment) {
    std::vector<char*> words(argv + 1, argv + argc);
    if (!read_options_file(words, environment)) return;
    read_words(words);
    if (!line_.done) session_.finish();
  }

 private:
  void refuse(const std::string& text, bool gap = false) { session_.refuse(text, gap); }

  // The last of the words that names one wins over the usual file.
  bool read_options_file(const std::vector<char*>& words, const Environment& environment) {
    std::string path = environment.config_home + "/" + std::string(dialect_.program);
    bool named = false;
    for (std::size_t i = 0; i < words.size(); ++i) {
      if (std::string_view(words[i]) != "-o") continue;
      if (named) return refuse("Duplicate -o argument given.", true), false;
      if (i + 1 == words.size()) {
        return refuse("-o argument given but no options file specified.", true), false;
      }
      named = true;
      path = words[i + 1];
    }
    if (!named && ::access(path.c_str(), R_OK) != 0) return true;
    auto content = read_file(path, "options file");
    if (!content) {
      refuse("Unable to open options file \"" + path + "\".");
      return false;
    }
    std::string_view rest = *content;
    while (!rest.empty() && !line_.done) {
      const auto end = rest.find('\n');
      std::string_view text = rest.substr(0, end);
      rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
      if (text.ends_with('\r')) text.remove_suffix(1);
      if (!text.empty() && text.front() != '#') read_line(text);
    }
    return !line_.done;
  }

  void read_line(std::string_view text) {
    const auto space = text.find(' ');
    std::vector<std::string> parts{std::string(text.substr(0, space))};
    const DropInOption* const option = find_drop_in_option(dialect_.tool, parts[0]);
    if (space != std::string_view::npos) {
      const std::string_view value = text.substr(space + 1);
      const Flag* const flag = option == nullptr ? nullptr : session_.flag(option->flag);
      if (flag != nullptr && flag->kind == FlagKind::Words) {
        split_words(*flag, value, parts);
      } else {
        parts.emplace_back(value);
      }
    }
    std::vector<char*> words;
    for (std::string& part : parts) words.push_back(part.data());
    in_file_ = true;
    read_words(words);
    in_file_ = false;
  }

  void read_words(const std::vector<char*>& words) {
    for (std::size_t at = 0; at < words.size() && !line_.done;) {
      const DropInOption* const option = find_drop_in_option(dialect_.tool, words[at]);
      if (option == nullptr || (!option->flag.empty() && session_.flag(option->flag) == nullptr)) {
        return refuse("Unknown option '" + std::string(words[at]) + "'.");
      }
      ++at;
      if (option->form == DropInForm::Property) {
        at += read_property(*option, std::span(words).subspan(at));
      } else if (option->missing.empty()) {
        read_switch(*option);
      } else if (at == words.size()) {
        return refuse(std::string(option->spelled()) + " argument given but " +
                          std::string(option->missing) + ".",
                      true);
      } else {
        read_value(*option, words[at++]);
      }
    }
  }

  void read_switch(const DropInOption& option) {
    if (option.form == DropInForm::Help) return session_.help();
    if (option.form == DropInForm::AboutVersion) return session_.about();
    if (option.form == DropInForm::PayloadSwitch && !first_payload()) return;
    session_.set(option.flag, "");
  }

  bool first_payload() {
    if (!payload_) {
      payload_ = true;
      return true;
    }
    refuse("Only one type of message can be sent at once.", true);
    return false;
  }

  std::size_t read_property(const DropInOption& option, std::span<char* const> rest) {
    std::vector<std::string_view> words(rest.begin(), rest.end());
    const std::size_t count = property_word_count(words);
    if (words.size() < count) {
      refuse("--property argument given but not enough arguments specified.", true);
      return words.size();
    }
    words.resize(count);
    if (const std::string wrong = check_drop_in_property(words); !wrong.empty()) {
      refuse(wrong, true);
      return count;
    }
    std::string joined;
    for (const std::string_view word : words) {
      if (!joined.empty()) joined += '\0';
      joined += word;
    }
    session_.add(option.flag, std::move(joined));
    if (lower_case(words[1]) == "authentication-data") {
      session_.keep_secret(rest[count - 1], words[count - 1].size());
    }
    return count;
  }

  bool topic_is_fit(std::string_view option, std::string_view text, bool filter,
                    std::string_view what, std::string_view question) {
    if (!wire::is_mqtt_string(text)) {
      refuse("Malformed UTF-8 in " + std::string(option) + " argument.", true);
      return false;
    }
    constexpr std::ptrdiff_t kMostSlashes = 200;
    const bool fit = filter ? !wire::check_topic_filter(text) : !wire::check_topic_name(text);
    const bool wrong = !fit || std::ranges::count(text, '/') > kMostSlashes;
    if (wrong) {
      refuse("Invalid " + std::string(what) + " topic '" + std::string(text) + "', " +
             std::string(question));
    }
    return !wrong;
  }

  bool name_is_fit(std::string_view option, std::string_view text, std::string_view what) {
    return topic_is_fit(option, text, false, what, "does it contain '+' or '#'?");
  }
  bool filter_is_fit(std::string_view option, std::string_view text, std::string_view what) {
    return topic_is_fit(option, text, true, what, "are all '+' and '#' wildcards correct?");
  }

  void read_topic(std::string_view option, const std::string& text) {
    if (dialect_.tool != DropIn::Sub) {
      if (name_is_fit(option, text, "publish")) session_.set("topic", text);
    } else if (filter_is_fit(option, text, "subscription")) {
      session_.add("topic", text);
    }
  }

  void read_url(char* word) {
    for (const UrlSecret& secret : url_secrets(word)) {
      if (!in_file_) session_.keep_secret(word + secret.begin, secret.end - secret.begin);
    }
    std::string url(word);
    const auto mark = url.find("://");
    const std::string scheme = lower_case(url.substr(0, mark));
    const bool ws = scheme == "ws" || scheme == "wss";
    if (mark == std::string::npos || (!ws && scheme != "mqtt" && scheme != "mqtts")) {
      return refuse("Unsupported URL scheme.", true);
    }
    if (url.find('/', mark + 3) == std::string::npos) {
      return refuse("Invalid URL for -L argument specified - topic missing.");
    }
    const bool tls = scheme == "wss" || scheme == "mqtts";
    auto parsed = parse_broker_url((tls ? "mqtts" : "mqtt") + url.substr(mark));
    if (!parsed) return refuse(parsed.error().message + ".");
    session_.use_url(*parsed, tls, ws);
    read_topic("-L topic", parsed->topic);
  }

  void read_value(const DropInOption& option, char* word) {
    const std::string value(word);
    const std::string spelled(option.spelled());
    const long number = number_in(value);
    switch (option.form) {
      case DropInForm::Payload:
        if (!first_payload()) return;
        if (option.flag == "file" && ::access(word, R_OK) != 0) {
          session_.refuse_file(value, std::strerror(errno));
          return;
        }
        return session_.set(option.flag, value);
      case DropInForm::Topic:
        return read_topic(spelled, value);
      case DropInForm::FilterOut:
        if (filter_is_fit(spelled, value, "filter")) session_.add(option.flag, value);
        return;
      case DropInForm::Unsubscribe:
        if (filter_is_fit(spelled, value, "unsubscribe")) session_.add(option.flag, value);
        return;
      case DropInForm::ResponseTopic:
        if (name_is_fit(spelled, value, "response")) session_.set(option.flag, value);
        return;
      case DropInForm::WillTopic:
        if (name_is_fit(spelled, value, "will")) session_.set(option.flag, value);
        return;
      case DropInForm::Port:
        if (number < 0 || number > 65535) {
          return refuse("Invalid port given: " + number_text(number));
        }
        return session_.set(option.flag, number_text(number));
      case DropInForm::KeepAlive:
        if (number < 5 || number > 65535) {
          return refuse("Invalid keepalive given, it must be between 5 and 65535 inclusive.", true);
        }
        return session_.set(option.flag, number_text(number));
      case DropInForm::Qos:
        if (number < 0 || number > 2) return refuse("Invalid QoS given: " + number_text(number));
        return session_.set(option.flag, number_text(number));
      case DropInForm::WillQos:
        if (number < 0 || number > 2) {
          return refuse("Invalid will QoS " + number_text(number) + ".", true);
        }
        return session_.set(option.flag, number_text(number));
      case DropInForm::Inflight:
        if (number < 1) return refuse("Maximum inflight messages must be greater than 0.", true);
        return session_.set(option.flag, number_text(std::min(number, 65535L)));
      case DropInForm::Repeat:
        if (number < 1) return refuse("--repeat argument must be >0.", true);
        return session_.set(option.flag, number_text(number));
      case DropInForm::RepeatDelay:
        return read_delay(value);
      case DropInForm::Count:
        if (number < 1) {
          return refuse("Invalid message count \"" + number_text(number) + "\".", true);
        }
        return session_.set(option.flag, number_text(number));
      case DropInForm::Timeout:
        if (number < 1) return refuse("Invalid timeout \"" + number_text(number) + "\".", true);
        return session_.set(option.flag, number_text(number));
      case DropInForm::Version:
        return read_version(value);
      case DropInForm::SessionExpiry:
        return read_expiry(value);
      case DropInForm::Url:
        return read_url(word);
      case DropInForm::Proxy:
        if (!lower_case(value).starts_with("socks5h://")) {
          return refuse("Unsupported proxy protocol: " + value);
        }
        if (const auto port = proxy_port(value); port && (*port < 1 || *port > 65535)) {
          return refuse("Invalid proxy port " + number_text(*port));
        }
        break;
      case DropInForm::RetainHandling:
        if (value != "always" && value != "new" && value != "never") {
          return refuse("Unknown value '" + value + "' for --retain-handling.", true);
        }
        break;
      case DropInForm::Percent:
        return read_percent(value);
      case DropInForm::Format:
        if (const auto compiled = MessageTemplate::compile(value); !compiled) {
          return refuse(compiled.error().message);
        }
        break;
      case DropInForm::Id:
        if (session_.has(option.flag == "id" ? "id-prefix" : "id")) {
          return refuse("-i and -I argument cannot be used together.", true);
        }
        break;
      case DropInForm::OptionsFile:
        return;
      default:
        break;
    }
    session_.set(option.flag, value);
    const Flag* const flag = session_.flag(option.flag);
    if (flag == nullptr || flag->secret == Secret::No || in_file_) return;
    const PinPlace pin = flag->secret == Secret::Pin ? pin_in(value) : PinPlace{0, value.size()};
    session_.keep_secret(word + pin.begin, pin.end - pin.begin);
  }

  void read_delay(const std::string& value) {
    const double seconds = leading_double(value);
    if (!(seconds >= 0)) return refuse("--repeat-delay argument must be >=0.0.", true);
    session_.set("repeat-delay", number_text(static_cast<long>(seconds * 1000)) + "ms");
  }

  void read_percent(const std::string& value) {
    const double percent = leading_double(value);
    if (!(percent >= 0.1 && percent <= 100.0)) {
      return refuse("--random-filter chance must be between 0.1-100.0", true);
    }
    session_.set("random-filter", value);
  }

  void read_version(const std::string& value) {
    if (value == "5" || value == "mqttv5") {
      session_.set("protocol-version", "5");
    } else if (value == "311" || value == "mqttv311") {
      session_.set("protocol-version", "311");
    } else if (value == "31" || value == "mqttv31") {
      session_.set("protocol-version", "31");
    } else {
      refuse("Invalid protocol version argument given.", true);
    }
  }

  void read_expiry(const std::string& value) {
    if (value == "\xe2\x88\x9e") return session_.set("session-expiry", "never");
    char* end = nullptr;
    errno = 0;
    const long long seconds = std::strtoll(value.c_str(), &end, 0);
    if (end == value.c_str() || *end != '\0') {
      return refuse("session-expiry-interval not a number.", true);
    }
    if (errno != 0 || seconds < -1 || seconds > 4'294'967'295LL) {
      return refuse("session-expiry-interval out of range.", true);
    }
    session_.set("session-expiry", seconds == -1 ? "never" : std::to_string(seconds));
  }

  const Dialect& dialect_;
  DropInSession session_;
  DropInLine& line_;
  bool payload_ = false;
  bool in_file_ = false;
};

}  // namespace

DropInLine read_drop_in(const Dialect& dialect, std::span<const Flag> table, int argc, char** argv,
                        const Environment& environment) {
  DropInLine line;
  Reader(dialect, table, line).run(argc, argv, environment);
  return line;
}

}  // namespace mqtk
