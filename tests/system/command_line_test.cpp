// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

// What the program says to somebody who mistypes.

#include <mcpool/system/system_test.hpp>

#include <gmock/gmock.h>

namespace mcpool::system {

namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class CommandLineTest : public system_test {
protected:
  void SetUp() override { configure({{"files", fake()}}); }

  /// The sentence of a wrong usage, which ends with code 64 and points to the
  /// help.
  std::string usage_error(words args) {
    const std::string hint = "\nRun `mcpool --help` for the commands.\n";
    auto x = run_bare(std::move(args));
    EXPECT_EQ(x.code, 64);
    EXPECT_EQ(x.out, "");
    EXPECT_THAT(x.err,
                AllOf(StartsWith("mcpool: "), ::testing::EndsWith(hint)));
    return x.err.substr(0, x.err.size() - std::min(x.err.size(), hint.size()));
  }
};

TEST_F(CommandLineTest, ShowsHelpAndVersion) {
  auto help = printed(run_bare({"--help"}));
  for (auto* name : {"serve", "has", "get", "tools", "call", "request",
                     "status", "disconnect", "config", "Exit codes"})
    EXPECT_THAT(help, HasSubstr(name));
  EXPECT_THAT(printed(run_bare({"call", "--help"})), HasSubstr("TOOL"));
  EXPECT_THAT(printed(run_bare({"--version"})), StartsWith("mcpool 0."));
}

TEST_F(CommandLineTest, NamesTheCommandThatWasMeant) {
  EXPECT_EQ(usage_error({"toolz", "files"}),
            "mcpool: there is no command 'toolz'; did you mean 'tools'?");
  EXPECT_EQ(usage_error({"config", "chekc"}),
            "mcpool: there is no command 'chekc'; did you mean 'check'?");
}

TEST_F(CommandLineTest, NamesTheOptionThatWasMeant) {
  EXPECT_EQ(usage_error({"--jsn", "tools", "files"}),
            "mcpool: there is no option '--jsn'; did you mean '--json'?");
  EXPECT_EQ(usage_error({"tools", "files", "--nonsense=1"}),
            "mcpool: there is no option '--nonsense'");
}

TEST_F(CommandLineTest, SaysWhatIsMissing) {
  EXPECT_THAT(usage_error({}), StartsWith("mcpool: a command is missing: "
                                          "serve, has, get, "));
  EXPECT_EQ(usage_error({"config"}),
            "mcpool: a command is missing: check, dump");
  EXPECT_EQ(usage_error({"tools"}), "mcpool: SERVER is required");
  EXPECT_EQ(usage_error({"call", "files"}), "mcpool: TOOL is required");
  EXPECT_EQ(usage_error({"disconnect"}), "mcpool: SERVER or --all is required");
}

TEST_F(CommandLineTest, RefusesWhatIsTooMuch) {
  EXPECT_EQ(usage_error({"tools", "files", "docs"}),
            "mcpool: 'docs' is more than the command takes");
}

TEST_F(CommandLineTest, NamesTheOptionOfABadValue) {
  EXPECT_THAT(
    usage_error({"--timeout", "soon", "status"}),
    AllOf(HasSubstr("--timeout: 'soon' is no duration"), HasSubstr("\"30s\"")));
  EXPECT_THAT(usage_error({"--log", "loud", "status"}),
              HasSubstr("--log: 'loud' is no log level"));
}

TEST_F(CommandLineTest, RefusesAnInvalidOwner) {
  EXPECT_EQ(usage_error({"--owner", "", "status"}),
            "mcpool: --owner: an owner's id cannot be empty");
  EXPECT_THAT(usage_error({"--owner", "ann\n", "status"}),
              HasSubstr("--owner: "));
  EXPECT_THAT(usage_error({"--owner", std::string(257, 'a'), "status"}),
              HasSubstr("256"));
}

TEST_F(CommandLineTest, RefusesAToolArgumentThatIsNoJson) {
  for (auto* text : {"hello", "{\"message\":", "[1]", "{} {}", "\"x\""})
    EXPECT_THAT(complaint(run({"call", "files", "echo", text}), 64),
                AllOf(StartsWith("the JSON argument cannot be used: "),
                      HasSubstr("write an object, for example")))
      << text;
  EXPECT_THAT(complaint(run({"request", "files", "tools/list", "hello"}), 64),
              HasSubstr("invalid JSON at byte 0"));
  EXPECT_THAT(complaint(run({"call", "files", "echo", "-"}, "hello"), 64),
              HasSubstr("invalid JSON at byte 0"));
}

TEST_F(CommandLineTest, NamesTheServerThatWasMeant) {
  constexpr auto sentence
    = "not_configured: no server 'fils' is configured; did you mean 'files'?";
  for (const words& args :
       {words{"tools", "fils"}, words{"call", "fils", "echo"},
        words{"request", "fils", "ping"}, words{"disconnect", "fils"}})
    EXPECT_EQ(complaint(run(args), 2), sentence) << args[0];
  auto x = run({"--json", "tools", "fils"});
  EXPECT_EQ(x.code, 2);
  EXPECT_EQ(json::parse(x.out)["error"]["code"], "not_configured");
}

TEST_F(CommandLineTest, SaysWhyTheSharedScopeMayNotConnect) {
  auto entry = fake();
  entry["startup"] = false;
  configure({{"files", entry}});
  EXPECT_THAT(complaint(run({"tools", "files"}), 2),
              AllOf(StartsWith("not_allowed: "), HasSubstr("'files'"),
                    HasSubstr("ask as a user")));
  EXPECT_EQ(printed(run({"has", "files"}), 1), "no\n");
  EXPECT_EQ(printed(run({"--owner", "ann", "has", "files"})), "yes\n");
}

TEST_F(CommandLineTest, GetsManyAndFailsForEachAlone) {
  auto broken = fake({"--exit-at-start", "3"});
  configure({{"files", fake()}, {"broken", broken}});
  auto x = run({"get", "files", "broken", "absent"});
  EXPECT_EQ(x.code, 2);
  EXPECT_THAT(x.out, AllOf(HasSubstr("\nfiles   ready "),
                           HasSubstr("\nbroken  handshake_failed "),
                           HasSubstr("\nabsent  not_configured ")));
  EXPECT_THAT(x.err, AllOf(HasSubstr("exit code 3"), HasSubstr("'absent'")));
}

} // namespace

} // namespace mcpool::system
