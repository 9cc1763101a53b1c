// The completions in the shells that people type into: bash, zsh and fish on a terminal, a TAB at
// a time.
#include <sys/stat.h>

#include <algorithm>
#include <cstdio>
#include <memory>

#include "support/catch.hpp"
#include "support/process.hpp"
#include "support/programs.hpp"
#include "support/skipped.hpp"
#include "support/temp_dir.hpp"
#include "support/wait_until.hpp"

using namespace mqtk;
using namespace mqtk::test;

namespace {

constexpr std::string_view kPrograms[] = {"mqtt-pub", "mqtt-sub", "mqtt-bench", "mqtt-inspect"};

/// What somebody types, and what has to be offered.
struct Typed {
  std::string line;
  std::vector<std::string> offered;
  std::string not_offered = "--qos";
};

const std::vector<Typed> kTyped = {
    {"mqtt-sub --ca", {"cafile", "capath"}},
    {"mqtt-bench pub", {"publish", "pubsub"}, "calibrate"},
    {"mqtt-sub @", {"plant", "nowhere"}},
    {"mqtt-inspect tls --profile ", {"plant", "nowhere"}},
    {"mqtt-bench pubsub --topology fan-", {"fan-in", "fan-out"}},
    {"mqtt-inspect re", {"retained"}, "session"},
    {"mqtt-pub --cafile certificate-", {"certificate-of-ours"}},
};

std::string folder_of(const std::string& path) {
  return path.substr(0, path.rfind('/'));
}

/// A shell on a terminal, with the completions of the source tree and two profiles.
class Shell {
 public:
  explicit Shell(const std::string& name) {
    ::mkdir(folder_.file("mqtt-toolkit").c_str(), 0700);
    ::mkdir(folder_.file("functions").c_str(), 0700);
    folder_.write("mqtt-toolkit/config.toml",
                  "[plant]\nhost = 'plant'\n[nowhere]\nhost = 'nowhere'\n");
    folder_.write("certificate-of-ours", "");
    const std::string completions = std::string(MQTK_SOURCE_DIR) + "/completions/";
    // What bash says at its prompt goes to standard error.
    ProcessOptions options{.merge_stderr = true, .terminal = true, .deadline = 300s};
    options.folder = folder_.path();
    options.env = {"XDG_CONFIG_HOME=" + folder_.path(),
                   "HOME=" + folder_.path(),
                   "ZDOTDIR=" + folder_.path(),
                   "TERM=vt100",
                   "HISTFILE",
                   "PATH=" + folder_of(built_program("mqtt-sub")) + ":/usr/bin:/bin"};
    std::string start;
    for (const std::string_view program : kPrograms) {
      const std::string file = completions + std::string(program) + "." + name;
      if (name == "bash") start += "source '" + file + "'\n";
      if (name == "zsh") folder_.write("functions/_" + std::string(program), read_file(file));
      if (name == "fish")
        folder_.write("functions/" + std::string(program) + ".fish", read_file(file));
    }
    if (name == "bash") {
      folder_.write("start", start +
                                 "bind 'set show-all-if-ambiguous on'\n"
                                 "bind 'set bell-style none'\n"
                                 "PS1='ready> '\n");
      options.argv = {find_program(name), "--noprofile", "--rcfile", folder_.file("start"), "-i"};
    } else if (name == "zsh") {
      folder_.write(".zshrc", "fpath=('" + folder_.file("functions") +
                                  "' $fpath)\n"
                                  "autoload -Uz compinit && compinit -u -D\n"
                                  "bindkey -e\nunsetopt beep prompt_sp\nPS1='ready> '\n");
      options.argv = {find_program(name), "-d", "-i"};
    } else {
      folder_.write("start", "set fish_complete_path '" + folder_.file("functions") +
                                 "' $fish_complete_path\n"
                                 "function fish_prompt; echo -n 'ready> '; end\n"
                                 "set fish_greeting\nset fish_autosuggestion_enabled 0\n");
      options.argv = {find_program(name), "--no-config", "-C",
                      "source '" + folder_.file("start") + "'", "-i"};
    }
    process_ = std::make_unique<Process>(std::move(options));
    REQUIRE(process_->wait_stdout_contains("ready> ", 120s));
  }

