// Payloads and topics that are made: templates and encodings.
#include "pub/payload_coding.hpp"
#include "pub/repeated_message.hpp"
#include "pub/templated_source.hpp"
#include "pub/text_template.hpp"
#include "support/catch.hpp"

namespace mqtk::pub::test {

using Next = MessageSource::Next;

namespace {

std::string filled(const std::string& text, const TemplateValues& values = {},
                   const std::vector<std::string>& definitions = {}) {
  const auto variables = TextTemplate::read_variables(definitions);
  if (!variables) return variables.error().message;
  const auto compiled = TextTemplate::compile(text, *variables, "-m");
  if (!compiled) return compiled.error().message;
  std::string out;
  compiled->append(out, values);
  return out;
}

std::string coded(const std::string& text, Encoding input, Encoding wire) {
  const auto result = code_payload(text, {input, wire});
  return result ? *result : result.error().message;
}

}  // namespace

TEST_CASE("placeholders, variables and braces") {
  CHECK(filled("plain") == "plain");
  CHECK(filled("a{n}b{n}", {.number = 7}) == "a7b7");
  CHECK(filled("{{n}}") == "{n}");
  CHECK(filled("{{{n}}}", {.number = 2}) == "{2}");
  CHECK(filled("{file}/{id}", {.file = "/tmp/x/data.bin", .client_id = "me"}) == "data.bin/me");
  CHECK(filled("{where}-{n}", {}, {"where=home", "where=work {n}"}) == "work {n}-1");
  CHECK(filled("{host}").find('{') == std::string::npos);
}

TEST_CASE("what is made anew each time differs") {
  const std::string uuid = filled("{uuid}");
  CHECK(uuid.size() == 36);
  CHECK(uuid[14] == '4');
  CHECK(std::string("89ab").find(uuid[19]) != std::string::npos);
  CHECK(filled("{uuid}") != uuid);
  CHECK(filled("{random}").size() == 8);
  CHECK(filled("{time}").size() == std::string("2026-11-20T23:42:27.202606Z").size());
  CHECK(filled("{time}").substr(0, 2) == "20");
  CHECK(std::stod(filled("{ts}")) > 1.7e9);
  CHECK(std::stod(filled("{ms}")) > 1.7e12);
}

TEST_CASE("mistakes in templates are told before the run") {
  CHECK(filled("a{b") == "-m: a '{' without its '}'");
  CHECK(filled("a}b") == "-m: a '}' without its '{'");
  CHECK(filled("{what}") == "-m: {what} is not known");
  CHECK(filled("{}") == "-m: {} is not known");
  CHECK(filled("x", {}, {"novalue"}) == "--var: 'novalue' is not NAME=VALUE");
  CHECK(filled("x", {}, {"a b=c"}) == "--var: 'a b=c' is not NAME=VALUE");
  CHECK(filled("x", {}, {"n=5"}) == "--var: {n} has a meaning of its own");
}

TEST_CASE("every message is filled in anew, topics are checked") {
  OutgoingMessage message;
  message.topic = "unused";
  auto topic = TextTemplate::compile("t/{n}", {}, "-t");
  auto text = TextTemplate::compile("<{n}>", {}, "-m");
  REQUIRE(topic);
  REQUIRE(text);
  TemplatedSource source(std::make_unique<RepeatedMessage>(message, 2), *topic, *text, std::nullopt,
                         "id");
  REQUIRE(source.next() == Next::Message);
  CHECK(source.message().topic == "t/1");
  CHECK(source.message().payload == "<1>");
  source.advance();
  REQUIRE(source.next() == Next::Message);
  CHECK(source.message().topic == "t/2");
  source.advance();
  CHECK(source.next() == Next::End);

  auto bad = TextTemplate::compile("t/{id}", {}, "-t");
  REQUIRE(bad);
  TemplatedSource refused(std::make_unique<RepeatedMessage>(message, 1), *bad, std::nullopt,
                          std::nullopt, "a#b");
  CHECK(refused.next() == Next::Failed);
  CHECK(refused.error().kind == ErrorKind::BadInput);
}

TEST_CASE("payloads are decoded from what was typed and encoded for the way") {
  CHECK(coded("00ff", Encoding::Hex, Encoding::Raw) == std::string("\0\xff", 2));
  CHECK(coded("de ad\nBE EF\n", Encoding::Hex, Encoding::Hex) == "deadbeef");
  CHECK(coded("AP8=\n", Encoding::Base64, Encoding::Hex) == "00ff");
  CHECK(coded("hi", Encoding::Raw, Encoding::Base64) == "aGk=");
  CHECK(coded("0g", Encoding::Hex, Encoding::Raw) == "the payload is not hexadecimal");
  CHECK(coded("****", Encoding::Base64, Encoding::Raw) == "the payload is not base64");
}

TEST_CASE("a coded source keeps large payloads shared and names bad ones") {
  const std::string large(100'000, 'a');
  OutgoingMessage message;
  message.topic = "t";
  message.payload = large;
  CodedSource source(std::make_unique<RepeatedMessage>(message, 1), {Encoding::Hex, Encoding::Raw});
  REQUIRE(source.next() == Next::Message);
  CHECK(source.message().payload.size() == 50'000);
  CodedSource hex(std::make_unique<RepeatedMessage>(message, 1), {Encoding::Raw, Encoding::Hex});
  REQUIRE(hex.next() == Next::Message);
  CHECK(hex.message().payload.size() == 200'000);
  REQUIRE(hex.message().owner);
  CHECK(hex.message().owner->data() == hex.message().payload.data());
  message.payload = "x";
  CodedSource wrong(std::make_unique<RepeatedMessage>(message, 1), {Encoding::Hex, Encoding::Raw});
  CHECK(wrong.next() == Next::Failed);
  CHECK(wrong.error().kind == ErrorKind::BadInput);
}

}  // namespace mqtk::pub::test
