#include "CDxshTOML.h"

#define TOML_EXCEPTIONS 0
#define TOML_ENABLE_FORMATTERS 0
#include <toml++/toml.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

struct DxshTOMLDocument {
  toml::table table;
  std::vector<DxshTOMLEntry> entries;
  std::string problem;
  toml::source_position place{};
};

namespace {

int32_t kind_of(const toml::node &node) {
  if (node.is_table()) return DXSH_TOML_TABLE;
  if (node.is_array()) return DXSH_TOML_ARRAY;
  if (node.is_integer()) return DXSH_TOML_INTEGER;
  return node.is_string() ? DXSH_TOML_TEXT : DXSH_TOML_OTHER;
}

// toml++ refuses what is nested more than 256 deep.
void append(std::vector<DxshTOMLEntry> &entries, const toml::node &node, const toml::key *key, int32_t depth) {
  const toml::source_position value = node.source().begin;
  const toml::source_position start = key ? key->source().begin : value;
  DxshTOMLEntry entry{};
  entry.kind = kind_of(node);
  entry.depth = depth;
  entry.key = key ? key->str().data() : "";
  entry.key_length = key ? key->str().size() : 0;
  entry.text = "";
  if (const auto *text = node.as_string()) {
    entry.text = text->get().data();
    entry.text_length = text->get().size();
  }
  if (const auto *integer = node.as_integer()) entry.integer = integer->get();
  entry.line = static_cast<int32_t>(start.line);
  entry.column = static_cast<int32_t>(start.column);
  entry.value_line = static_cast<int32_t>(value.line);
  entry.value_column = static_cast<int32_t>(value.column);
  entries.push_back(entry);
  if (const auto *table = node.as_table()) {
    for (const auto &[inner, child] : *table) append(entries, child, &inner, depth + 1);
  } else if (const auto *array = node.as_array()) {
    for (const auto &child : *array) append(entries, child, nullptr, depth + 1);
  }
}

}  // namespace

extern "C" {

DxshTOMLDocument *dxsh_toml_read(const char *bytes, size_t count) {
  try {
    auto document = std::make_unique<DxshTOMLDocument>();
    toml::parse_result result = toml::parse(std::string_view(bytes, count));
    if (!result) {
      document->problem = std::string(result.error().description());
      document->place = result.error().source().begin;
    } else {
      document->table = std::move(result).table();
      for (const auto &[key, child] : document->table) append(document->entries, child, &key, 0);
    }
    return document.release();
  } catch (...) {
    return nullptr;
  }
}

const char *dxsh_toml_problem(const DxshTOMLDocument *document, int32_t *line, int32_t *column) {
  if (document->problem.empty()) return nullptr;
  *line = static_cast<int32_t>(document->place.line);
  *column = static_cast<int32_t>(document->place.column);
  return document->problem.c_str();
}

size_t dxsh_toml_count(const DxshTOMLDocument *document) { return document->entries.size(); }

DxshTOMLEntry dxsh_toml_entry(const DxshTOMLDocument *document, size_t index) { return document->entries[index]; }

void dxsh_toml_close(DxshTOMLDocument *document) { delete document; }

}  // extern "C"
