#include "client/paho/session.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace mqtk {

/// paho-mqtt-cpp 1.2 lacks four things, for which the C library below it is asked directly.
/// connect(): it hands out pointers into options (the HTTP headers) that it
/// destroys when the call returns, and keeps no properties of a refusal. disconnect(): it marks its
/// options as those of MQTT 3, so that reason and properties are never sent. subscribe() of several
/// filters under MQTT 5: it loses their options on the way, and crashes. Messages: it does not tell
/// their identifier. Its handle is private; an explicit instantiation may name it all the same.
MQTTAsync handle_of(mqtt::async_client& client);

template <auto Handle>
struct HandleOf {
  friend MQTTAsync handle_of(mqtt::async_client& client) { return client.*Handle; }
};
template struct HandleOf<&mqtt::async_client::cli_>;

namespace {

constexpr int kMaxBufferedMessages = 1'000'000;  // what is offered to Paho is bounded by the caller

// Runs a call into Paho; its exceptions end here.
template <typename Call>
Result<void> guarded(Call call) {
  const PahoCall giving_way;
  try {
    const int code = call();
    if (code == MQTTASYNC_SUCCESS) return {};
    const char* text = MQTTAsync_strerror(code);
    return fail(ErrorKind::Failed, std::string("Paho refuses: ") +
                                       (text != nullptr ? text : std::to_string(code).c_str()));
  } catch (const std::exception& e) {
    return fail(ErrorKind::Failed, std::string("Paho refuses: ") + e.what());
  }
}

// While one client lives, Paho keeps its threads; ending them costs it up to seconds, with its
// mutex held.
void prepare_paho() {
  [[gnu::used]] static const mqtt::async_client* keeps_threads =
      new mqtt::async_client("tcp://localhost:1883", "unused");
}

void* as_context(std::uint64_t request) {
  return reinterpret_cast<void*>(static_cast<std::uintptr_t>(request));
}

mqtt::subscribe_options options_of(const wire::SubscriptionRequest& filter) {
  using RetainHandling = mqtt::subscribe_options::RetainHandling;
  return mqtt::subscribe_options(filter.no_local, filter.retain_as_published ? 1 : 0,
                                 static_cast<RetainHandling>(filter.retain_handling));
}

std::string codes_of(const std::vector<mqtt::ReasonCode>& reasons) {
  std::string codes;
  for (const mqtt::ReasonCode reason : reasons)
    codes.push_back(octet(static_cast<unsigned>(reason)));
  return codes;
}

PahoEvent::Kind kind_of(const mqtt::token& token) {
  switch (token.get_type()) {
    case mqtt::token::Type::SUBSCRIBE:
      return PahoEvent::Kind::Subscribed;
    case mqtt::token::Type::UNSUBSCRIBE:
      return PahoEvent::Kind::Unsubscribed;
    default:
      return PahoEvent::Kind::Published;
  }
}

PahoEvent event_of(const mqtt::token& token) {
  PahoEvent event;
  event.kind = kind_of(token);
  event.request = reinterpret_cast<std::uintptr_t>(token.get_user_context());
  event.code = token.get_return_code();
  event.reason = static_cast<std::uint8_t>(token.get_reason_code());
  return event;
}

}  // namespace

Result<std::unique_ptr<PahoLink>> make_paho_link(const ClientConfig& config,
                                                 std::function<void()> wake) {
  std::unique_ptr<PahoLink> link;
  auto made = guarded([&] {
    prepare_paho();
    link = std::make_unique<PahoSession>(config, std::move(wake));
    return MQTTASYNC_SUCCESS;
  });
  if (!made) return fail(std::move(made.error()));
  return link;
}

