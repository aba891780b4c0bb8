#include "fact/compile.h"

void facts_compile(struct image_writer *writer, struct arena *arena, const char *rules) {
    tables_compile(writer, arena, rules);
    places_compile(writer, arena, rules);
}
