#include "interop/features.hpp"

#include <csignal>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <sstream>

#include "support/temp_dir.hpp"
#include "support/wait_until.hpp"

namespace mqtk::test {

namespace {

using Json = nlohmann::json;

constexpr Duration kPatience = 30s;
// Some take 4 KiB in a tenth of a second over WebSocket.
constexpr Duration kLargePatience = 90s;

/// What stands behind `label` on a whole line of stderr; "" when there is no such line.
std::string line_after(const std::string& err, const std::string& label) {
  const std::size_t at = err.find(label);
  if (at == std::string::npos) return {};
  const std::size_t begin = at + label.size();
  const std::size_t end = err.find('\n', begin);
  return end == std::string::npos ? std::string() : err.substr(begin, end - begin);
}

/// The program's own words on why it did not do what it was asked for.
std::string words_of(const std::string& err) {
  std::string words;
  for (const char* label : {": error: ", ": warning: "}) {
    if (words.empty()) words = line_after(err, label);
  }
  const std::string hint = line_after(err, ": hint: ");
  return hint.empty() ? words : words + " (hint: " + hint + ")";
}

std::string words_of(const ProcessResult& result) {
  const std::string words = words_of(result.err);
  return words.empty() ? result.text() : words;
}

/// mqtt-sub that listens, or has said why it cannot. An error and its hint are lines of their own,
/// so they are read when the program has ended, not before.
class Listener {
 public:
  explicit Listener(const Words& words) : process_(options(words)) {
    wait_until([this] { return subscribed() || !process_.running(); }, kPatience);
    if (subscribed() && granted()) return;
    wait_until([this] { return !process_.running() || !line_after(err(), ": warning: ").empty(); },
               kPatience);
    if (!process_.running()) process_.wait_end(kPatience);
  }
  /// Why it does not listen; "" when it does.
  std::string failure() const { return listens() ? "" : words_of(err()); }
  bool listens() const { return process_.running() && subscribed() && granted(); }
  std::string out() const { return process_.out_so_far(); }
  std::string err() const { return process_.err_so_far(); }
  Process& process() { return process_; }
  bool wait_for(const std::string& text) const {
    return process_.wait_stdout_contains(text, kPatience);
  }

