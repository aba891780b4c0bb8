/**
 * The schema language of Prisma. Lines matter: a field ends with its line, but inside of
 * parentheses and brackets a line break is nothing. Generated, in this folder, with
 *     tree-sitter generate --abi 15
 */
module.exports = grammar({
  name: 'prisma',

  extras: $ => [/[ \t\f\uFEFF\u00A0]/, $.comment],

  word: $ => $.identifier,

  rules: {
    document: $ => optional(alias($._blocks, $.body)),

    _blocks: $ => repeat1(choice($.block, $._newline)),

    _newline: _ => /\r?\n|\r/,

    comment: _ => token(choice(/\/\/[^\r\n]*/, /\/\*[^*]*\*+([^/*][^*]*\*+)*\//)),

    block: $ => seq($.identifier, $.identifier, $.body),

    body: $ => seq('{', optional($._member), repeat(seq($._newline, optional($._member))), '}'),

    _member: $ => choice($.field, $.setting, $.rule),

    // An enumerated value is a field without a type.
    field: $ => choice($.identifier, seq($.identifier, $.definition)),

    definition: $ => choice(
      seq($._type, repeat($.annotation)),
      repeat1($.annotation),
    ),

    _type: $ => seq($._path, optional($.arguments), optional(seq('[', ']')), optional('?')),

    annotation: $ => seq('@', $._path, optional($.arguments)),

    rule: $ => seq('@@', $._path, optional($.arguments)),

    _path: $ => seq($.identifier, repeat(seq('.', $.identifier))),

    setting: $ => seq($.identifier, '=', $.expression),

    expression: $ => choice($.string, $.number, $.list, seq($._path, optional($.arguments))),

    list: $ => seq('[', repeat($._inner), ']'),

    arguments: $ => seq('(', repeat($._inner), ')'),

    map: $ => seq('{', repeat($._inner), '}'),

    _inner: $ => choice($.string, $.number, $.identifier, $.arguments, $.list, $.map, $._newline,
                        ',', ':', '.', '=', '-', '?'),

    string: _ => token(choice(/"([^"\\\r\n]|\\[^\r\n])*"/, /'([^'\\\r\n]|\\[^\r\n])*'/)),

    number: _ => /-?[0-9]+(\.[0-9]+)?/,

    identifier: _ => /[\p{L}_][\p{L}\p{N}_-]*/,
  },
});
