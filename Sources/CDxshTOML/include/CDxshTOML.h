// What dxsh uses of toml++ (github.com/marzer/tomlplusplus): a document's values, flat, and what was wrong with it.
#ifndef CDXSH_TOML_H
#define CDXSH_TOML_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { DXSH_TOML_TABLE = 1, DXSH_TOML_ARRAY, DXSH_TOML_TEXT, DXSH_TOML_INTEGER, DXSH_TOML_OTHER };

// A value. What a table or an array holds follows it, one level deeper. Texts live as long as the document.
typedef struct {
  int32_t kind;
  // 0 for what the document itself holds.
  int32_t depth;
  // Empty in an array.
  const char *key;
  size_t key_length;
  // Of a text.
  const char *text;
  size_t text_length;
  int64_t integer;
  // Where the key is, or in an array the value: from 1, columns in Unicode scalars.
  int32_t line;
  int32_t column;
  // Where the value is.
  int32_t value_line;
  int32_t value_column;
} DxshTOMLEntry;

typedef struct DxshTOMLDocument DxshTOMLDocument;

// Reads a document. NULL when there is no memory.
DxshTOMLDocument *dxsh_toml_read(const char *bytes, size_t count);
// Why the text is no TOML, and where; NULL when it is.
const char *dxsh_toml_problem(const DxshTOMLDocument *document, int32_t *line, int32_t *column);
size_t dxsh_toml_count(const DxshTOMLDocument *document);
DxshTOMLEntry dxsh_toml_entry(const DxshTOMLDocument *document, size_t index);
void dxsh_toml_close(DxshTOMLDocument *document);

#ifdef __cplusplus
}
#endif

#endif
