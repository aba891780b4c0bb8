/*
 * place_record: IMAGE_WORDS. Private to fact/. Environment entries hold their words in lower case
 * without separators ("preprod"); path entries hold a glob,
 * collection entries the name of a folder, attribute entries a path. Records keep the order of
 * places.yaml.
 */
#ifndef BERM_FACT_PLACE_RECORD_H
#define BERM_FACT_PLACE_RECORD_H

#include "fact/image.h"

enum place_kind { PLACE_ENVIRONMENT, PLACE_PATH, PLACE_COLLECTION, PLACE_ATTRIBUTE };

enum { PLACE_WORD_BYTES = 32 }; /* longest environment entry */

struct place_word {
    uint32_t kind;  /* enum place_kind */
    uint32_t value; /* enum environment or enum path_class */
    string_ref text;
};

#endif
