#include "CDxshYAML.h"

#include <stdlib.h>
#include <string.h>
#include <yaml.h>

struct DxshYAMLParser {
  yaml_parser_t parser;
  yaml_event_t event;
  bool has_event;
};

DxshYAMLParser *dxsh_yaml_open(const uint8_t *bytes, size_t count) {
  DxshYAMLParser *self = calloc(1, sizeof *self);
  if (self == NULL) return NULL;
  if (!yaml_parser_initialize(&self->parser)) {
    free(self);
    return NULL;
  }
  yaml_parser_set_encoding(&self->parser, YAML_UTF8_ENCODING);
  yaml_parser_set_input_string(&self->parser, bytes, count);
  return self;
}

static void drop_event(DxshYAMLParser *self) {
  if (self->has_event) yaml_event_delete(&self->event);
  self->has_event = false;
}

bool dxsh_yaml_next(DxshYAMLParser *self, DxshYAMLEvent *out) {
  drop_event(self);
  if (!yaml_parser_parse(&self->parser, &self->event)) return false;
  self->has_event = true;
  const yaml_event_t *event = &self->event;
  memset(out, 0, sizeof *out);
  out->start = event->start_mark.index;
  out->end = event->end_mark.index;
  switch (event->type) {
    case YAML_NO_EVENT:
    case YAML_STREAM_END_EVENT: out->kind = DXSH_YAML_STREAM_END; break;
    case YAML_STREAM_START_EVENT: out->kind = DXSH_YAML_STREAM_START; break;
    case YAML_DOCUMENT_START_EVENT:
      out->kind = DXSH_YAML_DOCUMENT_START;
      out->has_directives = event->data.document_start.version_directive != NULL ||
        event->data.document_start.tag_directives.start != event->data.document_start.tag_directives.end;
      break;
    case YAML_DOCUMENT_END_EVENT: out->kind = DXSH_YAML_DOCUMENT_END; break;
    case YAML_ALIAS_EVENT:
      out->kind = DXSH_YAML_ALIAS;
      out->value = event->data.alias.anchor;
      out->length = strlen((const char *)event->data.alias.anchor);
      break;
    case YAML_SCALAR_EVENT:
      out->kind = DXSH_YAML_SCALAR;
      out->style = (int32_t)event->data.scalar.style;
      out->value = event->data.scalar.value;
      out->length = event->data.scalar.length;
      out->anchor = (const char *)event->data.scalar.anchor;
      out->tag = (const char *)event->data.scalar.tag;
      break;
    case YAML_SEQUENCE_START_EVENT:
      out->kind = DXSH_YAML_SEQUENCE_START;
      out->is_flow = event->data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE;
      out->anchor = (const char *)event->data.sequence_start.anchor;
      out->tag = (const char *)event->data.sequence_start.tag;
      break;
    case YAML_SEQUENCE_END_EVENT: out->kind = DXSH_YAML_SEQUENCE_END; break;
    case YAML_MAPPING_START_EVENT:
      out->kind = DXSH_YAML_MAPPING_START;
      out->is_flow = event->data.mapping_start.style == YAML_FLOW_MAPPING_STYLE;
      out->anchor = (const char *)event->data.mapping_start.anchor;
      out->tag = (const char *)event->data.mapping_start.tag;
      break;
    case YAML_MAPPING_END_EVENT: out->kind = DXSH_YAML_MAPPING_END; break;
  }
  return true;
}

DxshYAMLProblem dxsh_yaml_problem(const DxshYAMLParser *self) {
  const yaml_parser_t *parser = &self->parser;
  DxshYAMLProblem problem = {
    .problem = parser->problem,
    .context = parser->context,
    .is_encoding = parser->error == YAML_READER_ERROR,
    .place = parser->error == YAML_READER_ERROR ? parser->problem_offset : parser->problem_mark.index,
    .context_place = parser->context_mark.index,
  };
  return problem;
}

void dxsh_yaml_close(DxshYAMLParser *self) {
  drop_event(self);
  yaml_parser_delete(&self->parser);
  free(self);
}
