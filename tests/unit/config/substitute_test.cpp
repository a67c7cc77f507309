// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/config/substitute.hpp>

#include <gtest/gtest.h>

namespace mcpool::config {

namespace {

const environment env{
  {"A", "1"}, {"EMPTY", ""}, {"_long_Name9", "x"}, {"NESTED", "${A} $${"}};

std::string text_of(std::string_view text) {
  auto out = substitute(text, env);
  EXPECT_TRUE(out) << text << ": " << out.problem;
  return out.text;
}

} // namespace

TEST(SubstituteTest, ReplacesVariables) {
  EXPECT_EQ(text_of("${A}"), "1");
  EXPECT_EQ(text_of("a${A}b${_long_Name9}${A}"), "a1bx1");
  EXPECT_EQ(text_of("<${EMPTY}>"), "<>");
}

TEST(SubstituteTest, TakesTheDefaultForUnsetAndEmptyVariables) {
  EXPECT_EQ(text_of("${NONE:-d e:-f}"), "d e:-f");
  EXPECT_EQ(text_of("${EMPTY:-d}"), "d");
  EXPECT_EQ(text_of("${A:-d}"), "1");
  EXPECT_EQ(text_of("<${NONE:-}>"), "<>");
}

TEST(SubstituteTest, LeavesOtherDollarsAlone) {
  for (auto text : {"", "$", "$$", "$A", "a$", "{A}", "}", "$ {A}"})
    EXPECT_EQ(text_of(text), text);
}

TEST(SubstituteTest, UnescapesDollarDollarBrace) {
  EXPECT_EQ(text_of("$${A}"), "${A}");
  EXPECT_EQ(text_of("$$${A}"), "$${A}");
  EXPECT_EQ(text_of("$${"), "${");
}

TEST(SubstituteTest, NeverLooksIntoAVariable) {
  EXPECT_EQ(text_of("${NESTED}"), "${A} $${");
}

TEST(SubstituteTest, NamesEachUnsetVariableOnce) {
  auto out = substitute("${X} ${Y} ${X} ${A}", env);
  EXPECT_FALSE(out);
  EXPECT_EQ(out.unset, (std::vector<std::string>{"X", "Y"}));
  EXPECT_EQ(out.problem, "");
}

TEST(SubstituteTest, RefusesAnOpenBrace) {
  EXPECT_EQ(substitute("a ${A", env).problem,
            "holds a ${ without its }; write $${ for the text ${");
}

TEST(SubstituteTest, RefusesWhatIsNoName) {
  for (auto text :
       {"${}", "${1A}", "${A-B}", "${A:=x}", "${A B}", "${:-x}", "${A:x}"})
    EXPECT_EQ(substitute(text, env).problem,
              "holds a ${...} that is no variable; write ${NAME} or "
              "${NAME:-default}, and $${ for the text ${")
      << text;
}

TEST(SubstituteTest, BoundsTheResult) {
  environment big{{"BIG", std::string(max_substituted_bytes, 'x')}};
  EXPECT_TRUE(substitute("${BIG}", big));
  EXPECT_EQ(substitute("${BIG}${BIG}${BIG}", big).problem,
            "is too long: more than 131072 bytes with its variables replaced");
}

TEST(SubstituteTest, ReadsBackWhatIsEscaped) {
  for (auto text :
       {"", "a", "$", "$$", "${", "$${", "$$${A}", "${A} ${B", "${${", "$}{"})
    EXPECT_EQ(text_of(escape_variables(text)), text);
}

} // namespace mcpool::config
