/**
 * Configuration of the Apache HTTP server, .htaccess included: lines of words, in sections between
 * <Name words> and </Name>. grammars/README.md says how to make src/parser.c.
 */
module.exports = grammar({
  name: 'apache',

  // The order is that of enum line_token in grammars/line_scanner.h.
  externals: $ => [
    $._end, $._text, $._heredoc, $._indented, $._value, $._name, $._targets, $._define,
  ],

  extras: $ => [/[ \t\f\v\r]/, /\\\r?\n/],

  rules: {
    source_file: $ => repeat($._line),
    _line: $ => choice($._blank, $.comment, $.directive, alias($.section, $.directive)),

    _blank: $ => /\n/,
    comment: $ => /#[^\n]*/, // a line of its own

    directive: $ => seq(alias($._first, $.word), repeat($.word), $._end),
    section: $ => seq(
      '<', alias($._first, $.word), repeat(alias($._label, $.word)), '>', $.block,
      '</', $._first, '>', $._end,
    ),
    block: $ => seq($._end, repeat($._line)),

    _first: $ => /[A-Za-z_][A-Za-z0-9_.:-]*/,
    word: $ => /"([^"\\\n]|\\(.|\r?\n))*"|'([^'\\\n]|\\(.|\r?\n))*'|([^\s"'\\]|\\[^\s])([^\s\\]|\\[^\s])*/,
    _label: $ => token(prec(1,
      /"([^"\\\n]|\\.)*"|'([^'\\\n]|\\.)*'|[<>]=?[ \t]|([^\s"'\\<>]|\\[^\s])([^\s\\>]|\\[^\s])*/,
    )),
  },
});
