#include "options/profiles.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>

#include "base/module.hpp"
#include "base/spelling.hpp"
#include "net/tls/key_uri.hpp"
#include "options/client_flags.hpp"
#include "options/layers.hpp"
#include "options/secrets.hpp"
#include "options/toml_depth.hpp"
#include "options/url.hpp"
#include "options/words.hpp"

#ifdef MQTK_STATIC_PROFILES
extern "C" const void* mqtk_module_profiles(int version);
#endif

namespace mqtk {

namespace {

Result<const ProfilesModule*> profiles_module() {
#ifdef MQTK_HAVE_PROFILES
#ifdef MQTK_STATIC_PROFILES
  link_module("profiles", &mqtk_module_profiles);
#endif
  auto table = load_module("profiles");
  if (!table) return fail(std::move(table.error()));
  return static_cast<const ProfilesModule*>(*table);
#else
  return fail(ErrorKind::Configuration, "this build has no profiles",
              "it was built without toml++; build with MQTK_WITH_PROFILES=ON");
#endif
}

constexpr std::array<std::string_view, 4> kSections = {"pub", "sub", "bench", "inspect"};
constexpr std::string_view kExtends = "extends";
constexpr std::string_view kPem = "-----BEGIN ";
constexpr std::size_t kMaxChain = 16;

std::string place(const ConfigFile& file, const ConfigNode& node) {
  return file.path + ":" + std::to_string(node.line);
}

Unexpected<Error> refuse(const ConfigFile& file, const ConfigNode& node, const std::string& what,
                         std::string hint = {}) {
  return fail(ErrorKind::Configuration, place(file, node) + ": " + what, std::move(hint));
}

bool is_scalar(const ConfigNode& node) {
  return node.kind == ConfigNode::Kind::Text || node.kind == ConfigNode::Kind::Number;
}

bool is_section(const ConfigNode& node) {
  return node.kind == ConfigNode::Kind::Table &&
         std::ranges::find(kSections, node.key) != kSections.end();
}

std::string option_name(std::string_view key) {
  std::string name(key);
  std::ranges::replace(name, '_', '-');
  return name;
}

/// Walks one table of a profile and collects its values.
class SectionReader {
 public:
  SectionReader(const ConfigFile& file, std::span<const Flag> table, bool shared,
                std::vector<ScannedFlag>& out)
      : file_(file), table_(table), shared_(shared), out_(out) {}

  Result<void> read(const ConfigNode& section) {
    key_in_engine_ = std::ranges::any_of(section.children, [](const ConfigNode& node) {
      return option_name(node.key) == "keyform" && lower_case(node.text) == "engine";
    });
    for (const ConfigNode& node : section.children) {
      if (shared_ && (is_section(node) || node.key == kExtends)) continue;
      if (auto done = read_option(node); !done) return done;
    }
    return {};
  }

 private:
  Result<void> read_option(const ConfigNode& node) {
    const std::string name = option_name(node.key);
    const bool common = find_long(profile_table(), name) != nullptr;
    const Flag* flag = find_long(table_, name);
    if (flag != nullptr &&
        (flag->group == kProfileGroup || flag->group == kHelpGroup || flag->hidden))
      flag = nullptr;
    if (shared_ && !common) return unknown(node, name, flag != nullptr);
    if (flag == nullptr && !common) return unknown(node, name, false);
    if (flag == nullptr) return {};  // of other programs
    return store(*flag, node);
  }

  Result<void> unknown(const ConfigNode& node, const std::string& name, bool of_one_program) {
    if (of_one_program) {
      return refuse(file_, node, "'" + node.key + "' is not an option of all programs",
                    "write it into the program's own table, [PROFILE.sub] or the like");
    }
    std::string hint = nearest_hint(profile_table(), name);
    if (!shared_ && hint.empty()) hint = nearest_hint(table_, name);
    if (const auto dashes = hint.find("--"); dashes != std::string::npos) hint.erase(dashes, 2);
    return refuse(file_, node, "unknown option '" + node.key + "'", std::move(hint));
  }

  void add(const Flag& flag, const ConfigNode& node, std::string value, bool off = false) {
    ScannedFlag given;
    given.flag = &flag;
    given.value = std::move(value);
    given.typed = place(file_, node) + ": " + node.key;
    given.origin = Origin::File;
    given.where = place(file_, node);
    given.off = off;
    out_.push_back(std::move(given));
  }

