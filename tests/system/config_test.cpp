// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

// What the program says about a configuration that it cannot use.

#include <mcpool/system/system_test.hpp>

#include <gmock/gmock.h>

#include <algorithm>

namespace mcpool::system {

namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class ConfigTest : public system_test {
protected:
  /// The sentence that every command says about this configuration.
  std::string refused(std::string_view text) {
    configure_text(text);
    auto sentence = complaint(run({"config", "check"}), 3);
    for (const words& args : {words{"status"}, words{"tools", "x"},
                              words{"config", "dump"}, words{"serve"}})
      EXPECT_EQ(complaint(run(args), 3), sentence) << args[0];
    EXPECT_THAT(sentence, StartsWith(config_file().string()));
    return sentence;
  }
};

TEST_F(ConfigTest, SaysWhereItIsNoJson) {
  EXPECT_THAT(refused("{\n  \"mcpServers\": {\n"),
              AllOf(HasSubstr(":2: "), HasSubstr("is no JSON")));
  EXPECT_THAT(refused(""), HasSubstr("is empty; write {}"));
}

TEST_F(ConfigTest, SaysWhatHasTheWrongShape) {
  EXPECT_THAT(refused("[]"), HasSubstr("must be an object, not an array"));
  EXPECT_THAT(refused(R"({"mcpServers": {"x": {"command": 5}}})"),
              HasSubstr("mcpServers.x.command: must be text, not a number"));
  EXPECT_THAT(refused(R"({"mcpServers": {"x": {"url": "ftp://x"}}})"),
              HasSubstr("mcpServers.x.url: must be a URL that begins with "
                        "http:// or https://"));
}

TEST_F(ConfigTest, NamesTheKeyThatWasMeant) {
  EXPECT_THAT(refused(R"({"mcpServers": {"x": {"command": "ls",
                          "initTimout": 5}}})"),
              HasSubstr("mcpServers.x.initTimout: is no known key; did you "
                        "mean \"initTimeout\"?"));
}

TEST_F(ConfigTest, SaysWhichVariableIsNotSet) {
  constexpr auto text = R"({"mcpServers": {"x": {"command": "ls",
                            "args": ["${THE_TEAM}"]}}})";
  EXPECT_THAT(refused(text),
              AllOf(HasSubstr("mcpServers.x.args[0]: "),
                    HasSubstr("THE_TEAM, which is not set; set it or write "
                              "${THE_TEAM:-default}")));
  environment["THE_TEAM"] = "blue";
  EXPECT_THAT(printed(run({"config", "dump"})), HasSubstr("\"blue\""));
}

TEST_F(ConfigTest, SaysAllThatIsWrongAtOnce) {
  configure_text(R"({"mcpServers": {"x": {"command": 5}, "y": {}},
                     "pool": {"throtle": {}, "drainTimeout": "2d"}})");
  auto x = run({"--json", "config", "check"});
  EXPECT_EQ(x.code, 3);
  auto all = json::parse(x.out);
  EXPECT_EQ(all["valid"], false);
  EXPECT_EQ(all["findings"].size(), 4U);
  EXPECT_EQ(std::count(x.err.begin(), x.err.end(), '\n'), 4);
}

TEST_F(ConfigTest, SaysWhichFileIsMissing) {
  EXPECT_THAT(
    complaint(run({"status"}), 3),
    AllOf(StartsWith(config_file().string()), HasSubstr("No such file")));
}

TEST_F(ConfigTest, SaysWhereItLooksWithoutAnyFile) {
  EXPECT_THAT(complaint(run_bare({"status"}), 3), HasSubstr("--config FILE"));
}

TEST_F(ConfigTest, IsFoundInTheWorkingDirectoryAndByTheEnvironment) {
  configure({{"files", fake()}});
  EXPECT_EQ(printed(run_bare({"has", "files"})), "yes\n");
  write_file(file("other.json"), R"({"mcpServers": {}})");
  environment["MCPOOL_CONFIG"] = file("other.json");
  EXPECT_EQ(printed(run_bare({"has", "files"}), 1), "no\n");
}

TEST_F(ConfigTest, KeepsSecretsOutOfTheDump) {
  auto entry = fake();
  entry["env"]["TOKEN"] = "geheim-1";
  json remote{{"url", "https://search.example/mcp"},
              {"headers", {{"Authorization", "Bearer geheim-2"}}}};
  configure({{"files", entry}, {"search", remote}});
  auto dump = printed(run({"config", "dump"}));
  EXPECT_THAT(dump,
              AllOf(HasSubstr("***"), ::testing::Not(HasSubstr("geheim"))));
  configure_text(dump);
  EXPECT_EQ(printed(run({"config", "dump"})), dump);
}

} // namespace

} // namespace mcpool::system
