// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/config/json_node.hpp>

#include <mcpool/config/load.hpp>
#include <mcpool/core/cat.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstddef>
#include <iterator>

namespace mcpool::config {

namespace {

using json = nlohmann::json;

// Reads characters for the parser and knows the line of the last one.
class line_iterator {
public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  line_iterator(const char* at, std::uint32_t* line) : at_(at), line_(line) {}

  reference operator*() const { return *at_; }

  // A line ends when the character after its line break is consumed.
  line_iterator& operator++() {
    if (after_break_)
      ++*line_;
    after_break_ = *at_++ == '\n';
    return *this;
  }

  line_iterator operator++(int) {
    auto old = *this;
    ++*this;
    return old;
  }

  friend bool operator==(const line_iterator& a, const line_iterator& b) {
    return a.at_ == b.at_;
  }

  friend bool operator!=(const line_iterator& a, const line_iterator& b) {
    return a.at_ != b.at_;
  }

private:
  const char* at_;
  std::uint32_t* line_;
  bool after_break_ = false;
};

// Builds the tree from the parser's events.
class tree_builder final : public nlohmann::json_sax<json> {
public:
  tree_builder(json_outcome& out, const std::uint32_t& line)
    : out_(out),
      line_(line) {}

  bool null() override { return add(json_kind::null, "null") != nullptr; }

  bool boolean(bool x) override {
    return add(json_kind::boolean, x ? "true" : "false") != nullptr;
  }

  bool number_integer(number_integer_t x) override {
    return add(json_kind::number, std::to_string(x)) != nullptr;
  }

  bool number_unsigned(number_unsigned_t x) override {
    return add(json_kind::number, std::to_string(x)) != nullptr;
  }

  bool number_float(number_float_t, const string_t& literal) override {
    return add(json_kind::number, literal) != nullptr;
  }

  bool string(string_t& x) override {
    return add(json_kind::text, std::move(x)) != nullptr;
  }

  bool binary(binary_t&) override { return fail("holds binary data"); }

  bool key(string_t& x) override {
    key_ = std::move(x);
    return true;
  }

  bool start_object(std::size_t) override { return open(json_kind::object); }
  bool start_array(std::size_t) override { return open(json_kind::array); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }

  bool parse_error(std::size_t position, const std::string&,
                   const json::exception& why) override {
    position_ = position;
    return fail(sentence_of(why.what()));
  }

  // Where the parser gave up, counted from 1; 0 if it did not.
  std::size_t position() const { return position_; }

private:
  json_node* add(json_kind kind, std::string text) {
    if (++values_ > max_json_values) {
      fail(cat("holds more than ", max_json_values, " values"));
      return nullptr;
    }
    auto& place
      = open_.empty() ? out_.root : open_.back()->children.emplace_back();
    place = {kind, std::move(key_), std::move(text), {}, line_};
    key_.clear();
    return &place;
  }

  // The parent of an open container gets no further children before it is
  // closed, so the pointers stay valid.
  bool open(json_kind kind) {
    if (open_.size() >= max_depth)
      return fail(cat("is nested deeper than ", max_depth, " levels"));
    auto place = add(kind, "");
    if (place)
      open_.push_back(place);
    return place != nullptr;
  }

  bool close() {
    open_.pop_back();
    return true;
  }

  bool fail(std::string why) {
    out_.problem = std::move(why);
    out_.line = line_;
    return false;
  }

  // Takes the reason out of the library's sentence. What follows it repeats
  // the text of the file, which may be a secret.
  static std::string sentence_of(std::string_view what) {
    auto from = what.find("syntax error");
    if (from == what.npos)
      from = std::min(what.find("] ") + 2, what.size());
    auto reason = what.substr(from);
    auto out
      = cat("is no JSON: ", reason.substr(0, reason.find("; last read")));
    auto comma = reason.find("object key - unexpected '}'") != reason.npos
                 || reason.find("value - unexpected ']'") != reason.npos;
    return comma ? out + "; is there a comma too many?" : out;
  }

  json_outcome& out_;
  const std::uint32_t& line_;
  std::vector<json_node*> open_;
  std::string key_;
  std::size_t values_ = 0;
  std::size_t position_ = 0;
};

std::uint32_t line_at(std::string_view text, std::size_t position) {
  auto before = text.substr(0, std::min(position, text.size()));
  if (!before.empty())
    before.remove_suffix(1);
  auto breaks = std::count(before.begin(), before.end(), '\n');
  return static_cast<std::uint32_t>(breaks) + 1;
}

} // namespace

json_outcome parse_json(std::string_view text) {
  json_outcome out;
  if (text.find_first_not_of(" \t\r\n") == text.npos) {
    out.problem = "is empty; write {} for a configuration without entries";
    return out;
  }
  std::uint32_t line = 1;
  tree_builder builder{out, line};
  line_iterator first{text.data(), &line};
  line_iterator last{text.data() + text.size(), &line};
  json::sax_parse(first, last, &builder, json::input_format_t::json, true,
                  true);
  if (builder.position() > 0)
    out.line = line_at(text, builder.position());
  return out;
}

const json_node* find_member(const json_node& object, std::string_view name) {
  for (const auto& x : object.children)
    if (x.name == name)
      return &x;
  return nullptr;
}

std::string_view describe(json_kind x) {
  switch (x) {
    case json_kind::boolean: return "a boolean";
    case json_kind::number: return "a number";
    case json_kind::text: return "text";
    case json_kind::array: return "an array";
    case json_kind::object: return "an object";
    default: return "null";
  }
}

} // namespace mcpool::config
