// The declarations of the standard library, embedded at build time (C23, section 6.10.4). A new family is one array
// here and one entry of the table.

#include "CDxshStdlib.h"

static const unsigned char csv[] = {
#embed "../../stdlib/csv.dxsh"
};
static const unsigned char debug[] = {
#embed "../../stdlib/debug.dxsh"
};
static const unsigned char file[] = {
#embed "../../stdlib/file.dxsh"
};
static const unsigned char http[] = {
#embed "../../stdlib/http.dxsh"
};
static const unsigned char json[] = {
#embed "../../stdlib/json.dxsh"
};
static const unsigned char log[] = {
#embed "../../stdlib/log.dxsh"
};
static const unsigned char shell[] = {
#embed "../../stdlib/shell.dxsh"
};
static const unsigned char sqlite[] = {
#embed "../../stdlib/sqlite.dxsh"
};
static const unsigned char time[] = {
#embed "../../stdlib/time.dxsh"
};

#define FAMILY(name) {#name, name, sizeof name}

static const dxsh_stdlib_file files[] = {
    FAMILY(csv), FAMILY(debug), FAMILY(file), FAMILY(http), FAMILY(json), FAMILY(log), FAMILY(shell), FAMILY(sqlite),
    FAMILY(time),
};

size_t dxsh_stdlib_count(void) { return sizeof files / sizeof files[0]; }

dxsh_stdlib_file dxsh_stdlib_at(size_t index) { return files[index]; }
