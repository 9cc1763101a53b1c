#include "support/process.hpp"

#include <signal.h>

#include "support/catch.hpp"
#include "support/ports.hpp"
#include "support/programs.hpp"
#include "support/temp_dir.hpp"
#include "support/wait_until.hpp"

using namespace mqtk;
using namespace mqtk::test;

namespace {

ProcessOptions shell(std::string script) {
  ProcessOptions options;
  options.argv = {"sh", "-c", std::move(script)};
  return options;
}

}  // namespace

TEST_CASE("a program's output, errors and exit code are collected") {
  const ProcessResult result = run(shell("printf 'a\\000b'; echo wrong >&2; exit 7"));
  CHECK(result.out == std::string("a\0b", 3));
  CHECK(result.err == "wrong\n");
  CHECK(result.exit_code == 7);
  CHECK(result.signal == 0);
  CHECK_FALSE(result.timed_out);
  CHECK(result.wall > 0ns);
  CHECK(result.peak_rss_kib > 0);
}

TEST_CASE("standard input comes from a text, a file or nowhere") {
  ProcessOptions text = shell("cat");
  text.stdin_text = std::string(300'000, 'x');
  CHECK(run(text).out == *text.stdin_text);

  const TempDir folder;
  ProcessOptions file = shell("cat");
  file.stdin_file = folder.write("in", "from a file");
  file.stdout_file = folder.file("out");
  CHECK(run(file).out.empty());
  CHECK(read_file(file.stdout_file) == "from a file");

  CHECK(run(shell("cat")).out.empty());
}

TEST_CASE("large output on both streams does not block") {
  const ProcessResult result =
      run(shell("head -c 3000000 /dev/zero >&2 & head -c 3000000 /dev/zero; wait"));
  CHECK(result.out.size() == 3'000'000);
  CHECK(result.err.size() == 3'000'000);
}

TEST_CASE("a signal that ends a program is told") {
  const ProcessResult result = run(shell("kill -TERM $$"));
  CHECK(result.signal == SIGTERM);
  CHECK(result.exit_code == -1);
}

TEST_CASE("a program is killed at its deadline") {
  ProcessOptions options = shell("echo begun; sleep 60");
  options.deadline = 200ms;
  const ProcessResult result = run(options);
  CHECK(result.timed_out);
  CHECK(result.signal == SIGKILL);
  CHECK(result.out == "begun\n");
  CHECK(result.wall < 30s);
}

TEST_CASE("a program that does not exist ends with 127") {
  const ProcessResult result = run({"/nowhere/program"});
  CHECK(result.exit_code == 127);
  CHECK(result.err == "cannot run /nowhere/program\n");
}

TEST_CASE("environment and folder are as asked for") {
  const TempDir folder;
  ProcessOptions options = shell("pwd; echo \"$GIVEN ${HOME-none}\"");
  options.folder = folder.path();
  options.env = {"GIVEN=yes", "HOME"};
  CHECK(run(options).out == folder.path() + "\nyes none\n");
  options.clean_env = true;
  options.argv = {"env"};
  options.env = {"A=1"};
  const std::string out = run(options).out;
  CHECK(out.find("PATH=") != std::string::npos);
  CHECK(out.find("A=1\n") != std::string::npos);
  CHECK(out.find("USER=") == std::string::npos);
}

TEST_CASE("a program in the background is talked to") {
  ProcessOptions options = shell("while read line; do echo \"got $line\"; done; echo over >&2");
  options.stdin_pipe = true;
  Process process(options);
  CHECK(process.write_stdin("one\n"));
  CHECK(process.wait_stdout_contains("got one"));
  CHECK(process.write_stdin("two\n"));
  CHECK(process.wait_stdout_line(1) == "got two");
  CHECK(process.running());
  process.close_stdin();
  const ProcessResult result = process.wait();
  CHECK(result.exit_code == 0);
  CHECK(result.err == "over\n");
  CHECK_FALSE(process.running());
  CHECK_FALSE(process.send_signal(SIGTERM));
  CHECK_FALSE(process.wait_stdout_contains("three", 10s));
}

TEST_CASE("a signal is sent to a program in the background") {
  Process process(
      shell("trap 'echo caught; exit 3' USR1; echo ready; while :; do sleep 0.02; done"));
  REQUIRE(process.wait_stdout_contains("ready"));
  CHECK(process.send_signal(SIGUSR1));
  CHECK(process.wait().exit_code == 3);
}

TEST_CASE("a process that is let go is ended") {
  pid_t pid = 0;
  {
    Process process(shell("exec sleep 60"));
    pid = process.pid();
    CHECK(::kill(pid, 0) == 0);
  }
  CHECK(::kill(pid, 0) != 0);
}

TEST_CASE("a program can have a terminal") {
  ProcessOptions options =
      shell("test -t 0 && test -t 1 && stty size; read line; echo \"<$line>\"");
  options.terminal = true;
  Process process(options);
  CHECK(process.wait_stdout_contains("24 80"));
  CHECK(process.write_stdin("typed\n"));
  CHECK(process.wait_stdout_contains("<typed>\r\n"));
  CHECK(process.wait().exit_code == 0);

  ProcessOptions end = shell("cat; echo done");
  end.terminal = true;
  Process reader(end);
  reader.close_stdin();
  CHECK(reader.wait_stdout_contains("done"));
}

TEST_CASE("Ctrl-C on the terminal is a signal") {
  ProcessOptions options = shell("echo ready; exec sleep 60");
  options.terminal = true;
  Process process(options);
  REQUIRE(process.wait_stdout_contains("ready"));
  CHECK(process.write_stdin("\x03"));
  CHECK(process.wait().signal == SIGINT);
}

TEST_CASE("a temporary folder goes with its object") {
  std::string path;
  {
    const TempDir folder;
    path = folder.write("file", "content");
    CHECK(read_file(path) == "content");
  }
  CHECK(read_file(path).empty());
}

TEST_CASE("a closed port stays closed, and programs are found") {
  CHECK_FALSE(can_connect(closed_port()));
  CHECK(free_port() != closed_port());
  CHECK(find_program("sh").ends_with("/sh"));
  CHECK(find_program("no-such-program").empty());
  CHECK(built_program("x").ends_with("/bin/x"));
}
