#include "base/output_file.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <future>

#include "support/catch.hpp"
#include "support/temp_dir.hpp"

namespace mqtk::test {

namespace {

mode_t mode_of(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 ? status.st_mode & 07777 : 0;
}

std::size_t files_in(const TempDir& folder) {
  std::size_t out = 0;
  for ([[maybe_unused]] const auto& each : std::filesystem::directory_iterator(folder.path())) {
    ++out;
  }
  return out;
}

}  // namespace

TEST_CASE("a file is replaced as a whole and keeps its mode") {
  const TempDir folder;
  const std::string path = folder.write("f", "old, and longer than the new one");
  REQUIRE(::chmod(path.c_str(), 0640) == 0);
  REQUIRE(write_whole_file(path, "new", FileAccess::Private));
  CHECK(read_file(path) == "new");
  CHECK(mode_of(path) == 0640);
  CHECK(files_in(folder) == 1);
}

TEST_CASE("a new file is as the umask says, and one for secrets is nobody else's") {
  const TempDir folder;
  const mode_t before = ::umask(022);
  REQUIRE(write_whole_file(folder.file("usual"), "x", FileAccess::Usual));
  REQUIRE(write_whole_file(folder.file("private"), "x", FileAccess::Private));
  REQUIRE(OutputFile::append(folder.file("log"), FileAccess::Private));
  ::umask(before);
  CHECK(mode_of(folder.file("usual")) == 0644);
  CHECK(mode_of(folder.file("private")) == 0600);
  CHECK(mode_of(folder.file("log")) == 0600);
  CHECK(exposure(folder.file("private")).empty());
  CHECK(exposure(folder.file("usual")).find("0644") != std::string::npos);
}

TEST_CASE("a symbolic link stays, and its target gets the content") {
  const TempDir folder;
  const std::string link = folder.file("link");
  const bool dangling = GENERATE(false, true);
  if (!dangling) folder.write("target", "old");
  std::filesystem::create_symlink("second", link);
  std::filesystem::create_symlink(folder.file("target"), folder.file("second"));
  REQUIRE(write_whole_file(link, "new", FileAccess::Usual));
  CHECK(std::filesystem::is_symlink(link));
  CHECK(std::filesystem::is_symlink(folder.file("second")));
  CHECK(read_file(folder.file("target")) == "new");
  CHECK(behind_links(link) == folder.file("target"));
}

TEST_CASE("what was not published leaves the old content alone") {
  const TempDir folder;
  const std::string path = folder.write("f", "old");
  {
    auto file = OutputFile::replace(path, FileAccess::Usual);
    REQUIRE(file);
    REQUIRE(file->write("new"));
    CHECK(read_file(path) == "old");
  }
  CHECK(read_file(path) == "old");
  CHECK(files_in(folder) == 1);
}

TEST_CASE("a FIFO is written through and stays one") {
  const TempDir folder;
  const std::string path = folder.file("fifo");
  REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
  auto reader = std::async(std::launch::async, [&path] { return read_file(path); });
  REQUIRE(write_whole_file(path, "through", FileAccess::Usual));
  CHECK(reader.get() == "through");
  CHECK(std::filesystem::is_fifo(path));
}

TEST_CASE("a socket is written to and stays one") {
  const TempDir folder;
  const std::string path = folder.file("socket");
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.data(), path.size());
  const UniqueFd server(::socket(AF_UNIX, SOCK_STREAM, 0));
  REQUIRE(::bind(server.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
  REQUIRE(::listen(server.get(), 1) == 0);
  REQUIRE(write_whole_file(path, "through", FileAccess::Usual));
  const UniqueFd client(::accept(server.get(), nullptr, nullptr));
  char text[16]{};
  REQUIRE(::read(client.get(), text, sizeof text) == 7);
  CHECK(std::string(text) == "through");
  CHECK(std::filesystem::is_socket(path));
}

TEST_CASE("a device stays a device, and its error is told") {
  const TempDir folder;
  const std::string path = folder.file("full");
  // Never the real one: a fault of ours would take it from all others.
  if (::mknod(path.c_str(), S_IFCHR | 0600, makedev(1, 7)) != 0) return;
  if (!UniqueFd(::open(path.c_str(), O_WRONLY))) return;  // there are no devices in this place
  const auto written = write_whole_file(path, "x", FileAccess::Usual);
  CHECK(std::filesystem::is_character_file(path));
  CHECK(files_in(folder) == 1);
  REQUIRE_FALSE(written);
  CHECK(written.error().kind == ErrorKind::OutputFailed);
}

TEST_CASE("the name of a descriptor is that descriptor: what stands there already stays") {
  const TempDir folder;
  const std::string path = folder.write("f", "");
  const UniqueFd fd(::open(path.c_str(), O_WRONLY));
  REQUIRE(::write(fd.get(), "head ", 5) == 5);
  REQUIRE(write_whole_file("/dev/fd/" + std::to_string(fd.get()), "tail", FileAccess::Usual));
  CHECK(read_file(path) == "head tail");
}

TEST_CASE("where no file can be made, the one that is there is written in place") {
  const TempDir folder;
  const std::string path = folder.file("inner/f");
  std::filesystem::create_directory(folder.file("inner"));
  write_file(path, "old, and longer");
  if (::geteuid() == 0) return;  // may write everywhere
  ::chmod(folder.file("inner").c_str(), 0500);
  CHECK(write_whole_file(path, "new", FileAccess::Usual));
  CHECK(read_file(path) == "new");
  ::chmod(path.c_str(), 0400);
  CHECK_FALSE(write_whole_file(path, "never", FileAccess::Usual));
  CHECK(read_file(path) == "new");
  ::chmod(folder.file("inner").c_str(), 0700);
}

TEST_CASE("a folder, and a file in no folder, are refused") {
  const TempDir folder;
  CHECK_FALSE(write_whole_file(folder.path(), "x", FileAccess::Usual));
  CHECK_FALSE(write_whole_file(folder.file("none/f"), "x", FileAccess::Usual));
}

}  // namespace mqtk::test