 private:
  static ProcessOptions options(const Words& words) {
    ProcessOptions made = sub_options(Words{"-d"} + words);
    made.deadline = 100s;
    return made;
  }
  /// "Mid: 1, 0 0": what SUBACK brought; "" before it came.
  std::string answer() const { return line_after(err(), "received SUBACK (Mid: "); }
  bool subscribed() const { return !answer().empty(); }
  bool granted() const {
    std::istringstream codes(answer().substr(answer().find(',') + 1));
    for (unsigned code = 0; codes >> code;) {
      if (code >= 0x80) return false;
    }
    return true;
  }
  Process process_;
};

/// The end of a cell that could not even subscribe.
std::string not_listening(const Listener& listener) {
  const std::string why = listener.failure();
  return why.empty() ? "no answer to the subscription" : why;
}

std::string connect(const Cell& cell) {
  const ProcessResult result = publish(cell.link + Words{"-t", cell.topic + "/connect", "-n"});
  return result.ok() ? kYes : words_of(result);
}

std::string with_qos(const Cell& cell, const std::string& qos) {
  const Words subject = {"-t", cell.topic + "/qos" + qos, "-q", qos};
  Listener listener(cell.link + subject + Words{"-C", "1", "--json"});
  if (!listener.listens()) return not_listening(listener);
  const ProcessResult sent = publish(cell.link + subject + Words{"-m", "hello"});
  if (!sent.ok()) return words_of(sent);
  if (!listener.wait_for("\n")) return "sent, and not delivered";
  const Json message = Json::parse(listener.out(), nullptr, false);
  if (!message.is_object() || message.value("payload", "") != "hello") return listener.out();
  const std::string got = std::to_string(message.value("qos", -1));
  if (got == qos) return kYes;
  const std::string told = words_of(listener.err());
  return "delivered at QoS " + got + (told.empty() ? "" : "; " + told);
}

std::string qos_0(const Cell& cell) {
  return with_qos(cell, "0");
}
std::string qos_1(const Cell& cell) {
  return with_qos(cell, "1");
}
std::string qos_2(const Cell& cell) {
  return with_qos(cell, "2");
}

std::string retained(const Cell& cell) {
  const Words subject = {"-t", cell.topic + "/kept"};
  const ProcessResult sent = publish(cell.link + subject + Words{"-q", "1", "-r", "-m", "kept"});
  if (!sent.ok()) return words_of(sent);
  const ProcessResult got = subscribe(cell.link + subject + Words{"-C", "1", "-W", "20", "--json"});
  const Json message = Json::parse(got.out, nullptr, false);
  if (!message.is_object() || message.value("payload", "") != "kept") return words_of(got);
  if (!message.value("retain", false)) return "delivered without the retain flag";
  const ProcessResult cleared = publish(cell.link + subject + Words{"-q", "1", "-r", "-n"});
  if (!cleared.ok()) return words_of(cleared);
  const ProcessResult left =
      subscribe(cell.link + subject + Words{"--retained-only", "--idle", "300ms"});
  return left.ok() && left.out.empty() ? kYes : "not cleared: " + left.text();
}

// A message that is published afterwards says when to stop waiting for the retained one.
std::string retained_by_wildcard(const Cell& cell) {
  const std::string below = cell.topic + "/r/";
  const Words kept = {"-t", below + "kept", "-q", "1", "-r"};
  const ProcessResult sent = publish(cell.link + kept + Words{"-m", "kept"});
  if (!sent.ok()) return words_of(sent);
  const Listener listener(cell.link + Words{"-t", below + "+"});
  if (!listener.listens()) return not_listening(listener);
  const ProcessResult end = publish(cell.link + Words{"-t", below + "end", "-q", "1", "-m", "end"});
  if (!end.ok()) return words_of(end);
  const bool complete = listener.wait_for("end\n");
  const std::string got = listener.out();
  publish(cell.link + kept + Words{"-n"});
  if (!complete) return "a live message was not delivered";
  if (got == "end\n") return "not delivered";
  return got == "kept\nend\n" ? kYes : "delivered: " + got;
}

std::string will(const Cell& cell) {
  const Words subject = {"-t", cell.topic + "/will"};
  const Listener listener(cell.link + subject + Words{"-C", "1"});
  if (!listener.listens()) return not_listening(listener);
  Listener mortal(cell.link + Words{"-t", cell.topic + "/other", "--will-topic",
                                    cell.topic + "/will", "--will-payload", "gone", "--will-qos",
                                    "1"});
  if (!mortal.listens()) return not_listening(mortal);
  mortal.process().send_signal(SIGKILL);
  return listener.wait_for("gone\n") ? kYes : "not published";
}

std::string session(const Cell& cell) {
  std::string id = cell.topic;
  std::replace(id.begin(), id.end(), '/', '-');
  const Words subject = {"-t", cell.topic + "/queue", "-q", "1"};
  const Words owner = cell.link + Words{"-i", id};
  const ProcessResult made = subscribe(owner + subject + Words{"-c", "-E", "-W", "20"});
  if (!made.ok()) return words_of(made);
  const ProcessResult sent = publish_text(cell.link + subject + Words{"-l"}, "1\n2\n3\n");
  if (!sent.ok()) return words_of(sent);
  const ProcessResult got = subscribe(owner + Words{"-c", "--no-subscribe", "-C", "3", "-W", "20"});
  const ProcessResult removed = subscribe(owner + subject + Words{"-E", "-W", "20"});
  if (!removed.ok()) return words_of(removed);
  return got.out == "1\n2\n3\n" ? kYes : words_of(got);
}

std::string wildcards(const Cell& cell) {
  const std::string t = cell.topic + "/w/";
  const Listener listener(cell.link +
                          Words{"-v", "-t", t + "+/c", "-t", t + "m/#", "-t", t + "end"});
  if (!listener.listens()) return not_listening(listener);
  const Words sent = {t + "a/c", t + "a/d",   t + "b/c", t + "a/b/c",
                      t + "m",   t + "m/n/o", t + "end"};
  std::string lines;
  for (const std::string& topic : sent) lines += topic + " x\n";
  const ProcessResult result = publish_text(cell.link + Words{"-l", "--topic-sep", " "}, lines);
  if (!result.ok()) return words_of(result);
  if (!listener.wait_for(t + "end x\n")) return "the last message was not delivered";
  std::string expected;
  for (const char* name : {"a/c", "b/c", "m", "m/n/o", "end"}) expected += t + name + " x\n";
  return listener.out() == expected ? kYes : "delivered: " + listener.out();
}

// Two that share get each message once between them; the end goes to both.
std::string shared(const Cell& cell) {
  const std::string topic = cell.topic + "/shared";
  const std::string end = cell.topic + "/end";
  const Words words = {"-t", "$share/g/" + topic, "-t", end, "-q", "1"};
  const Listener one(cell.link + words);
  if (!one.listens()) return not_listening(one);
  const Listener two(cell.link + words);
  if (!two.listens()) return not_listening(two);
  std::string lines;
  std::multiset<std::string> expected;
  for (int i = 10; i < 20; ++i) {
    expected.insert(std::to_string(i));
    lines += topic + " " + std::to_string(i) + "\n";
  }
  const ProcessResult sent =
      publish_text(cell.link + Words{"-l", "--topic-sep", " ", "-q", "1"}, lines + end + " end\n");
  if (!sent.ok()) return words_of(sent);
  if (!one.wait_for("end\n") || !two.wait_for("end\n")) return "a plain message was not delivered";
  std::multiset<std::string> got;
  for (const Listener* listener : {&one, &two}) {
    const std::string out = listener->out();
    for (std::size_t at = 0; at < out.size(); at = out.find('\n', at) + 1) {
      got.insert(out.substr(at, out.find('\n', at) - at));
    }
  }
  got.erase("end");
  if (got.empty()) return "granted, and nothing is delivered";
  return got == expected ? kYes : "shared wrongly: " + one.out() + two.out();
}

std::string large_payload(const Cell& cell) {
  const TempDir folder;
  const std::string sent_file = folder.write("sent", pattern(1024 * 1024));
  const std::string got_file = folder.file("got");
  const Words subject = {"-t", cell.topic + "/large", "-q", "1"};
  Subscriber subscriber(cell.link + subject + Words{"-C", "1", "-N"}, got_file);
  if (!subscriber.ready()) return "not subscribed";
  const ProcessResult sent = publish(cell.link + subject + Words{"-f", sent_file});
  if (!sent.ok()) return words_of(sent);
  if (!subscriber.process().wait_end(kLargePatience)) return "sent, and not delivered";
  return read_file(got_file) == read_file(sent_file) ? kYes : "delivered with other octets";
}

std::string wrong_password(const Cell& cell) {
  const ProcessResult result = publish(cell.wrong_login + Words{"-t", cell.topic, "-m", "x"});
  if (result.exit_code == 77) return kYes;
  return result.ok() ? "accepted" : words_of(result);
}

}  // namespace

const std::vector<Feature>& interop_features() {
  static const std::vector<Feature> features = {
      {"connection", connect},
      {"QoS 0", qos_0},
      {"QoS 1", qos_1},
      {"QoS 2", qos_2},
      {"retained message", retained},
      {"retained, by wildcard", retained_by_wildcard},
      {"will", will},
      {"session, queued while away", session},
      {"wildcards", wildcards},
      {"shared subscription", shared},
      {"payload of 1 MiB", large_payload},
      {"wrong password refused", wrong_password},
  };
  return features;
}

}  // namespace mqtk::test
