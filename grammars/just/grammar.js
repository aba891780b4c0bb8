/**
 * justfiles: recipes, assignments and settings. grammars/README.md says how to make src/parser.c.
 */
module.exports = grammar({
  name: 'just',

  // The order is that of enum line_token in grammars/line_scanner.h.
  externals: $ => [
    $._end, $.text, $._heredoc, $.body, $._value, $._name, $._targets, $._define,
  ],

  extras: $ => [/[ \t\f\v\r]/, /\\\r?\n/],

  rules: {
    source_file: $ => repeat(choice($._blank, $.comment, $.attribute, $.setting, $.variable, $.recipe)),

    _blank: $ => /\n/,
    comment: $ => /#[^\n]*/,
    attribute: $ => seq(/\[[^\]\n]*\]/, $._end),
    setting: $ => seq(
      token(prec(2, /(set|alias|import\??|mod\??|export|unexport)[ \t]+/)), $.text, $._end,
    ),
    variable: $ => $.assignment,
    assignment: $ => seq(field('key', $.name), ':=', field('value', $.text), $._end),

    recipe: $ => prec.right(seq(
      optional('@'), $.name, repeat($.parameter), ':',
      repeat(choice($.dependency, '&&')), optional($.comment), $._end,
      optional($.body),
    )),
    name: $ => /[A-Za-z_][A-Za-z0-9_-]*/,
    parameter: $ => token(/[*+$]*[A-Za-z_][A-Za-z0-9_-]*(=("[^"\n]*"|'[^'\n]*'|`[^`\n]*`|\([^)\n]*\)|[^\s:"'`(]+))?/),
    dependency: $ => token(/[A-Za-z_][A-Za-z0-9_:-]*|\([^)\n]*\)/),
  },
});
