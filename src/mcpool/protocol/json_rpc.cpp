// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/protocol/json_rpc.hpp>

#include <mcpool/core/cat.hpp>
#include <mcpool/protocol/json_read.hpp>
#include <mcpool/protocol/json_scan.hpp>
#include <mcpool/protocol/json_write.hpp>

namespace mcpool::protocol {

namespace {

// -- decoding -----------------------------------------------------------------

// The members of a message as JSON text; empty where there is none.
struct envelope {
  std::string_view jsonrpc;
  std::string_view id;
  std::string_view method;
  std::string_view params;
  std::string_view result;
  std::string_view error;
};

refusal violation(std::string_view why) {
  return make_refusal(errc::protocol_violation,
                      cat("not a JSON-RPC message: ", why));
}

envelope make_envelope(const std::vector<json_member>& members) {
  envelope out;
  for (const auto& [key, value, text] : members) {
    if (key == "jsonrpc")
      out.jsonrpc = value;
    else if (key == "id")
      out.id = value;
    else if (key == "method")
      out.method = value;
    else if (key == "params")
      out.params = value;
    else if (key == "result")
      out.result = value;
    else if (key == "error")
      out.error = value;
  }
  return out;
}

// Where servers write `null` for what is absent.
void drop_nulls(envelope& x) {
  if (is_absent(x.params))
    x.params = {};
  if (is_absent(x.error))
    x.error = {};
  if (is_absent(x.result) && !x.error.empty())
    x.result = {};
}

bool is_id(std::string_view x) {
  auto kind = kind_of(x);
  return kind == json_kind::string
         || (kind == json_kind::number
             && (read_integer(x) || x.find_first_of(".eE") == x.npos));
}

class decoder {
public:
  decoder(const shared_text& bytes, const decode_limits& limits)
    : bytes_(bytes),
      scan_{limits.depth, 1000} {}

  result<message> one(std::string_view text) const {
    auto members = scan_object(text, scan_);
    if (!members)
      return members.error();
    auto parts = make_envelope(*members);
    if (read_string(parts.jsonrpc) != "2.0")
      return violation("it lacks \"jsonrpc\": \"2.0\"");
    drop_nulls(parts);
    auto out = parts.method.empty() ? answer(parts) : question(parts);
    if (out)
      out->size = text.size();
    return out;
  }

private:
  result<message> question(const envelope& x) const {
    if (!x.result.empty() || !x.error.empty())
      return violation("it has a method and an outcome");
    if (kind_of(x.method) != json_kind::string)
      return violation("its method is no string");
    if (!x.id.empty() && !is_id(x.id))
      return violation("its id is neither a string nor an integer");
    auto kind = kind_of(x.params);
    if (kind != json_kind::none && kind != json_kind::object
        && kind != json_kind::array)
      return violation("its params are neither an object nor an array");
    auto out = begin(
      x.id.empty() ? message_kind::notification : message_kind::request, x);
    out.method = string_or_empty(x.method);
    out.params = bytes_.slice(x.params);
    return out;
  }

  result<message> answer(const envelope& x) const {
    if (x.result.empty() == x.error.empty())
      return violation(x.result.empty()
                         ? "it has neither method, result nor error"
                         : "it has both result and error");
    return x.error.empty() ? success(x) : failure(x);
  }

  result<message> success(const envelope& x) const {
    if (!is_id(x.id))
      return violation("its id is neither a string nor an integer");
    auto out = begin(message_kind::result, x);
    out.result = bytes_.slice(x.result);
    return out;
  }

  result<message> failure(const envelope& x) const {
    if (!is_absent(x.id) && !is_id(x.id))
      return violation("its id is neither a string nor an integer");
    if (kind_of(x.error) != json_kind::object)
      return violation("its error is no object");
    auto members = scan_object(x.error, scan_);
    if (!members)
      return members.error();
    auto code = read_integer(find_member(*members, "code"));
    if (!code)
      return violation("its error has no integer code");
    auto out = begin(message_kind::error, x);
    out.error.code = *code;
    out.error.message = string_or_empty(find_member(*members, "message"));
    out.error.data = std::string{find_member(*members, "data")};
    return out;
  }

  message begin(message_kind kind, const envelope& x) const {
    message out;
    out.kind = kind;
    out.id = bytes_.slice(x.id);
    out.number = read_integer(x.id);
    return out;
  }

