#include "client/outbox/outbox.hpp"

#include <sys/stat.h>

#include "support/catch.hpp"
#include "support/temp_dir.hpp"
#include "wire/properties.hpp"

namespace mqtk::test {

namespace {

constexpr std::uint64_t kLarge = 1'000'000;

std::unique_ptr<Outbox> opened(const std::string& path, std::uint64_t limit = kLarge) {
  auto outbox = open_outbox(path, limit);
  if (!outbox) FAIL(outbox.error().message);
  return std::move(*outbox);
}

bool add(Outbox& outbox, const std::string& payload, wire::Qos qos = wire::Qos::AtLeastOnce) {
  OutgoingMessage message;
  message.topic = "t";
  message.payload = payload;
  message.qos = qos;
  auto added = outbox.add(message, 1000);
  REQUIRE(added);
  return *added;
}

std::string waiting(Outbox& outbox, std::uint64_t after = 0) {
  auto records = outbox.read(after, kLarge);
  REQUIRE(records);
  std::string all;
  for (const OutboxRecord& record : *records) all += record.payload + " ";
  return all;
}

}  // namespace

TEST_CASE("what was committed is there for the next process, in order and whole") {
  const TempDir folder;
  const std::string path = folder.file("outbox");
  wire::Properties properties;
  REQUIRE(properties.add(wire::PropertyId::ContentType, Bytes("text")));
  const std::string payload("a\0b\xff", 4);
  {
    const auto outbox = opened(path);
    OutgoingMessage message;
    message.topic = "a/b";
    message.payload = payload;
    message.qos = wire::Qos::ExactlyOnce;
    message.retain = true;
    message.properties = properties;
    REQUIRE(*outbox->add(message, 1234));
    CHECK(outbox->changed());
    REQUIRE(outbox->commit());
    CHECK_FALSE(outbox->changed());
    REQUIRE(add(*outbox, "not committed"));
  }
  struct stat status;
  REQUIRE(::stat(path.c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);
  const auto outbox = opened(path);
  auto records = outbox->read(0, kLarge);
  REQUIRE(records);
  REQUIRE(records->size() == 1);
  const OutboxRecord& record = records->front();
  CHECK(record.number == 1);
  CHECK(record.topic == "a/b");
  CHECK(record.payload == payload);
  CHECK(record.qos == wire::Qos::ExactlyOnce);
  CHECK(record.retain);
  CHECK(record.properties == properties.raw());
  CHECK(record.accepted_ms == 1234);
  CHECK(outbox->oldest_ms()->value() == 1234);
}

TEST_CASE("records are numbered for ever and counted to their end") {
  const TempDir folder;
  const auto outbox = opened(folder.file("outbox"));
  for (const char* payload : {"1", "2", "3"}) REQUIRE(add(*outbox, payload));
  REQUIRE(outbox->commit());
  CHECK(waiting(*outbox) == "1 2 3 ");
  CHECK(waiting(*outbox, 2) == "3 ");
  REQUIRE(outbox->settle(1, Outbox::End::Delivered));
  REQUIRE(outbox->settle(2, Outbox::End::Refused));
  REQUIRE(outbox->settle(3, Outbox::End::Expired));
  REQUIRE(outbox->settle(3, Outbox::End::Delivered));
  REQUIRE(outbox->commit());
  const auto counts = outbox->counts();
  REQUIRE(counts);
  CHECK(counts->accepted == 3);
  CHECK(counts->delivered == 1);
  CHECK(counts->refused == 1);
  CHECK(counts->expired == 1);
  CHECK(counts->waiting() == 0);
  CHECK(counts->octets == 0);
  CHECK_FALSE(outbox->oldest_ms()->has_value());
  REQUIRE(add(*outbox, "4"));
  REQUIRE(outbox->commit());
  CHECK(outbox->read(0, kLarge)->front().number == 4);
}

TEST_CASE("an identifier and its release outlive the process") {
  const TempDir folder;
  const std::string path = folder.file("outbox");
  {
    const auto outbox = opened(path);
    for (const char* payload : {"1", "2", "3"}) {
      REQUIRE(add(*outbox, payload, wire::Qos::ExactlyOnce));
    }
    REQUIRE(outbox->assign(1, 7));
    REQUIRE(outbox->assign(2, 8));
    REQUIRE(outbox->assign(3, 9));
    REQUIRE(outbox->assign(3, 0));
    REQUIRE(outbox->release(1));
    REQUIRE(outbox->commit());
  }
  const auto outbox = opened(path);
  CHECK(waiting(*outbox) == "3 ");
  const auto under_way = outbox->under_way();
  REQUIRE(under_way);
  REQUIRE(under_way->size() == 2);
  CHECK((*under_way)[0].packet_id == 7);
  CHECK((*under_way)[0].released);
  CHECK((*under_way)[1].packet_id == 8);
  CHECK_FALSE((*under_way)[1].released);
}

TEST_CASE("a full outbox takes no more, or drops the oldest that are not under way") {
  const TempDir folder;
  const auto outbox = opened(folder.file("outbox"), 3 * (kOutboxOverhead + 2));
  for (const char* payload : {"1", "2", "3"}) REQUIRE(add(*outbox, payload));
  CHECK_FALSE(add(*outbox, "4"));
  REQUIRE(outbox->assign(1, 7));
  REQUIRE(*outbox->drop_oldest(kOutboxOverhead + 2));
  CHECK(add(*outbox, "4"));
  REQUIRE(outbox->commit());
  CHECK(waiting(*outbox) == "3 4 ");
  CHECK(outbox->under_way()->size() == 1);
  CHECK(outbox->counts()->dropped == 1);
  CHECK_FALSE(*outbox->drop_oldest(10'000));
}

TEST_CASE("two processes see one another's records") {
  const TempDir folder;
  const std::string path = folder.file("outbox");
  const auto first = opened(path);
  const auto second = opened(path);
  REQUIRE(add(*first, "1"));
  CHECK(waiting(*second).empty());
  REQUIRE(first->commit());
  CHECK(waiting(*second) == "1 ");
  REQUIRE(add(*second, "2"));
  REQUIRE(second->commit());
  CHECK(waiting(*first) == "1 2 ");
  CHECK(first->counts()->accepted == 2);
}

TEST_CASE("the client id belongs to the file") {
  const TempDir folder;
  const std::string path = folder.file("outbox");
  CHECK(*opened(path)->client_id("first") == "first");
  CHECK(*opened(path)->client_id("second") == "first");
}

TEST_CASE("what is no outbox is left alone") {
  const TempDir folder;
  const std::string text = folder.write("text", std::string(5000, 'x'));
  const auto outbox = open_outbox(text, kLarge);
  REQUIRE_FALSE(outbox);
  CHECK(outbox.error().kind == ErrorKind::Configuration);
  CHECK(read_file(text) == std::string(5000, 'x'));
  const auto missing = open_outbox(folder.file("none/outbox"), kLarge);
  REQUIRE_FALSE(missing);
}

}  // namespace mqtk::test
