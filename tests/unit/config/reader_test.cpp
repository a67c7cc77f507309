// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/config/reader.hpp>

#include <mcpool/config/load.hpp>

#include <gtest/gtest.h>

namespace mcpool::config {

namespace {

const environment env{{"SET", "yes"}, {"LATIN", "\xe4"}, {"LINES", "a\nb"}};

// All findings of one text, a line each, without its name.
std::string findings_of(const std::string& text,
                        const environment& with = env) {
  auto out = load_texts({{"/etc/mcpool.json", text}}, with);
  std::string lines;
  for (auto& x : out.findings) {
    EXPECT_EQ(x.file, x.line > 0 ? "/etc/mcpool.json" : "") << to_string(x);
    x.file.clear();
    x.line = 0;
    lines += (lines.empty() ? "" : "\n") + to_string(x);
  }
  return lines;
}

// The same for the members of one server, without the path to it.
std::string server_findings_of(const std::string& members) {
  auto text = findings_of("{\"mcpServers\":{\"a\":{" + members + "}}}");
  constexpr std::string_view path = "mcpServers.a";
  EXPECT_EQ(text.substr(0, path.size()), text.empty() ? "" : path);
  return text.substr(std::min(path.size(), text.size()));
}

struct bad_input {
  std::string text;
  std::string findings;
};

const bad_input bad_files[] = {
  {"[]", "must be an object, not an array"},
  {"3", "must be an object, not a number"},
  {"{\"mcpServers\": []}", "mcpServers: must be an object, not an array"},
  {"{\"pool\": null}", "pool: must be an object, not null"},
  {"{\"$schema\": 1}", "$schema: must be text, not a number"},
  {"{\"mcpservers\": {}}",
   "mcpservers: is no known key; did you mean \"mcpServers\"?"},
  {"{\"inputs\": []}",
   "inputs: is no known key; known here: mcpServers, pool, $schema"},
  {"{\"pool\": {}, \"pool\": {}}", "pool: is there twice; keep one of them"},
  {"{\"mcpServers\": {\"a\": 1}}",
   "mcpServers.a: must be an object, not a number"},
  {"{\"mcpServers\": {\"a\": {\"command\":\"x\"}, \"a\": {\"url\": "
   "\"http://h\"}}}",
   "mcpServers.a: is there twice; keep one of them"},
  {"{\"mcpServers\": {\"\": {\"command\":\"x\"}}}",
   "mcpServers[\"\"]: must be a name of 1 to 128 bytes"},
  {"{\"mcpServers\": {\"a/b\": {\"command\":\"x\"}}}",
   "mcpServers[\"a/b\"]: must be a name without / and control characters"},
  {"{\"mcpServers\": {\"a\\n\": {\"command\":\"x\"}}}",
   "mcpServers[\"a\\u000a\"]: must be a name without / and control "
   "characters"},
};

const bad_input bad_servers[] = {
  {"", ": needs command (a local program) or url (a remote server)"},
  {R"("command":"x","url":"http://h")",
   ": has both command and url; keep one, or say with type which of them "
   "counts"},
  {R"("type":"http","command":"x")",
   ": needs url, being of type streamable-http\n"
   "mcpServers.a.command: fits servers of type stdio only, and this one is "
   "streamable-http"},
  {R"("type":"stdio")", ": needs command, being of type stdio"},
  {R"("type":"sse","url":"http://h")",
   R"(.type: "sse" is not supported by this version; allowed are "stdio", )"
   R"("streamable-http", "streamable_http", "http")"},
  {R"("type":"websocket","url":"ws://h")",
   R"(.type: "websocket" is not supported by this version; allowed are )"
   R"("stdio", "streamable-http", "streamable_http", "http")"
   "\nmcpServers.a.url: must be a URL that begins with http:// or https://"},
  {R"("type":"ws","url":"http://h")",
   R"(.type: "ws" is not supported by this version; allowed are "stdio", )"
   R"("streamable-http", "streamable_http", "http")"},
  {R"("type":"sdtio","command":"x")",
   R"(.type: "sdtio" is not allowed; did you mean "stdio"?)"},
  {R"("type":"carrier pigeon","command":"x")",
   R"(.type: "carrier pigeon" is not allowed; allowed are "stdio", )"
   R"("streamable-http", "streamable_http", "http")"},
  {R"("type":1,"command":"x")", ".type: must be text, not a number"},
  {R"("comand":"x","url":"http://h")",
   ".comand: is no known key; did you mean \"command\"?"},
  {R"("command":"x","autoApprove":[])", ".autoApprove: is no known key"},
  {R"("command":"x","timeuot":1)",
   ".timeuot: is no known key; did you mean \"timeout\"?"},
  {R"("command":"x","command":"y")",
   ".command: is there twice; keep one of them"},
  {R"("command":"")", ".command: must not be empty"},
  {R"("command":["x"])", ".command: must be text, not an array"},
  {R"("command":"a\u0000b")", ".command: must not hold a NUL character"},
  {R"("command":"${SET}")",
   ".command: must not hold variables; they are replaced in args, env, cwd, "
   "url and headers only"},
  {R"("command":"x","args":"-y")", ".args: must be an array, not text"},
  {R"("command":"x","args":["a",3])", ".args[1]: must be text, not a number"},
  {R"("command":"x","args":["${NO}","${SET}","${ALSO} ${NO}"])",
   ".args[0]: refers to the variable NO, which is not set; set it or write "
   "${NO:-default}\n"
   "mcpServers.a.args[2]: refers to the variable ALSO, which is not set; set "
   "it or write ${ALSO:-default}\n"
   "mcpServers.a.args[2]: refers to the variable NO, which is not set; set it "
   "or write ${NO:-default}"},
  {R"("command":"x","args":["${SET"])",
   ".args[0]: holds a ${ without its }; write $${ for the text ${"},
  {R"("command":"x","args":["${LATIN}"])",
   ".args[0]: is no valid UTF-8 with its variables replaced"},
  {R"("command":"x","env":{"A=B":"x","":"y"})",
   ".env[\"A=B\"]: is no name of a variable; it must not be empty, and not "
   "hold = or NUL\n"
   "mcpServers.a.env[\"\"]: is no name of a variable; it must not be empty, "
   "and not hold = or NUL"},
  {R"("command":"x","env":{"PORT":8080})",
   ".env.PORT: must be text, not a number"},
  {R"("command":"x","cwd":true)", ".cwd: must be text, not a boolean"},
  {R"("command":"x","headers":{})",
   ".headers: fits servers of type streamable-http only, and this one is "
   "stdio"},
  {R"("command":"x","connectTimeout":1)",
   ".connectTimeout: fits servers of type streamable-http only, and this one "
   "is stdio"},
  {R"("url":"http://h","args":[])",
   ".args: fits servers of type stdio only, and this one is streamable-http"},
  {R"("url":"http://u:p@h")",
   ".url: must not hold a user or password; put the credentials into headers"},
  {R"("url":"${NO}")",
   ".url: refers to the variable NO, which is not set; set it or write "
   "${NO:-default}"},
  {R"("url":"http://h","headers":{"A B":"x"})",
   ".headers[\"A B\"]: is no header name; it may hold letters, digits and "
   "!#$%&'*+-.^_`|~"},
  {R"("url":"http://h","headers":{"Accept":"x"})",
   ".headers.Accept: is a header that mcpool sets itself"},
  {R"("url":"http://h","headers":{"X-A":"1","x-a":"2"})",
   ".headers.x-a: is the same header as \"X-A\""},
  {R"("url":"http://h","headers":{"X-A":"${LINES}"})",
   ".headers.X-A: must not hold control characters such as a line break"},
  {R"("url":"http://h","sseReadTimeout":1000,"streamIdleTimeout":1000)",
   ".sseReadTimeout: is another name of streamIdleTimeout; keep one of the "
   "two"},
  {R"("command":"x","startup":"yes")", ".startup: must be a boolean, not text"},
  {R"("command":"x","disabled":1)", ".disabled: must be a boolean, not a "
                                    "number"},
  {R"("command":"x","replacement":"stop-first")",
   ".replacement: \"stop-first\" is not allowed; did you mean "
   "\"stop_first\"?"},
  {R"("command":"x","timeout":"25h")",
   ".timeout: \"25h\" is out of range; allowed is 1ms to 1d"},
  {R"("command":"x","timeout":0)",
   ".timeout: 0 is out of range; allowed is 1ms to 1d"},
  {R"("command":"x","timeout":-5)",
   ".timeout: -5 is out of range; allowed is 1ms to 1d"},
  {R"("command":"x","timeout":"soon")",
   ".timeout: \"soon\" is no duration up to 365d; write one such as "
   "\"250ms\", \"30s\", \"15m\" or \"2h\""},
  {R"("command":"x","timeout":1e3)",
   ".timeout: 1e3 is no duration up to 365d; write one such as \"250ms\", "
   "\"30s\", \"15m\" or \"2h\""},
  {R"("command":"x","timeout":true)",
   ".timeout: must be a duration such as \"30s\", or a number of "
   "milliseconds, not a boolean"},
  {R"("command":"x","maxMessageBytes":999)",
   ".maxMessageBytes: 999 is out of range; allowed is 1kB to 1GiB"},
  {R"("command":"x","maxMessageBytes":"2GiB")",
   ".maxMessageBytes: \"2GiB\" is out of range; allowed is 1kB to 1GiB"},
  {R"("command":"x","maxMessageBytes":"much")",
   ".maxMessageBytes: must be a number of bytes, or one with a unit such as "
   "\"512KiB\", \"16MiB\" or \"1GiB\""},
  {R"("command":"x","list":{"maxPages":0,"maxItem":1})",
   ".list.maxPages: 0 is out of range; allowed is 1 to 10000\n"
   "mcpServers.a.list.maxItem: is no known key; did you mean \"maxItems\"?"},
  {R"("command":"x","list":3)", ".list: must be an object, not a number"},
};

const bad_input bad_pools[] = {
  {R"("idleTimeout":"15m")",
   "pool.idleTimeout: is no known key; known here: throttle, maxAttempts, "
   "cooldown, threads, drainTimeout, livenessTtl, pingTimeout, maxCallsPerConnection, "
   "maxWaitingCallers, scopeIdleTimeout, maxScopes, defaults"},
  {R"("threads":257)", "pool.threads: 257 is out of range; allowed is 0 to "
                       "256"},
  {R"("threads":-1)", "pool.threads: -1 is out of range; allowed is 0 to 256"},
  {R"("threads":99999999999)",
   "pool.threads: 99999999999 is out of range; allowed is 0 to 256"},
  {R"("threads":"4")", "pool.threads: must be a whole number, not text"},
  {R"("threads":1.5)", "pool.threads: must be a whole number, not 1.5"},
  {R"("throttle":{"maxstarting":1})",
   "pool.throttle.maxstarting: is no known key; did you mean "
   "\"maxStarting\"?"},
  {R"("throttle":{"maxStarting":0})",
   "pool.throttle.maxStarting: 0 is out of range; allowed is 1 to 100000"},
  {R"("defaults":[])", "pool.defaults: must be an object, not an array"},
  {R"("defaults":{"url":"http://h"})",
   "pool.defaults.url: has no default; write it into the servers it is meant "
   "for"},
  {R"("defaults":{"timeout":"2d"})",
   "pool.defaults.timeout: \"2d\" is out of range; allowed is 1ms to 1d"},
};

} // namespace

TEST(ReaderTest, ReportsFilesOfTheWrongShape) {
  for (const auto& x : bad_files)
    EXPECT_EQ(findings_of(x.text), x.findings) << x.text;
}

TEST(ReaderTest, ReportsServersThatCannotBe) {
  for (const auto& x : bad_servers)
    EXPECT_EQ(server_findings_of(x.text), x.findings) << x.text;
}

TEST(ReaderTest, ReportsValuesOfThePoolThatCannotBe) {
  for (const auto& x : bad_pools)
    EXPECT_EQ(findings_of("{\"pool\":{" + x.text + "}}"), x.findings) << x.text;
}

TEST(ReaderTest, ReportsVariablesThatCannotBe) {
  EXPECT_EQ(findings_of("{}", {{"MCPOOL_THREDS", "1"}}),
            "MCPOOL_THREDS: is no variable of mcpool, whose names begin with "
            "MCPOOL_; did you mean MCPOOL_THREADS?");
  EXPECT_EQ(findings_of("{}", {{"MCPOOL_TOKEN_OF_THE_KING", "1"}}),
            "MCPOOL_TOKEN_OF_THE_KING: is no variable of mcpool, whose names "
            "begin with MCPOOL_");
  EXPECT_EQ(findings_of("{}", {{"MCPOOL_THREADS", "many"}}),
            "MCPOOL_THREADS: must be a whole number, not text");
  EXPECT_EQ(findings_of("{}", {{"MCPOOL_DEFAULTS_LIST_MAX_PAGES", "0"}}),
            "MCPOOL_DEFAULTS_LIST_MAX_PAGES: 0 is out of range; allowed is 1 "
            "to 10000");
  EXPECT_EQ(findings_of("{}", {{"MCPOOL_DRAIN_TIMEOUT", ""}}),
            "MCPOOL_DRAIN_TIMEOUT: \"\" is no duration up to 365d; write one "
            "such as \"250ms\", \"30s\", \"15m\" or \"2h\"");
}

TEST(ReaderTest, LeavesVariablesOfTheCommandLineAlone) {
  EXPECT_EQ(findings_of("{}", {{"MCPOOL_CONFIG", "x"},
                               {"MCPOOL_LOG", "debug"},
                               {"MCPOOLS", "x"},
                               {"OTHER", "x"}}),
            "");
}

TEST(ReaderTest, NeverShowsTheValueOfASecret) {
  auto text = server_findings_of(
    R"("url":"http://h","headers":{"A":"hunter2\n","B":"hunter2${","C":)"
    R"(["hunter2"],"C":"hunter2"})");
  EXPECT_NE(text, "");
  EXPECT_EQ(text.find("hunter2"), std::string::npos) << text;
}

TEST(ReaderTest, NamesAreBoundedInBytes) {
  auto with_name = [](std::size_t size) {
    return findings_of("{\"mcpServers\":{\"" + std::string(size, 'n')
                       + "\":{\"command\":\"x\"}}}");
  };
  EXPECT_EQ(with_name(128), "");
  EXPECT_NE(with_name(129).find("must be a name of 1 to 128 bytes"),
            std::string::npos);
}

} // namespace mcpool::config
