/**
 * Configuration of HAProxy: lines of words, in sections that begin with a line of their own. Sections
 * below `defaults` stand in it, for they take from it what they do not say themselves.
 * grammars/README.md says how to make src/parser.c.
 */
module.exports = grammar({
  name: 'haproxy',

  // The order is that of enum line_token in grammars/line_scanner.h.
  externals: $ => [
    $._end, $._text, $._heredoc, $._indented, $._value, $._name, $._targets, $._define,
  ],

  extras: $ => [/[ \t\f\v\r]/, $.comment],
  word: $ => $.word,

  rules: {
    source_file: $ => repeat(choice(
      $._blank, $.directive, alias($.section, $.directive), alias($.defaults, $.directive),
    )),

    _blank: $ => /\n/,
    comment: $ => /#[^\n]*/,

    directive: $ => seq(repeat1($.word), $._end),
    section: $ => seq(alias($._section, $.word), repeat($.word), $.block),
    block: $ => prec.right(seq($._end, repeat(choice($._blank, $.directive)))),
    defaults: $ => seq(
      alias('defaults', $.word), repeat($.word), alias($._defaults_block, $.block),
    ),
    _defaults_block: $ => prec.right(seq(
      $._end, repeat(choice($._blank, $.directive, alias($.section, $.directive))),
    )),
    _section: $ => choice(
      'global', 'frontend', 'backend', 'listen', 'peers', 'resolvers', 'userlist', 'mailers', 'cache',
      'program', 'http-errors', 'ring', 'log-forward', 'log-profile', 'fcgi-app', 'crt-store', 'traces',
      'acme',
    ),

    word: $ => /([^\s"'#\\]|\\[^\n]|"([^"\\\n]|\\[^\n])*"|'[^'\n]*')+/,
  },
});
