// A Subscriber with a fake client, host and output.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "sub/subscriber.hpp"
#include "support/fake_client.hpp"
#include "support/temp_file.hpp"

namespace mqtk::sub::test {

using mqtk::test::FakeClient;
using mqtk::test::FakeHost;
using mqtk::test::TempFile;

inline SubOptions one_topic() {
  SubOptions options;
  options.subscriptions.push_back({.filter = "a/#"});
  return options;
}

struct Rig {
  explicit Rig(SubOptions given = one_topic(), ChildStarter starter = {})
      : options(std::move(given)),
        writer(file.fd(), [] {}),
        subscriber(options, writer, host, std::move(starter)),
        client(subscriber) {
    started = subscriber.start(client);
  }
  /// Connected and subscribed.
  void listen() {
    client.connect();
    client.grant(std::vector<std::uint8_t>(options.subscriptions.size(), 0));
  }
  std::string printed() const { return file.content(); }

  Result<void> started;
  SubOptions options;
  TempFile file;
  FakeHost host;
  Writer writer;
  Subscriber subscriber;
  FakeClient client;
};

}  // namespace mqtk::sub::test
