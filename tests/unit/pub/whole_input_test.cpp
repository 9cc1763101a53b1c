#include "pub/whole_input.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <thread>

#include "base/unique_fd.hpp"
#include "support/catch.hpp"
#include "support/temp_file.hpp"

namespace mqtk::pub::test {

using mqtk::test::TempFile;

namespace {

std::string path_of(int fd) {
  return "/dev/fd/" + std::to_string(fd);
}

constexpr std::uint64_t kLimit = 100'000'000;

}  // namespace

TEST_CASE("a file, with all its octets") {
  const TempFile file;
  const std::string content("a\0b\n\xff", 5);
  REQUIRE(::write(file.fd(), content.data(), content.size()) == 5);
  REQUIRE(::lseek(file.fd(), 0, SEEK_SET) == 0);
  const auto payload = read_whole(path_of(file.fd()), kLimit);
  REQUIRE(payload);
  CHECK(**payload == content);
}

TEST_CASE("an empty file is an empty message") {
  const TempFile file;
  const auto payload = read_whole(path_of(file.fd()), kLimit);
  REQUIRE(payload);
  CHECK((*payload)->empty());
}

TEST_CASE("a pipe of unknown size") {
  std::string content;
  while (content.size() < 3'000'000) content += std::to_string(content.size()) + ",";
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  const UniqueFd read(ends[0]);
  std::thread writer([end = ends[1], &content] {
    const UniqueFd write(end);
    std::string_view rest = content;
    while (!rest.empty()) {
      const ssize_t n = ::write(write.get(), rest.data(), rest.size());
      if (n <= 0) return;
      rest.remove_prefix(static_cast<std::size_t>(n));
    }
  });
  const auto payload = read_whole(path_of(read.get()), kLimit);
  writer.join();
  REQUIRE(payload);
  CHECK(**payload == content);
}

TEST_CASE("what is too large is refused, files before they are read") {
  const TempFile file;
  REQUIRE(::ftruncate(file.fd(), 1'000'000'000'000) == 0);
  const auto from_file = read_whole(path_of(file.fd()), 268'435'455);
  REQUIRE_FALSE(from_file);
  CHECK(from_file.error().kind == ErrorKind::BadInput);

  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  const UniqueFd read(ends[0]);
  UniqueFd write(ends[1]);
  REQUIRE(::write(write.get(), "12345", 5) == 5);
  const auto from_pipe = read_whole(path_of(read.get()), 4);
  REQUIRE_FALSE(from_pipe);
  CHECK(from_pipe.error().kind == ErrorKind::BadInput);
}

TEST_CASE("exactly the limit fits") {
  const TempFile file;
  REQUIRE(::write(file.fd(), "1234", 4) == 4);
  CHECK(read_whole(path_of(file.fd()), 4));
  CHECK_FALSE(read_whole(path_of(file.fd()), 3));
}

TEST_CASE("what cannot be read is no input") {
  for (const char* path : {"/nonexistent/file", "/"}) {
    const auto payload = read_whole(path, kLimit);
    REQUIRE_FALSE(payload);
    CHECK(payload.error().kind == ErrorKind::NoInput);
  }
}

TEST_CASE("a pipe that does not end is given up at the deadline") {
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  const UniqueFd read(ends[0]);
  const UniqueFd write(ends[1]);
  REQUIRE(::write(write.get(), "1", 1) == 1);
  const auto payload = read_whole(path_of(read.get()), kLimit, monotonic_now());
  REQUIRE_FALSE(payload);
  CHECK(payload.error().kind == ErrorKind::Timeout);
}

TEST_CASE("a named pipe without a writer is given up at the deadline, too") {
  char folder[] = "/tmp/mqtk-fifo-XXXXXX";
  REQUIRE(::mkdtemp(folder) != nullptr);
  const std::string path = std::string(folder) + "/fifo";
  REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
  const auto payload = read_whole(path, kLimit, monotonic_now());
  ::unlink(path.c_str());
  ::rmdir(folder);
  REQUIRE_FALSE(payload);
  CHECK(payload.error().kind == ErrorKind::Timeout);
}

}  // namespace mqtk::pub::test
