// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/system/http_server.hpp>
#include <mcpool/system/system_test.hpp>

#include <gtest/gtest.h>

#include <optional>
#include <ostream>
#include <string>

// Each measurement once, as short as it can be: it must work, not be fast.

namespace mcpool::system {

namespace {

using namespace testing;

struct bench_case {
  std::string name;
  words args;
  words fields;
  bool over_http = true;
};

void PrintTo(const bench_case& x, std::ostream* out) {
  *out << x.name;
}

const words loop_args{"--secs", "0.1",           "--warmup",
                      "0.05",   "--concurrency", "4"};
const words loop_fields{"ops",    "ops_s",  "p50_us",
                        "p99_us", "rss_kb", "cpu_us_per_op"};

const bench_case cases[] = {
  {"warm_get", loop_args, loop_fields},
  {"warm_get", {"--ttl", "0", "--secs", "0.1", "--warmup", "0"}, loop_fields},
  {"call", loop_args, loop_fields},
  {"cold_storm",
   {"--owners", "4", "--servers", "2"},
   {"connected", "wall_ms", "cpu_ms", "rss_base_kb", "hwm_kb"}},
  {"race",
   {"--concurrency", "8"},
   {"distinct_connections", "still_connected_after_disconnect_all", "wall_ms"}},
  {"mem",
   {"--n", "10", "--settle", "0.1"},
   {"n", "rss_base_kb", "rss_connected_kb", "rss_settled_kb", "per_conn_kb",
    "rss_total_per_conn_kb", "connect_wall_ms"}},
  {"stale", {"--n", "4"}, {"cold_ms", "restart_ms", "renewed", "cpu_ms"}},
  {"stdio",
   {"--n", "4", "--batch", "2"},
   {"n", "wall_ms", "cpu_ms", "rss_kb"},
   false},
  {"stdio_call", loop_args, loop_fields, false},
  {"idle",
   {"--n", "3", "--settle", "0.1"},
   {"ready_ms", "processes", "cpu_pct", "rss_kb"},
   false},
  {"recover",
   {"--n", "2"},
   {"refused", "first_answer_p50_ms", "first_answer_max_ms"},
   false},
};

} // namespace

class BenchTest : public system_test, public WithParamInterface<bench_case> {
protected:
  json measure(const bench_case& x, words more) {
    process_spec spec;
    spec.program = MCPOOL_BENCH;
    spec.environment = environment;
    spec.args = {x.name, "--no-such-option", "7"};
    spec.args.insert(spec.args.end(), x.args.begin(), x.args.end());
    spec.args.insert(spec.args.end(), more.begin(), more.end());
    return printed_json(process{spec, folder()}.finish(patience));
  }

  /// The command line that says where the server is, which starts if need be.
  words place(const bench_case& x) {
    if (!x.over_http)
      return {"--command", std::string{MCPOOL_FAKE_SERVER} + " stdio"};
    server_.emplace(http_server::fake(*this, {"--get-stream"}));
    return {"--base-port", std::to_string(server_->port())};
  }

  void expect_fields(const bench_case& x, const json& found) {
    EXPECT_EQ(found.at("bench"), x.name);
    EXPECT_EQ(found.at("errors"), 0) << found;
    for (const auto& field : x.fields)
      EXPECT_TRUE(found.contains(field)) << field << " in " << found;
  }

  void TearDown() override {
    server_.reset();
    system_test::TearDown();
  }

private:
  std::optional<http_server> server_;
};

TEST_P(BenchTest, MeasuresThroughThePool) {
  auto found = measure(GetParam(), place(GetParam()));
  expect_fields(GetParam(), found);
  EXPECT_EQ(found.at("driver"), "mcpool");
}

TEST_P(BenchTest, MeasuresTheSameWithNoPool) {
  auto more = place(GetParam());
  more.insert(more.end(), {"--raw", "--name", "bare"});
  auto found = measure(GetParam(), more);
  expect_fields(GetParam(), found);
  EXPECT_EQ(found.at("driver"), "bare");
}

INSTANTIATE_TEST_SUITE_P(Cases, BenchTest, ValuesIn(cases));

} // namespace mcpool::system
