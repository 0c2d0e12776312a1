#ifndef CDXSH_RE2_H
#define CDXSH_RE2_H

// RE2 (github.com/google/re2), in C. No call throws, and none writes to the standard error.

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// A compiled pattern. Any number of threads may search with one at once (re2.h: "An RE2 object ... is thread-safe").
typedef struct {
  void *_Nullable object;
} __attribute__((swift_attr("@Sendable"))) dxsh_re2;

/// What a call came to.
typedef enum __attribute__((enum_extensibility(closed))) {
  DXSH_RE2_FOUND __attribute__((swift_name("found"))),
  /// There is no match.
  DXSH_RE2_NOTHING __attribute__((swift_name("nothing"))),
  /// The pattern is malformed.
  DXSH_RE2_MALFORMED __attribute__((swift_name("malformed"))),
  /// The pattern needs more memory than it may.
  DXSH_RE2_TOO_LARGE __attribute__((swift_name("tooLarge"))),
  /// There was no memory.
  DXSH_RE2_FAILED __attribute__((swift_name("failed")))
} dxsh_re2_result;

/// Compiles a pattern (UTF-8, RE2's syntax) into `*compiled`, which is to be freed with `dxsh_re2_free`. FOUND on
/// success; else `*compiled` is null and `message` says what is wrong, ending in a zero byte, cut off at `capacity`.
/// The compiled form and what searching caches take at most about `max_memory` bytes.
dxsh_re2_result dxsh_re2_compile(
    const char *_Nullable pattern, size_t length, int64_t max_memory, dxsh_re2 *_Nonnull compiled,
    char *_Nonnull message, size_t capacity);
void dxsh_re2_free(dxsh_re2 compiled);

/// How many groups of the pattern capture.
size_t dxsh_re2_group_count(dxsh_re2 compiled);
/// The number of instructions that the pattern became.
size_t dxsh_re2_size(dxsh_re2 compiled);

/// Searches text (UTF-8) from the offset `start` for the leftmost match; what stands before `start` counts as context.
/// FOUND, NOTHING or FAILED. For the match and the first `count - 1` groups `offsets` gets their start and end, or
/// twice -1 for a group that took no part. With a count of 0 it only tells whether there is a match, which is faster.
dxsh_re2_result dxsh_re2_find(
    dxsh_re2 compiled, const char *_Nullable text, size_t length, size_t start, ptrdiff_t *_Nullable offsets,
    size_t count);

#ifdef __cplusplus
}
#endif

#endif
