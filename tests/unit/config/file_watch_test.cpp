// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/config/file_watch.hpp>

#include <gtest/gtest.h>

#include <fstream>
#include <optional>

#include <unistd.h>

namespace mcpool::config {

namespace {

namespace fs = std::filesystem;

using namespace std::chrono_literals;

// Long enough for a slow machine, and never waited for when all is well.
constexpr auto patience = 10s;

// Long enough for what must not come.
constexpr auto silence = 4 * file_watch::quiet_time;

class FileWatchTest : public testing::Test {
protected:
  FileWatchTest() {
    std::string name = fs::temp_directory_path() / "mcpool-watch-XXXXXX";
    root_ = ::mkdtemp(name.data());
  }

  ~FileWatchTest() override {
    watch_.reset();
    loop_.restart();
    loop_.run();
    fs::remove_all(root_);
  }

  void write(const fs::path& file, const std::string& text) {
    std::ofstream{root_ / file} << text;
  }

  void watch(const fs::path& file) {
    auto out = file_watch::start(loop_, {root_ / file}, [this] { ++calls_; });
    ASSERT_TRUE(out);
    watch_.emplace(std::move(*out));
    loop_.poll();
  }

  // Runs the loop until something is reported.
  bool reported() {
    auto before = calls_;
    auto end = std::chrono::steady_clock::now() + patience;
    loop_.restart();
    while (calls_ == before && std::chrono::steady_clock::now() < end)
      loop_.run_one_until(end);
    return calls_ != before;
  }

  bool silent() {
    auto before = calls_;
    loop_.restart();
    loop_.run_for(silence);
    return calls_ == before;
  }

  boost::asio::io_context loop_;
  fs::path root_;
  int calls_ = 0;
  std::optional<file_watch> watch_;
};

} // namespace

TEST_F(FileWatchTest, SaysNothingWithoutAChange) {
  write("c.json", "1");
  watch("c.json");
  EXPECT_TRUE(silent());
}

TEST_F(FileWatchTest, NoticesAFileThatIsWrittenInPlace) {
  write("c.json", "1");
  watch("c.json");
  write("c.json", "2");
  EXPECT_TRUE(reported());
  write("c.json", "3");
  EXPECT_TRUE(reported());
}

TEST_F(FileWatchTest, NoticesAFileThatIsReplaced) {
  write("c.json", "1");
  watch("c.json");
  for (auto text : {"2", "3"}) {
    write("c.json.tmp", text);
    fs::rename(root_ / "c.json.tmp", root_ / "c.json");
    EXPECT_TRUE(reported()) << text;
  }
}

TEST_F(FileWatchTest, NoticesAFileThatIsDeletedAndCreated) {
  write("c.json", "1");
  watch("c.json");
  fs::remove(root_ / "c.json");
  EXPECT_TRUE(reported());
  write("c.json", "1");
  EXPECT_TRUE(reported());
}

TEST_F(FileWatchTest, NoticesAFolderThatIsDeletedAndCreated) {
  fs::create_directory(root_ / "d");
  write("d/c.json", "1");
  watch("d/c.json");
  fs::remove_all(root_ / "d");
  EXPECT_TRUE(reported());
  fs::create_directory(root_ / "d");
  write("d/c.json", "1");
  EXPECT_TRUE(reported());
  EXPECT_TRUE(silent());
  write("d/c.json", "2");
  EXPECT_TRUE(reported());
}

TEST_F(FileWatchTest, NoticesALinkThatIsSwapped) {
  for (auto version : {"v1", "v2", "v3"}) {
    fs::create_directory(root_ / version);
    write(fs::path{version} / "c.json", "same");
  }
  fs::create_symlink("v1", root_ / "..data");
  fs::create_symlink("..data/c.json", root_ / "c.json");
  watch("c.json");
  for (auto version : {"v2", "v3"}) {
    fs::create_symlink(version, root_ / "..data_tmp");
    fs::rename(root_ / "..data_tmp", root_ / "..data");
    EXPECT_TRUE(reported()) << version;
    EXPECT_TRUE(silent()) << version;
  }
  write("v3/c.json", "other");
  EXPECT_TRUE(reported());
}

TEST_F(FileWatchTest, NoticesAChangeWhereALinkLeads) {
  fs::create_directory(root_ / "real");
  write("real/other.json", "1");
  fs::create_symlink("real/other.json", root_ / "c.json");
  watch("c.json");
  write("real/other.json", "2");
  EXPECT_TRUE(reported());
}

TEST_F(FileWatchTest, IgnoresOtherFiles) {
  write("c.json", "1");
  watch("c.json");
  write("other.json", "1");
  fs::remove(root_ / "other.json");
  EXPECT_TRUE(silent());
}

TEST_F(FileWatchTest, ReportsABurstOnce) {
  write("c.json", "1");
  watch("c.json");
  for (auto text : {"2", "3", "4", "5"})
    write("c.json", text);
  EXPECT_TRUE(reported());
  EXPECT_TRUE(silent());
  EXPECT_EQ(calls_, 1);
}

TEST_F(FileWatchTest, ReportsEndlessWritingInTime) {
  write("c.json", "1");
  watch("c.json");
  auto end = std::chrono::steady_clock::now() + patience;
  loop_.restart();
  while (calls_ == 0 && std::chrono::steady_clock::now() < end) {
    write("c.json", "x");
    loop_.run_for(10ms);
  }
  EXPECT_EQ(calls_, 1);
}

TEST_F(FileWatchTest, ReportsWhenTriggered) {
  watch("c.json");
  watch_->trigger();
  EXPECT_TRUE(reported());
  EXPECT_TRUE(silent());
}

TEST_F(FileWatchTest, SaysNothingAfterStop) {
  write("c.json", "1");
  watch("c.json");
  write("c.json", "2");
  watch_->stop();
  watch_->trigger();
  EXPECT_TRUE(silent());
  EXPECT_TRUE(loop_.stopped());
}

TEST_F(FileWatchTest, MayBeDestroyedByItsOwnCallback) {
  write("c.json", "1");
  auto out = file_watch::start(loop_, {root_ / "c.json"}, [this] {
    watch_.reset();
    ++calls_;
  });
  ASSERT_TRUE(out);
  watch_.emplace(std::move(*out));
  write("c.json", "2");
  EXPECT_TRUE(reported());
  write("c.json", "3");
  EXPECT_TRUE(silent());
  EXPECT_TRUE(loop_.stopped());
}

TEST_F(FileWatchTest, LetsTheLoopEndWhenItIsDestroyed) {
  watch("c.json");
  watch_.reset();
  loop_.restart();
  loop_.run_for(patience);
  EXPECT_TRUE(loop_.stopped());
}

} // namespace mcpool::config
