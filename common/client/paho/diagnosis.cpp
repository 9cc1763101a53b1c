#include "client/paho/diagnosis.hpp"

#include <algorithm>
#include <utility>

namespace mqtk {

PahoDiagnosis::PahoDiagnosis(EventLoop& loop, ConnectPlan plan, Found found)
    : loop_(loop), connection_(loop, *this), found_(std::move(found)), told_(loop, [this] {
        const Found found_once = std::move(found_);
        found_once(std::move(error_));
      }) {
  ConnectTimeouts& timeouts = plan.timeouts;
  for (Duration* limit : {&timeouts.connect, &timeouts.resolve, &timeouts.tcp, &timeouts.proxy,
                          &timeouts.tls, &timeouts.websocket}) {
    *limit = *limit > 0ns ? std::min(*limit, Duration(kPatience)) : Duration(kPatience);
  }
  timeouts.connect = 0ns;
  connection_.open(plan);
}

PahoDiagnosis::~PahoDiagnosis() = default;

void PahoDiagnosis::on_open() {
  opened_ = true;
  late_ = std::make_unique<Timer>(loop_, [this] { tell(std::nullopt); });
  late_->after(kLateRefusal);
}

void PahoDiagnosis::on_lost(const Error& why) {
  // A plain end after the way stood says no more than Paho did.
  const bool plain = why.cause == Cause::MqttLost || why.cause == Cause::TcpReset;
  tell(opened_ && plain ? std::nullopt : std::optional(why));
}

void PahoDiagnosis::tell(std::optional<Error> error) {
  if (late_) late_->cancel();
  error_ = std::move(error);
  told_.schedule();
}

}  // namespace mqtk
