// What mqtt-inspect top shows and how keys change it, without a terminal: lines of text come out.
#pragma once

#include <deque>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "inspect/shared/json_fields.hpp"
#include "inspect/shared/topic_store.hpp"
#include "inspect/top/terminal_screen.hpp"

namespace mqtk::inspect {

class TopView {
 public:
  TopView(std::string title, bool allow_write)
      : title_(std::move(title)), allow_write_(allow_write) {}

  struct Wish {
    bool quit = false;
    std::string clear_retained;  ///< a topic; empty: nothing
  };
  Wish key(int key);

  /// Looks at the store again, unless paused.
  void update(const TopicStore& store, TimePoint now);
  /// A message of the topic that is selected.
  void selected_message(Bytes payload, Bytes wall_time);
  const std::string& selected_topic() const { return selected_; }
  void set_status(std::string text) { status_ = std::move(text); }
  std::vector<ScreenLine> render(int rows, int columns) const;

 private:
  struct Row {
    std::string path;  ///< of the topic or of the level
    std::string label;
    std::size_t indent = 0;
    bool topic = false;   ///< messages came to this very topic
    bool branch = false;  ///< has levels below
    std::uint64_t topics = 0, messages = 0, bytes = 0;
    double rate = 0;
    std::string age;
    std::string payload;           ///< as much as is kept
    std::size_t payload_size = 0;  ///< of the whole
    bool retained = false, stale = false;
  };
  struct Update {
    std::string time;
    std::string text;
    std::string change;
  };

  void flat_rows(const TopicStore& store, TimePoint now);
  void tree_rows(const TopicStore& store, TimePoint now);
  void fill(Row& row, const TopicEntry& entry, TimePoint now) const;
  void edit_filter(int key);
  void move(int by);
  void select(std::size_t index);
  std::string row_text(const Row& row) const;
  void render_detail(std::vector<ScreenLine>& out, std::size_t lines) const;

  std::string title_;
  bool allow_write_;
  bool flat_ = false;
  bool paused_ = false;
  bool editing_ = false;
  bool confirming_ = false;
  bool help_ = false;
  TopicOrder order_ = TopicOrder::Count;
  std::string filter_;
  std::string status_;
  std::set<std::string> open_;  ///< levels that are expanded
  TopicTotals totals_;
  std::size_t tracked_ = 0;
  std::vector<Row> rows_;
  std::size_t at_ = 0;    ///< the selected row
  std::string selected_;  ///< its path
  std::string last_payload_;
  std::deque<Update> history_;
  std::vector<double> numbers_;
  std::vector<JsonField> fields_;
};

}  // namespace mqtk::inspect
