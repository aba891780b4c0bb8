/**
 * Sections of keys and values, as units of systemd, tox and many others have them. A value goes on
 * behind a backslash and on indented lines. grammars/README.md says how to make src/parser.c.
 */
module.exports = grammar({
  name: 'ini',

  // The order is that of enum line_token in grammars/line_scanner.h.
  externals: $ => [
    $._end, $._text, $._heredoc, $._indented, $.value, $._name, $._targets, $._define,
  ],

  extras: $ => [/[ \t\f\v\r]/],

  rules: {
    source_file: $ => seq(repeat(choice($._blank, $.comment, $.pair)), repeat($.section)),

    _blank: $ => /\n/,
    comment: $ => /[#;][^\n]*/,

    section: $ => prec.right(seq(
      '[', $.name, ']', optional($.comment), $._end, repeat(choice($._blank, $.comment, $.pair)),
    )),
    name: $ => /[^\]\n]+/,

    pair: $ => seq(
      field('key', $.key), optional(seq(choice('=', ':'), optional(field('value', $.value)))), $._end,
    ),
    key: $ => /[^\s=:\[#;\n]([^=:\n]*[^\s=:\n])?/,
  },
});