PahoSession::PahoSession(const ClientConfig& config, std::function<void()> wake)
    : config_(config), queue_(std::move(wake)) {
  mqtt::create_options options(static_cast<int>(config.version));
  options.set_max_buffered_messages(kMaxBufferedMessages);
  client_ = std::make_unique<mqtt::async_client>(
      paho_uri(config.endpoints.front(), config.websocket), config.client_id, options, nullptr);
  client_->set_connection_lost_handler([this](const std::string&) { push(PahoEvent::Kind::Lost); });
  client_->set_disconnected_handler(
      [this](const mqtt::properties& properties, mqtt::ReasonCode reason) {
        PahoEvent event;
        event.kind = PahoEvent::Kind::ServerDisconnect;
        event.reason = static_cast<std::uint8_t>(reason);
        event.properties = from_paho(properties.c_struct());
        queue_.push(std::move(event));
      });
  MQTTAsync_setMessageArrivedCallback(handle_of(*client_), this, &PahoSession::message_arrived);
}

// Paho calls back with its mutex held, and destroying a client takes that mutex: when this is over,
// no callback runs or comes.
PahoSession::~PahoSession() {
  queue_.close();
  const PahoCall giving_way;
  client_.reset();
}

void PahoSession::take(std::vector<PahoEvent>& out) {
  const std::size_t before = out.size();
  queue_.take(out);
  const bool over = std::any_of(out.begin() + static_cast<std::ptrdiff_t>(before), out.end(),
                                [](const PahoEvent& event) {
                                  return event.kind == PahoEvent::Kind::Connected ||
                                         event.kind == PahoEvent::Kind::ConnectFailed;
                                });
  if (over) hidden_.reset();
}

void PahoSession::push(PahoEvent::Kind kind) {
  PahoEvent event;
  event.kind = kind;
  queue_.push(std::move(event));
}

Result<void> PahoSession::connect(const PahoAttempt& attempt) {
  return guarded([&] {
    auto options = std::make_unique<PahoOptions>(config_, attempt);
    MQTTAsync_connectOptions& c = options->options;
    c.context = this;
    if (config_.version == wire::ProtocolVersion::V5) {
      c.onSuccess5 = &PahoSession::connected5;
      c.onFailure5 = &PahoSession::connect_failed5;
    } else {
      c.onSuccess = &PahoSession::connected;
      c.onFailure = &PahoSession::connect_failed;
    }
    // The former options go last, Paho has pointers into them until now.
    options_.swap(options);
    hidden_.emplace();
    return MQTTAsync_connect(handle_of(*client_), &options_->options);
  });
}

Result<void> PahoSession::publish(const OutgoingMessage& message, std::uint64_t request) {
  return guarded([&] {
    auto copy = mqtt::message::create(std::string(message.topic), message.payload.data(),
                                      message.payload.size(), static_cast<int>(message.qos),
                                      message.retain, to_paho(message.properties));
    client_->publish(std::move(copy), as_context(request), *this);
    return MQTTASYNC_SUCCESS;
  });
}

Result<void> PahoSession::subscribe(const std::vector<wire::SubscriptionRequest>& filters,
                                    wire::PropertiesView properties, std::uint64_t request) {
  return guarded([&] {
    const mqtt::properties set = to_paho(properties);
    // Of one filter the library expects, and tells, the result in another form than of many.
    if (filters.size() == 1) {
      const wire::SubscriptionRequest& only = filters.front();
      client_->subscribe(std::string(only.filter), static_cast<int>(only.qos), as_context(request),
                         *this, options_of(only), set);
      return MQTTASYNC_SUCCESS;
    }
    if (config_.version == wire::ProtocolVersion::V5)
      return subscribe_many_5(filters, set, request);
    auto names = std::make_shared<mqtt::string_collection>();
    mqtt::async_client::qos_collection levels;
    for (const wire::SubscriptionRequest& filter : filters) {
      names->push_back(std::string(filter.filter));
      levels.push_back(static_cast<int>(filter.qos));
    }
    client_->subscribe(names, levels, as_context(request), *this);
    return MQTTASYNC_SUCCESS;
  });
}

