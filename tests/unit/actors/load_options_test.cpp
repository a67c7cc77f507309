// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/actors/load_options.hpp>

#include "scratch_folder.hpp"

#include <gmock/gmock.h>

#include <cstdlib>

using ::testing::ElementsAre;
using ::testing::HasSubstr;

namespace mcpool::actors {
namespace {

class LoadOptionsTest : public ::testing::Test {
protected:
  result<service_options> load(const std::string& text) {
    folder_.write("mcpool.json", text);
    return load_options({file()});
  }

  std::filesystem::path file() const { return folder_.path() / "mcpool.json"; }

  testing::scratch_folder folder_;
};

TEST_F(LoadOptionsTest, ReadsTheServersOfAFile) {
  auto x = load(R"({"mcpServers": {"files": {"command": "npx"}}})");
  ASSERT_TRUE(x) << x.error().text;
  ASSERT_EQ(x->config.servers.count({"files"}), 1u);
  EXPECT_EQ(x->config.servers.at({"files"}).command, "npx");
}

TEST_F(LoadOptionsTest, NamesTheFilesToWatch) {
  auto x = load("{}");
  ASSERT_TRUE(x) << x.error().text;
  EXPECT_THAT(x->files, ElementsAre(file()));
}

TEST_F(LoadOptionsTest, KnowsTheVariablesOfTheProcess) {
  ::setenv("LOAD_OPTIONS_TEST", "seven", 1);
  auto x = load(R"({"mcpServers": {"files": {
    "command": "npx", "args": ["${LOAD_OPTIONS_TEST}"]}}})");
  ::unsetenv("LOAD_OPTIONS_TEST");
  ASSERT_TRUE(x) << x.error().text;
  EXPECT_THAT(x->config.servers.at({"files"}).args, ElementsAre("seven"));
  EXPECT_EQ(x->environment.at("LOAD_OPTIONS_TEST"), "seven");
}

TEST_F(LoadOptionsTest, TellsEverythingThatIsWrong) {
  auto x = load(R"({"mcpServers": {"files": {"comand": "npx"}}, "pol": {}})");
  ASSERT_FALSE(x);
  EXPECT_EQ(x.error().code, errc::invalid_config);
  EXPECT_THAT(x.error().text, HasSubstr("comand"));
  EXPECT_THAT(x.error().text, HasSubstr("pol"));
}

TEST_F(LoadOptionsTest, RefusesAFileThatDoesNotExist) {
  auto x = load_options({folder_.path() / "nothing.json"});
  ASSERT_FALSE(x);
  EXPECT_EQ(x.error().code, errc::invalid_config);
  EXPECT_THAT(x.error().text, HasSubstr("nothing.json"));
}

} // namespace
} // namespace mcpool::actors
