// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/config/json_node.hpp>

#include <mcpool/config/load.hpp>

#include <gtest/gtest.h>

namespace mcpool::config {

namespace {

std::string print(const json_node& x) {
  auto out = x.name + '@' + std::to_string(x.line) + '=' + x.text;
  for (const auto& child : x.children)
    out += " (" + print(child) + ')';
  return out;
}

struct bad_json {
  std::string text;
  std::uint32_t line;
  std::string problem;
};

const bad_json cases[] = {
  {"", 0, "is empty; write {} for a configuration without entries"},
  {" \n\t", 0, "is empty; write {} for a configuration without entries"},
  {"{\"a\":\n", 1,
   "is no JSON: syntax error while parsing value - unexpected end of input; "
   "expected '[', '{', or a literal"},
  {"{\n\"a\": 1,\n}", 3,
   "is no JSON: syntax error while parsing object key - unexpected '}'; "
   "expected string literal; is there a comma too many?"},
  {"[1,\n]", 2,
   "is no JSON: syntax error while parsing value - unexpected ']'; expected "
   "'[', '{', or a literal; is there a comma too many?"},
  {"{\n\"a\" 1}", 2,
   "is no JSON: syntax error while parsing object separator - unexpected "
   "number literal; expected ':'"},
  {"{} {}", 1,
   "is no JSON: syntax error while parsing value - unexpected '{'; expected "
   "end of input"},
  {"/* a\n", 1,
   "is no JSON: syntax error while parsing value - invalid comment; missing "
   "closing '*/'"},
  {"[1e999]", 1, "is no JSON: number overflow parsing '1e999'"},
  {"[\"\xff\"]", 1,
   "is no JSON: syntax error while parsing value - invalid string: ill-formed "
   "UTF-8 byte"},
};

} // namespace

TEST(JsonNodeTest, KeepsKeysValuesAndLines) {
  auto out = parse_json("{\n\"a\": 1\n,\"b\": [1.5e3,\n\"x\", -3],\n"
                        "\"c\":{\"k\"\n:true}, \"d\": null}");
  ASSERT_EQ(out.problem, "");
  EXPECT_EQ(print(out.root), "@1= (a@2=1) (b@3= (@3=1.5e3) (@4=x) (@4=-3)) "
                             "(c@5= (k@6=true)) (d@6=null)");
}

TEST(JsonNodeTest, SkipsCommentsAndTheByteOrderMark) {
  auto out = parse_json("\xef\xbb\xbf// one\n{ /* two\n */ \"a\": \"//\" }");
  ASSERT_EQ(out.problem, "");
  EXPECT_EQ(print(out.root), "@2= (a@3=//)");
}

TEST(JsonNodeTest, KeepsDuplicates) {
  auto out = parse_json("{\"a\":1,\"a\":2}");
  EXPECT_EQ(print(out.root), "@1= (a@1=1) (a@1=2)");
  EXPECT_EQ(find_member(out.root, "a")->text, "1");
  EXPECT_EQ(find_member(out.root, "b"), nullptr);
}

TEST(JsonNodeTest, SaysWhatIsNoJsonAndWhere) {
  for (const auto& x : cases) {
    auto out = parse_json(x.text);
    EXPECT_EQ(out.problem, x.problem) << x.text;
    EXPECT_EQ(out.line, x.line) << x.text;
  }
}

TEST(JsonNodeTest, NeverRepeatsABrokenText) {
  auto out = parse_json("{\"env\": {\"TOKEN\": \"hunter2\n\"}}");
  EXPECT_NE(out.problem, "");
  EXPECT_EQ(out.problem.find("hunter2"), std::string::npos) << out.problem;
}

TEST(JsonNodeTest, BoundsTheDepth) {
  std::string deepest(max_depth, '[');
  EXPECT_EQ(parse_json(deepest + std::string(max_depth, ']')).problem, "");
  EXPECT_EQ(parse_json(std::string(100'000, '[')).problem,
            "is nested deeper than 32 levels");
}

TEST(JsonNodeTest, BoundsTheNumberOfValues) {
  std::string text = "[0";
  for (std::size_t i = 0; i < max_json_values; ++i)
    text += ",0";
  EXPECT_EQ(parse_json(text + ']').problem, "holds more than 200000 values");
}

} // namespace mcpool::config
