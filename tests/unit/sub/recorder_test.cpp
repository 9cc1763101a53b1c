#include "sub/recorder.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>

#include "base/unique_fd.hpp"

#include "support/catch.hpp"
#include "support/temp_dir.hpp"

namespace mqtk::sub::test {

using mqtk::test::read_file;
using mqtk::test::TempDir;

namespace {

MessageRecord record(Bytes payload) {
  MessageRecord record;
  record.topic = "t";
  record.payload = payload;
  return record;
}

std::size_t lines(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

}  // namespace

TEST_CASE("records are appended, after what stands there") {
  const TempDir folder;
  const RecordOptions options{.file = folder.write("r", "half a line")};
  Recorder recorder(options);
  REQUIRE(recorder.open());
  REQUIRE(recorder.append(record("x")));
  REQUIRE(recorder.flush());
  const std::string text = read_file(options.file);
  CHECK(text.starts_with("half a line\n{\"time\":"));
  CHECK(lines(text) == 2);
}

TEST_CASE("a file is rotated before it grows beyond its size, and the oldest goes") {
  const TempDir folder;
  const RecordOptions options{.file = folder.file("r"), .size = 1000, .keep = 2};
  Recorder recorder(options);
  REQUIRE(recorder.open());
  for (int i = 0; i < 40; ++i) {
    REQUIRE(recorder.append(record("number " + std::to_string(i))));
    if (i % 7 == 0) REQUIRE(recorder.flush());
  }
  REQUIRE(recorder.flush());
  CHECK(recorder.records() == 40);
  std::string all;
  for (const char* name : {"r.2", "r.1", "r"}) {
    const std::string text = read_file(folder.file(name));
    CHECK(text.size() <= 1000);
    CHECK(text.size() > 500);
    CHECK(text.ends_with("}\n"));
    all += text;
  }
  CHECK(read_file(folder.file("r.3")).empty());
  // What is left are the last ones, in order and without a gap.
  const std::size_t kept = lines(all);
  std::size_t at = 0;
  for (std::size_t i = 40 - kept; i < 40; ++i) {
    at = all.find("\"number " + std::to_string(i) + "\"", at);
    CHECK(at != std::string::npos);
  }
}

TEST_CASE("a record larger than a file has one of its own") {
  const TempDir folder;
  const RecordOptions options{.file = folder.file("r"), .size = 200, .keep = 9};
  Recorder recorder(options);
  REQUIRE(recorder.open());
  const std::string large(5000, 'x');
  for (int i = 0; i < 3; ++i) REQUIRE(recorder.append(record(large)));
  REQUIRE(recorder.flush());
  for (const char* name : {"r.2", "r.1", "r"}) CHECK(lines(read_file(folder.file(name))) == 1);
}

TEST_CASE("reopened, it writes to the file that has the name now") {
  const TempDir folder;
  const RecordOptions options{.file = folder.file("r")};
  Recorder recorder(options);
  REQUIRE(recorder.open());
  REQUIRE(recorder.append(record("one")));
  REQUIRE(std::rename(options.file.c_str(), folder.file("moved").c_str()) == 0);
  REQUIRE(recorder.reopen());
  REQUIRE(recorder.append(record("two")));
  REQUIRE(recorder.flush());
  CHECK(read_file(folder.file("moved")).find("one") != std::string::npos);
  CHECK(read_file(options.file).find("two") != std::string::npos);
  CHECK(lines(read_file(options.file)) == 1);
}

TEST_CASE("a file that cannot be opened or written") {
  const TempDir folder;
  const RecordOptions missing{.file = folder.file("no/such/folder")};
  CHECK(Recorder(missing).open().error().kind == ErrorKind::OutputFailed);
  const RecordOptions full{.file = "/dev/full"};
  Recorder recorder(full);
  REQUIRE(recorder.open());
  REQUIRE(recorder.append(record("x")));
  CHECK(recorder.flush().error().kind == ErrorKind::OutputFailed);
}

TEST_CASE("records are nobody else's, and only a regular file is rotated") {
  const TempDir folder;
  const RecordOptions options{.file = folder.file("r"), .size = 200, .keep = 2};
  std::filesystem::create_symlink("target", options.file);
  Recorder recorder(options);
  REQUIRE(recorder.open());
  for (int i = 0; i < 9; ++i) REQUIRE(recorder.append(record("x")));
  REQUIRE(recorder.flush());
  CHECK(std::filesystem::is_symlink(options.file));
  CHECK_FALSE(read_file(folder.file("target.1")).empty());
  CHECK(std::filesystem::status(folder.file("target")).permissions() ==
        (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));

  const RecordOptions through{.file = folder.file("fifo"), .size = 100, .keep = 2};
  REQUIRE(::mkfifo(through.file.c_str(), 0600) == 0);
  const UniqueFd reader(::open(through.file.c_str(), O_RDONLY | O_NONBLOCK));
  Recorder piped(through);
  REQUIRE(piped.open());
  for (int i = 0; i < 5; ++i) REQUIRE(piped.append(record("x")));
  REQUIRE(piped.flush());
  CHECK(std::filesystem::is_fifo(through.file));
  CHECK_FALSE(std::filesystem::exists(through.file + ".1"));
}

}  // namespace mqtk::sub::test
