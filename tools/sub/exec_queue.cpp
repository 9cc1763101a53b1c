#include "sub/exec_queue.hpp"

#include <algorithm>
#include <utility>

#include "base/bytes.hpp"
#include "output/message_record.hpp"

namespace mqtk::sub {

namespace {

void append_text_property(std::vector<std::string>& out, const MessageView& message,
                          wire::PropertyId id, std::string_view name) {
  const auto text = message.properties.text(id);
  if (text) out.push_back(std::string(name) + "=" + std::string(*text));
}

std::vector<std::string> environment_of(const MessageView& message) {
  std::vector<std::string> out{
      "MQTT_TOPIC=" + std::string(message.topic),
      "MQTT_QOS=" + std::to_string(static_cast<unsigned>(message.qos)),
      std::string("MQTT_RETAIN=") + (message.retain ? '1' : '0'),
      "MQTT_SIZE=" + std::to_string(message.payload.size()),
      "MQTT_TIME=" + record_time(std::chrono::system_clock::now()),
  };
  if (message.qos != wire::Qos::AtMostOnce) {
    out.push_back("MQTT_MID=" + std::to_string(message.packet_id));
  }
  if (message.dup) out.emplace_back("MQTT_DUP=1");
  append_text_property(out, message, wire::PropertyId::ContentType, "MQTT_CONTENT_TYPE");
  append_text_property(out, message, wire::PropertyId::ResponseTopic, "MQTT_RESPONSE_TOPIC");
  if (const auto data = message.properties.text(wire::PropertyId::CorrelationData)) {
    out.push_back("MQTT_CORRELATION_DATA=" + to_base64(*data));
  }
  return out;
}

}  // namespace

ChildStarter child_starter(EventLoop& loop) {
  return [&loop](ChildCommand command, ChildExit on_exit) {
    return start_child(loop, std::move(command), std::move(on_exit));
  };
}

ExecQueue::ExecQueue(const ExecOptions& options, ChildStarter starter, Report& report,
                     std::function<void()> changed)
    : options_(options),
      starter_(std::move(starter)),
      report_(report),
      changed_(std::move(changed)) {}

void ExecQueue::add(const MessageView& message) {
  if (stopped_) return;
  ChildCommand command{options_.command, environment_of(message), std::string(message.payload)};
  waiting_bytes_ += command.input.size();
  waiting_.push_back({std::move(command), std::string(message.topic)});
  start_some();
}

void ExecQueue::start_some() {
  while (!stopped_ && !waiting_.empty() && running_.size() < options_.jobs) {
    Waiting next = std::move(waiting_.front());
    waiting_.pop_front();
    waiting_bytes_ -= next.command.input.size();
    const std::uint64_t number = ++started_;
    auto child = starter_(std::move(next.command),
                          [this, number](const ChildStatus& status) { ended(number, status); });
    if (child) {
      running_.push_back({number, std::move(*child), std::move(next.topic)});
    } else {
      failure(child.error().message, next.topic);
    }
  }
}

void ExecQueue::ended(std::uint64_t number, const ChildStatus& status) {
  const auto found = std::ranges::find(running_, number, &Running::number);
  if (found == running_.end()) return;
  const std::string topic = std::move(found->topic);
  running_.erase(found);
  if (status.signal != 0) {
    failure("'" + options_.command[0] + "' was ended by signal " + std::to_string(status.signal),
            topic);
  } else if (status.exit_code != 0) {
    failure("'" + options_.command[0] + "' ended with " + std::to_string(status.exit_code), topic);
  }
  start_some();
  changed_();
}

void ExecQueue::failure(const std::string& what, const std::string& topic) {
  ++failed_;
  if (failed_ <= kToldOneByOne) report_.warning(what + ", for a message on '" + topic + "'");
  if (options_.stop_at_failure) {
    stopped_ = true;
    drop_waiting();
  }
}

void ExecQueue::drop_waiting() {
  dropped_ += waiting_.size();
  waiting_.clear();
  waiting_bytes_ = 0;
}

std::string ExecQueue::verdict() const {
  if (failed_ == 0 && dropped_ == 0) return {};
  std::string text = std::to_string(failed_) + " of " + std::to_string(started_) +
                     (started_ == 1 ? " program" : " programs") + " failed";
  if (dropped_ > 0) text += ", " + std::to_string(dropped_) + " were not started";
  return text;
}

}  // namespace mqtk::sub