  Result<void> store(const Flag& flag, const ConfigNode& node) {
    switch (flag.kind) {
      case FlagKind::Switch:
        return store_switch(flag, node);
      case FlagKind::OptionalValue:
        if (node.kind == ConfigNode::Kind::Boolean) {
          add(flag, node, "", node.text == "false");
          return {};
        }
        [[fallthrough]];
      case FlagKind::Value:
        return store_scalar(flag, node, node);
      case FlagKind::List:
        return store_list(flag, node);
      case FlagKind::Words:
        return store_words(flag, node);
    }
    return {};
  }

  Result<void> store_switch(const Flag& flag, const ConfigNode& node) {
    if (node.kind != ConfigNode::Kind::Boolean) {
      return refuse(file_, node, "'" + node.key + "' is true or false");
    }
    if (node.text == "true") {
      add(flag, node, "");
    } else if (const Flag* opposite = find_long(table_, "no-" + std::string(flag.name))) {
      add(*opposite, node, "");
    } else {
      add(flag, node, "", true);
    }
    return {};
  }

  Result<void> store_scalar(const Flag& flag, const ConfigNode& node, const ConfigNode& value) {
    if (!is_scalar(value)) {
      return refuse(file_, node, "'" + node.key + "' takes a text or a number");
    }
    if (value.text.find('\0') != std::string::npos) {
      return refuse(file_, node, "'" + node.key + "' holds a NUL");
    }
    add(flag, node, path_of(flag, value.text));
    return {};
  }

  // Files are looked for beside the configuration file. A key in an engine is no file.
  std::string path_of(const Flag& flag, const std::string& text) const {
    const bool path =
        (flag.completion == Completion::File || flag.completion == Completion::Directory) &&
        !(flag.secret == Secret::Pin && (key_in_engine_ || text.starts_with(kKeyUri)));
    if (!path || text.empty() || text == "-" || text.front() == '/' || text.starts_with(kPem)) {
      return text;
    }
    const auto slash = file_.path.rfind('/');
    return slash == std::string::npos ? text : file_.path.substr(0, slash + 1) + text;
  }

  Result<void> store_list(const Flag& flag, const ConfigNode& node) {
    if (node.kind == ConfigNode::Kind::Array) {
      for (const ConfigNode& value : node.children) {
        if (auto done = store_scalar(flag, node, value); !done) return done;
      }
      return {};
    }
    if (node.kind != ConfigNode::Kind::Table || flag.secret != Secret::Header) {
      return store_scalar(flag, node, node);
    }
    for (const ConfigNode& header : node.children) {
      const std::span<const ConfigNode> values = header.kind == ConfigNode::Kind::Array
                                                     ? std::span(header.children)
                                                     : std::span(&header, 1);
      for (const ConfigNode& value : values) {
        if (!is_scalar(value)) {
          return refuse(file_, header, "the value of the header '" + header.key + "' is no text");
        }
        add(flag, header, header.key + ": " + value.text);
      }
    }
    return {};
  }

  // ["publish", "content-type", "text/plain"], or an array of such.
  Result<void> store_words(const Flag& flag, const ConfigNode& node) {
    const bool one = !node.children.empty() && is_scalar(node.children.front());
    const std::span<const ConfigNode> all = one ? std::span(&node, 1) : std::span(node.children);
    if (node.kind != ConfigNode::Kind::Array) return wrong_words(flag, node);
    for (const ConfigNode& each : all) {
      std::vector<std::string_view> words;
      std::string joined;
      if (each.kind != ConfigNode::Kind::Array) return wrong_words(flag, each);
      for (const ConfigNode& word : each.children) {
        if (!is_scalar(word)) return wrong_words(flag, each);
        if (!words.empty()) joined += '\0';
        joined += word.text;
        words.push_back(word.text);
      }
      if (words.empty() || words.size() != flag.words(words)) return wrong_words(flag, each);
      add(flag, each.line == 0 ? node : each, std::move(joined));
      out_.back().typed = place(file_, each) + ": " + node.key;
    }
    return {};
  }

  Result<void> wrong_words(const Flag& flag, const ConfigNode& node) {
    return refuse(file_, node, "'" + std::string(flag.name) + "' takes lists of words",
                  std::string(flag.name) + R"( = [["publish", "content-type", "text/plain"]])");
  }

