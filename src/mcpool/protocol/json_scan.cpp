// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/protocol/json_scan.hpp>

#include <mcpool/core/cat.hpp>
#include <mcpool/protocol/json_read.hpp>
#include <mcpool/protocol/utf8.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

namespace mcpool::protocol {

namespace {

constexpr std::size_t deepest = 1024;

constexpr bool is_blank(char c) {
  return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// True for the bytes of a string that need no attention: no quote, backslash,
// control character, and nothing beyond ASCII.
constexpr std::array<bool, 256> make_plain() {
  std::array<bool, 256> out{};
  for (std::size_t i = 0x20; i < 0x80; ++i)
    out[i] = i != '"' && i != '\\';
  return out;
}

constexpr auto plain = make_plain();

constexpr std::uint64_t every_byte(unsigned char x) {
  return 0x0101010101010101u * x;
}

// True if none of eight bytes needs attention. Borrows between the bytes can
// only turn a true into a false.
bool all_plain(const char* at) {
  std::uint64_t x;
  std::memcpy(&x, at, sizeof(x));
  auto quote = x ^ every_byte('"');
  auto backslash = x ^ every_byte('\\');
  auto special = (quote - every_byte(1)) | (backslash - every_byte(1))
                 | (x - every_byte(0x20)) | x;
  return (special & every_byte(0x80)) == 0;
}

// Which brackets are open: one bit per level.
class bracket_stack {
public:
  explicit bracket_stack(std::size_t limit) : limit_(limit) {}

  bool empty() const { return size_ == 0; }

  bool in_object() const {
    return (bits_[(size_ - 1) / 64] >> ((size_ - 1) % 64) & 1) != 0;
  }

  bool push(bool object) {
    if (size_ >= limit_)
      return false;
    auto& word = bits_[size_ / 64];
    auto bit = std::uint64_t{1} << (size_ % 64);
    word = object ? word | bit : word & ~bit;
    ++size_;
    return true;
  }

  void pop() { --size_; }

private:
  std::array<std::uint64_t, deepest / 64> bits_;
  std::size_t limit_;
  std::size_t size_ = 0;
};

// Reads forward through one text. Functions that return false have noted why.
class scanner {
public:
  scanner(std::string_view json, const scan_limits& limits)
    : begin_(json.data()),
      pos_(begin_),
      end_(begin_ + json.size()),
      limits_(limits) {}

  result<std::vector<json_member>> object() {
    std::vector<json_member> out;
    if (!read_object(out) || !at_end() || !unique(out))
      return error();
    return out;
  }

  result<std::vector<std::string_view>> array() {
    std::vector<std::string_view> out;
    if (!read_array(out) || !at_end())
      return error();
    return out;
  }

  result<void> value() {
    skip_blanks();
    if (!skip_value(limits_.depth) || !at_end())
      return error();
    return {};
  }

private:
  // -- the outermost level ----------------------------------------------------

  bool open(char bracket, const char* what) {
    skip_blanks();
    if (pos_ == end_ || *pos_ != bracket)
      return fail(what);
    if (limits_.depth == 0)
      return too_large("it is nested too deeply");
    ++pos_;
    skip_blanks();
    return true;
  }

  bool read_object(std::vector<json_member>& out) {
    if (!open('{', "an object was expected"))
      return false;
    if (take('}'))
      return true;
    out.reserve(8);
    do {
      skip_blanks();
      if (!has_room(out.size()) || !read_member(out.emplace_back()))
        return false;
      skip_blanks();
    } while (take(','));
    return take('}') || fail("',' or '}' was expected");
  }

  bool read_member(json_member& out) {
    auto start = pos_;
    if (!skip_key())
      return false;
    out.key = string_or_empty(key_);
    auto value = pos_;
    if (!skip_value(limits_.depth - 1))
      return false;
    out.value = slice(value);
    out.text = slice(start);
    return true;
  }

  bool read_array(std::vector<std::string_view>& out) {
    if (!open('[', "an array was expected"))
      return false;
    if (take(']'))
      return true;
    do {
      skip_blanks();
      auto start = pos_;
      if (!has_room(out.size()) || !skip_value(limits_.depth - 1))
        return false;
      out.push_back(slice(start));
      skip_blanks();
    } while (take(','));
    return take(']') || fail("',' or ']' was expected");
  }

  bool has_room(std::size_t count) {
    return count < limits_.items || too_large("it has too many items");
  }

  bool unique(const std::vector<json_member>& members) {
    return !(members.size() <= 16 ? repeats_few(members) : repeats(members))
           || fail("the object has two members of one name");
  }

  static bool repeats_few(const std::vector<json_member>& members) {
    for (auto i = members.begin(); i != members.end(); ++i)
      for (auto j = members.begin(); j != i; ++j)
        if (i->key == j->key)
          return true;
    return false;
  }

  static bool repeats(const std::vector<json_member>& members) {
    std::vector<std::string_view> keys;
    keys.reserve(members.size());
    for (const auto& x : members)
      keys.push_back(x.key);
    std::sort(keys.begin(), keys.end());
    return std::adjacent_find(keys.begin(), keys.end()) != keys.end();
  }

  bool at_end() {
    skip_blanks();
    return pos_ == end_ || fail("something follows the value");
  }

  // -- values -----------------------------------------------------------------

  // Skips one value, from its first byte to its last.
  bool skip_value(std::size_t depth) {
    bracket_stack open{std::min(depth, deepest)};
    while (skip_begin(open)) {
      if (!skip_ends(open))
        return false;
      if (open.empty())
        return true;
      if (open.in_object() && !skip_key())
        return false;
    }
    return false;
  }

  // Skips what can stand at the beginning of a value, up to the end of the
  // first value that is no array or object, or is an empty one.
  bool skip_begin(bracket_stack& open) {
    for (;;) {
      if (pos_ == end_)
        return fail("it ends too early");
      if (*pos_ != '{' && *pos_ != '[')
        return skip_scalar();
      auto object = *pos_ == '{';
      if (!open.push(object))
        return too_large("it is nested too deeply");
      ++pos_;
      skip_blanks();
      if (pos_ != end_ && *pos_ == (object ? '}' : ']'))
        return true;
      if (object && !skip_key())
        return false;
    }
  }

  // After a value: closes what ends here, and takes the comma if there is more.
  bool skip_ends(bracket_stack& open) {
    while (!open.empty()) {
      skip_blanks();
      if (pos_ == end_)
        return fail("it ends too early");
      if (*pos_ == ',') {
        ++pos_;
        skip_blanks();
        return true;
      }
      if (*pos_ != (open.in_object() ? '}' : ']'))
        return fail("',' or a closing bracket was expected");
      ++pos_;
      open.pop();
    }
    return true;
  }

  // Skips a name and its colon, to the first byte of the value.
  bool skip_key() {
    auto start = pos_;
    if (!take('"'))
      return fail("a name in quotes was expected");
    if (!skip_string())
      return false;
    key_ = slice(start);
    skip_blanks();
    if (!take(':'))
      return fail("':' was expected");
    skip_blanks();
    return true;
  }

  bool skip_scalar() {
    switch (*pos_) {
      case '"': ++pos_; return skip_string();
      case 't': return skip_word("true");
      case 'f': return skip_word("false");
      case 'n': return skip_word("null");
      default: return skip_number();
    }
  }

  bool skip_word(std::string_view word) {
    if (slice_ahead().substr(0, word.size()) != word)
      return fail("a value was expected");
    pos_ += word.size();
    return true;
  }

  // -- strings ----------------------------------------------------------------

  // Skips a string, from the byte behind its first quote.
  bool skip_string() {
    for (;;) {
      skip_plain();
      if (pos_ == end_)
        return fail("a string has no end");
      auto c = static_cast<unsigned char>(*pos_);
      if (c == '"')
        return ++pos_, true;
      if (c == '\\' ? !skip_escape() : !skip_multibyte())
        return false;
    }
  }

  void skip_plain() {
    while (end_ - pos_ >= 8 && all_plain(pos_))
      pos_ += 8;
    while (pos_ != end_ && plain[static_cast<unsigned char>(*pos_)])
      ++pos_;
  }

  bool skip_multibyte() {
    if (static_cast<unsigned char>(*pos_) < 0x20)
      return fail("a control character in a string must be escaped");
    while (pos_ != end_ && static_cast<unsigned char>(*pos_) >= 0x80) {
      auto length = utf8_length(slice_ahead());
      if (length == 0)
        return fail("it is no UTF-8");
      pos_ += length;
    }
    return true;
  }

  bool skip_escape() {
    constexpr std::string_view letters = "\"\\/bfnrtu";
    ++pos_;
    if (pos_ == end_ || letters.find(*pos_) == letters.npos)
      return fail("unknown escape in a string");
    if (*pos_++ != 'u')
      return true;
    for (auto digits = 0; digits < 4; ++digits, ++pos_)
      if (pos_ == end_ || !is_hex(*pos_))
        return fail("'\\u' needs four hexadecimal digits");
    return true;
  }

  static bool is_hex(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
  }

  // -- numbers ----------------------------------------------------------------

  bool skip_number() {
    take('-');
    if (!take('0') && !skip_digits())
      return fail("a value was expected");
    if (take('.') && !skip_digits())
      return fail("a digit was expected");
    if (!take('e') && !take('E'))
      return true;
    if (!take('+'))
      take('-');
    return skip_digits() || fail("a digit was expected");
  }

  bool skip_digits() {
    auto start = pos_;
    while (pos_ != end_ && is_digit(*pos_))
      ++pos_;
    return pos_ != start;
  }

  // -- helpers ----------------------------------------------------------------

  void skip_blanks() {
    while (pos_ != end_ && is_blank(*pos_))
      ++pos_;
  }

  bool take(char c) {
    if (pos_ == end_ || *pos_ != c)
      return false;
    ++pos_;
    return true;
  }

  std::string_view slice(const char* start) const {
    return {start, static_cast<std::size_t>(pos_ - start)};
  }

  std::string_view slice_ahead() const {
    return {pos_, static_cast<std::size_t>(end_ - pos_)};
  }

  bool fail(const char* why) {
    why_ = why;
    return false;
  }

  bool too_large(const char* why) {
    code_ = errc::payload_too_large;
    return fail(why);
  }

  refusal error() const {
    return make_refusal(code_, cat("invalid JSON at byte ", pos_ - begin_, ": ",
                                   std::string_view{why_}));
  }

  const char* begin_;
  const char* pos_;
  const char* end_;
  const scan_limits& limits_;
  // The name that was skipped last, with its quotes.
  std::string_view key_;
  errc code_ = errc::protocol_violation;
  const char* why_ = "";
};

} // namespace

result<std::vector<json_member>> scan_object(std::string_view json,
                                             const scan_limits& limits) {
  return scanner{json, limits}.object();
}

result<std::vector<std::string_view>> scan_array(std::string_view json,
                                                 const scan_limits& limits) {
  return scanner{json, limits}.array();
}

result<void> check_json(std::string_view json, const scan_limits& limits) {
  return scanner{json, limits}.value();
}

std::string_view find_member(const std::vector<json_member>& members,
                             std::string_view key) noexcept {
  for (const auto& x : members)
    if (x.key == key)
      return x.value;
  return {};
}

} // namespace mcpool::protocol
