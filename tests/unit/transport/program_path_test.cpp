// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/transport/program_path.hpp>

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include <unistd.h>

using namespace mcpool;
using mcpool::transport::find_program;
namespace fs = std::filesystem;

namespace {

class ProgramPathTest : public ::testing::Test {
protected:
  ProgramPathTest()
    : root(fs::temp_directory_path()
           / ("mcpool-path-" + std::to_string(getpid()))) {
    fs::create_directories(root / "a" / "folder");
    fs::create_directories(root / "b");
    touch("a/plain", fs::perms::owner_read);
    touch("b/plain", fs::perms::owner_all);
    touch("a/unusable", fs::perms::owner_read);
  }

  ~ProgramPathTest() override { fs::remove_all(root); }

  void touch(const char* name, fs::perms perms) {
    std::ofstream{root / name} << "";
    fs::permissions(root / name, perms);
  }

  std::vector<std::string> path() {
    return {"HOME=/",
            "PATH=" + (root / "a").string() + ":" + (root / "b").string()};
  }

  fs::path root;
};

} // namespace

TEST_F(ProgramPathTest, TakesTheFirstExecutableFile) {
  EXPECT_EQ(find_program("plain", path(), "").value(),
            (root / "b" / "plain").string());
}

TEST_F(ProgramPathTest, NamesTheFileThatIsNotExecutable) {
  auto out = find_program("unusable", path(), "");
  ASSERT_FALSE(out);
  EXPECT_EQ(out.error().code, errc::connect_failed);
  EXPECT_EQ(out.error().text, "cannot start 'unusable': '"
                                + (root / "a" / "unusable").string()
                                + "' is not executable");
}

TEST_F(ProgramPathTest, DoesNotTakeAFolder) {
  EXPECT_FALSE(find_program("folder", path(), ""));
}

TEST_F(ProgramPathTest, NamesThePathThatWasSearched) {
  auto out = find_program("nowhere", {"PATH=/x:/y"}, "");
  ASSERT_FALSE(out);
  EXPECT_EQ(out.error().text,
            "cannot start 'nowhere': there is no such program in PATH (/x:/y)");
}

TEST_F(ProgramPathTest, SearchesTheUsualPlacesWithoutPath) {
  EXPECT_TRUE(find_program("sh", {}, ""));
}

TEST_F(ProgramPathTest, ReadsAnEmptyPartOfPathAsTheWorkingDirectory) {
  EXPECT_EQ(
    find_program("plain", {"PATH=/x::/y"}, (root / "b").string()).value(),
    (root / "b").string() + "/./plain");
}

TEST_F(ProgramPathTest, TakesACommandWithASlashAsAPath) {
  EXPECT_EQ(find_program("/no/such", path(), "/tmp").value(), "/no/such");
  EXPECT_EQ(find_program("./such", path(), "/tmp").value(), "/tmp/./such");
  EXPECT_EQ(find_program("./such", path(), "").value(), "./such");
}

TEST_F(ProgramPathTest, RefusesAnEmptyCommand) {
  EXPECT_FALSE(find_program("", path(), ""));
}

TEST_F(ProgramPathTest, KnowsWhetherTheProgramIsThere) {
  using mcpool::transport::has_program;
  EXPECT_TRUE(has_program("plain", path(), ""));
  EXPECT_FALSE(has_program("unusable", path(), ""));
  EXPECT_FALSE(has_program("missing", path(), ""));
  EXPECT_TRUE(has_program("b/plain", path(), root.string()));
  EXPECT_FALSE(has_program("a/plain", path(), root.string()));
  EXPECT_FALSE(has_program("./folder", path(), (root / "a").string()));
}
