// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/testkit/fake_server/script.hpp>

#include <gtest/gtest.h>

#include <optional>
#include <set>
#include <string>
#include <vector>

namespace fake = mcpool::testkit::fake_server;

using fake::verb;
using std::chrono::milliseconds;

namespace {

fake::rule rule_of(const std::string& text) {
  auto line = fake::parse_rule(text);
  EXPECT_TRUE(line) << line.error().text;
  return line ? *line : fake::rule{};
}

std::string error_of(const std::string& text) {
  auto line = fake::parse_rule(text);
  return line ? "(no error)" : line.error().text;
}

fake::script script_of(const std::string& text) {
  fake::script plan;
  auto lines = fake::parse_script(text);
  EXPECT_TRUE(lines) << lines.error().text;
  if (lines)
    for (auto& line : *lines)
      plan.add(line);
  return plan;
}

// The first step of what the script says to a call of this tool.
std::optional<verb> on_call(fake::script& plan, std::string_view tool,
                            std::size_t session = 1) {
  auto todo = plan.find({{"POST", "tools/call", "*"}, tool, session});
  return todo ? std::optional{todo->front().what} : std::nullopt;
}

using steps = std::vector<std::optional<verb>>;

// The same for calls that come one after the other.
steps on_calls(fake::script& plan, const std::vector<std::string>& tools) {
  steps out;
  for (const auto& tool : tools)
    out.push_back(on_call(plan, tool));
  return out;
}

} // namespace

// -- durations ----------------------------------------------------------------

