// The outbox on SQLite: write-ahead log, every commit on disk before it returns.
#include <fcntl.h>

#include <array>

#include "base/unique_fd.hpp"
#include "client/outbox/module.hpp"
#include "client/outbox/sqlite.hpp"

namespace mqtk {

namespace {

constexpr int kApplication = 0x6d71746b;  // "mqtk"
constexpr int kLayout = 1;
/// How often a database that another process writes to is asked for again, a millisecond apart.
constexpr int kBusyTries = 20'000;
/// The write-ahead log is copied into the file when it has so many pages.
constexpr int kLogPages = 1000;

/// SQLite's own handler sleeps longer and longer, and would hardly ever catch the moment between
/// two transactions of a process that writes all the time.
int wait_while_busy(void*, int tries) {
  if (tries >= kBusyTries) return 0;
  sqlite3_sleep(1);
  return 1;
}

constexpr const char* kSchema = R"(
CREATE TABLE message(
  number INTEGER PRIMARY KEY, topic BLOB, payload BLOB, properties BLOB, qos INTEGER,
  retain INTEGER, accepted INTEGER, packet_id INTEGER, released INTEGER);
CREATE INDEX under_way ON message(number) WHERE packet_id <> 0;
CREATE TABLE state(
  accepted INTEGER, delivered INTEGER, refused INTEGER, expired INTEGER, dropped INTEGER,
  octets INTEGER, client_id BLOB);
INSERT INTO state VALUES(0, 0, 0, 0, 0, 0, x'');
)";

std::uint64_t unsigned_of(std::int64_t number) {
  return static_cast<std::uint64_t>(number);
}
std::int64_t signed_of(std::uint64_t number) {
  return static_cast<std::int64_t>(number);
}
std::uint64_t weight(std::uint64_t topic, std::uint64_t payload, std::uint64_t properties) {
  return topic + payload + properties + kOutboxOverhead;
}

class SqliteOutbox final : public Outbox {
 public:
  SqliteOutbox(SqliteDatabase database, std::string path, std::uint64_t limit)
      : database_(std::move(database)), path_(std::move(path)), limit_(limit) {}
  ~SqliteOutbox() override {
    if (changed_) execute("ROLLBACK");
  }

  Result<void> prepare();

  Result<bool> add(const OutgoingMessage& message, std::int64_t now_ms) override;
  Result<bool> drop_oldest(std::uint64_t octets) override;
  Result<void> assign(std::uint64_t number, std::uint16_t packet_id) override;
  Result<void> release(std::uint64_t number) override;
  Result<void> settle(std::uint64_t number, End end) override;
  Result<void> commit() override;
  Result<void> tidy() override;
  bool changed() const override { return changed_; }
  Result<std::vector<OutboxRecord>> read(std::uint64_t after, std::uint64_t octets) override;
  Result<std::vector<OutboxRecord>> under_way() override;
  Result<OutboxCounts> counts() override;
  Result<std::optional<std::int64_t>> oldest_ms() override;
  Result<std::string> client_id(const std::string& proposal) override;

 private:
  bool execute(const char* text) {
    return sqlite3_exec(database_.get(), text, nullptr, nullptr, nullptr) == SQLITE_OK;
  }
  Unexpected<Error> failure() const { return sqlite_failure(database_.get(), path_); }
  Result<void> begin();
  bool load_state();
  bool remove(std::uint64_t number);

