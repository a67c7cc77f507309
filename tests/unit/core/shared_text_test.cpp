// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/core/shared_text.hpp>

#include <gtest/gtest.h>

#include <optional>

namespace mcpool {
namespace {

TEST(SharedTextTest, IsEmptyByDefault) {
  shared_text x;
  EXPECT_TRUE(x.empty());
  EXPECT_EQ(x.size(), 0u);
  EXPECT_EQ(x.str(), "");
}

TEST(SharedTextTest, SharesItsMemoryWithCopies) {
  shared_text a{"hello"};
  auto b = a;
  EXPECT_EQ(a.view().data(), b.view().data());
}

TEST(SharedTextTest, SharesItsMemoryWithSlices) {
  shared_text a{"hello world"};
  auto b = a.slice(a.view().substr(6));
  EXPECT_EQ(b.view(), "world");
  EXPECT_EQ(b.view().data(), a.view().data() + 6);
}

TEST(SharedTextTest, LivesOnInASliceOfASlice) {
  std::optional<shared_text> whole{std::string(1000, 'a') + "end"};
  auto part = whole->slice(whole->view().substr(500));
  auto end = part.slice(part.view().substr(500));
  whole.reset();
  part = {};
  EXPECT_EQ(end.str(), "end");
}

TEST(SharedTextTest, ComparesContents) {
  EXPECT_EQ(shared_text{"a"}, shared_text{"a"});
  EXPECT_NE(shared_text{"a"}, shared_text{"b"});
  EXPECT_EQ(shared_text{}, shared_text{""});
}

TEST(SharedTextTest, KeepsShortTextsInPlaceWhenMoved) {
  shared_text a{"hi"};
  auto b = std::move(a);
  EXPECT_EQ(b.view(), "hi");
}

TEST(SharedTextTest, PrintsItsText) {
  EXPECT_EQ(to_string(shared_text{std::string("a\0b", 3)}).size(), 3u);
}

} // namespace
} // namespace mcpool
