/**
 * Zone files (RFC 1035, section 5): a record on a line, or on several in brackets; a line that begins
 * with a blank is about the name of the record before. grammars/README.md says how to make
 * src/parser.c.
 */
module.exports = grammar({
  name: 'zone',

  extras: $ => [],

  rules: {
    source_file: $ => seq(optional($._line), repeat(seq($._newline, optional($._line)))),
    _line: $ => choice(
      $.comment, seq(choice($.control, $.record, $._blank), optional($.comment)),
    ),

    _newline: $ => /\r?\n/,
    _blank: $ => /[ \t\f\v\r]+/,
    comment: $ => /;[^\n]*/,

    control: $ => seq(alias($._control, $.word), repeat(choice($._blank, $._item))),
    _control: $ => token(prec(1, /\$[A-Za-z]+/)),
    record: $ => choice(
      seq($.owner, repeat1(choice($._blank, $._item))),
      seq($._blank, $._item, repeat(choice($._blank, $._item))),
    ),
    owner: $ => $.word,

    _item: $ => choice($.word, $.quoted, $._group),
    _group: $ => seq('(', repeat(choice($._blank, $._newline, $.comment, $.word, $.quoted)), ')'),
    word: $ => /([^\s;()"\\]|\\[^\n])+/,
    quoted: $ => /"([^"\\\n]|\\[^\n])*"/,
  },
});