int PahoSession::subscribe_many_5(const std::vector<wire::SubscriptionRequest>& filters,
                                  const mqtt::properties& properties, std::uint64_t name) {
  std::vector<std::string> names;
  std::vector<char*> pointers;
  std::vector<int> levels;
  std::vector<MQTTSubscribe_options> options;
  for (const wire::SubscriptionRequest& filter : filters) names.emplace_back(filter.filter);
  for (std::size_t i = 0; i < filters.size(); ++i) {
    pointers.push_back(names[i].data());
    levels.push_back(static_cast<int>(filters[i].qos));
    MQTTSubscribe_options each = MQTTSubscribe_options_initializer;
    each.noLocal = filters[i].no_local ? 1 : 0;
    each.retainAsPublished = filters[i].retain_as_published ? 1 : 0;
    each.retainHandling = static_cast<unsigned char>(filters[i].retain_handling);
    options.push_back(each);
  }
  requests_.push_back(std::make_unique<Request>(Request{this, name}));
  MQTTAsync_responseOptions response = MQTTAsync_responseOptions_initializer;
  response.context = requests_.back().get();
  response.onSuccess5 = &PahoSession::subscribed5;
  response.onFailure5 = &PahoSession::subscribe_failed5;
  response.properties = properties.c_struct();
  response.subscribeOptionsCount = static_cast<int>(options.size());
  response.subscribeOptionsList = options.data();
  return MQTTAsync_subscribeMany(handle_of(*client_), static_cast<int>(pointers.size()),
                                 pointers.data(), levels.data(), &response);
}

void PahoSession::subscribed5(void* request, MQTTAsync_successData5* data) {
  const auto& asked = *static_cast<const Request*>(request);
  PahoEvent event;
  event.kind = PahoEvent::Kind::Subscribed;
  event.request = asked.name;
  for (int i = 0; i < data->alt.sub.reasonCodeCount; ++i) {
    event.codes.push_back(octet(static_cast<unsigned>(data->alt.sub.reasonCodes[i])));
  }
  asked.session->queue_.push(std::move(event));
}

void PahoSession::subscribe_failed5(void* request, MQTTAsync_failureData5*) {
  const auto& asked = *static_cast<const Request*>(request);
  PahoEvent event;
  event.kind = PahoEvent::Kind::Subscribed;
  event.request = asked.name;
  event.ok = false;
  asked.session->queue_.push(std::move(event));
}

Result<void> PahoSession::unsubscribe(const std::vector<std::string>& filters,
                                      wire::PropertiesView properties, std::uint64_t request) {
  return guarded([&] {
    auto names = std::make_shared<mqtt::string_collection>();
    for (const std::string& filter : filters) names->push_back(filter);
    client_->unsubscribe(names, as_context(request), *this, to_paho(properties));
    return MQTTASYNC_SUCCESS;
  });
}

Result<void> PahoSession::disconnect(wire::ReasonCode reason, wire::PropertiesView properties) {
  return guarded([&] {
    const bool v5 = config_.version == wire::ProtocolVersion::V5;
    const mqtt::properties set = to_paho(properties);
    MQTTAsync_disconnectOptions options = MQTTAsync_disconnectOptions_initializer;
    if (v5) {
      options = MQTTAsync_disconnectOptions_initializer5;
      options.reasonCode = static_cast<MQTTReasonCodes>(reason);
      options.properties = set.c_struct();
      options.onSuccess5 = &PahoSession::disconnected5;
      options.onFailure5 = &PahoSession::disconnect_failed5;
    } else {
      options.onSuccess = &PahoSession::disconnected;
      options.onFailure = &PahoSession::disconnect_failed;
    }
    options.context = this;
    return MQTTAsync_disconnect(handle_of(*client_), &options);
  });
}

void PahoSession::on_success(const mqtt::token& token) {
  PahoEvent event = event_of(token);
  try {
    if (event.kind == PahoEvent::Kind::Subscribed) {
      event.codes = codes_of(token.get_subscribe_response().get_reason_codes());
    } else if (event.kind == PahoEvent::Kind::Unsubscribed) {
      event.codes = codes_of(token.get_unsubscribe_response().get_reason_codes());
    }
  } catch (const std::exception&) {
    // It takes every reason beyond a granted QoS for a failure, "no subscription existed" as well.
    event.codes.assign(1, octet(event.reason));
  }
  queue_.push(std::move(event));
}

