/**
 * Jenkinsfiles: what of Groovy a pipeline is made of, blocks, calls, names with values and strings, and
 * everything else as words without structure. grammars/README.md says how to make src/parser.c.
 */
module.exports = grammar({
  name: 'jenkinsfile',

  // An identifier with its arguments behind it on the same line, without brackets (src/scanner.c).
  externals: $ => [$.command],

  extras: $ => [/\s/, $.comment, $.block_comment],

  rules: {
    source_file: $ => optional(alias($._top, $.body)),
    _top: $ => repeat1(choice($._item, /[)\]}]/)),

    comment: $ => token(choice(/\/\/[^\n]*/, /#![^\n]*/)),
    block_comment: $ => token(/\/\*([^*]|\*+[^*\/])*\*+\//),

    _item: $ => choice(
      $.block, $.call, $.assignment, $._string, $.group, $.list, $.closure, prec(-1, $.identifier), $._other,
    ),

    // stage('x') { }, script { }, if (a) { }
    block: $ => prec(3, seq(
      choice($.identifier, alias($.command, $.identifier)),
      optional(choice($._one, alias($.group, $.arguments), $._string)), $.body,
    )),
    body: $ => seq('{', repeat($._item), '}'),
    closure: $ => seq('{', repeat($._item), '}'),

    // sh 'x', sh('x'), sh(script: 'x'), sh script: 'x', agent any
    call: $ => prec(2, choice(
      seq(field('key', $.identifier), field('value', choice($._one, alias($.group, $.arguments)))),
      seq(field('key', $.command), field('value', choice(
        $._string, alias($._names, $.arguments), $.identifier,
      ))),
    )),
    _one: $ => prec(3, seq('(', $._string, ')')),
    _names: $ => prec.right(seq($.named, repeat(seq(',', $.named)))),
    named: $ => prec(4, seq(
      field('key', choice($.identifier, $._string)), ':', choice(field('value', $._value), $._symbol),
    )),
    // NAME = 'value'
    assignment: $ => prec(4, seq(
      field('key', $.identifier), '=', choice(field('value', $._value), $._symbol),
    )),
    _value: $ => choice(
      $._string, prec(-1, $.identifier), $.number, alias($.closure, $.body), $.call, $.block, $.list,
      $.group,
    ),

    group: $ => seq('(', repeat(choice($.named, $._item)), ')'),
    list: $ => seq('[', repeat(choice($.named, $._item)), ']'),

    identifier: $ => /[A-Za-z_$][A-Za-z0-9_$]*/,
    number: $ => /[0-9][0-9A-Za-z_.]*/,

    _string: $ => choice($.single, $.double, $.single_lines, $.double_lines),
    single: $ => token(/'([^'\\\n]|\\[^\n])*'/),
    double: $ => token(/"([^"\\\n$]|\\[^\n]|\$\{[^}\n]*\}|\$)*"/),
    single_lines: $ => token(/'''([^'\\]|\\(.|\n)|'[^'\\]|''[^'\\]|'\\(.|\n)|''\\(.|\n))*'''/),
    double_lines: $ => token(/"""([^"\\]|\\(.|\n)|"[^"\\]|""[^"\\]|"\\(.|\n)|""\\(.|\n))*"""/),

    _other: $ => choice(prec(-2, $.number), $._symbol, prec(-2, ':')),
    _symbol: $ => choice(
      token(/\/[^\/\n*\s][^\/\n]*\//),
      /[-+*\/%<>!&|^~?.@\\,'"`#;=]/,
      token(/==|=~|==~|===|!=|<=|>=|<=>/),
    ),
  },
});
