#ifndef CDXSH_STDLIB_H
#define CDXSH_STDLIB_H

#include <stddef.h>

/// One file of `stdlib/`, as it was when the program was built.
typedef struct {
  /// The name without `.dxsh`.
  const char *_Nonnull family;
  const unsigned char *_Nonnull bytes;
  size_t length;
} dxsh_stdlib_file;

/// How many files there are.
size_t dxsh_stdlib_count(void);

/// A file by its number, less than the count. It lives as long as the program.
dxsh_stdlib_file dxsh_stdlib_at(size_t index);

#endif
