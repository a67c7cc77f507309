// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/protocol/mcp/paged_list.hpp>

#include <mcpool/core/cat.hpp>
#include <mcpool/protocol/json_read.hpp>
#include <mcpool/protocol/json_scan.hpp>

#include <array>
#include <utility>

namespace mcpool::protocol::mcp {

namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 4> members{
  {{"tools/list", "tools"},
   {"prompts/list", "prompts"},
   {"resources/list", "resources"},
   {"resources/templates/list", "resourceTemplates"}}};

refusal violation(std::string_view method, std::string_view why) {
  return make_refusal(errc::protocol_violation,
                      cat("the server's answer to ", method, " ", why));
}

} // namespace

std::string_view list_member(std::string_view method) noexcept {
  for (const auto& [name, member] : members)
    if (name == method)
      return member;
  return {};
}

result<std::optional<std::string>> paged_list::feed(const shared_text& page) {
  if (pages_ == budget_.pages)
    return exceeds("pages", budget_.pages);
  ++pages_;
  if (page.size() > budget_.bytes - bytes_)
    return exceeds("bytes", budget_.bytes);
  bytes_ += page.size();
  auto result = scan_object(page.view());
  if (!result)
    return violation(method_, cat("cannot be used: ", result.error().text));
  if (auto r = append(find_member(*result, list_member(method_))); !r)
    return r.error();
  return next(find_member(*result, "nextCursor"));
}

shared_text paged_list::items() const {
  return shared_text{cat("[", text_, "]")};
}

result<void> paged_list::append(std::string_view array) {
  // The whole page was scanned before: the array cannot be too deep.
  auto elements = scan_array(array, {128, budget_.items - count_});
  if (!elements && elements.error().code == errc::payload_too_large)
    return exceeds("items", budget_.items);
  if (!elements)
    return violation(method_, cat("has no array of ", list_member(method_)));
  for (auto element : *elements) {
    if (count_++ != 0)
      text_ += ',';
    text_ += element;
  }
  return {};
}

result<std::optional<std::string>> paged_list::next(std::string_view cursor) {
  if (is_absent(cursor))
    return std::optional<std::string>{};
  auto text = read_string(cursor);
  if (!text)
    return violation(method_, "has a nextCursor that is no string");
  if (pages_ == budget_.pages)
    return exceeds("pages", budget_.pages);
  if (!cursors_.insert(*text).second)
    return violation(method_, "repeats a nextCursor: its pages never end");
  return text;
}

refusal paged_list::exceeds(std::string_view what, std::uint64_t bound) const {
  return make_refusal(errc::payload_too_large,
                      cat(method_, " returned more than ", bound, " ", what,
                          " (so far ", count_, " items on ", pages_,
                          " pages with ", bytes_,
                          " bytes): raise the list limits of this server"));
}

} // namespace mcpool::protocol::mcp
