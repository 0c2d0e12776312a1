// What dxsh uses of libyaml: the events of one text, flat, and what was wrong with it.
#ifndef CDXSH_YAML_H
#define CDXSH_YAML_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
  DXSH_YAML_STREAM_START = 1,
  DXSH_YAML_STREAM_END,
  DXSH_YAML_DOCUMENT_START,
  DXSH_YAML_DOCUMENT_END,
  DXSH_YAML_ALIAS,
  DXSH_YAML_SCALAR,
  DXSH_YAML_SEQUENCE_START,
  DXSH_YAML_SEQUENCE_END,
  DXSH_YAML_MAPPING_START,
  DXSH_YAML_MAPPING_END,
};

enum { DXSH_YAML_PLAIN = 1, DXSH_YAML_SINGLE_QUOTED, DXSH_YAML_DOUBLE_QUOTED, DXSH_YAML_LITERAL, DXSH_YAML_FOLDED };

// Places count Unicode scalars from the start of the text, without a byte order mark.
typedef struct {
  int32_t kind;
  // Of a scalar.
  int32_t style;
  // Of a collection: it is written in brackets.
  bool is_flow;
  // Of a document: it has directives such as %YAML.
  bool has_directives;
  size_t start;
  size_t end;
  // The decoded text of a scalar, the name of an alias; until the next event is read.
  const uint8_t *value;
  size_t length;
  // NULL without one; until the next event is read.
  const char *anchor;
  const char *tag;
} DxshYAMLEvent;

typedef struct {
  // libyaml's own words.
  const char *problem;
  const char *context;
  // The bytes are no text: `place` counts bytes then.
  bool is_encoding;
  size_t place;
  size_t context_place;
} DxshYAMLProblem;

typedef struct DxshYAMLParser DxshYAMLParser;

// The bytes have to live as long as the parser. NULL when there is no memory.
DxshYAMLParser *dxsh_yaml_open(const uint8_t *bytes, size_t count);
// Reads the next event; false when the text is wrong.
bool dxsh_yaml_next(DxshYAMLParser *parser, DxshYAMLEvent *event);
// What was wrong after `dxsh_yaml_next` said false.
DxshYAMLProblem dxsh_yaml_problem(const DxshYAMLParser *parser);
void dxsh_yaml_close(DxshYAMLParser *parser);

#endif
