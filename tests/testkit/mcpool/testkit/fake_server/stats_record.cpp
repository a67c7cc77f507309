// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/testkit/fake_server/stats_record.hpp>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <utility>

#include <unistd.h>

namespace mcpool::testkit::fake_server {

namespace {

constexpr std::size_t max_processes = 1'000'000;

bool write_whole(const std::string& path, const nlohmann::json& what) {
  using nlohmann::json;
  std::ofstream out{path, std::ios::trunc};
  out << what.dump(2, ' ', false, json::error_handler_t::replace) << '\n';
  out.close();
  return out.good();
}

std::string beside(const std::string& path) {
  return path + "." + std::to_string(::getpid()) + ".tmp";
}

void replace(const std::string& path, const nlohmann::json& what) {
  auto draft = beside(path);
  auto done
    = write_whole(draft, what) && std::rename(draft.c_str(), path.c_str()) == 0;
  if (!done)
    std::fprintf(stderr, "fake server: cannot write %s: %s\n", path.c_str(),
                 std::strerror(errno));
}

} // namespace

void stats_record::use_file(std::string path) {
  file_ = std::move(path);
}

parsed<std::size_t> stats_record::use_directory(const std::string& path,
                                                stats& numbers) {
  auto draft = beside(path + "/claim");
  int error = EEXIST;
  for (std::size_t n = 1; n <= max_processes && error == EEXIST; ++n) {
    numbers.set_process_number(n);
    process_file_ = path + "/process-" + std::to_string(n) + ".json";
    if (::access(process_file_.c_str(), F_OK) == 0)
      continue;
    // A hard link appears whole and fails if another process was faster.
    auto written = write_whole(draft, numbers.to_json());
    error = 0;
    if (!written || ::link(draft.c_str(), process_file_.c_str()) != 0)
      error = errno;
    ::unlink(draft.c_str());
    if (error == 0)
      return n;
  }
  return problem{"cannot claim a record in " + path + ": "
                 + std::strerror(error)};
}

void stats_record::flush(stats& numbers) {
  if ((file_.empty() && process_file_.empty()) || !numbers.take_changed())
    return;
  auto what = numbers.to_json();
  if (!file_.empty())
    replace(file_, what);
  if (!process_file_.empty())
    replace(process_file_, what);
}

} // namespace mcpool::testkit::fake_server
