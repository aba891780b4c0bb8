#define LINE_QUOTES 1
#define LINE_COMMENTS ""
#define LINE_INDENT " \t"
#define LINE_DECLINED ""
#include "../../line_scanner.h"

LINE_SCANNER(just)
