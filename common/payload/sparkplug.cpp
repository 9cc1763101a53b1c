#include "payload/sparkplug.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <vector>

#include "payload/sparkplug_values.hpp"

namespace mqtk {

namespace {

using Field = ProtobufReader::Field;
using Wire = ProtobufReader::Wire;

constexpr unsigned kMaxSparkplugDepth = 20;

class SparkplugWriter {
 public:
  explicit SparkplugWriter(std::string& out) : out_(out) {}

  Result<void> run(Bytes data) {
    payload(data);
    if (fault_.empty()) return {};
    return fail(ErrorKind::BadInput, std::string(fault_));
  }

 private:
  /// Calls each(field) for the fields of a message; what it is called in errors is `name`.
  template <typename Each>
  void fields(Bytes message, std::string_view name, Each each) {
    ProtobufReader reader(message);
    Field field;
    while (fault_.empty() && reader.next(field)) each(field);
    if (reader.faulty() && fault_.empty()) fault_ = name;
  }

  /// Writes each(octets) for every field `number` of the message into an array.
  template <typename Each>
  void array(Bytes message, std::uint32_t number, std::string_view name, Each each) {
    out_.begin_array();
    fields(message, name, [&](const Field& field) {
      if (field.number == number && field.wire == Wire::Octets) each(field.octets);
    });
    out_.end_array();
  }

  void member(std::string_view name, std::uint64_t value) {
    out_.key(name);
    out_.number(value);
  }

  bool too_deep(unsigned depth) {
    if (depth <= kMaxSparkplugDepth) return false;
    if (fault_.empty()) fault_ = "it is nested too deep";
    return true;
  }

  void payload(Bytes data) {
    out_.begin_object();
    Bytes uuid;
    Bytes body;
    std::optional<std::uint64_t> seq;
    bool has_metrics = false;
    fields(data, "this is no Sparkplug payload", [&](const Field& field) {
      if (field.number == 1 && field.wire == Wire::Varint) member("timestamp", field.value);
      if (field.number == 2 && field.wire == Wire::Octets) has_metrics = true;
      if (field.number == 3 && field.wire == Wire::Varint) seq = field.value;
      if (field.number == 4 && field.wire == Wire::Octets) uuid = field.octets;
      if (field.number == 5 && field.wire == Wire::Octets) body = field.octets;
    });
    if (has_metrics) {
      out_.key("metrics");
      array(data, 2, "the payload is cut", [&](Bytes octets) { metric(octets, 1); });
    }
    if (seq) member("seq", *seq);
    if (!uuid.empty()) {
      out_.key("uuid");
      out_.string(uuid);
    }
    if (!body.empty()) {
      out_.key("body");
      out_.octets(body);
    }
    out_.end_object();
  }

  struct Metric {
    SparkplugType type = 0;
    bool is_null = false;
    SparkplugScalar scalar;
    std::optional<Bytes> octets, data_set, template_, metadata, properties;
  };

  void metric(Bytes message, unsigned depth) {
    if (too_deep(depth)) return;
    Metric metric;
    out_.begin_object();
    fields(message, "a metric is no message", [&](const Field& field) {
      const bool text = field.wire == Wire::Octets;
      if (metric.scalar.take(field, 10)) return;
      if (text) {
        take_octets(metric, field);
      } else if (field.wire == Wire::Varint) {
        take_number(metric, field);
      }
    });
    if (metric.type != 0) write_type(metric.type);
    if (metric.metadata) metadata(*metric.metadata);
    if (metric.properties) {
      out_.key("properties");
      property_set(*metric.properties, depth + 1);
    }
    out_.key("value");
    metric_value(metric, depth);
    out_.end_object();
  }

  void take_octets(Metric& metric, const Field& field) {
    switch (field.number) {
      case 1:
        out_.key("name");
        return out_.string(field.octets);
      case 8:
        metric.metadata = field.octets;
        return;
      case 9:
        metric.properties = field.octets;
        return;
      case 16:
        metric.octets = field.octets;
        return;
      case 17:
        metric.data_set = field.octets;
        return;
      case 18:
        metric.template_ = field.octets;
        return;
      default:
        return;
    }
  }

  void take_number(Metric& metric, const Field& field) {
    switch (field.number) {
      case 2:
        return member("alias", field.value);
      case 3:
        return member("timestamp", field.value);
      case 4:
        metric.type = static_cast<SparkplugType>(field.value);
        return;
      case 5:
      case 6:
        out_.key(field.number == 5 ? "is_historical" : "is_transient");
        return out_.boolean(field.value != 0);
      case 7:
        metric.is_null = field.value != 0;
        return;
      default:
        return;
    }
  }

  void write_type(SparkplugType type) {
    out_.key("datatype");
    const std::string_view name = sparkplug_type_name(type);
    if (name.empty()) return out_.number(type);
    out_.string(name);
  }

  void metric_value(const Metric& metric, unsigned depth) {
    if (metric.is_null) return out_.null();
    if (metric.data_set) return data_set(*metric.data_set);
    if (metric.template_) return template_value(*metric.template_, depth + 1);
    if (!metric.octets) return metric.scalar.write(out_, metric.type);
    if (!write_sparkplug_octets(out_, *metric.octets, metric.type) && fault_.empty()) {
      fault_ = "an array does not hold whole elements";
    }
  }

  void metadata(Bytes message) {
    static constexpr std::string_view kNames[] = {"",          "is_multi_part", "content_type",
                                                  "size",      "seq",           "file_name",
                                                  "file_type", "md5",           "description"};
    out_.key("metadata");
    out_.begin_object();
    fields(message, "metadata is no message", [&](const Field& field) {
      if (field.number >= std::size(kNames)) return;
      if (field.wire != Wire::Octets && field.wire != Wire::Varint) return;
      out_.key(kNames[field.number]);
      if (field.wire == Wire::Octets) return out_.string(field.octets);
      if (field.number == 1) return out_.boolean(field.value != 0);
      out_.number(field.value);
    });
    out_.end_object();
  }

