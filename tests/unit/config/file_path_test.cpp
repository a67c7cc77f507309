// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/config/file_path.hpp>

#include <gtest/gtest.h>

#include <fstream>

#include <unistd.h>

namespace mcpool::config {

namespace {

namespace fs = std::filesystem;

using folder_set = std::set<fs::path>;

class FilePathTest : public testing::Test {
protected:
  FilePathTest() {
    std::string name = fs::temp_directory_path() / "mcpool-path-XXXXXX";
    root_ = fs::canonical(::mkdtemp(name.data()));
  }

  ~FilePathTest() override { fs::remove_all(root_); }

  fs::path write(const fs::path& name, const std::string& text = "{}") {
    fs::create_directories((root_ / name).parent_path());
    std::ofstream{root_ / name} << text;
    return root_ / name;
  }

  fs::path root_;
};

} // namespace

TEST_F(FilePathTest, WatchesTheFolderOfAFile) {
  EXPECT_EQ(folders_of(write("a/c.json")), (folder_set{root_ / "a"}));
}

TEST_F(FilePathTest, WatchesTheFolderOfAMissingFile) {
  fs::create_directory(root_ / "a");
  EXPECT_EQ(folders_of(root_ / "a/c.json"), (folder_set{root_ / "a"}));
}

TEST_F(FilePathTest, WatchesTheLastFolderThatIsThere) {
  EXPECT_EQ(folders_of(root_ / "a/b/c.json"), (folder_set{root_}));
}

TEST_F(FilePathTest, WatchesTheFolderOfEachLink) {
  write("v1/c.json");
  fs::create_directory(root_ / "cfg");
  fs::create_symlink("../v1", root_ / "cfg/..data");
  fs::create_symlink("..data/c.json", root_ / "cfg/c.json");
  EXPECT_EQ(folders_of(root_ / "cfg/c.json"),
            (folder_set{root_ / "cfg", root_ / "cfg/../v1"}));
}

TEST_F(FilePathTest, FollowsAbsoluteLinks) {
  auto target = write("real/c.json");
  fs::create_symlink(target, root_ / "link.json");
  EXPECT_EQ(folders_of(root_ / "link.json"),
            (folder_set{root_, root_ / "real"}));
}

TEST_F(FilePathTest, WatchesWhereADanglingLinkLeads) {
  fs::create_directory(root_ / "real");
  fs::create_symlink("real/c.json", root_ / "link.json");
  EXPECT_EQ(folders_of(root_ / "link.json"),
            (folder_set{root_, root_ / "real"}));
}

TEST_F(FilePathTest, EndsInACircleOfLinks) {
  fs::create_symlink("b", root_ / "a");
  fs::create_symlink("a", root_ / "b");
  EXPECT_EQ(folders_of(root_ / "a"), (folder_set{root_}));
}

TEST_F(FilePathTest, StampsDifferAfterAChange) {
  auto file = write("c.json");
  auto before = stamp_of(file);
  ASSERT_TRUE(before);
  EXPECT_EQ(stamp_of(file), before);
  write("c.json", "{ }");
  EXPECT_NE(stamp_of(file), before);
  fs::remove(file);
  EXPECT_EQ(stamp_of(file), std::nullopt);
}

} // namespace mcpool::config
