#include "entity/builder.h"

void data_read(struct builder *builder) {
    struct syntax *syntax = builder_parse(builder);
    if (syntax)
        syntax_close(syntax);
}