TEST(FakeServerDurationTest, TakesUnits) {
  EXPECT_EQ(*fake::parse_duration("250ms"), milliseconds{250});
  EXPECT_EQ(*fake::parse_duration("2s"), milliseconds{2000});
  EXPECT_EQ(*fake::parse_duration("3m"), milliseconds{180'000});
}

TEST(FakeServerDurationTest, TakesBareNumbersAsMilliseconds) {
  EXPECT_EQ(*fake::parse_duration("40"), milliseconds{40});
}

TEST(FakeServerDurationTest, RefusesWhatIsNoDuration) {
  for (auto text : {"", "s", "5h", "-1s", "1.5s", "5 s", "99999999999999999s"})
    EXPECT_FALSE(fake::parse_duration(text)) << text;
}

TEST(FakeServerDurationTest, RefusesMoreThanADay) {
  EXPECT_TRUE(fake::parse_duration("1440m"));
  EXPECT_FALSE(fake::parse_duration("1441m"));
}

// -- rules --------------------------------------------------------------------

TEST(FakeServerRuleTest, SplitsEventAndStep) {
  auto line = rule_of("initialize=delay:200ms");
  EXPECT_EQ(line.event, "initialize");
  EXPECT_EQ(line.name, "");
  ASSERT_EQ(line.todo.size(), 1U);
  EXPECT_EQ(line.todo[0].what, verb::delay);
  EXPECT_EQ(line.todo[0].number, 200);
}

TEST(FakeServerRuleTest, TakesTheNameAfterTheFirstColon) {
  EXPECT_EQ(rule_of("tools/call:echo=die").name, "echo");
  EXPECT_EQ(rule_of("resources/read:test://item/1=die").name, "test://item/1");
}

TEST(FakeServerRuleTest, TakesOccurrenceAndSession) {
  auto line = rule_of("tools/call:echo#2@3=garbage");
  EXPECT_EQ(line.name, "echo");
  EXPECT_EQ(line.occurrence.first, 2U);
  EXPECT_EQ(line.occurrence.last, 2U);
  EXPECT_EQ(line.session.first, 3U);
}

TEST(FakeServerRuleTest, TakesRanges) {
  auto closed = rule_of("ping#2-4=hang").occurrence;
  EXPECT_FALSE(closed.contains(1));
  EXPECT_TRUE(closed.contains(4));
  EXPECT_FALSE(closed.contains(5));
  EXPECT_TRUE(rule_of("ping#2-=hang").occurrence.contains(1'000'000));
}

TEST(FakeServerRuleTest, KeepsStepsInOrder) {
  auto todo = rule_of("*=delay:5;half;exit:7").todo;
  ASSERT_EQ(todo.size(), 3U);
  EXPECT_EQ(todo[0].what, verb::delay);
  EXPECT_EQ(todo[1].what, verb::half);
  EXPECT_EQ(todo[2].number, 7);
}

TEST(FakeServerRuleTest, KeepsColonsAndEqualsInTexts) {
  auto todo = rule_of("POST=redirect:302:http://h:1/;header:A=b=c").todo;
  EXPECT_EQ(todo[0].text, "302:http://h:1/");
  EXPECT_EQ(todo[1].text, "A=b=c");
}

TEST(FakeServerRuleTest, TakesATextAfterANumber) {
  auto todo = rule_of("ping=error:-32000:Out of: cheese").todo;
  EXPECT_EQ(todo[0].number, -32000);
  EXPECT_EQ(todo[0].text, "Out of: cheese");
}

TEST(FakeServerRuleTest, UsesFallbacksOfOptionalArguments) {
  auto todo = rule_of("ping=deep;noise;grandchild").todo;
  EXPECT_EQ(todo[0].number, 10'000);
  EXPECT_EQ(todo[1].number, 1);
  EXPECT_EQ(todo[2].number, 60'000);
}

TEST(FakeServerRuleTest, ExplainsWhatIsWrong) {
  EXPECT_EQ(error_of("ping"), "\"ping\" has no =: write EVENT=STEP");
  EXPECT_EQ(error_of("ping=dye"), "there is no step \"dye\"; see --help");
  EXPECT_EQ(error_of("ping=die:now"), "die takes no argument");
  EXPECT_EQ(error_of("ping=delay"), "delay needs an argument");
  EXPECT_EQ(error_of("ping=exit:256"), "exit takes 0 to 255, not 256");
  EXPECT_EQ(error_of("ping=header:A"), "header takes NAME=VALUE, not \"A\"");
  EXPECT_EQ(error_of("ping=ask:"), "ask needs an argument");
  EXPECT_EQ(error_of("ping="), "there is no step after the =");
  EXPECT_EQ(error_of("=die"), "\"=die\" names no event before the =");
}

TEST(FakeServerRuleTest, RefusesBadOrdinals) {
  for (auto text : {"ping#0=die", "ping#x=die", "ping#4-2=die", "ping@=die"})
    EXPECT_FALSE(fake::parse_rule(text)) << text;
}

TEST(FakeServerRuleTest, ListsEveryStepOnce) {
  std::set<std::string_view> names;
  for (auto& row : fake::verbs()) {
    EXPECT_TRUE(names.insert(row.name).second) << row.name;
    EXPECT_EQ(fake::info(row.what).name, row.name);
  }
}

// -- scripts ------------------------------------------------------------------

TEST(FakeServerScriptTest, SkipsCommentsAndEmptyLines) {
  auto lines = fake::parse_script("# a comment\n\n  ping=hang\r\nping=die");
  ASSERT_TRUE(lines);
  ASSERT_EQ(lines->size(), 2U);
  EXPECT_EQ((*lines)[0].todo[0].what, verb::hang);
}

TEST(FakeServerScriptTest, NamesTheLineOfAMistake) {
  auto lines = fake::parse_script("ping=die\n\nping=dye\n");
  ASSERT_FALSE(lines);
  EXPECT_EQ(lines.error().text, "line 3: there is no step \"dye\"; see --help");
}

TEST(FakeServerScriptTest, FitsByNameOrByEventAlone) {
  auto plan = script_of("tools/call:echo=die");
  EXPECT_EQ(on_call(plan, "echo"), verb::die);
  EXPECT_EQ(on_call(plan, "sleep"), std::nullopt);
  auto any = script_of("tools/call=die");
  EXPECT_EQ(on_call(any, "sleep"), verb::die);
}

TEST(FakeServerScriptTest, FitsEveryNameOfTheOccasion) {
  auto plan = script_of("POST#1=hang\n*#2=die");
  EXPECT_EQ(on_calls(plan, {"echo", "echo", "echo"}),
            (steps{verb::hang, verb::die, std::nullopt}));
}

TEST(FakeServerScriptTest, CountsOnlyWhatTheSelectorFits) {
  auto plan = script_of("tools/call:echo#2=garbage");
  EXPECT_EQ(on_calls(plan, {"echo", "sleep", "echo", "echo"}),
            (steps{std::nullopt, std::nullopt, verb::garbage, std::nullopt}));
}

TEST(FakeServerScriptTest, TakesTheFirstRuleThatFits) {
  auto plan = script_of("tools/call#2=hang\ntools/call=die");
  EXPECT_EQ(on_calls(plan, {"echo", "echo", "echo"}),
            (steps{verb::die, verb::hang, verb::die}));
}

TEST(FakeServerScriptTest, CountsForRulesThatAreNotChosen) {
  auto plan = script_of("tools/call#1=hang\ntools/call#2=die");
  EXPECT_EQ(on_calls(plan, {"echo", "echo"}), (steps{verb::hang, verb::die}));
}

TEST(FakeServerScriptTest, KeepsToItsSession) {
  auto plan = script_of("tools/call@2=die");
  EXPECT_EQ(on_call(plan, "echo", 1), std::nullopt);
  EXPECT_EQ(on_call(plan, "echo", 2), verb::die);
}

TEST(FakeServerScriptTest, KnowsWhatItMentions) {
  auto plan = script_of("eof=hang\nping=delay:1;status:500");
  EXPECT_TRUE(plan.mentions("eof"));
  EXPECT_FALSE(plan.mentions("term"));
  EXPECT_EQ(plan.first_http_only(), verb::status);
  plan.clear();
  EXPECT_FALSE(plan.mentions("eof"));
  EXPECT_EQ(plan.first_http_only(), std::nullopt);
}
