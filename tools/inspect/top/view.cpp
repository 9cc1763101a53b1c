#include "inspect/top/view.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <map>

#include "base/numbers.hpp"
#include "base/units.hpp"
#include "inspect/shared/columns.hpp"
#include "inspect/shared/payload_view.hpp"
#include "inspect/watch/watch.hpp"
#include "output/terminal_text.hpp"

namespace mqtk::inspect {

namespace {

constexpr std::size_t kHistory = 20;
constexpr std::size_t kNumbers = 40;
/// Rows that are worked out; nobody scrolls through more.
constexpr std::size_t kMostRows = 5'000;

std::string age_text(Duration age) {
  return format_duration(age < 1s ? 0s : age / 1s * 1s);
}

std::string row_rate(double rate) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), rate >= 10 || rate == 0.0 ? "%.0f" : "%.1f", rate);
  return text.data();
}

/// A prefix of `text` that takes at most `columns`, cut between characters.
std::string cut(std::string text, std::size_t columns) {
  std::size_t width = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if ((u8(text[at]) & 0xC0U) == 0x80) continue;
    if (width++ == columns) return text.substr(0, at);
  }
  return text;
}

}  // namespace

void TopView::fill(Row& row, const TopicEntry& entry, TimePoint now) const {
  row.topic = true;
  row.retained = entry.retained > 0;
  row.stale = entry.stale(now);
  row.age = entry.live() > 0 ? age_text(now - entry.last) : "-";
  row.payload = entry.payload;
  row.payload_size = entry.size;
}

void TopView::flat_rows(const TopicStore& store, TimePoint now) {
  for (const TopicEntry* entry : store.sorted(order_, kMostRows, now, filter_)) {
    Row& row = rows_.emplace_back();
    row.path = entry->topic;
    row.label = terminal_text(entry->topic);
    row.topics = 1;
    row.messages = entry->count;
    row.bytes = entry->bytes;
    row.rate = static_cast<double>(entry->rate);
    fill(row, *entry, now);
  }
}

// Levels whose parents are all expanded; children of one level in the order that was chosen.
void TopView::tree_rows(const TopicStore& store, TimePoint now) {
  struct Node {
    Row row;
    std::map<std::string, Node, std::less<>> children;
  };
  Node root;
  for (const TopicEntry& entry : store.entries()) {
    const std::string& topic = entry.topic;
    if (topic.find(filter_) == std::string::npos) continue;
    Node* node = &root;
    std::size_t begin = 0;
    for (std::size_t depth = 0;; ++depth) {
      const std::size_t end = std::min(topic.find('/', begin), topic.size());
      const auto label = std::string_view(topic).substr(begin, end - begin);
      const bool last = end == topic.size();
      auto found = node->children.find(label);
      if (found == node->children.end()) {
        found = node->children.emplace(std::string(label), Node()).first;
        found->second.row.path = topic.substr(0, end);
        found->second.row.label = label.empty() ? "(empty)" : terminal_text(label);
        found->second.row.indent = depth;
      }
      node = &found->second;
      Row& row = node->row;
      ++row.topics;
      row.messages += entry.count;
      row.bytes += entry.bytes;
      row.rate += static_cast<double>(entry.rate);
      row.branch = row.branch || !last;
      if (last) fill(row, entry, now);
      if (last || !open_.contains(row.path)) break;
      begin = end + 1;
    }
  }
  const auto key = [this](const Row& row) {
    return order_ == TopicOrder::Rate
               ? row.rate
               : static_cast<double>(order_ == TopicOrder::Bytes ? row.bytes : row.messages);
  };
  const auto append = [&](const auto& self, Node& node) -> void {
    std::vector<Node*> children;
    for (auto& [label, child] : node.children) children.push_back(&child);
    if (order_ != TopicOrder::Name) {
      std::ranges::stable_sort(children,
                               [&key](Node* a, Node* b) { return key(a->row) > key(b->row); });
    }
    for (Node* child : children) {
      if (rows_.size() >= kMostRows) return;
      rows_.push_back(child->row);
      self(self, *child);
    }
  };
  append(append, root);
}

