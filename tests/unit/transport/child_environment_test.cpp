// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/transport/child_environment.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <optional>
#include <string>

using namespace mcpool;
using mcpool::transport::child_environment;
using ::testing::Contains;
using ::testing::Not;
using ::testing::StartsWith;

namespace {

/// Sets a variable for the time of a test.
class scoped_variable {
public:
  scoped_variable(const char* name, const char* value) : name_(name) {
    if (auto old = std::getenv(name))
      old_ = old;
    setenv(name, value, 1);
  }

  ~scoped_variable() {
    if (old_)
      setenv(name_, old_->c_str(), 1);
    else
      unsetenv(name_);
  }

private:
  const char* name_;
  std::optional<std::string> old_;
};

} // namespace

TEST(ChildEnvironmentTest, InheritsWhatIsListed) {
  scoped_variable home{"HOME", "/srv/me"};
  scoped_variable zone{"TZ", "UTC"};
  EXPECT_THAT(child_environment({}), Contains("HOME=/srv/me"));
  EXPECT_THAT(child_environment({}), Contains("TZ=UTC"));
}

TEST(ChildEnvironmentTest, InheritsNothingElse) {
  scoped_variable token{"SECRET_TOKEN", "hidden"};
  scoped_variable preload{"LD_LIBRARY_PATH", "/x"};
  EXPECT_THAT(child_environment({}), Not(Contains(StartsWith("SECRET_TOKEN"))));
  EXPECT_THAT(child_environment({}), Not(Contains(StartsWith("LD_"))));
}

TEST(ChildEnvironmentTest, SkipsShellFunctions) {
  scoped_variable term{"TERM", "() { :; }; echo bad"};
  EXPECT_THAT(child_environment({}), Not(Contains(StartsWith("TERM="))));
}

TEST(ChildEnvironmentTest, LetsTheConfigurationWin) {
  scoped_variable home{"HOME", "/srv/me"};
  auto out = child_environment({{"HOME", secret{"/srv"}}, {"A", secret{"1"}}});
  EXPECT_THAT(out, Contains("HOME=/srv"));
  EXPECT_THAT(out, Contains("A=1"));
  EXPECT_THAT(out, Not(Contains("HOME=/srv/me")));
}
