#define LINE_QUOTES 0
#define LINE_COMMENTS ""
#define LINE_INDENT ""
#define LINE_DECLINED ""
#include "../../line_scanner.h"

LINE_SCANNER(caddyfile)
