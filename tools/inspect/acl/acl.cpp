#include "inspect/acl/acl.hpp"

#include <algorithm>

#include "inspect/caps/probes.hpp"
#include "inspect/shared/columns.hpp"
#include "inspect/shared/json_text.hpp"
#include "output/terminal_text.hpp"
#include "wire/topic.hpp"

namespace mqtk::inspect {

using wire::PacketType;
using wire::Qos;

namespace {

constexpr std::size_t kAtOnce = 8;

std::string word(Finding finding) {
  return finding == Finding::NotTested ? "-" : std::string(name(finding));
}

}  // namespace

bool AclRow::denied() const {
  return subscribe.finding == Finding::No || publish.finding == Finding::No ||
         receive.finding == Finding::No;
}

std::string topic_for(std::string_view filter, std::string_view level) {
  if (const auto shared = wire::split_shared(filter)) filter = shared->filter;
  std::string out;
  for (const char c : filter) {
    if (c == '+' || c == '#') {
      out += level;
    } else {
      out += c;
    }
  }
  return out;
}

AclJob::AclJob(EventLoop& loop, Host& host, CapsOptions options, std::vector<std::string> filters,
               bool json)
    : LabJob(loop, host, std::move(options)), json_(json) {
  for (std::string& filter : filters) {
    AclRow& row = report_.rows.emplace_back();
    row.topic = topic_for(filter, "mqtt-inspect-" + laboratory_.nonce);
    row.filter = std::move(filter);
  }
}

void AclJob::begin() {
  run(prepare());
}

// MQTT 5 says more than its predecessors, so it is used where the broker knows it.
Task<bool> AclJob::prepare() {
  laboratory_.route.version = wire::ProtocolVersion::V5;
  PacketLink link(laboratory_.loop, laboratory_.route);
  if (!(co_await connect(link, laboratory_.id("v"))).accepted()) {
    laboratory_.route.version = laboratory_.options.config.version;
  }
  link.leave();
  report_.version = wire::name(laboratory_.route.version);
  for (std::size_t i = 0; i < std::min(kAtOnce, report_.rows.size()); ++i) run(work());
  co_return true;
}

Task<bool> AclJob::work() {
  while (next_ < report_.rows.size()) {
    const std::size_t index = next_++;
    co_await probe(index);
  }
  co_return true;
}

Task<bool> AclJob::probe(std::size_t index) {
  const std::string id = laboratory_.id(std::to_string(index));
  PacketLink reader(laboratory_.loop, laboratory_.route);
  AclRow& row = report_.rows[index];
  if (!(co_await connect(reader, id + "r")).accepted()) {
    row.subscribe = {Finding::Unclear, "no connection"};
    co_return false;
  }
  const Answer granted = co_await subscribe(reader, row.filter, Qos::AtLeastOnce);
  row.subscribe =
      granted.accepted()
          ? AclAnswer{Finding::Yes, "granted"}
          : AclAnswer{granted.kind == Answer::Kind::Overdue ? Finding::Unclear : Finding::No,
                      refusal_text(granted.kind == Answer::Kind::Closed, granted.code,
                                   PacketType::Suback)};
  if (laboratory_.options.safe) {
    reader.leave();
    co_return true;
  }
  row.publish = co_await publish_to(id + "w", row.topic);
  if (!granted.accepted() || row.publish.finding == Finding::No) {
    reader.leave();
    co_return true;
  }
  for (;;) {
    const Answer message = co_await reader.next(PacketType::Publish, kPatience);
    if (!message.is_packet()) {
      row.receive = {Finding::No, "nothing arrives, although the subscription was granted"};
      if (row.publish.finding == Finding::Unclear) {
        row.receive.text += "; or the message is dropped";
      }
      break;
    }
    if (message.topic != row.topic || message.payload != laboratory_.nonce) continue;
    row.publish = {Finding::Yes, "arrived"};
    row.receive = {Finding::Yes, "arrived"};
    break;
  }
  reader.leave();
  co_return true;
}

Task<AclAnswer> AclJob::publish_to(std::string id, std::string topic) {
  PacketLink writer(laboratory_.loop, laboratory_.route);
  if (!(co_await connect(writer, std::move(id))).accepted()) {
    co_return AclAnswer{Finding::Unclear, "no connection"};
  }
  publish(writer, topic, laboratory_.nonce, Qos::AtLeastOnce);
  const Answer answer = co_await writer.next(PacketType::Puback, kPatience);
  const bool closed = answer.kind == Answer::Kind::Closed;
  writer.leave();
  if (!answer.accepted()) {
    co_return AclAnswer{answer.kind == Answer::Kind::Overdue ? Finding::Unclear : Finding::No,
                        refusal_text(closed, answer.code, PacketType::Puback)};
  }
  if (!laboratory_.v5())
    co_return AclAnswer{Finding::Unclear, "acknowledged, which proves nothing"};
  const bool nobody =
      answer.code == static_cast<std::uint8_t>(wire::ReasonCode::NoMatchingSubscribers);
  co_return AclAnswer{Finding::Yes, nobody ? "accepted; nobody is subscribed" : "accepted"};
}

int AclJob::conclude(const Error* error) {
  report_.target = target_;
  if (error != nullptr) report_.error = *error;
  const int printed = print_and_exit_code(json_ ? acl_json(report_) : acl_text(report_));
  if (printed != 0) return printed;
  return std::ranges::any_of(report_.rows, &AclRow::denied) ? exit_code(ErrorKind::Permission) : 0;
}

std::string acl_text(const AclReport& report) {
  if (report.error) return {};
  std::string out = left_cell("filter", 32) + left_cell("subscribe", 11) +
                    left_cell("publish", 11) + left_cell("receive", 11) + "\n";
  for (const AclRow& row : report.rows) {
    out += left_cell(row.filter, 32) + left_cell(word(row.subscribe.finding), 11) +
           left_cell(word(row.publish.finding), 11) + left_cell(word(row.receive.finding), 11);
    std::string details;
    const auto add = [&details](std::string_view what, const AclAnswer& answer) {
      if (answer.finding == Finding::Yes || answer.text.empty()) return;
      details.append(details.empty() ? "" : "; ").append(what).append(": ").append(answer.text);
    };
    add("subscribe", row.subscribe);
    add("publish", row.publish);
    add("receive", row.receive);
    out += terminal_text(details);
    out.erase(out.find_last_not_of(' ') + 1);
    out += '\n';
  }
  return out;
}

std::string acl_json(const AclReport& report) {
  JsonText json("mqtt-inspect.acl/1");
  json.add("target", report.target);
  json.outcome(report.error ? &*report.error : nullptr);
  if (!report.version.empty()) json.add("protocol", report.version);
  json.begin_list("filters");
  for (const AclRow& row : report.rows) {
    json.begin().add("filter", row.filter).add("topic", row.topic).add("denied", row.denied());
    const auto add = [&json](std::string_view key, const AclAnswer& answer) {
      json.begin(key).add("finding", name(answer.finding));
      if (!answer.text.empty()) json.add("text", answer.text);
      json.end();
    };
    add("subscribe", row.subscribe);
    add("publish", row.publish);
    add("receive", row.receive);
    json.end();
  }
  return json.line();
}

}  // namespace mqtk::inspect