void TopView::update(const TopicStore& store, TimePoint now) {
  if (paused_) return;
  totals_ = store.totals();
  tracked_ = store.size();
  rows_.clear();
  if (flat_) {
    flat_rows(store, now);
  } else {
    tree_rows(store, now);
  }
  const auto found = std::ranges::find(rows_, selected_, &Row::path);
  if (found != rows_.end()) {
    at_ = static_cast<std::size_t>(found - rows_.begin());
  } else {
    select(at_);
  }
  const TopicEntry* const entry = store.find(selected_);
  if (entry != nullptr && history_.empty()) last_payload_ = entry->payload;
}

void TopView::select(std::size_t index) {
  at_ = rows_.empty() ? 0 : std::min(index, rows_.size() - 1);
  const std::string path = rows_.empty() ? "" : rows_[at_].path;
  if (path == selected_) return;
  selected_ = path;
  last_payload_.clear();
  history_.clear();
  numbers_.clear();
  fields_.clear();
}

void TopView::move(int by) {
  const auto target = static_cast<std::ptrdiff_t>(at_) + by;
  select(static_cast<std::size_t>(std::max<std::ptrdiff_t>(target, 0)));
}

void TopView::edit_filter(int key) {
  if (key == kKeyEnter || key == 27) {
    editing_ = false;
    if (key == 27) filter_.clear();
  } else if (key == kKeyBackspace) {
    if (!filter_.empty()) filter_.pop_back();
  } else if (key >= 0x20 && key < 0x100 && key != 0x7F) {
    filter_ += octet(static_cast<unsigned>(key));
  }
}

TopView::Wish TopView::key(int key) {
  if (editing_) {
    edit_filter(key);
    return {};
  }
  if (std::exchange(confirming_, false)) {
    status_ = key == 'y' ? "clearing " + terminal_text(selected_) : "";
    return {false, key == 'y' ? selected_ : ""};
  }
  status_.clear();
  help_ = key == '?' && !help_;
  switch (key) {
    case 'q':
      return {true, ""};
    case kKeyUp:
    case 'k':
      move(-1);
      break;
    case kKeyDown:
    case 'j':
      move(1);
      break;
    case kKeyPageUp:
      move(-10);
      break;
    case kKeyPageDown:
      move(10);
      break;
    case kKeyHome:
      select(0);
      break;
    case kKeyEnd:
      select(rows_.size());
      break;
    case kKeyRight:
    case kKeyEnter:
      open_.insert(selected_);
      break;
    case kKeyLeft:
      if (open_.erase(selected_) == 0 && selected_.find('/') != std::string::npos) {
        const std::string parent = selected_.substr(0, selected_.rfind('/'));
        const auto found = std::ranges::find(rows_, parent, &Row::path);
        if (found != rows_.end()) select(static_cast<std::size_t>(found - rows_.begin()));
      }
      break;
    case '/':
      editing_ = true;
      break;
    case 'p':
      paused_ = !paused_;
      break;
    case 's':
      order_ = order_ == TopicOrder::Count   ? TopicOrder::Rate
               : order_ == TopicOrder::Rate  ? TopicOrder::Bytes
               : order_ == TopicOrder::Bytes ? TopicOrder::Name
                                             : TopicOrder::Count;
      break;
    case 't':
      flat_ = !flat_;
      break;
    case 'd':
      if (!allow_write_) {
        status_ = "clearing retained messages needs --allow-write";
      } else if (!selected_.empty()) {
        confirming_ = true;
        status_ = "clear the retained message of " + terminal_text(selected_) + "? y/n";
      }
      break;
    default:
      break;
  }
  return {};
}

void TopView::selected_message(Bytes payload, Bytes wall_time) {
  std::vector<JsonField> fields = fields_of(selected_, payload, {});
  Update update;
  update.time = wall_time;
  update.text = payload_view({selected_, payload, payload.size(), {}}, 200);
  for (const FieldChange& change : changes_between(fields_, fields)) {
    if (fields_.empty()) break;
    update.change += (update.change.empty() ? "" : ", ") + change.path + " " +
                     terminal_text(change.before.value_or("-")) + " -> " +
                     terminal_text(change.after.value_or("-"));
  }
  const JsonField* number = nullptr;
  for (const JsonField& field : fields) {
    if (number == nullptr && parse_double(field.value)) number = &field;
  }
  if (number != nullptr) {
    if (numbers_.size() == kNumbers) numbers_.erase(numbers_.begin());
    numbers_.push_back(*number->number());
  }
  fields_ = std::move(fields);
  last_payload_ = payload.substr(0, 4096);
  history_.push_front(std::move(update));
  if (history_.size() > kHistory) history_.pop_back();
}

