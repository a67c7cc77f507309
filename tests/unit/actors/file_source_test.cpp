// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/actors/file_source.hpp>

#include "scratch_folder.hpp"

#include <mcpool/config/finding.hpp>
#include <mcpool/core/log.hpp>

#include <gmock/gmock.h>

#include <chrono>
#include <condition_variable>
#include <deque>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

#include <sys/stat.h>

using ::testing::HasSubstr;

namespace mcpool::actors {
namespace {

using namespace std::chrono_literals;

/// What a source delivered, in order.
class inbox {
public:
  struct entry {
    config_source::outcome files;
    read_cause cause = read_cause::noticed;
  };

  void put(config_source::outcome x, read_cause cause) {
    std::lock_guard guard{mutex_};
    entries_.push_back({std::move(x), cause});
    arrived_.notify_one();
  }

  /// Waits for the next one; fails the test after some seconds.
  entry next() {
    std::unique_lock guard{mutex_};
    if (!arrived_.wait_for(guard, 5s, [this] { return !entries_.empty(); }))
      throw std::runtime_error("nothing was delivered");
    auto out = std::move(entries_.front());
    entries_.pop_front();
    return out;
  }

  /// Waits for the first one with this command of the server `alpha`.
  void await_command(const std::string& command) {
    for (;;) {
      auto x = next();
      if (!*x.files)
        continue;
      auto pos = x.files->value->servers.find({"alpha"});
      if (pos != x.files->value->servers.end()
          && pos->second.command == command)
        return;
    }
  }

  bool empty() {
    std::lock_guard guard{mutex_};
    return entries_.empty();
  }

private:
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::deque<entry> entries_;
};

std::string with_command(const std::string& command) {
  return R"({"mcpServers": {"alpha": {"command": ")" + command + R"("}}})";
}

class FileSourceTest : public ::testing::Test {
protected:
  FileSourceTest() { log::set_level(log::level::off); }

  ~FileSourceTest() override {
    source = nullptr;
    loop.reset();
    log::set_level(log::level::warning);
  }

  void start(config::environment env = {}) {
    source = make_file_source(*loop, {file}, std::move(env));
    source->start([this](config_source::outcome x, read_cause cause) {
      seen.put(std::move(x), cause);
    });
  }

  /// Waits until the loop did everything that was asked of it before.
  void settle() {
    std::promise<void> done;
    loop->post([&done] { done.set_value(); });
    done.get_future().wait();
  }

  testing::scratch_folder folder;
  std::filesystem::path file = folder.path() / "mcpool.json";
  inbox seen;
  std::optional<transport::io_loop> loop{std::in_place};
  std::shared_ptr<config_source> source;
};

TEST_F(FileSourceTest, ReadsTheFilesWhenItStarts) {
  folder.write("mcpool.json", with_command("one"));
  start();
  auto x = seen.next();
  EXPECT_EQ(x.cause, read_cause::noticed);
  EXPECT_EQ(x.files->value->servers.at({"alpha"}).command, "one");
}

TEST_F(FileSourceTest, NoticesAFileThatIsWritten) {
  folder.write("mcpool.json", with_command("one"));
  start();
  seen.await_command("one");
  folder.write("mcpool.json", with_command("two"));
  seen.await_command("two");
}

TEST_F(FileSourceTest, NoticesAFileThatIsReplaced) {
  folder.write("mcpool.json", with_command("one"));
  start();
  seen.await_command("one");
  folder.write("new.json", with_command("two"));
  std::filesystem::rename(folder.path() / "new.json", file);
  seen.await_command("two");
}

TEST_F(FileSourceTest, NoticesAFileThatComesLater) {
  start();
  auto first = seen.next();
  EXPECT_FALSE(*first.files);
  EXPECT_THAT(config::refusal_of(first.files->findings).text,
              HasSubstr("mcpool.json"));
  folder.write("mcpool.json", with_command("late"));
  seen.await_command("late");
}

TEST_F(FileSourceTest, ReadsAgainWhenAsked) {
  folder.write("mcpool.json", with_command("one"));
  start();
  seen.next();
  source->reload();
  EXPECT_EQ(seen.next().cause, read_cause::reload);
}

TEST_F(FileSourceTest, AnswersAReloadThatComesAtOnce) {
  folder.write("mcpool.json", with_command("one"));
  start();
  source->reload();
  EXPECT_EQ(seen.next().cause, read_cause::noticed);
  EXPECT_EQ(seen.next().cause, read_cause::reload);
}

TEST_F(FileSourceTest, TellsWhatIsWrongWithTheFiles) {
  folder.write("mcpool.json", "{");
  start();
  auto x = seen.next();
  EXPECT_FALSE(*x.files);
  EXPECT_EQ(x.files->findings.size(), 1u);
}

TEST_F(FileSourceTest, KnowsTheVariablesOfTheFiles) {
  folder.write("mcpool.json", R"({"mcpServers": {"alpha": {"command": "x",)"
                              R"("args": ["${WHO}"]}}})");
  start({{"WHO", "ada"}});
  auto x = seen.next();
  ASSERT_TRUE(*x.files);
  EXPECT_EQ(x.files->value->servers.at({"alpha"}).args.at(0), "ada");
}

TEST_F(FileSourceTest, NeverWaitsForAPipeRegression) {
  ASSERT_EQ(::mkfifo(file.c_str(), 0600), 0);
  start();
  source->reload();
  auto x = seen.next();
  EXPECT_EQ(x.cause, read_cause::reload);
  ASSERT_FALSE(*x.files);
  EXPECT_THAT(config::refusal_of(x.files->findings).text,
              HasSubstr("is no regular file"));
  EXPECT_TRUE(seen.empty());
}

TEST_F(FileSourceTest, IsSilentOnceItIsGone) {
  folder.write("mcpool.json", with_command("one"));
  start();
  seen.next();
  source->reload();
  source = nullptr;
  settle();
  // It was still there for what it was asked before, or not.
  while (!seen.empty())
    seen.next();
  folder.write("mcpool.json", with_command("two"));
  loop.reset();
  EXPECT_TRUE(seen.empty());
}

} // namespace
} // namespace mcpool::actors
