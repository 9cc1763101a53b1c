// --rate: lets messages of another source pass at an even pace.
#pragma once

#include "options/run.hpp"
#include "pub/message_source.hpp"

namespace mqtk::pub {

class RateLimit final : public SourceFilter {
 public:
  /// `rate` in messages a second, above 0.
  RateLimit(std::unique_ptr<MessageSource> source, double rate, const Host& host)
      : SourceFilter(std::move(source)),
        gap_(static_cast<Duration::rep>(1e9 / rate)),
        host_(host) {}

  Next next() override;
  void advance() override;
  TimePoint due() const override { return waiting_ ? due_ : inner().due(); }

 private:
  /// What a source or a connection that stood still may make up for.
  static constexpr Duration kMakeUp = 100ms;

  Duration gap_;
  const Host& host_;
  TimePoint due_{};
  bool waiting_ = false;
};

}  // namespace mqtk::pub
