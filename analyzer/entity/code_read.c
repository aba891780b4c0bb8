#include "entity/builder.h"

void code_read(struct builder *builder) {
    (void)builder;
}
