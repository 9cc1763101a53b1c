#include "options/scan.hpp"

#include <algorithm>
#include <numeric>

#include "base/spelling.hpp"
#include "options/words.hpp"

namespace mqtk {

namespace {

const Flag* find_letter(std::span<const Flag> table, char letter) {
  const auto found = std::ranges::find(table, letter, &Flag::letter);
  return found == table.end() ? nullptr : &*found;
}

class Scanner {
 public:
  Scanner(std::span<const Flag> table, int argc, char** argv)
      : table_(table), words_(argv, argc > 0 ? static_cast<std::size_t>(argc) : 0) {}

  Scan run() {
    while (at_ < words_.size()) {
      char* const word = words_[at_++];
      const std::string_view text(word);
      if (text == "--") {
        for (; at_ < words_.size(); ++at_) read_operand(words_[at_], false);
      } else if (text.starts_with("--")) {
        read_long(word);
      } else if (text.size() > 1 && text[0] == '-') {
        read_bundle(word);
      } else {
        read_operand(word, true);
      }
    }
    return std::move(scan_);
  }

 private:
  void complain(std::string message, std::string hint = {}) {
    if (!scan_.error) {
      scan_.error = Error{ErrorKind::Usage, Cause::None, std::move(message), std::move(hint)};
    }
  }

  // `profile`: the word may name one; behind "--" it does not.
  void read_operand(char* word, bool profile) {
    const auto takes = [&](const Flag& flag) {
      if (flag.operand == nullptr || !flag.operand(word)) return false;
      if (!profile && flag.completion == Completion::Profile) return false;
      return flag.kind == FlagKind::List || std::ranges::find(filled_, &flag) == filled_.end();
    };
    auto found = std::ranges::find_if(table_, takes);
    // A profile's name before operands that take any word.
    for (auto flag = table_.begin(); flag != table_.end(); ++flag) {
      if (flag->completion == Completion::Profile && takes(*flag)) found = flag;
    }
    if (found == table_.end()) return unexpected(word);
    filled_.push_back(&*found);
    ScannedFlag given;
    given.flag = &*found;
    given.typed = found->value_name;
    take(given, word);
    scan_.flags.push_back(std::move(given));
  }

  void unexpected(std::string_view word) {
    complain("unexpected argument '" + std::string(word) + "'",
             "every argument belongs to an option; quote values that contain spaces");
  }

  void read_long(char* word) {
    const std::string_view text(word);
    const auto equals = text.find('=');
    const std::string_view typed = text.substr(0, equals);
    const Flag* flag = find_long(table_, typed.substr(2));
    if (flag == nullptr) {
      complain("unknown option " + std::string(typed), nearest_hint(table_, typed.substr(2)));
      return;
    }
    read_value(*flag, typed, equals == std::string_view::npos ? nullptr : word + equals + 1);
  }

  void read_bundle(char* word) {
    const std::string_view text(word);
    for (std::size_t i = 1; i < text.size(); ++i) {
      const Flag* flag = find_letter(table_, text[i]);
      if (flag == nullptr) {
        const Flag* whole = find_long(table_, text.substr(1));
        complain(
            "unknown option -" + std::string(1, text[i]) +
                (text.size() > 2 ? " in '" + std::string(text) + "'" : ""),
            whole == nullptr ? std::string() : "did you mean --" + std::string(whole->name) + "?");
        return;
      }
      const bool takes_value =
          flag->kind != FlagKind::Switch && flag->kind != FlagKind::OptionalValue;
      const std::string typed{'-', text[i]};
      if (!takes_value) {
        read_value(*flag, typed, nullptr);
        continue;
      }
      read_value(*flag, typed, i + 1 < text.size() ? word + i + 1 : nullptr);
      return;
    }
  }