std::string TopView::row_text(const Row& row) const {
  std::string out = right_cell(std::to_string(row.messages), 8) +
                    right_cell(row_rate(row.rate), 7) + right_cell(format_size(row.bytes), 10) +
                    right_cell(row.topic ? row.age : "", 6);
  out += row.retained ? 'r' : ' ';
  out += row.stale ? "s " : "  ";
  out += std::string(row.indent * 2, ' ');
  if (!flat_) out += !row.branch ? "  " : open_.contains(row.path) ? "- " : "+ ";
  out += row.label;
  if (row.branch && !open_.contains(row.path)) {
    out += " (" + std::to_string(row.topics) + (row.topics == 1 ? " topic)" : " topics)");
  } else if (row.topic) {
    out += "  " + payload_view({row.path, row.payload, row.payload_size, {}}, 100);
  }
  return out;
}

void TopView::render_detail(std::vector<ScreenLine>& out, std::size_t lines) const {
  const std::size_t end = out.size() + lines;
  out.push_back({"-- " + (selected_.empty() ? "nothing is selected" : terminal_text(selected_)) +
                     (numbers_.size() > 1 ? "  " + sparkline(numbers_) : ""),
                 LineStyle::Heading});
  if (history_.empty() && !last_payload_.empty())
    out.push_back(
        {"last: " + payload_view({selected_, last_payload_, last_payload_.size(), {}}, 200), {}});
  for (const Update& update : history_) {
    if (out.size() + 1 > end) return;
    out.push_back({update.time + " " + update.text, {}});
    if (!update.change.empty() && out.size() < end) {
      out.push_back({"         " + update.change, LineStyle::Faint});
    }
  }
}

std::vector<ScreenLine> TopView::render(int rows, int columns) const {
  std::vector<ScreenLine> out;
  const auto height = static_cast<std::size_t>(std::max(rows, 8));
  constexpr std::string_view kOrders[] = {"count", "rate", "bytes", "size", "age", "name"};
  std::string title = title_ + "  " + std::to_string(tracked_) + " topics, " +
                      std::to_string(totals_.messages) + " messages, " +
                      format_size(totals_.bytes) + ", by " +
                      std::string(kOrders[static_cast<std::size_t>(order_)]);
  if (totals_.untracked_messages > 0) {
    title += ", " + std::to_string(totals_.untracked_messages) + " of topics not tracked";
  }
  if (paused_) title += ", PAUSED";
  out.push_back({std::move(title), LineStyle::Heading});
  out.push_back({"messages   per s      bytes    ago     topic", LineStyle::Faint});
  const std::size_t detail = std::min<std::size_t>(8, height / 3);
  const std::size_t list = height - 3 - detail;
  const std::size_t first = at_ >= list ? at_ - list + 1 : 0;
  for (std::size_t i = first; i < first + list; ++i) {
    if (i >= rows_.size()) {
      out.push_back({});
      continue;
    }
    out.push_back({row_text(rows_[i]), i == at_ ? LineStyle::Selected : LineStyle::Plain});
  }
  render_detail(out, detail);
  out.resize(height - 1);
  std::string last = "q quit  arrows move, open  / filter  p pause  s sort  t tree  ? help";
  if (editing_) {
    last = "filter: " + terminal_text(filter_) + "_";
  } else if (!status_.empty()) {
    last = status_;
  } else if (help_) {
    last = "r: was retained  s: silent  d: clear a retained message (--allow-write)";
  } else if (!filter_.empty()) {
    last = "filter: " + terminal_text(filter_) + "   (/ to change)";
  }
  out.push_back({std::move(last), LineStyle::Faint});
  for (ScreenLine& line : out)
    line.text = cut(std::move(line.text), static_cast<std::size_t>(std::max(columns, 1)));
  return out;
}

}  // namespace mqtk::inspect
