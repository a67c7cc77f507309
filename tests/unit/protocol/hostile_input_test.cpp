// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/core/cat.hpp>
#include <mcpool/protocol/json_rpc.hpp>
#include <mcpool/protocol/json_scan.hpp>
#include <mcpool/protocol/json_view.hpp>
#include <mcpool/protocol/mcp/capabilities.hpp>
#include <mcpool/protocol/mcp/initialize.hpp>
#include <mcpool/protocol/mcp/paged_list.hpp>
#include <mcpool/protocol/mcp/progress.hpp>
#include <mcpool/protocol/mcp/tool_list.hpp>
#include <mcpool/protocol/mcp/tool_result.hpp>

#include <gtest/gtest.h>

#include <functional>
#include <ostream>

/// What every function that reads what a peer sent promises: an answer or a
/// refusal, for any bytes.

namespace mcpool::protocol {
namespace {

struct reader {
  std::string name;
  /// Something that is accepted.
  std::string sample;
  /// True if the text was accepted.
  std::function<bool(const std::string&)> accepts;

  friend std::ostream& operator<<(std::ostream& out, const reader& x) {
    return out << x.name;
  }
};

// Every refusal says something, on one line.
template <class T>
bool check(const result<T>& x) {
  if (x)
    return true;
  EXPECT_FALSE(x.error().text.empty());
  EXPECT_LT(x.error().text.size(), 500u);
  EXPECT_EQ(x.error().text.find('\n'), std::string::npos);
  return false;
}

template <class F>
std::function<bool(const std::string&)> shared(F read) {
  return [read](const std::string& x) { return check(read(shared_text{x})); };
}

template <class F>
std::function<bool(const std::string&)> viewed(F read) {
  return [read](const std::string& x) {
    // The very bytes on the heap: reading past them is found by sanitizers.
    std::vector<char> bytes{x.begin(), x.end()};
    return check(read(std::string_view{bytes.data(), bytes.size()}));
  };
}

std::vector<reader> readers() {
  return {
    {"Object", R"({"a":[1,{"b":null}],"é":"\ud83d\ude00"})",
     viewed([](auto x) { return scan_object(x); })},
    {"Array", R"([1,[true],{"a":"b"},-0.5e-7])",
     viewed([](auto x) { return scan_array(x); })},
    {"Params", R"({"a":"b","_meta":{"progressToken":1,"c":[]}})",
     viewed([](auto x) { return with_meta(x, {}, 7); })},
    {"Message", R"({"jsonrpc":"2.0","id":1,"result":{"a":[]}})",
     shared([](auto x) { return decode(x); })},
    {"Batch", R"([{"jsonrpc":"2.0","method":"m"}])",
     shared([](auto x) { return decode(x); })},
    {"InitializeResult",
     R"({"protocolVersion":"x","capabilities":{},"serverInfo":{"name":"n"}})",
     shared([](auto x) { return mcp::parse_initialize_result(x); })},
    {"Capabilities", R"({"tools":{"listChanged":true},"resources":{}})",
     viewed([](auto x) { return mcp::parse_capabilities(x); })},
    {"Progress", R"({"progressToken":"t","progress":0.5,"message":"m"})",
     viewed([](auto x) { return mcp::parse_progress(x); })},
    {"ToolResult", R"({"content":[{"type":"text","text":"a"}],"isError":true})",
     shared([](auto x) { return mcp::parse_tool_result(x); })},
    {"ToolList", R"([{"name":"a","inputSchema":{"type":"object"}}])",
     shared([](auto x) { return mcp::parse_tool_list(x); })},
    {"Page", R"({"tools":[{"name":"a"}],"nextCursor":"b"})", shared([](auto x) {
       return mcp::paged_list{"tools/list", {}}.feed(x);
     })},
    {"View", R"({"code":-5,"message":"a","data":"{}"})",
     viewed([](auto x) { return from_json_text<remote_error>(x); })}};
}

class HostileInputTest : public testing::TestWithParam<reader> {
protected:
  const reader& aut = GetParam();
};

INSTANTIATE_TEST_SUITE_P(Readers, HostileInputTest,
                         testing::ValuesIn(readers()),
                         [](const auto& x) { return x.param.name; });

TEST_P(HostileInputTest, IsAcceptedWhenItIsHarmless) {
  EXPECT_TRUE(aut.accepts(aut.sample));
  EXPECT_TRUE(aut.accepts(cat(" \r\n\t", aut.sample, "\n")));
}

TEST_P(HostileInputTest, IsRefusedCutAtAnyByte) {
  for (std::size_t size = 1; size < aut.sample.size(); ++size)
    EXPECT_FALSE(aut.accepts(aut.sample.substr(0, size))) << size;
}

TEST_P(HostileInputTest, IsRefusedWithAnythingBehindIt) {
  for (auto x : {"x", "{}", "[]", ",", "}", "]", "\"", "null", "\xff"})
    EXPECT_FALSE(aut.accepts(aut.sample + x)) << x;
  EXPECT_FALSE(aut.accepts(aut.sample + '\0'));
}

TEST_P(HostileInputTest, IsRefusedWithABadByteAnywhere) {
  for (auto bad : {'\0', '\x01', '\x1f', '\x80', '\xc0', '\xff'})
    for (std::size_t i = 0; i <= aut.sample.size(); ++i) {
      auto text = aut.sample;
      text.insert(i, 1, bad);
      EXPECT_FALSE(aut.accepts(text)) << i;
    }
}

TEST_P(HostileInputTest, GetsAnAnswerWhateverByteIsChanged) {
  auto refused = 0;
  for (std::size_t i = 0; i < aut.sample.size(); ++i)
    for (auto byte = 0; byte < 256; ++byte) {
      auto text = aut.sample;
      text[i] = static_cast<char>(byte);
      refused += aut.accepts(text) ? 0 : 1;
    }
  // Most changes hit a bracket, a quote or UTF-8.
  EXPECT_GT(refused, static_cast<int>(aut.sample.size()) * 128);
}

TEST_P(HostileInputTest, IsRefusedWhenItIsNestedWithoutEnd) {
  EXPECT_FALSE(aut.accepts(std::string(1'000'000, '[')));
  std::string objects;
  for (auto i = 0; i < 200'000; ++i)
    objects += R"({"a":)";
  EXPECT_FALSE(aut.accepts(objects));
}

TEST_P(HostileInputTest, IsRefusedWhenItIsSomethingElse) {
  for (auto x : {"null", "true", "0", "-1e999", "\"\"", "\"\\ud800\"",
                 "\xef\xbb\xbf{}", "<html></html>", "data: {}"})
    EXPECT_FALSE(aut.accepts(x)) << x;
}

} // namespace
} // namespace mcpool::protocol
