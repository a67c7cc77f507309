// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/bench/options.hpp>

#include <mcpool/core/cat.hpp>

#include <charconv>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace mcpool::bench {

namespace {

template <class T>
T parse(std::string_view option, const std::string& value, T least) {
  T out{};
  auto end = value.data() + value.size();
  auto [stop, error] = std::from_chars(value.data(), end, out);
  if (error != std::errc{} || stop != end || out < least)
    throw std::runtime_error{cat("--", option, " ", value,
                                 ": a number of at least ",
                                 static_cast<int>(least), " is needed")};
  return out;
}

} // namespace

options::options(int argc, const char* const* argv) {
  std::string option;
  for (int i = 1; i < argc; ++i) {
    std::string_view word{argv[i]};
    if (word.substr(0, 2) == "--")
      values_[option = word.substr(2)] = "1";
    else if (!option.empty())
      values_[std::exchange(option, {})] = word;
    else if (case_.empty())
      case_ = word;
    else
      throw std::runtime_error{cat("'", word, "' belongs to no option")};
  }
}

std::string options::text(std::string_view option,
                          std::string_view otherwise) const {
  auto pos = values_.find(option);
  return std::string{pos == values_.end() ? otherwise : pos->second};
}

int options::number(std::string_view option, int otherwise, int least) const {
  return parse(option, text(option, cat(otherwise)), least);
}

std::chrono::nanoseconds options::seconds(std::string_view option,
                                          double otherwise) const {
  auto pos = values_.find(option);
  auto value
    = pos == values_.end() ? otherwise : parse(option, pos->second, 0.0);
  return std::chrono::nanoseconds{static_cast<std::int64_t>(value * 1e9)};
}

bool options::flag(std::string_view option) const {
  return text(option, "0") != "0";
}

std::vector<std::string> options::command() const {
  std::istringstream words{text("command", "")};
  std::vector<std::string> out;
  for (std::string word; words >> word;)
    out.push_back(word);
  if (out.empty())
    throw std::runtime_error{"--command is needed, a stdio server"};
  return out;
}

std::string options::url(int i) const {
  return cat("http://", text("host", "127.0.0.1"), ":",
             number("base-port", 18080, 1) + i % number("ports", 1, 1), "/mcp");
}

} // namespace mcpool::bench
