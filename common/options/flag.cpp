#include "options/flag.hpp"

#include "base/units.hpp"
#include "options/words.hpp"

namespace mqtk {

namespace {

using Complaint = std::optional<std::string>;

constexpr std::string_view kDurationForms = "is no duration (such as 500ms, 30s, 10m, 1h30m)";

std::string quoted_value(std::string_view value) {
  return "'" + std::string(value) + "' ";
}

template <typename Target>
Store store_duration(Target& target) {
  return [&target](std::string_view value) -> Complaint {
    const auto duration = parse_duration(value);
    if (!duration) return quoted_value(value).append(kDurationForms);
    target = *duration;
    return std::nullopt;
  };
}

// "a, b or c" from "a b c".
std::string alternatives(std::string_view words) {
  const std::size_t last = words.rfind(' ') + 1;
  std::string out;
  for_each_word(words, [&](std::string_view word) {
    if (!out.empty()) out += word.data() == words.data() + last ? " or " : ", ";
    out += word;
  });
  return out;
}

}  // namespace

std::string spelling(const Flag& flag) {
  std::string out;
  if (flag.letter != 0) out.append({'-', flag.letter, ',', ' '});
  return out.append("--").append(flag.name);
}

Store store(std::string& target) {
  return [&target](std::string_view value) -> Complaint {
    target = value;
    return std::nullopt;
  };
}

Store store(std::optional<std::string>& target) {
  return [&target](std::string_view value) -> Complaint {
    target = value;
    return std::nullopt;
  };
}

Store store(std::vector<std::string>& target) {
  return [&target](std::string_view value) -> Complaint {
    target.emplace_back(value);
    return std::nullopt;
  };
}

Store store(bool& target, bool value) {
  return [&target, value](std::string_view) -> Complaint {
    target = value;
    return std::nullopt;
  };
}

Store store(std::optional<bool>& target, bool value) {
  return [&target, value](std::string_view) -> Complaint {
    target = value;
    return std::nullopt;
  };
}

Store store(Duration& target) {
  return store_duration(target);
}
Store store(std::optional<Duration>& target) {
  return store_duration(target);
}

Store store(std::optional<std::optional<Duration>>& target) {
  return [&target](std::string_view value) -> Complaint {
    std::optional<Duration> duration;
    if (!value.empty()) {
      duration = parse_duration(value);
      if (!duration) return quoted_value(value).append(kDurationForms);
    }
    target = duration;
    return std::nullopt;
  };
}

Store store_size(std::optional<std::uint64_t>& target, std::uint64_t low, std::uint64_t high) {
  return [&target, low, high](std::string_view value) -> Complaint {
    const auto size = parse_size(value);
    if (!size) return quoted_value(value) + "is no size (such as 512, 64KiB, 1MB)";
    if (*size < low || *size > high) {
      return quoted_value(value) + "is not within " + std::to_string(low) + " to " +
             std::to_string(high) + " octets";
    }
    target = *size;
    return std::nullopt;
  };
}

Store store_rate(std::optional<double>& target) {
  return [&target](std::string_view value) -> Complaint {
    const auto rate = parse_rate(value);
    if (!rate) return quoted_value(value) + "is no rate (such as 1000/s, 50k/s, 10/m)";
    target = *rate;
    return std::nullopt;
  };
}

Store store_number_into(NumberSink sink, std::uint64_t low, std::uint64_t high) {
  return [sink = std::move(sink), low, high](std::string_view value) -> Complaint {
    const auto number = parse_number(value, low, high);
    if (!number) {
      std::string complaint = quoted_value(value) + "is not a whole number ";
      if (high == std::numeric_limits<std::uint64_t>::max()) {
        return complaint + "of " + std::to_string(low) + " or more";
      }
      return complaint + "from " + std::to_string(low) + " to " + std::to_string(high);
    }
    sink(*number);
    return std::nullopt;
  };
}

Store store_choice_into(std::function<void(std::size_t)> sink, std::string_view words) {
  return [sink = std::move(sink), words](std::string_view value) -> Complaint {
    std::size_t index = 0;
    bool found = false;
    for_each_word(words, [&](std::string_view word) {
      if (word == value && !found) {
        sink(index);
        found = true;
      }
      ++index;
    });
    if (found) return std::nullopt;
    return quoted_value(value) + "is not " + alternatives(words);
  };
}

Store store_words(std::vector<std::vector<std::string>>& target) {
  return [&target](std::string_view value) -> Complaint {
    std::vector<std::string>& words = target.emplace_back();
    for (std::size_t end = value.find('\0'); end != std::string_view::npos;
         end = value.find('\0')) {
      words.emplace_back(value.substr(0, end));
      value.remove_prefix(end + 1);
    }
    words.emplace_back(value);
    return std::nullopt;
  };
}

Store store_encoding(std::optional<Encoding>& target) {
  return store_choice(target, kEncodingNames, {Encoding::Raw, Encoding::Hex, Encoding::Base64});
}

}  // namespace mqtk