  const shared_text& bytes_;
  // A message has six members; some room for those of other names.
  scan_limits scan_;
};

result<std::vector<message>> decode_batch(const decoder& decode_one,
                                          std::string_view text,
                                          const decode_limits& limits) {
  auto elements = scan_array(text, {limits.depth + 1, limits.batch});
  if (!elements)
    return elements.error();
  if (elements->empty())
    return violation("the array is empty");
  std::vector<message> out;
  out.reserve(elements->size());
  for (auto element : *elements) {
    auto x = decode_one.one(element);
    if (!x)
      return x.error();
    out.push_back(std::move(*x));
  }
  return out;
}

// -- encoding -----------------------------------------------------------------

std::string begin_message(std::size_t room) {
  std::string out;
  out.reserve(room + 64);
  out += R"({"jsonrpc":"2.0")";
  return out;
}

shared_text end_message(std::string out) {
  out += '}';
  return shared_text{std::move(out)};
}

void append_method(std::string& out, std::string_view method,
                   std::string_view params) {
  out += R"(,"method":)";
  append_quoted(out, method);
  if (params.empty())
    return;
  out += R"(,"params":)";
  append_one_line(out, params);
}

void append_id(std::string& out, std::string_view id) {
  out += R"(,"id":)";
  append_one_line(out, id.empty() ? "null" : id);
}

// -- params -------------------------------------------------------------------

refusal as_request(refusal why) {
  if (why.code == errc::protocol_violation)
    why.code = errc::invalid_request;
  return why;
}

result<std::vector<json_member>> scan_params(std::string_view json,
                                             const scan_limits& limits = {}) {
  auto out = scan_object(json.empty() ? "{}" : json, limits);
  if (!out)
    return as_request(out.error());
  return out;
}

void append_item(std::string& out, std::string_view text) {
  if (!out.empty())
    out += ',';
  out += text;
}

// The members of a `_meta`, without its braces.
result<std::string> merge_meta(std::string_view old, std::string_view meta,
                               std::optional<std::int64_t> token) {
  constexpr scan_limits small{64, 1000};
  auto before = scan_params(is_absent(old) ? "" : old, small);
  if (!before)
    return before.error();
  auto added = scan_params(meta, small);
  if (!added)
    return added.error();
  std::string out;
  for (const auto& x : *before)
    if (x.key != "progressToken" && find_member(*added, x.key).empty())
      append_item(out, x.text);
  for (const auto& x : *added)
    if (x.key != "progressToken")
      append_item(out, x.text);
  if (token)
    append_item(out, cat(R"("progressToken":)", *token));
  return out;
}

} // namespace

result<std::vector<message>> decode(const shared_text& bytes,
                                    const decode_limits& limits) {
  auto text = bytes.view();
  if (text.size() > limits.bytes)
    return make_refusal(errc::payload_too_large,
                        cat("a message has ", text.size(), " bytes, at most ",
                            limits.bytes, " are allowed"));
  decoder decode_one{bytes, limits};
  auto start = text.find_first_not_of(" \t\r\n");
  if (start != text.npos && text[start] == '[')
    return decode_batch(decode_one, text, limits);
  auto x = decode_one.one(text);
  if (!x)
    return x.error();
  std::vector<message> out;
  out.push_back(std::move(*x));
  return out;
}

shared_text encode_request(std::int64_t id, std::string_view method,
                           std::string_view params) {
  auto out = begin_message(method.size() + params.size());
  append_id(out, cat(id));
  append_method(out, method, params);
  return end_message(std::move(out));
}

shared_text encode_notification(std::string_view method,
                                std::string_view params) {
  auto out = begin_message(method.size() + params.size());
  append_method(out, method, params);
  return end_message(std::move(out));
}

shared_text encode_result(std::string_view id, std::string_view result) {
  auto out = begin_message(id.size() + result.size());
  append_id(out, id);
  out += R"(,"result":)";
  append_one_line(out, result);
  return end_message(std::move(out));
}

shared_text encode_error(std::string_view id, std::int64_t code,
                         std::string_view message) {
  auto out = begin_message(id.size() + message.size());
  append_id(out, id);
  out += cat(R"(,"error":{"code":)", code, R"(,"message":)");
  append_quoted(out, message);
  out += '}';
  return end_message(std::move(out));
}

result<void> check_object(std::string_view json) {
  if (auto r = scan_object(json); !r)
    return as_request(r.error());
  return {};
}

result<std::string> with_meta(std::string_view params, std::string_view meta,
                              std::optional<std::int64_t> token) {
  auto members = scan_params(params);
  if (!members)
    return members.error();
  auto old = find_member(*members, "_meta");
  auto merged = merge_meta(old, meta, token);
  if (!merged)
    return merged;
  if (old.empty() && merged->empty())
    return std::string{params};
  std::string out;
  out.reserve(params.size() + merged->size() + 16);
  out += merged->empty() ? "{" : cat(R"({"_meta":{)", *merged, "}");
  for (const auto& x : *members) {
    if (x.key == "_meta")
      continue;
    if (out.size() > 1)
      out += ',';
    out += x.text;
  }
  out += '}';
  return out;
}

} // namespace mcpool::protocol
