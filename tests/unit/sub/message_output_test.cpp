#include "sub/message_output.hpp"

#include "support/catch.hpp"
#include "support/temp_file.hpp"

namespace mqtk::sub::test {

using Form = OutputOptions::Form;

namespace {

std::string printed(const OutputOptions& options, Bytes payload, Decoder decoder = Decoder::Auto) {
  const mqtk::test::TempFile file;
  Writer writer(file.fd(), [] {});
  MessageOutput output(options, writer);
  MessageDecoder decoding(decoder);
  MessageView message;
  message.topic = "t";
  message.payload = payload;
  decoding.begin(message);
  if (!output.print(message, decoding)) {
    return output.complaint().empty() ? "nothing" : "complaint: " + std::string(output.complaint());
  }
  writer.flush();
  return file.content();
}

OutputOptions form(Form form) {
  OutputOptions options;
  options.form = form;
  return options;
}

OutputOptions selecting(const std::vector<const char*>& paths) {
  OutputOptions options = form(Form::Selected);
  for (const char* path : paths) options.select.push_back(*JsonPath::parse(path));
  return options;
}

}  // namespace

TEST_CASE("the decoder used is always said") {
  const OutputOptions options = form(Form::Decoded);
  CHECK(printed(options, "{ \"b\": 1.0 ,\"a\":2}") == "[json] {\"b\":1.0,\"a\":2}\n");
  CHECK(printed(options, "text") == "[raw] text\n");
  CHECK(printed(options, "\xA1\x61\x61\x01") == "[cbor] {\"a\":1}\n");
  CHECK(printed(options, "\xFF") == "[hex] ff\n");
  CHECK(printed(options, "{", Decoder::Json) == "[raw: it is no JSON] {\n");
  CHECK(printed(options, "a\xFF", Decoder::Hex) == "[hex] 61ff\n");
  OutputOptions verbose = options;
  verbose.format.topic = true;
  CHECK(printed(verbose, "1") == "t [json] 1\n");
}

TEST_CASE("selected parts, strings without their quotes") {
  CHECK(printed(selecting({".a"}), R"({"a":"x\u00e9\n"})") == "x\xC3\xA9\n\n");
  CHECK(printed(selecting({".a"}), R"({"a":1.50})") == "1.50\n");
  CHECK(printed(selecting({".a"}), R"({"a": { "b" : [ 1 ] } })") == "{\"b\":[1]}\n");
  CHECK(printed(selecting({".a", "/b", ".c"}), R"({"a":1,"c":"z"})") == "1\t\tz\n");
  CHECK(printed(selecting({".a"}), R"({"b":1})") == "nothing");
  CHECK(printed(selecting({".a"}), "text") == "nothing");
  CHECK(printed(selecting({".a"}), "\xA1\x61\x61\x01") == "1\n");
}

TEST_CASE("what is cut is said") {
  OutputOptions options = form(Form::Payload);
  options.limit = 10;
  const std::string text(68'214, 'x');
  CHECK(printed(options, text) == "xxxxxxxxxx ... (shown 10 of 68214 bytes)\n");
  CHECK(printed(options, "xxxxxxxxxx") == "xxxxxxxxxx\n");
  // Not in the middle of a character.
  CHECK(printed(options, "xxxxxxxxx\xC3\xA9") == "xxxxxxxxx ... (shown 9 of 11 bytes)\n");
  options.form = Form::Decoded;
  CHECK(printed(options, text) == "[raw] xxxxxxxxxx ... (shown 10 of 68214 bytes)\n");
  CHECK(printed(options, text, Decoder::Hex) ==
        "[hex] 78787878787878787878 ... (shown 10 of 68214 bytes)\n");
  CHECK(printed(options, "[1,2,3,4,5,6,7]") == "[json] [1,2,3,4,5 ... (shown 10 of 15 bytes)\n");
  options.limit = 0;
  CHECK(printed(options, text) == "[raw] " + text + "\n");
}

TEST_CASE("a NUL at the end instead of a newline") {
  OutputOptions options = form(Form::Payload);
  options.format.end = '\0';
  CHECK(printed(options, "a\nb") == std::string("a\nb\0", 4));
  options.form = Form::Record;
  CHECK(printed(options, "a").ends_with(std::string("}\0", 2)));
}

TEST_CASE("records say what the decoder made of the payload") {
  OutputOptions options = form(Form::Record);
  CHECK(printed(options, "{}").find("decode") == std::string::npos);
  options.record_decoded = true;
  CHECK(printed(options, "{ \"a\" : 1.0 }")
            .ends_with(",\"decoder\":\"json\",\"decoded\":{\"a\":1.0}}\n"));
  CHECK(printed(options, "text").ends_with(",\"decoder\":\"raw\"}\n"));
}

TEST_CASE("a line of the screen for each topic, emptied before it is written") {
  OutputOptions options = form(Form::Payload);
  options.watched = "broker";
  const mqtk::test::TempFile file;
  Writer writer(file.fd(), [] {});
  MessageOutput output(options, writer);
  MessageDecoder decoder(Decoder::Auto);
  for (const char* topic : {"a", "b", "a"}) {
    MessageView message;
    message.topic = topic;
    message.payload = "x";
    output.print(message, decoder);
  }
  writer.flush();
  CHECK(file.content() ==
        "\x1b[2J\x1b[1;1HBroker: broker\n\x1b[2;1H\x1b[Kx\n\x1b[2;1H\n"
        "\x1b[3;1H\x1b[Kx\n\x1b[3;1H\n\x1b[2;1H\x1b[Kx\n\x1b[3;1H\n");
}

TEST_CASE("with -F") {
  OutputOptions options = form(Form::Template);
  options.layout = *MessageTemplate::compile("%t:%p");
  CHECK(printed(options, "x") == "t:x\n");
  options.layout = *MessageTemplate::compile("%J");
  CHECK(printed(options, "x").starts_with("complaint: "));
}

TEST_CASE("a payload of several blocks passes whole") {
  std::string payload(3 << 20, '\0');
  for (std::size_t i = 0; i < payload.size(); ++i) payload[i] = static_cast<char>(i % 251);
  CHECK(printed(form(Form::Payload), payload) == payload + "\n");
}

}  // namespace mqtk::sub::test
