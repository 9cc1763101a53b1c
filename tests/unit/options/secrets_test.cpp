#include "options/secrets.hpp"

#include <sys/stat.h>

#include "support/catch.hpp"
#include "support/temp_dir.hpp"
#include "support/wait_until.hpp"

using namespace mqtk;
using mqtk::test::TempDir;

TEST_CASE("a secret file loses one newline, no more") {
  const TempDir folder;
  const auto content = [&](const std::string& text) {
    return *read_secret_file(folder.write("secret", text), "password file");
  };
  CHECK(content("p") == "p");
  CHECK(content("p\n") == "p");
  CHECK(content("p\r\n") == "p");
  CHECK(content("p\n\n") == "p\n");
  CHECK(content(" p \n") == " p ");
  CHECK(content("p\r") == "p\r");
  CHECK(content("").empty());
  CHECK(content(std::string("a\0b\n", 4)) == std::string("a\0b", 3));
}

TEST_CASE("secret files that cannot be read are named, with what they are") {
  const TempDir folder;
  const auto missing = read_secret_file(folder.path() + "/none", "password file");
  REQUIRE_FALSE(missing);
  CHECK(missing.error().kind == ErrorKind::Configuration);
  CHECK(missing.error().message.starts_with("cannot open password file '"));
  CHECK_FALSE(read_secret_file(folder.path(), "password file"));
  const auto huge =
      read_secret_file(folder.write("huge", std::string(kMaxSecretSize + 1, 'x')), "password file");
  REQUIRE_FALSE(huge);
  CHECK(huge.error().message.find("more than 1048576 octets") != std::string::npos);
}

TEST_CASE("what a command prints, without its last newline") {
  CHECK(*run_secret_command("printf 'a b\\n\\n'", "--password-command") == "a b\n");
  CHECK(*run_secret_command("printf p", "--password-command") == "p");
  CHECK(run_secret_command("true", "--password-command")->empty());
  CHECK(*run_secret_command("cat; echo done", "--password-command") == "done");
  CHECK(*run_secret_command("echo $((1 + 1))", "--password-command") == "2");
}

TEST_CASE("commands that fail are configuration errors and show no secret") {
  for (const char* command : {"echo secret; exit 3", "echo secret; kill -9 $$",
                              "echo secret; /no/such/program", "head -c 2000000 /dev/zero"}) {
    INFO(command);
    const auto out = run_secret_command(command, "--password-command");
    REQUIRE_FALSE(out);
    CHECK(out.error().kind == ErrorKind::Configuration);
    CHECK(out.error().message.starts_with("--password-command"));
    CHECK(out.error().message.find("secret") == std::string::npos);
  }
}

TEST_CASE("a command that does not end is ended, with its children") {
  const TempDir folder;
  const std::string pid_file = folder.path() + "/pid";
  const auto out = run_secret_command("sleep 1000 & echo $! > '" + pid_file + "'; wait",
                                      "--password-command", 200ms);
  REQUIRE_FALSE(out);
  CHECK(out.error().kind == ErrorKind::Configuration);
  CHECK(out.error().message.find("200ms") != std::string::npos);
  const auto pid = read_secret_file(pid_file, "pid");
  REQUIRE(pid);
  // Whoever inherits the child reaps it; until then it is a zombie, whose status says so.
  CHECK(mqtk::test::wait_until([&] {
    const auto status = read_file("/proc/" + *pid + "/stat", "status");
    return !status || status->find(") Z ") != std::string::npos;
  }));
}

TEST_CASE("credentials are read anew at each attempt") {
  const TempDir folder;
  CHECK_FALSE(make_credential_source({}));
  CredentialPlan plan;
  plan.username = "u";
  plan.password_file = folder.write("password", "one\n");
  const CredentialSource source = make_credential_source(plan);
  REQUIRE(source);
  CHECK(source()->password == "one");
  folder.write("password", "two\n");
  CHECK(source()->password == "two");
  CHECK(source()->username == "u");

  CredentialPlan command;
  command.username_file = folder.write("user", "bob\n");
  command.password_command = "cat '" + folder.path() + "/password'";
  const CredentialSource renewed = make_credential_source(command);
  CHECK(renewed()->password == "two");
  CHECK(renewed()->username == "bob");
  folder.write("password", "three");
  CHECK(renewed()->password == "three");
  folder.write("user", "\xff\n");
  const auto wrong = renewed();
  REQUIRE_FALSE(wrong);
  CHECK(wrong.error().kind == ErrorKind::Configuration);
}
