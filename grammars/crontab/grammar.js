/**
 * Tables of cron: settings, and times with a command each. grammars/README.md says how to make
 * src/parser.c.
 */
module.exports = grammar({
  name: 'crontab',

  // The order is that of enum line_token in grammars/line_scanner.h.
  externals: $ => [
    $._end, $.text, $._heredoc, $._indented, $._value, $._name, $._targets, $._define,
  ],

  extras: $ => [/[ \t\f\v\r]/],

  rules: {
    source_file: $ => repeat(choice($._blank, $.comment, $.variable, $.entry)),

    _blank: $ => /\n/,
    comment: $ => /#[^\n]*/,
    variable: $ => $.assignment,
    assignment: $ => seq(field('key', $.name), '=', optional(field('value', $.text)), $._end),
    name: $ => /[A-Za-z_][A-Za-z0-9_]*/,
    entry: $ => seq($.schedule, $.text, $._end),
    schedule: $ => token(choice(
      /@[a-z]+/,
      /[0-9*H][0-9*\/,HR~()-]*[ \t]+[0-9*H][0-9*\/,H~()-]*[ \t]+[0-9*L][0-9*\/,LW-]*[ \t]+([0-9*]|[A-Za-z]{3})[0-9A-Za-z*\/,-]*[ \t]+([0-9*]|[A-Za-z]{3})[0-9A-Za-z*\/,#L-]*/,
    )),
  },
});