  SqliteDatabase database_;
  std::string path_;
  std::uint64_t limit_;
  bool changed_ = false;
  int log_pages_ = 0;   ///< in the write-ahead log, at the last commit
  OutboxCounts state_;  ///< within a transaction: as it will be
  SqliteStatement insert_, select_, select_under_way_, select_oldest_, assign_, release_, weigh_,
      delete_, load_, save_;
};

Result<void> SqliteOutbox::prepare() {
  // In place of SQLite's own, which copies the log into the file within a commit.
  const auto committed = [](void* pages, sqlite3*, const char*, int in_log) {
    *static_cast<int*>(pages) = in_log;
    return SQLITE_OK;
  };
  sqlite3_wal_hook(database_.get(), committed, &log_pages_);
  static constexpr const char* kColumns =
      "SELECT number, topic, payload, properties, qos, retain, accepted, packet_id, released "
      "FROM message ";
  const std::string next =
      std::string(kColumns) + "WHERE number > ? AND packet_id = 0 ORDER BY number";
  const std::string open = std::string(kColumns) + "WHERE packet_id <> 0 ORDER BY number";
  struct Entry {
    SqliteStatement& statement;
    const char* text;
  };
  const Entry entries[] = {
      {insert_, "INSERT INTO message VALUES(?, ?, ?, ?, ?, ?, ?, 0, 0)"},
      {select_, next.c_str()},
      {select_under_way_, open.c_str()},
      {select_oldest_, "SELECT min(accepted) FROM message"},
      {assign_, "UPDATE message SET packet_id = ? WHERE number = ?"},
      {release_, "UPDATE message SET released = 1 WHERE number = ?"},
      {weigh_,
       "SELECT length(topic), length(payload), length(properties) FROM message "
       "WHERE number = ?"},
      {delete_, "DELETE FROM message WHERE number = ?"},
      {load_, "SELECT accepted, delivered, refused, expired, dropped, octets FROM state"},
      {save_,
       "UPDATE state SET accepted = ?, delivered = ?, refused = ?, expired = ?, "
       "dropped = ?, octets = ?"}};
  for (const Entry& entry : entries) {
    if (entry.statement.prepare(database_.get(), entry.text) != SQLITE_OK) return failure();
  }
  return {};
}

Result<void> SqliteOutbox::begin() {
  if (changed_) return {};
  if (!execute("BEGIN IMMEDIATE")) return failure();
  changed_ = true;
  if (!load_state()) return failure();
  return {};
}

bool SqliteOutbox::load_state() {
  const bool found = load_.step() == SQLITE_ROW;
  if (found) {
    state_ = {.accepted = unsigned_of(load_.number(0)),
              .delivered = unsigned_of(load_.number(1)),
              .refused = unsigned_of(load_.number(2)),
              .expired = unsigned_of(load_.number(3)),
              .dropped = unsigned_of(load_.number(4)),
              .octets = unsigned_of(load_.number(5))};
  }
  load_.reset();
  return found;
}

Result<void> SqliteOutbox::commit() {
  if (!changed_) return {};
  const std::array values{state_.accepted, state_.delivered, state_.refused,
                          state_.expired,  state_.dropped,   state_.octets};
  for (std::size_t i = 0; i < values.size(); ++i) {
    save_.bind(static_cast<int>(i + 1), signed_of(values[i]));
  }
  if (!save_.run() || !execute("COMMIT")) return failure();
  changed_ = false;
  return {};
}

/// Another process that reads or writes keeps what it still needs: then the rest follows next time.
Result<void> SqliteOutbox::tidy() {
  if (changed_ || log_pages_ < kLogPages) return {};
  log_pages_ = 0;
  const int code = sqlite3_wal_checkpoint_v2(database_.get(), nullptr, SQLITE_CHECKPOINT_PASSIVE,
                                             nullptr, nullptr);
  if (code != SQLITE_OK && code != SQLITE_BUSY && code != SQLITE_LOCKED) return failure();
  return {};
}

Result<bool> SqliteOutbox::add(const OutgoingMessage& message, std::int64_t now_ms) {
  if (auto begun = begin(); !begun) return fail(std::move(begun.error()));
  const std::uint64_t octets =
      weight(message.topic.size(), message.payload.size(), message.properties.raw().size());
  if (state_.octets + octets > limit_) return false;
  insert_.bind(1, signed_of(state_.accepted + 1))
      .bind(2, message.topic)
      .bind(3, message.payload)
      .bind(4, message.properties.raw())
      .bind(5, std::int64_t{static_cast<std::uint8_t>(message.qos)})
      .bind(6, std::int64_t{message.retain})
      .bind(7, now_ms);
  if (!insert_.run()) return failure();
  ++state_.accepted;
  state_.octets += octets;
  return true;
}

Result<bool> SqliteOutbox::drop_oldest(std::uint64_t octets) {
  if (auto begun = begin(); !begun) return fail(std::move(begun.error()));
  if (octets > limit_) return false;
  while (state_.octets + octets > limit_) {
    select_.bind(1, std::int64_t{0});
    const bool found = select_.step() == SQLITE_ROW;
    const std::uint64_t number = found ? unsigned_of(select_.number(0)) : 0;
    select_.reset();
    if (!found) return false;
    if (!remove(number)) return failure();
    ++state_.dropped;
  }
  return true;
}

Result<void> SqliteOutbox::assign(std::uint64_t number, std::uint16_t packet_id) {
  if (auto begun = begin(); !begun) return begun;
  if (!assign_.bind(1, std::int64_t{packet_id}).bind(2, signed_of(number)).run()) return failure();
  return {};
}

Result<void> SqliteOutbox::release(std::uint64_t number) {
  if (auto begun = begin(); !begun) return begun;
  if (!release_.bind(1, signed_of(number)).run()) return failure();
  return {};
}

/// Takes the record out and its weight off; one that is gone already stays gone.
bool SqliteOutbox::remove(std::uint64_t number) {
  weigh_.bind(1, signed_of(number));
  const bool found = weigh_.step() == SQLITE_ROW;
  const std::uint64_t octets =
      found ? weight(unsigned_of(weigh_.number(0)), unsigned_of(weigh_.number(1)),
                     unsigned_of(weigh_.number(2)))
            : 0;
  weigh_.reset();
  if (!delete_.bind(1, signed_of(number)).run()) return false;
  state_.octets -= octets;
  return true;
}

Result<void> SqliteOutbox::settle(std::uint64_t number, End end) {
  if (auto begun = begin(); !begun) return begun;
  if (!remove(number)) return failure();
  // Another process may have dropped it to make room: then it is counted there.
  if (sqlite3_changes(database_.get()) == 0) return {};
  switch (end) {
    case End::Delivered:
      ++state_.delivered;
      break;
    case End::Refused:
      ++state_.refused;
      break;
    case End::Expired:
      ++state_.expired;
      break;
  }
  return {};
}

OutboxRecord read_row(const SqliteStatement& row) {
  return {.number = unsigned_of(row.number(0)),
          .topic = row.octets(1),
          .payload = row.octets(2),
          .properties = row.octets(3),
          .qos = static_cast<wire::Qos>(row.number(4)),
          .retain = row.number(5) != 0,
          .accepted_ms = row.number(6),
          .packet_id = static_cast<std::uint16_t>(row.number(7)),
          .released = row.number(8) != 0};
}

Result<std::vector<OutboxRecord>> SqliteOutbox::read(std::uint64_t after, std::uint64_t octets) {
  std::vector<OutboxRecord> records;
  select_.bind(1, signed_of(after));
  int code = SQLITE_DONE;
  for (std::uint64_t sum = 0; records.empty() || sum < octets;) {
    code = select_.step();
    if (code != SQLITE_ROW) break;
    records.push_back(read_row(select_));
    const OutboxRecord& last = records.back();
    sum += weight(last.topic.size(), last.payload.size(), last.properties.size());
  }
  select_.reset();
  if (code != SQLITE_ROW && code != SQLITE_DONE) return failure();
  return records;
}

Result<std::vector<OutboxRecord>> SqliteOutbox::under_way() {
  std::vector<OutboxRecord> records;
  int code = SQLITE_DONE;
  while ((code = select_under_way_.step()) == SQLITE_ROW) {
    records.push_back(read_row(select_under_way_));
  }
  select_under_way_.reset();
  if (code != SQLITE_DONE) return failure();
  return records;
}

Result<OutboxCounts> SqliteOutbox::counts() {
  if (!changed_ && !load_state()) return failure();
  return state_;
}

Result<std::optional<std::int64_t>> SqliteOutbox::oldest_ms() {
  const bool found = select_oldest_.step() == SQLITE_ROW;
  const std::int64_t oldest = found ? select_oldest_.number(0) : 0;
  select_oldest_.reset();
  if (!found) return failure();
  return oldest > 0 ? std::optional(oldest) : std::nullopt;
}

Result<std::string> SqliteOutbox::client_id(const std::string& proposal) {
  if (auto begun = begin(); !begun) return fail(std::move(begun.error()));
  SqliteStatement get;
  SqliteStatement set;
  if (get.prepare(database_.get(), "SELECT client_id FROM state") != SQLITE_OK ||
      set.prepare(database_.get(), "UPDATE state SET client_id = ?") != SQLITE_OK ||
      get.step() != SQLITE_ROW) {
    return failure();
  }
  std::string id = get.octets(0);
  get.reset();
  if (id.empty()) {
    id = proposal;
    if (!set.bind(1, Bytes(id)).run()) return failure();
  }
  if (auto done = commit(); !done) return fail(std::move(done.error()));
  return id;
}

/// A number that a PRAGMA answers; -1: none.
std::int64_t pragma(sqlite3* database, const char* text) {
  SqliteStatement statement;
  if (statement.prepare(database, text) != SQLITE_OK || statement.step() != SQLITE_ROW) return -1;
  return statement.number(0);
}

Result<void> make_layout(sqlite3* database, const std::string& path) {
  const auto execute = [&](const std::string& text) {
    return sqlite3_exec(database, text.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK;
  };
  if (pragma(database, "PRAGMA application_id") == kApplication &&
      pragma(database, "PRAGMA user_version") == kLayout) {
    return {};
  }
  // Settles who makes it when two processes come at the same time.
  if (!execute("BEGIN IMMEDIATE")) return sqlite_failure(database, path);
  const std::int64_t application = pragma(database, "PRAGMA application_id");
  const bool empty = pragma(database, "SELECT count(*) FROM sqlite_schema") == 0;
  if (application != kApplication && !(empty && application == 0)) {
    return fail(ErrorKind::Configuration, "'" + path + "' is a database of something else",
                "give the name of a file that is not there yet");
  }
  if (!empty && pragma(database, "PRAGMA user_version") != kLayout) {
    return fail(ErrorKind::Configuration, "'" + path + "' is an outbox of another version");
  }
  if (empty &&
      !execute(std::string(kSchema) + "PRAGMA application_id = " + std::to_string(kApplication) +
               "; PRAGMA user_version = " + std::to_string(kLayout))) {
    return sqlite_failure(database, path);
  }
  if (!execute("COMMIT")) return sqlite_failure(database, path);
  return {};
}

}  // namespace

Unexpected<Error> sqlite_failure(sqlite3* database, const std::string& path) {
  const int code = sqlite3_errcode(database);
  const bool output = code == SQLITE_FULL || code == SQLITE_IOERR || code == SQLITE_READONLY;
  const std::string what = code == SQLITE_NOTADB ? "this is no outbox" : sqlite3_errmsg(database);
  return fail(output ? ErrorKind::OutputFailed : ErrorKind::Configuration,
              "outbox '" + path + "': " + what);
}

Result<std::unique_ptr<Outbox>> open_sqlite_outbox(const std::string& path, std::uint64_t limit) {
  // What it will hold is nobody else's to read.
  UniqueFd(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)).reset();
  sqlite3* opened = nullptr;
  const int code =
      sqlite3_open_v2(path.c_str(), &opened,
                      SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr);
  SqliteDatabase database(opened);
  if (code != SQLITE_OK) return sqlite_failure(opened, path);
  sqlite3_busy_handler(opened, wait_while_busy, nullptr);
  sqlite3_exec(opened, "PRAGMA synchronous = FULL", nullptr, nullptr, nullptr);
  if (auto made = make_layout(opened, path); !made) return fail(std::move(made.error()));
  // Only now, so that a database of something else stays as it is.
  if (sqlite3_exec(opened, "PRAGMA journal_mode = WAL", nullptr, nullptr, nullptr) != SQLITE_OK) {
    return sqlite_failure(opened, path);
  }
  auto outbox = std::make_unique<SqliteOutbox>(std::move(database), path, limit);
  if (auto prepared = outbox->prepare(); !prepared) return fail(std::move(prepared.error()));
  return std::unique_ptr<Outbox>(std::move(outbox));
}

}  // namespace mqtk