  void property_set(Bytes message, unsigned depth) {
    if (too_deep(depth)) return;
    std::vector<Bytes> values;
    fields(message, "a property set is no message", [&](const Field& field) {
      if (field.number == 2 && field.wire == Wire::Octets) values.push_back(field.octets);
    });
    std::size_t i = 0;
    out_.begin_object();
    fields(message, "a property set is no message", [&](const Field& field) {
      if (field.number != 1 || field.wire != Wire::Octets) return;
      out_.key(field.octets);
      if (i == values.size()) {
        fault_ = "a property has no value";
        return;
      }
      property_value(values[i++], depth);
    });
    out_.end_object();
  }

  void property_value(Bytes message, unsigned depth) {
    SparkplugType type = 0;
    bool is_null = false;
    SparkplugScalar scalar;
    std::optional<Bytes> set;
    std::optional<Bytes> list;
    fields(message, "a property is no message", [&](const Field& field) {
      if (scalar.take(field, 3)) return;
      if (field.number == 1 && field.wire == Wire::Varint) {
        type = static_cast<SparkplugType>(field.value);
      }
      if (field.number == 2 && field.wire == Wire::Varint) is_null = field.value != 0;
      if (field.number == 9 && field.wire == Wire::Octets) set = field.octets;
      if (field.number == 10 && field.wire == Wire::Octets) list = field.octets;
    });
    if (is_null) return out_.null();
    if (set) return property_set(*set, depth + 1);
    if (!list) return scalar.write(out_, type);
    array(*list, 1, "a list of property sets is no message",
          [&](Bytes octets) { property_set(octets, depth + 1); });
  }

  void data_set(Bytes message) {
    std::vector<SparkplugType> types;
    out_.begin_object();
    out_.key("columns");
    array(message, 2, "a data set is no message", [&](Bytes name) { out_.string(name); });
    out_.key("types");
    out_.begin_array();
    const auto add_type = [&](std::uint64_t number) {
      types.push_back(static_cast<SparkplugType>(number));
      out_.string(sparkplug_type_name(types.back()));
    };
    fields(message, "a data set is no message", [&](const Field& field) {
      if (field.number != 3) return;
      if (field.wire == Wire::Varint) return add_type(field.value);
      if (field.wire == Wire::Octets) packed(field.octets, add_type);
    });
    out_.end_array();
    out_.key("rows");
    array(message, 4, "a data set is no message", [&](Bytes row) {
      std::size_t column = 0;
      array(row, 1, "a row is no message", [&](Bytes element) {
        SparkplugScalar scalar;
        fields(element, "an element is no message",
               [&](const Field& field) { scalar.take(field, 1); });
        scalar.write(out_, column < types.size() ? types[column] : 0);
        ++column;
      });
    });
    out_.end_object();
  }

  /// Numbers of seven bits each, which all data types are.
  template <typename Each>
  static void packed(Bytes octets, Each each) {
    for (const char c : octets) each(u8(c));
  }

  void template_value(Bytes message, unsigned depth) {
    if (too_deep(depth)) return;
    out_.begin_object();
    fields(message, "a template is no message", [&](const Field& field) {
      if (field.wire == Wire::Octets && (field.number == 1 || field.number == 4)) {
        out_.key(field.number == 1 ? "version" : "template_ref");
        out_.string(field.octets);
      } else if (field.wire == Wire::Varint && field.number == 5) {
        out_.key("is_definition");
        out_.boolean(field.value != 0);
      }
    });
    out_.key("parameters");
    array(message, 3, "a template is no message", [&](Bytes octets) { parameter(octets); });
    out_.key("metrics");
    array(message, 2, "a template is no message", [&](Bytes octets) { metric(octets, depth + 1); });
    out_.end_object();
  }

  void parameter(Bytes message) {
    SparkplugType type = 0;
    SparkplugScalar scalar;
    out_.begin_object();
    fields(message, "a parameter is no message", [&](const Field& field) {
      if (scalar.take(field, 3)) return;
      if (field.number == 1 && field.wire == Wire::Octets) {
        out_.key("name");
        out_.string(field.octets);
      }
      if (field.number == 2 && field.wire == Wire::Varint) {
        type = static_cast<SparkplugType>(field.value);
      }
    });
    if (type != 0) write_type(type);
    out_.key("value");
    scalar.write(out_, type);
    out_.end_object();
  }

  JsonWriter out_;
  std::string_view fault_;
};

}  // namespace

bool is_sparkplug_topic(Bytes topic) {
  static constexpr std::string_view kTypes[] = {"NBIRTH", "NDEATH", "NDATA", "NCMD",
                                                "DBIRTH", "DDEATH", "DDATA", "DCMD"};
  std::vector<Bytes> levels;
  for (std::size_t from = 0; levels.size() <= 5 && from <= topic.size();) {
    const std::size_t end = std::min(topic.find('/', from), topic.size());
    levels.push_back(topic.substr(from, end - from));
    from = end + 1;
  }
  if (levels.size() < 4 || levels[0] != "spBv1.0") return false;
  const auto type = std::find(std::begin(kTypes), std::end(kTypes), levels[2]);
  if (type == std::end(kTypes)) return false;
  return levels.size() == (type->starts_with('N') ? 4U : 5U);
}

Result<void> append_sparkplug_as_json(std::string& out, Bytes data) {
  return SparkplugWriter(out).run(data);
}

}  // namespace mqtk
