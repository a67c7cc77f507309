// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/system/system_test.hpp>

#include <algorithm>
#include <cstdlib>
#include <random>
#include <utility>

#include <unistd.h>

namespace mcpool::system {

namespace {

constexpr auto marker = "TESTRUN";

std::string unique_id() {
  std::random_device random;
  return std::to_string(getpid()) + "-" + std::to_string(random()) + "-"
         + std::to_string(random());
}

// What this process has, but for what would change the program under test.
std::map<std::string, std::string> clean_environment() {
  std::map<std::string, std::string> out;
  for (auto** entry = ::environ; *entry != nullptr; ++entry) {
    std::string line{*entry};
    auto name = line.substr(0, line.find('='));
    if (name.rfind("MCPOOL_", 0) != 0)
      out[name] = line.substr(std::min(line.size(), name.size() + 1));
  }
  out["no_proxy"] = "*";
  return out;
}

} // namespace

system_test::system_test()
  : environment(clean_environment()),
    run_id_(unique_id()) {
  environment[marker] = run_id_;
  // Their servers are on this machine, whatever proxy there is.
  setenv("no_proxy", "*", 1);
  adopt_orphans();
}

std::vector<resident> system_test::residents() const {
  return system::residents(marker + ("=" + run_id_));
}

bool system_test::all_gone() const {
  reap_children();
  return residents().empty();
}

void system_test::TearDown() {
  auto gone
    = eventually([this] { return all_gone(); }, std::chrono::seconds{5});
  EXPECT_TRUE(gone) << "left over:\n" << to_string(residents());
}

process system_test::start(words args, std::string input) {
  args.insert(args.begin(), {"--config", config_file()});
  return process{{MCPOOL_PROGRAM, std::move(args), environment,
                  std::move(input), folder(), user},
                 folder()};
}

outcome system_test::run(words args, std::string input) {
  return start(std::move(args), std::move(input)).finish(patience);
}

outcome system_test::run_bare(words args) {
  process_spec spec{MCPOOL_PROGRAM, std::move(args), environment, "", folder()};
  return process{spec, folder()}.finish(patience);
}

outcome system_test::run_shell(const std::string& line) {
  auto variables = environment;
  variables["mcpool"] = std::string{"timeout 20 "} + MCPOOL_PROGRAM
                        + " --config " + config_file().string();
  process_spec spec{"/bin/sh", {"-c", line}, variables, "", folder()};
  return process{spec, folder()}.finish(patience);
}

void system_test::configure(json servers, json pool) {
  json all{{"mcpServers", std::move(servers)}, {"pool", std::move(pool)}};
  configure_text(all.dump(2));
}

void system_test::configure_text(std::string_view text) {
  write_file(config_file(), text);
}

json system_test::marked() const {
  return {{marker, run_id_}};
}

json system_test::fake(words args) const {
  args.insert(args.begin(),
              {"stdio", "--lifetime", std::to_string(lifetime.count()) + "s"});
  return {{"command", MCPOOL_FAKE_SERVER},
          {"args", std::move(args)},
          {"env", marked()},
          {"closeTimeout", "500ms"}};
}

json system_test::everything() const {
  return {{"command", MCPOOL_NODE},
          {"args", {MCPOOL_EVERYTHING, "stdio"}},
          {"env", marked()}};
}

std::string system_test::stats_folder(const std::string& name) const {
  std::filesystem::create_directories(file(name));
  return file(name);
}

std::vector<json> system_test::records(const std::string& name) const {
  std::vector<json> out;
  for (int i = 1;; ++i) {
    auto one = file(name) / ("process-" + std::to_string(i) + ".json");
    auto text = read_file(one);
    if (text.empty())
      return out;
    out.push_back(json::parse(text));
  }
}

std::string printed(const outcome& x, int code) {
  EXPECT_EQ(x.code, code);
  EXPECT_EQ(x.err, "");
  return x.out;
}

json printed_json(const outcome& x, int code) {
  auto text = printed(x, code);
  EXPECT_EQ(text.find('\n'), text.size() - 1) << text;
  auto out = json::parse(text, nullptr, false);
  EXPECT_FALSE(out.is_discarded()) << text;
  return out;
}

std::string complaint(const outcome& x, int code) {
  constexpr std::string_view prefix = "mcpool: ";
  EXPECT_EQ(x.code, code);
  EXPECT_EQ(x.out, "");
  EXPECT_EQ(x.err.rfind(prefix, 0), 0U) << x.err;
  EXPECT_EQ(x.err.find('\n'), x.err.size() - 1) << x.err;
  if (x.err.size() <= prefix.size())
    return x.err;
  return x.err.substr(prefix.size(), x.err.size() - prefix.size() - 1);
}

} // namespace mcpool::system