void PahoSession::on_failure(const mqtt::token& token) {
  PahoEvent event = event_of(token);
  event.ok = false;
  // A refused single filter comes as a failure; the code stands where the version has it.
  const bool v5 = config_.version == wire::ProtocolVersion::V5;
  const int code = v5 ? event.reason : event.code;
  if (event.kind == PahoEvent::Kind::Subscribed && code >= 0x80 && code <= 0xFF) {
    event.ok = true;
    event.codes.assign(1, octet(static_cast<unsigned>(code)));
  }
  if (!v5) event.reason = 0;
  queue_.push(std::move(event));
}

void PahoSession::connected(void* self, MQTTAsync_successData* data) {
  PahoEvent event;
  event.kind = PahoEvent::Kind::Connected;
  event.session_present = data != nullptr && data->alt.connect.sessionPresent != 0;
  static_cast<PahoSession*>(self)->queue_.push(std::move(event));
}

void PahoSession::connected5(void* self, MQTTAsync_successData5* data) {
  PahoEvent event;
  event.kind = PahoEvent::Kind::Connected;
  event.session_present = data->alt.connect.sessionPresent != 0;
  event.properties = from_paho(data->properties);
  static_cast<PahoSession*>(self)->queue_.push(std::move(event));
}

void PahoSession::connect_failed(void* self, MQTTAsync_failureData* data) {
  PahoEvent event;
  event.kind = PahoEvent::Kind::ConnectFailed;
  event.code = data != nullptr ? data->code : MQTTASYNC_FAILURE;
  if (data != nullptr && data->message != nullptr) event.text = data->message;
  static_cast<PahoSession*>(self)->queue_.push(std::move(event));
}

void PahoSession::connect_failed5(void* self, MQTTAsync_failureData5* data) {
  PahoEvent event;
  event.kind = PahoEvent::Kind::ConnectFailed;
  event.code = data->code;
  event.reason = static_cast<std::uint8_t>(data->reasonCode);
  event.properties = from_paho(data->properties);
  if (data->message != nullptr) event.text = data->message;
  static_cast<PahoSession*>(self)->queue_.push(std::move(event));
}

void PahoSession::disconnected(void* self, MQTTAsync_successData*) {
  static_cast<PahoSession*>(self)->push(PahoEvent::Kind::Disconnected);
}

void PahoSession::disconnected5(void* self, MQTTAsync_successData5*) {
  static_cast<PahoSession*>(self)->push(PahoEvent::Kind::Disconnected);
}

void PahoSession::disconnect_failed(void* self, MQTTAsync_failureData*) {
  static_cast<PahoSession*>(self)->push(PahoEvent::Kind::Disconnected);
}

void PahoSession::disconnect_failed5(void* self, MQTTAsync_failureData5*) {
  static_cast<PahoSession*>(self)->push(PahoEvent::Kind::Disconnected);
}

int PahoSession::message_arrived(void* self, char* topic, int topic_length,
                                 MQTTAsync_message* message) {
  PahoEvent event;
  event.kind = PahoEvent::Kind::Message;
  event.topic.assign(
      topic, topic_length > 0 ? static_cast<std::size_t>(topic_length) : std::strlen(topic));
  event.payload.assign(static_cast<const char*>(message->payload),
                       static_cast<std::size_t>(message->payloadlen));
  event.properties = from_paho(message->properties);
  event.qos = static_cast<wire::Qos>(message->qos);
  event.retain = message->retained != 0;
  event.dup = message->dup != 0;
  event.packet_id = static_cast<std::uint16_t>(message->msgid);
  static_cast<PahoSession*>(self)->queue_.push(std::move(event));
  MQTTAsync_freeMessage(&message);
  MQTTAsync_free(topic);
  return 1;
}

}  // namespace mqtk