  // `attached` is what stood behind '=' or behind the letter; nullptr: nothing did.
  void read_value(const Flag& flag, std::string_view typed, char* attached) {
    ScannedFlag found;
    found.flag = &flag;
    found.typed = typed;
    switch (flag.kind) {
      case FlagKind::Switch:
        if (attached != nullptr && std::string_view(attached) != "false") {
          return complain(found.typed + " takes no value", found.typed + "=false takes it back");
        }
        found.off = attached != nullptr;
        break;
      case FlagKind::OptionalValue:
        if (attached != nullptr && *attached == '\0') {
          return complain(found.typed + "= lacks its " + std::string(flag.value_name));
        }
        if (attached != nullptr) take(found, attached);
        break;
      case FlagKind::Value:
      case FlagKind::List:
        if (attached == nullptr && at_ == words_.size()) {
          return complain(found.typed + " needs a value: " + std::string(flag.value_name),
                          flag.letter == 'h' && flag.name == "host" ? "for help, type --help" : "");
        }
        take(found, attached != nullptr ? attached : words_[at_++]);
        break;
      case FlagKind::Words:
        if (!take_words(found, attached)) return;
        break;
    }
    scan_.flags.push_back(std::move(found));
  }

  static void take(ScannedFlag& found, char* value) {
    const std::string_view text(value);
    found.value = text;
    found.place = {value, text.size()};
  }

  bool take_words(ScannedFlag& found, char* attached) {
    std::vector<std::string_view> rest;
    if (attached != nullptr) rest.emplace_back(attached);
    for (std::size_t i = at_; i < words_.size(); ++i) rest.emplace_back(words_[i]);
    const std::size_t wanted = found.flag->words(rest);
    if (rest.size() < wanted) {
      complain(found.typed + " needs " + std::to_string(wanted) +
               " words: " + std::string(found.flag->value_name));
      at_ = words_.size();
      return false;
    }
    for (std::size_t i = 0; i < wanted; ++i) {
      if (i > 0) found.value.push_back('\0');
      found.value += rest[i];
    }
    at_ += wanted - (attached != nullptr ? 1 : 0);
    if (found.flag->secret == Secret::Property && wanted > 2 && rest[1] == "authentication-data") {
      char* const last = words_[at_ - 1];
      found.place = {last, std::string_view(last).size()};
    }
    return true;
  }

  std::span<const Flag> table_;
  std::span<char*> words_;
  std::size_t at_ = 1;
  std::vector<const Flag*> filled_;  ///< by words without an option
  Scan scan_;
};

}  // namespace

const Flag* find_long(std::span<const Flag> table, std::string_view name) {
  const auto found = std::ranges::find_if(table, [name](const Flag& flag) {
    return flag.name == name || has_word(flag.aliases, name);
  });
  return found == table.end() ? nullptr : &*found;
}

const Flag* find_option(std::span<const Flag> table, std::string_view spelled) {
  if (spelled.starts_with("--")) return find_long(table, spelled.substr(2));
  if (spelled.size() == 2 && spelled.front() == '-') return find_letter(table, spelled[1]);
  return nullptr;
}

std::string nearest_hint(std::span<const Flag> table, std::string_view name) {
  std::string_view best;
  std::size_t best_distance = std::max<std::size_t>(1, name.size() / 3) + 1;
  const auto consider = [&](std::string_view candidate) {
    std::size_t d = spelling_distance(name, candidate);
    if (name.size() >= 3 && candidate.starts_with(name)) d = std::min<std::size_t>(d, 1);
    if (d < best_distance) {
      best = candidate;
      best_distance = d;
    }
  };
  for (const Flag& flag : table) {
    if (flag.hidden) continue;
    consider(flag.name);
    for_each_word(flag.aliases, consider);
  }
  return best.empty() ? std::string() : "did you mean --" + std::string(best) + "?";
}

void split_words(const Flag& flag, std::string_view line, std::vector<std::string>& words) {
  std::vector<std::string_view> all;
  for_each_word(line, [&all](std::string_view word) { all.push_back(word); });
  const std::size_t count = flag.words(all);
  for (std::size_t i = 0; i < count && !line.empty(); ++i) {
    const auto space = i + 1 < count ? line.find(' ') : std::string_view::npos;
    words.emplace_back(line.substr(0, space));
    line = space == std::string_view::npos ? std::string_view() : line.substr(space + 1);
  }
}

Scan scan_arguments(std::span<const Flag> table, int argc, char** argv) {
  return Scanner(table, argc, argv).run();
}

}  // namespace mqtk
