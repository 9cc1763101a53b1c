// The little of SQLite that the outbox needs: a database that is closed, a statement that is used
// again and again.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <string>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace mqtk {

struct SqliteCloser {
  void operator()(sqlite3* database) const { sqlite3_close_v2(database); }
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using SqliteDatabase = std::unique_ptr<sqlite3, SqliteCloser>;

/// A failure of `database` as an error: a full disk is the output's, the rest configuration.
Unexpected<Error> sqlite_failure(sqlite3* database, const std::string& path);

class SqliteStatement {
 public:
  /// SQLITE_OK, or what is wrong with the text.
  int prepare(sqlite3* database, const char* text) {
    sqlite3_stmt* statement = nullptr;
    const int code =
        sqlite3_prepare_v3(database, text, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
    statement_.reset(statement);
    return code;
  }
  SqliteStatement& bind(int at, std::int64_t number) {
    sqlite3_bind_int64(statement_.get(), at, number);
    return *this;
  }
  /// `octets` stays valid until reset().
  SqliteStatement& bind(int at, Bytes octets) {
    sqlite3_bind_blob64(statement_.get(), at, octets.data() == nullptr ? "" : octets.data(),
                        octets.size(), SQLITE_STATIC);
    return *this;
  }
  /// SQLITE_ROW, SQLITE_DONE or an error.
  int step() { return sqlite3_step(statement_.get()); }
  void reset() { sqlite3_reset(statement_.get()); }
  /// For a statement without rows.
  bool run() {
    const int code = step();
    reset();
    return code == SQLITE_DONE || code == SQLITE_ROW;
  }
  std::int64_t number(int column) const { return sqlite3_column_int64(statement_.get(), column); }
  std::string octets(int column) const {
    const auto* data = static_cast<const char*>(sqlite3_column_blob(statement_.get(), column));
    const int size = sqlite3_column_bytes(statement_.get(), column);
    return data == nullptr ? std::string() : std::string(data, static_cast<std::size_t>(size));
  }

 private:
  std::unique_ptr<sqlite3_stmt, SqliteCloser> statement_;
};

}  // namespace mqtk
