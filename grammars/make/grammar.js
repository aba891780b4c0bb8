/**
 * Makefiles: assignments, rules and their recipes. Conditions and includes are lines; a recipe is one
 * text for each run of its lines. grammars/README.md says how to make src/parser.c.
 */
module.exports = grammar({
  name: 'make',

  // The order is that of enum line_token in grammars/line_scanner.h.
  externals: $ => [
    $._end, $.text, $._heredoc, $.recipe, $._value, $.name, $.targets, $._define,
  ],

  extras: $ => [/[ \t\f\v\r]/, /\\\r?\n/],

  rules: {
    source_file: $ => repeat(choice($._blank, $.comment, $.directive, $.define, $.variable, $.rule, $.line)),

    _blank: $ => /\n/,
    comment: $ => /#([^\\\n]|\\[^\n]|\\\n)*/,

    directive: $ => seq(
      token(prec(2, /(-?include|sinclude|ifeq|ifneq|ifdef|ifndef|else|endif|vpath|export|unexport|override|private|undefine)/)),
      choice(seq(optional($.text), $._end), $.variable),
    ),
    define: $ => seq(token(prec(2, /((override|export)[ \t]+)*define[ \t]/)), $._define),

    variable: $ => $.assignment,
    assignment: $ => seq(
      field('key', $.name), choice('=', ':=', '::=', ':::=', '?=', '+=', '!='),
      optional(field('value', $.text)), $._end,
    ),

    rule: $ => prec.right(seq(
      $.targets, choice(':', '::', '&:'), choice(
        $.assignment,
        seq(
          optional($._prerequisites),
          optional(choice($.comment, seq(';', optional(alias($.text, $.recipe))))), $._end,
        ),
      ),
      repeat(choice($.recipe, $._blank, $.comment, $.directive)),
    )),
    _prerequisites: $ => repeat1(alias(/[^\s;\\#]+/, $.prerequisite)),

    line: $ => seq(/[^\s#:=]+/, optional($.text), $._end),
  },
});
