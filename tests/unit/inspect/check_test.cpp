// Thresholds, times, and the three forms of a monitoring result.
#include <nlohmann/json.hpp>

#include "base/numbers.hpp"
#include "inspect/check/report.hpp"
#include "support/catch.hpp"

namespace mqtk::inspect {

namespace {

bool alerts(const char* range, double value) {
  const auto parsed = parse_range(range);
  REQUIRE(parsed);
  return parsed->alerts(value);
}

CheckMetric metric(double value, const char* warn, const char* crit) {
  CheckMetric out{.label = "age", .family = "topic_age_seconds", .value = value, .unit = "s"};
  out.warn = parse_range(warn);
  out.crit = parse_range(crit);
  return out;
}

}  // namespace

TEST_CASE("ranges mean what the monitoring plugins' guide says") {
  CHECK(alerts("10", -1));
  CHECK_FALSE(alerts("10", 0));
  CHECK_FALSE(alerts("10", 10));
  CHECK(alerts("10", 10.5));
  CHECK(alerts("10:", 9));
  CHECK_FALSE(alerts("10:", 1e9));
  CHECK_FALSE(alerts("~:10", -1e9));
  CHECK(alerts("~:10", 11));
  CHECK(alerts("10:20", 9));
  CHECK(alerts("10:20", 21));
  CHECK_FALSE(alerts("10:20", 15));
  CHECK(alerts("@10:20", 10));
  CHECK(alerts("@10:20", 20));
  CHECK_FALSE(alerts("@10:20", 21));
  for (const char* bad : {"", "@", "a", "10:a", "a:10", "20:10", "1 0", "10:20:30", "nan", "-5"}) {
    INFO(bad);
    CHECK_FALSE(parse_range(bad));
  }
  CHECK(at_most(1.5).text == "1.5");
  CHECK(at_least(7).text == "7:");
  CHECK(at_least(7).alerts(6.9));
}

TEST_CASE("times of a payload, as text and as numbers of any unit") {
  CHECK(parse_time("1970-01-01T00:00:10Z") == 10.0);
  CHECK(parse_time("1970-01-01 00:00:10.25Z") == 10.25);
  CHECK(parse_time("1970-01-01T01:00:00+01:00") == 0.0);
  CHECK(parse_time("1969-12-31T19:00:00-0500") == 0.0);
  CHECK(parse_time("1970-01-01T00:01Z") == 60.0);
  CHECK(parse_time("1795218147") == 1795218147.0);
  CHECK(parse_time("1795218147000") == 1795218147.0);
  CHECK(parse_time("1795218147000000") == 1795218147.0);
  CHECK(parse_time("1795218147000000000") == 1795218147.0);
  for (const char* bad : {"", "yesterday", "2026-11-20", "2026-11-20T10:00:00", "-5", "10 s",
                          "2026-13-20T10:00:00Z", "2026-11-20T25:00:00Z"}) {
    INFO(bad);
    CHECK_FALSE(parse_time(bad));
  }
}

TEST_CASE("numbers are written out, however large") {
  CHECK(double_text(0.003) == "0.003");
  CHECK(double_text(1e15) == "1000000000000000");
  CHECK(double_text(1e300) == "1e+300");
}

TEST_CASE("the worst state wins, unknown below warning") {
  using enum CheckState;
  CHECK(worse(Ok, Unknown) == Unknown);
  CHECK(worse(Warning, Unknown) == Warning);
  CHECK(worse(Unknown, Critical) == Critical);
  CHECK(metric(5, "10", "20").state() == Ok);
  CHECK(metric(15, "10", "20").state() == Warning);
  CHECK(metric(25, "10", "20").state() == Critical);
}

TEST_CASE("a plugin's line, Prometheus text and JSON of one result") {
  CheckReport report;
  report.target = "mqtt://\"x\"";
  report.add(metric(15, "10", "20"), "age 15s");
  report.add({.label = "it's a=b", .family = "sys", .value = 3}, "three | four\nfive");
  CHECK(report.state == CheckState::Warning);
  CHECK(check_line(report) ==
        "MQTT WARNING - age 15s (threshold 10), three / four\\x0afive | age=15s;10;20;0 'its "
        "ab'=3\n");
  const std::string prometheus = check_prometheus(report, 1.5);
  CHECK(prometheus.find("mqtt_check_status{target=\"mqtt://\\\"x\\\"\"} 1\n") != std::string::npos);
  CHECK(prometheus.find("# TYPE mqtt_check_topic_age_seconds gauge\n") != std::string::npos);
  CHECK(prometheus.find("mqtt_check_timestamp_seconds{target=\"mqtt://\\\"x\\\"\"} 1.5\n") !=
        std::string::npos);
  const auto json = nlohmann::json::parse(check_json(report));
  CHECK(json["state"] == "WARNING");
  CHECK(json["exit_code"] == 1);
  CHECK(json["metrics"][0]["state"] == "WARNING");
}

}  // namespace mqtk::inspect
