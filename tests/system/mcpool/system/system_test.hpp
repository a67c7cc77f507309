// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/system/census.hpp>
#include <mcpool/system/process.hpp>
#include <mcpool/system/text_file.hpp>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <chrono>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

namespace mcpool::system {

using nlohmann::json;
using words = std::vector<std::string>;

/// How long a program may take that does not wait for anything.
inline constexpr std::chrono::seconds patience{30};

/// Waits until `done()` is true; false after `limit`.
template <class F>
bool eventually(F done, std::chrono::milliseconds limit = patience) {
  auto end = std::chrono::steady_clock::now() + limit;
  while (!done()) {
    if (std::chrono::steady_clock::now() > end)
      return false;
    std::this_thread::sleep_for(std::chrono::milliseconds{5});
  }
  return true;
}

/// A test with a folder of its own that runs programs and leaves no process.
class system_test : public ::testing::Test {
public:
  system_test();

  /// The environment of what is started; without any `MCPOOL_` variable.
  std::map<std::string, std::string> environment;

  /// Whom programs belong to that `start` starts; us if it is 0.
  uid_t user = 0;

  /// After this a server that misbehaves on demand ends, whatever happens.
  std::chrono::seconds lifetime{180};

  /// The test's own.
  const std::filesystem::path& folder() const { return folder_.path(); }

  std::filesystem::path file(const std::string& name) const {
    return folder() / name;
  }

protected:
  /// Fails the test unless everything is gone that it started.
  void TearDown() override;

  // -- the program ------------------------------------------------------------

  /// Starts `mcpool` with the configuration of `configure`.
  process start(words args, std::string input = {});

  /// Runs it to its end; input is what it reads.
  outcome run(words args, std::string input = {});

  /// The same without any configuration.
  outcome run_bare(words args);

  /// Runs a line of the shell in which `$mcpool` is the program with the
  /// configuration of `configure`, which is ended after 20 seconds.
  outcome run_shell(const std::string& line);

  // -- its configuration ------------------------------------------------------

  /// Writes the configuration: servers by name, and what `pool` holds.
  void configure(json servers, json pool = json::object());

  /// Writes any text as the configuration.
  void configure_text(std::string_view text);

  std::filesystem::path config_file() const { return file("mcpool.json"); }

  /// The server that misbehaves on demand, over stdio.
  json fake(words args = {}) const;

  /// The reference server, over stdio.
  json everything() const;

  /// The environment of a server's configuration, by which it is found.
  json marked() const;

  // -- what servers counted --------------------------------------------------

  /// A folder for `--stats-dir`.
  std::string stats_folder(const std::string& name) const;

  /// What the processes of such a folder wrote, in the order of their starts.
  std::vector<json> records(const std::string& name) const;

  // -- who is there ----------------------------------------------------------

  /// Every process that is alive because of this test.
  std::vector<resident> residents() const;

private:
  bool all_gone() const;

  temp_dir folder_;
  std::string run_id_;
};

/// Expects an end with this code that says nothing on standard error, and
/// returns what it printed.
std::string printed(const outcome& x, int code = 0);

/// The same for one line of JSON.
json printed_json(const outcome& x, int code = 0);

/// Expects an end with this code and returns the sentence on standard error,
/// without `mcpool: ` and the line end; standard output must be empty.
std::string complaint(const outcome& x, int code);

} // namespace mcpool::system
