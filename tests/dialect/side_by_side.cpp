#include "dialect/side_by_side.hpp"

#include <algorithm>
#include <sstream>
#include <string_view>

#include "support/programs.hpp"
#include "support/skipped.hpp"

namespace mqtk::test {

namespace {

std::string sorted_lines(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  std::ranges::sort(lines);
  std::string out;
  for (const std::string& line : lines) out += line + "\n";
  return out;
}

constexpr std::string_view kOurNobody = "(null)";

/// Every "Client FROM " at the beginning of a line, as "Client TO ".
std::string renamed(const std::string& text, std::string_view from, std::string_view to) {
  const std::string begin = "Client " + std::string(from) + " ";
  std::istringstream in(text);
  std::string out;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with(begin))
      line = "Client " + std::string(to) + " " + line.substr(begin.size());
    out += line;
    if (!in.eof()) out += "\n";
  }
  return out;
}

}  // namespace

bool have_clients() {
  if (!find_program("mosquitto_pub").empty() && !find_program("mosquitto_sub").empty()) return true;
  say_skipped("mosquitto-clients is not installed");
  return false;
}

SideBySide::SideBySide(const Mosquitto& broker) : broker_(broker) {
  ProcessOptions options{.argv = with_broker({"-t", "a", "-m", "x", "-d"})};
  options.argv.insert(options.argv.begin(), find_program("mosquitto_pub"));
  const std::string said = test::run(std::move(options)).out;
  for (const std::string_view word : {kOurNobody, std::string_view("null")})
    if (said.starts_with("Client " + std::string(word) + " sending CONNECT\n")) nobody_ = word;
}

Words SideBySide::with_broker(Words words) const {
  words.insert(words.begin(), {"-h", "127.0.0.1", "-p", std::to_string(broker_.port())});
  return words;
}

ProcessResult SideBySide::run_one(const Side& side, bool ours) const {
  // The past is made by Debian's programs for both.
  for (const Words& words : side.before) {
    ProcessOptions options{.argv = with_broker({words.begin() + 1, words.end()})};
    options.argv.insert(options.argv.begin(), find_program(words.front()));
    test::run(std::move(options));
  }
  ProcessOptions options{.argv = side.at_broker ? with_broker(side.words) : side.words,
                         .stdin_text = side.input};
  options.argv.insert(options.argv.begin(), side.tool);
  options.program = ours ? built_program(side.tool == "mosquitto_sub" ? "mqtt-sub" : "mqtt-pub")
                         : find_program(side.tool);
  options.env = {"TZ=UTC0", "HOME=/nonexistent", "XDG_CONFIG_HOME"};
  return test::run(std::move(options));
}

Both SideBySide::run(const Side& side) const {
  Both both{run_one(side, false), run_one(side, true)};
  if (!nobody_.empty()) both.theirs.out = renamed(both.theirs.out, nobody_, kOurNobody);
  if (side.sorted) {
    both.theirs.out = sorted_lines(both.theirs.out);
    both.ours.out = sorted_lines(both.ours.out);
  }
  return both;
}

}  // namespace mqtk::test
