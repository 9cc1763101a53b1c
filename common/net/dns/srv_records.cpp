#include "net/dns/srv_records.hpp"

#include <algorithm>
#include <numeric>
#include <optional>
#include <span>
#include <utility>

namespace mqtk {

namespace {

// [RFC 1035, sections 3.1 and 4.1]
constexpr std::size_t kHeaderOctets = 12;
constexpr std::size_t kLongestName = 255;
constexpr unsigned kPointer = 0xC0;
constexpr unsigned kServiceRecord = 33;
constexpr unsigned kInternet = 1;

/// Reads a DNS message from its beginning to its end; never past it.
class MessageReader {
 public:
  explicit MessageReader(Bytes message) : message_(message) {}

  std::size_t at() const { return at_; }
  bool skip(std::size_t count) {
    if (count > message_.size() - at_) return false;
    at_ += count;
    return true;
  }

  std::optional<unsigned> number() {
    const std::size_t first = at_;
    if (!skip(2)) return std::nullopt;
    return octet(first) << 8U | octet(first + 1);
  }

  /// Its labels, each with a dot behind it; nullopt when it is malformed.
  std::optional<std::string> name() {
    std::string out;
    std::size_t from = at_;
    bool followed = false;
    for (std::size_t labels_from = from;;) {
      if (from >= message_.size()) return std::nullopt;
      const unsigned length = octet(from);
      if ((length & kPointer) == kPointer) {
        if (from + 1 >= message_.size()) return std::nullopt;
        const std::size_t target = (length & ~kPointer) << 8U | octet(from + 1);
        // Each pointer leads to before all that has been read of the name, so they come to an end.
        if (target >= labels_from) return std::nullopt;
        if (!std::exchange(followed, true)) at_ = from + 2;
        from = labels_from = target;
        continue;
      }
      if ((length & kPointer) != 0 || length >= message_.size() - from) return std::nullopt;
      if (length == 0) break;
      out.append(message_.substr(from + 1, length)).append(".");
      if (out.size() > kLongestName) return std::nullopt;
      from += 1 + length;
    }
    if (!followed) at_ = from + 1;
    return out;
  }

 private:
  unsigned octet(std::size_t at) const { return static_cast<unsigned char>(message_[at]); }

  Bytes message_;
  std::size_t at_ = 0;
};

bool is_host(std::string_view name) {
  return !name.empty() && name.front() != '.' && name.find("..") == std::string_view::npos &&
         std::ranges::all_of(name, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '-' || c == '_' || c == '.';
         });
}

struct Entry {
  bool service = false;
  SrvRecord record;
};

// The record at which the reader stands; nullopt when the message is malformed.
std::optional<Entry> read_entry(MessageReader& reader) {
  constexpr std::size_t kTimeToLive = 4;
  if (!reader.name()) return std::nullopt;
  const auto type = reader.number();
  const auto network = reader.number();
  if (!type || !network || !reader.skip(kTimeToLive)) return std::nullopt;
  const auto size = reader.number();
  if (!size) return std::nullopt;
  Entry out;
  out.service = type == kServiceRecord && network == kInternet;
  if (!out.service) return reader.skip(*size) ? std::optional(std::move(out)) : std::nullopt;
  const std::size_t begin = reader.at();
  const auto priority = reader.number();
  const auto weight = reader.number();
  const auto port = reader.number();
  if (!priority || !weight || !port) return std::nullopt;
  auto target = reader.name();
  if (!target || reader.at() - begin != *size) return std::nullopt;
  if (target->ends_with('.')) target->pop_back();
  out.record = {static_cast<std::uint16_t>(*priority), static_cast<std::uint16_t>(*weight),
                static_cast<std::uint16_t>(*port), std::move(*target)};
  return out;
}

// Those of one priority, which begin at `first`: each place goes to one of those left, drawn with
// its weight as its chance. Those without a weight stand first, so that they are drawn at times.
void draw_by_weight(std::span<SrvRecord> records, const SrvRandom& random) {
  std::stable_partition(records.begin(), records.end(),
                        [](const SrvRecord& each) { return each.weight == 0; });
  for (; records.size() > 1; records = records.subspan(1)) {
    const auto total =
        std::accumulate(records.begin(), records.end(), std::uint32_t{0},
                        [](std::uint32_t sum, const SrvRecord& each) { return sum + each.weight; });
    const std::uint32_t drawn = random(total);
    std::uint32_t sum = 0;
    const auto chosen = std::ranges::find_if(records, [&](const SrvRecord& each) {
      sum += each.weight;
      return sum >= drawn;
    });
    if (chosen != records.end()) std::rotate(records.begin(), chosen, chosen + 1);
  }
}

}  // namespace

Error no_such_service(const std::string& service, const std::string& why) {
  return {ErrorKind::HostNotFound, Cause::DnsNotFound, "no service '" + service + "': " + why,
          "without --srv the host itself is connected to"};
}

Error service_unknown(const std::string& service, const std::string& why) {
  return {ErrorKind::HostNotFound, Cause::DnsFailed,
          "cannot look up the service '" + service + "': " + why,
          "without --srv the host itself is connected to"};
}

Result<std::vector<SrvRecord>> parse_srv_answer(Bytes message, const std::string& service) {
  const Error malformed = service_unknown(service, "the answer of the name server is malformed");
  MessageReader reader(message);
  constexpr std::size_t kIdAndFlags = 4;
  constexpr std::size_t kTypeAndClass = 4;
  if (message.size() < kHeaderOctets || !reader.skip(kIdAndFlags)) return fail(malformed);
  const unsigned questions = reader.number().value_or(0);
  const unsigned answers = reader.number().value_or(0);
  reader.skip(kHeaderOctets - reader.at());
  for (unsigned i = 0; i < questions; ++i) {
    if (!reader.name() || !reader.skip(kTypeAndClass)) return fail(malformed);
  }
  std::vector<SrvRecord> out;
  bool not_there = false;
  bool unusable = false;
  for (unsigned i = 0; i < answers && out.size() < kMaxSrvRecords; ++i) {
    auto entry = read_entry(reader);
    if (!entry) return fail(malformed);
    if (!entry->service) continue;
    SrvRecord& record = entry->record;
    if (record.target.empty()) {
      not_there = true;
    } else if (record.port == 0 || !is_host(record.target)) {
      unusable = true;
    } else {
      out.push_back(std::move(record));
    }
  }
  if (!out.empty()) return out;
  if (unusable) return fail(malformed);
  return fail(no_such_service(
      service, not_there ? "the domain says that it does not offer it" : "no such records"));
}

void order_srv(std::vector<SrvRecord>& records, const SrvRandom& random) {
  std::ranges::stable_sort(records, {}, &SrvRecord::priority);
  for (std::size_t first = 0; first < records.size();) {
    std::size_t last = first;
    while (last < records.size() && records[last].priority == records[first].priority) ++last;
    draw_by_weight(std::span(records).subspan(first, last - first), random);
    first = last;
  }
}

}  // namespace mqtk
