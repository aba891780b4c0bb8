/**
 * Configuration of nginx: directives of words, that end with a semicolon or hold a block of others.
 * grammars/README.md says how to make src/parser.c.
 */
module.exports = grammar({
  name: 'nginx',

  extras: $ => [/\s/, $.comment],

  rules: {
    source_file: $ => repeat($.directive),

    comment: $ => /#[^\n]*/,

    directive: $ => choice(
      seq(repeat1($._word), choice(';', $.block)),
      seq(alias($._code_name, $.word), repeat($._word), $.code),
    ),
    block: $ => seq('{', repeat($.directive), '}'),

    _word: $ => choice($.word, $.quoted),
    // A bracket belongs to a word behind a "$" only.
    word: $ => /([^\s;{}"'#\\$]|\\(.|\n)|\$\{?)([^\s;{\\$]|\\(.|\n)|\$\{?)*/,
    quoted: $ => token(choice(/"([^"\\]|\\(.|\n))*"/, /'([^'\\]|\\(.|\n))*'/)),

    // content_by_lua_block { ... }: up to the bracket that closes it, as Lua reads brackets.
    _code_name: $ => token(prec(1, /[a-z_]+_by_lua_block/)),
    code: $ => seq('{', repeat($._code), '}'),
    _code: $ => choice(
      seq('{', repeat($._code), '}'),
      token(prec(2, /"([^"\\\n]|\\(.|\n))*"|'([^'\\\n]|\\(.|\n))*'/)),
      token(prec(2, /(--)?\[\[([^\]]|\][^\]])*\]?\]\]/)),
      token(prec(2, /(--)?\[=\[([^\]]|\][^=]|\]=[^\]])*\]=\]/)),
      token(prec(1, /--([^\n\[][^\n]*)?/)),
      token(prec(1, /[^\s{}"'\[\-]+/)),
      token(prec(1, /[\[\-"']/)),
    ),
  },
});
