#include "CDxshRE2.h"

#include <re2/re2.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

namespace {

const re2::RE2 &pattern_of(dxsh_re2 compiled) { return *static_cast<const re2::RE2 *>(compiled.object); }

void copy_message(const std::string &text, char *message, size_t capacity) {
  if (capacity == 0) return;
  const size_t count = std::min(text.size(), capacity - 1);
  std::memcpy(message, text.data(), count);
  message[count] = 0;
}

}  // namespace

extern "C" {

dxsh_re2_result dxsh_re2_compile(
    const char *pattern, size_t length, int64_t max_memory, dxsh_re2 *compiled, char *message, size_t capacity) {
  compiled->object = nullptr;
  if (capacity > 0) message[0] = 0;
  try {
    re2::RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(max_memory);
    auto object = std::make_unique<re2::RE2>(re2::StringPiece(pattern, length), options);
    if (!object->ok()) {
      copy_message(object->error(), message, capacity);
      const bool is_too_large = object->error_code() == re2::RE2::ErrorPatternTooLarge;
      return is_too_large ? DXSH_RE2_TOO_LARGE : DXSH_RE2_MALFORMED;
    }
    compiled->object = object.release();
    return DXSH_RE2_FOUND;
  } catch (...) {
    return DXSH_RE2_FAILED;
  }
}

void dxsh_re2_free(dxsh_re2 compiled) { delete static_cast<re2::RE2 *>(compiled.object); }

size_t dxsh_re2_group_count(dxsh_re2 compiled) {
  return static_cast<size_t>(std::max(0, pattern_of(compiled).NumberOfCapturingGroups()));
}

size_t dxsh_re2_size(dxsh_re2 compiled) {
  return static_cast<size_t>(std::max(0, pattern_of(compiled).ProgramSize()));
}

dxsh_re2_result dxsh_re2_find(
    dxsh_re2 compiled, const char *text, size_t length, size_t start, ptrdiff_t *offsets, size_t count) {
  try {
    // A null pointer would stand for a group that took no part.
    if (text == nullptr) text = "";
    const re2::StringPiece whole(text, length);
    std::vector<re2::StringPiece> groups(count);
    const bool found = pattern_of(compiled).Match(
        whole, start, length, re2::RE2::UNANCHORED, groups.data(), static_cast<int>(count));
    if (!found) return DXSH_RE2_NOTHING;
    for (size_t index = 0; index < count; ++index) {
      const bool took_part = groups[index].data() != nullptr;
      offsets[2 * index] = took_part ? groups[index].data() - text : -1;
      offsets[2 * index + 1] = took_part ? offsets[2 * index] + static_cast<ptrdiff_t>(groups[index].size()) : -1;
    }
    return DXSH_RE2_FOUND;
  } catch (...) {
    return DXSH_RE2_FAILED;
  }
}

}  // extern "C"