  const ConfigFile& file_;
  std::span<const Flag> table_;
  bool shared_;
  std::vector<ScannedFlag>& out_;
  bool key_in_engine_ = false;
};

Result<const ConfigNode*> find_profile(const ConfigFile& file, std::string_view name) {
  const ConfigNode* const found = file.root.find(name);
  if (found != nullptr && found->kind != ConfigNode::Kind::Table) {
    return refuse(file, *found, "'" + found->key + "' stands outside of a profile",
                  "write it below [default], or below the name of another profile");
  }
  return found;
}

}  // namespace

const FlagTable& profile_table() {
  static ClientFlags flags;
  static const FlagTable table = [] {
    FlagTable out;
    append_flags(out, flags);
    append_flags(out, flags.delivery);
    std::erase_if(out, [](const Flag& flag) { return flag.group == kProfileGroup; });
    return out;
  }();
  return table;
}

Result<std::vector<ConfigFile>> read_config_files(std::span<const std::string> paths,
                                                  bool required) {
  std::vector<ConfigFile> out;
  for (const std::string& path : paths) {
    if (!required && ::access(path.c_str(), F_OK) != 0) continue;
    auto content = read_file(path, "configuration file");
    if (!content) return fail(std::move(content.error()));
    auto module = profiles_module();
    if (!module) return fail(std::move(module.error()));
    if (const unsigned line = too_deep_toml_line(*content); line != 0) {
      return fail(ErrorKind::Configuration,
                  path + ":" + std::to_string(line) + ": this is nested too deep");
    }
    ConfigFile file{path, {}};
    ConfigFault fault;
    if (!(*module)->parse(*content, file.root, fault)) {
      return fail(ErrorKind::Configuration,
                  path + ":" + std::to_string(fault.line) + ": " + fault.message);
    }
    out.push_back(std::move(file));
  }
  return out;
}

Result<std::optional<std::vector<ScannedFlag>>> profile_values(const ConfigFile& file,
                                                               std::string_view name,
                                                               std::string_view section,
                                                               std::span<const Flag> table) {
  std::vector<std::vector<ScannedFlag>> chain;  // nearest first
  std::string next(name);
  while (!next.empty()) {
    auto profile = find_profile(file, next);
    if (!profile) return fail(std::move(profile.error()));
    if (*profile == nullptr && chain.empty()) {
      return std::optional<std::vector<ScannedFlag>>();
    }
    if (*profile == nullptr || chain.size() == kMaxChain) {
      return fail(ErrorKind::Configuration,
                  file.path + ": the profile '" + std::string(name) + "' extends '" + next +
                      (*profile == nullptr ? "', which is not there" : "' and so on in a circle"));
    }
    std::vector<ScannedFlag>& values = chain.emplace_back();
    if (auto done = SectionReader(file, table, true, values).read(**profile); !done) {
      return fail(std::move(done.error()));
    }
    if (const ConfigNode* own = (*profile)->find(section); own != nullptr && is_section(*own)) {
      if (auto done = SectionReader(file, table, false, values).read(*own); !done) {
        return fail(std::move(done.error()));
      }
    }
    const ConfigNode* const extends = (*profile)->find(kExtends);
    next = extends != nullptr ? extends->text : "";
  }
  std::ranges::reverse(chain);
  return std::optional(merge_layers(std::move(chain)));
}

std::string list_profiles(std::span<const ConfigFile> files) {
  std::string out;
  for (const ConfigFile& file : files) {
    for (const ConfigNode& profile : file.root.children) {
      if (profile.kind != ConfigNode::Kind::Table) continue;
      out.append(profile.key).append("\t").append(place(file, profile));
      for (const std::string_view key : {"url", "host", "unix", "url-command", "extends"}) {
        const ConfigNode* const target = profile.find(key);
        if (target == nullptr) continue;
        out.append("\t").append(key == "url" || key == "host" ? "" : std::string(key) + " ");
        out.append(masked_url(target->text));
        break;
      }
      out += '\n';
    }
  }
  return out;
}

Error unknown_profile(std::string_view name, std::span<const ConfigFile> files) {
  Error error{
      ErrorKind::Configuration, Cause::None, "there is no profile '" + std::string(name) + "'", {}};
  if (files.empty()) {
    error.hint = "no configuration file was found";
    return error;
  }
  std::size_t best = std::max<std::size_t>(2, name.size() / 2);
  for (const ConfigFile& file : files) {
    for (const ConfigNode& profile : file.root.children) {
      const std::size_t distance = spelling_distance(name, profile.key);
      if (distance >= best) continue;
      best = distance;
      error.hint = "did you mean @" + profile.key + "?";
    }
  }
  if (error.hint.empty()) error.hint = "--list-profiles shows those that are there";
  return error;
}

}  // namespace mqtk