  /// Types `line` and a TAB; true once all of `words` are shown.
  bool offers(const std::string& line, const std::vector<std::string>& words) {
    const std::size_t before = process_->out_so_far().size();
    const auto begin = std::chrono::steady_clock::now();
    if (!process_->write_stdin(line + "\t")) return false;
    const bool all = wait_until(
        [&] {
          shown_ = process_->out_so_far().substr(before);
          return std::ranges::all_of(words, [&](const std::string& word) {
            return shown_.find(word) != std::string::npos;
          });
        },
        60s);
    took_ = std::chrono::steady_clock::now() - begin;
    return all;
  }
  const std::string& shown() const { return shown_; }
  Duration took() const { return took_; }

  /// Drops the line and waits until a command of one's own is answered: what a shell shows of a
  /// prompt may belong to the list before, and it may swallow what is typed behind a Ctrl-C.
  void drop_line() {
    const std::size_t before = process_->out_so_far().size();
    const auto shows = [&](const std::string& text, const std::string& next) {
      const std::string shown = process_->out_so_far().substr(before);
      const std::size_t at = shown.find(text);
      return at != std::string::npos && shown.find(next, at) != std::string::npos;
    };
    const std::string number = std::to_string(++commands_);
    bool done = false;
    for (int i = 0; i < 30 && !done; ++i) {
      REQUIRE(process_->write_stdin("\x03"));
      static_cast<void>(wait_until([&] { return shows("ready> ", ""); }, 1s));
      REQUIRE(process_->write_stdin("printf 'done%s-%s.\\n' '' " + number + "\r"));
      done = wait_until([&] { return shows("done-" + number + ".", "ready> "); }, 2s);
    }
    REQUIRE(done);
  }

 private:
  TempDir folder_;
  std::unique_ptr<Process> process_;
  std::string shown_;
  Duration took_ = 0ns;
  int commands_ = 0;
};

void check_offers(const std::string& name) {
  if (find_program(name).empty()) return say_skipped(name + " is not installed");
  Shell shell(name);
  for (const Typed& typed : kTyped) {
    INFO(name << ": " << typed.line);
    const bool all = shell.offers(typed.line, typed.offered);
    INFO(shell.shown());
    CHECK(all);
    CHECK(shell.shown().find(typed.not_offered) == std::string::npos);
    shell.drop_line();
  }
}

// The quickest of some: other programs run on this machine as well.
void check_time(const std::string& name) {
  if (find_program(name).empty()) return say_skipped(name + " is not installed");
  Shell shell(name);
  for (const std::size_t which : {0U, 1U, 2U}) {
    const Typed& typed = kTyped[which];
    Duration least = 60s;
    for (int i = 0; i < 12; ++i) {
      REQUIRE(shell.offers(typed.line, typed.offered));
      least = std::min(least, shell.took());
      shell.drop_line();
    }
    const double ms = std::chrono::duration<double, std::milli>(least).count();
    std::printf("%s: %s<TAB>: %.1f ms\n", name.c_str(), typed.line.c_str(), ms);
    if (ms >= 50) WARN("longer than the 50 ms that are meant");
  }
}

}  // namespace

TEST_CASE("a TAB in bash offers options, subcommands, choices, files and profiles") {
  check_offers("bash");
}

TEST_CASE("a TAB in zsh offers options, subcommands, choices, files and profiles") {
  check_offers("zsh");
}

TEST_CASE("a TAB in fish offers options, subcommands, choices, files and profiles") {
  check_offers("fish");
}

TEST_CASE("a TAB in bash answers soon") {
  check_time("bash");
}

TEST_CASE("a TAB in zsh answers soon") {
  check_time("zsh");
}

TEST_CASE("a TAB in fish answers soon") {
  check_time("fish");
}
