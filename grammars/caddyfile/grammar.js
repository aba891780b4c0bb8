/**
 * Caddyfiles: directives of words, one a line, that may hold a block of others; a block at the top is
 * a site with its addresses in front. grammars/README.md says how to make src/parser.c.
 */
module.exports = grammar({
  name: 'caddyfile',

  // The order is that of enum line_token in grammars/line_scanner.h.
  externals: $ => [
    $._end, $._text, $._heredoc, $._indented, $._value, $._name, $._targets, $._define,
  ],

  extras: $ => [/[ \t\f\v\r]/, /\\\r?\n/, $.comment],

  rules: {
    source_file: $ => repeat($._line),
    _line: $ => choice($._blank, $.directive, $.block),

    _blank: $ => /\n/,
    comment: $ => /#[^\n]*/,

    directive: $ => seq(
      repeat1($._word), choice($._end, $.block),
    ),
    block: $ => seq('{', '\n', repeat($._line), '}', $._end),

    _word: $ => choice($.word, $.quoted),
    // A bracket belongs to a word where it closes again: {host}.
    word: $ => /([^\s"`#{}\\]|\{[^\s{}]*\}|\\[^\s])([^\s{}\\]|\{[^\s{}]*\}|\\[^\s])*/,
    quoted: $ => token(choice(/"([^"\\]|\\(.|\n))*"/, /`[^`]*`/)),
  },
});
