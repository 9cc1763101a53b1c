#include "support/activemq.hpp"

#include <unistd.h>

#include <stdexcept>

#include "support/programs.hpp"

namespace mqtk::test {

namespace {

constexpr const char* kHome = "/usr/share/activemq";
// Debian's ActiveMQ does not name the codec that its MQTT connector needs.
constexpr const char* kCodec = "/usr/share/java/mqtt-client.jar";

std::string connector(const std::string& name, const std::string& scheme, std::uint16_t port) {
  return "<transportConnector name=\"" + name + "\" uri=\"" + scheme +
         "://127.0.0.1:" + std::to_string(port) + "\"/>\n";
}

/// Certificate and key as Java wants them.
std::string key_store(const TempDir& folder, const Identity& identity) {
  std::string path = folder.file("server.p12");
  const ProcessResult made =
      run({find_program("openssl"), "pkcs12", "-export", "-in", identity.certificate, "-inkey",
           identity.key, "-out", path, "-passout", "pass:secret"});
  if (!made.ok()) throw std::runtime_error("openssl pkcs12: " + made.text());
  return path;
}

}  // namespace

bool Activemq::available() {
  const std::string jar = std::string(kHome) + "/bin/activemq.jar";
  return ::access(jar.c_str(), R_OK) == 0 && ::access(kCodec, R_OK) == 0 &&
         !find_program("java").empty() && !find_program("openssl").empty();
}

ProcessOptions Activemq::options() {
  ports_ = free_broker_ports(false);
  const std::string schemas =
      "http://www.springframework.org/schema/beans "
      "http://www.springframework.org/schema/beans/spring-beans-2.0.xsd "
      "http://activemq.apache.org/schema/core "
      "http://activemq.apache.org/schema/core/activemq-core.xsd";
  const std::string config = folder_.write(
      "activemq.xml",
      "<beans xmlns=\"http://www.springframework.org/schema/beans\"\n"
      "  xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:schemaLocation=\"" +
          schemas +
          "\">\n<broker xmlns=\"http://activemq.apache.org/schema/core\" brokerName=\"mqtk\"\n"
          "  useJmx=\"false\" persistent=\"false\" schedulerSupport=\"false\" dataDirectory=\"" +
          folder_.file("data") +
          "\">\n<plugins><simpleAuthenticationPlugin anonymousAccessAllowed=\"false\"><users>\n"
          "<authenticationUser username=\"alice\" password=\"secret\" groups=\"users\"/>\n"
          "</users></simpleAuthenticationPlugin></plugins>\n"
          "<sslContext><sslContext keyStore=\"file:" +
          key_store(folder_, identity_) +
          "\" keyStorePassword=\"secret\" keyStoreType=\"PKCS12\"/></sslContext>\n"
          "<transportConnectors>\n" +
          connector("mqtt", "mqtt", ports_.tcp) + connector("mqtts", "mqtt+nio+ssl", ports_.tls) +
          "</transportConnectors>\n</broker>\n</beans>\n");
  const std::string home = kHome;
  ProcessOptions options;
  options.argv = {
      find_program("java"),
      "-Xmx256m",
      "-XX:+UseSerialGC",
      "-XX:TieredStopAtLevel=1",
      "-XX:-UsePerfData",
      "-Djava.io.tmpdir=" + folder_.path(),
      "-cp",
      home + "/lib/*:" + home + "/lib/optional/*:" + home + "/bin/activemq.jar:" + kCodec,
      "-Dactivemq.home=" + home,
      "-Dactivemq.base=" + folder_.path(),
      "-Dactivemq.conf=" + folder_.path(),
      "org.apache.activemq.console.Main",
      "start",
      "xbean:file:" + config};
  options.merge_stderr = true;
  options.folder = folder_.path();
  return options;
}

Activemq::Activemq(const Identity& identity)
    : identity_(identity),
      server_({"activemq", [this] { return options(); },
               [this](const Process&) { return accept(ports_); }}) {}

}  // namespace mqtk::test
