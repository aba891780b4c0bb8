/**
 * Markup as configuration uses it: elements, attributes, text. It does not check that names of
 * start and end tags agree, and knows nothing of what a document type declares. Generated, in this
 * folder, with
 *     tree-sitter generate --abi 15
 */
module.exports = grammar({
  name: 'xml',

  extras: _ => [/[ \t\r\n\uFEFF]/],

  rules: {
    document: $ => repeat($._node),

    _node: $ => choice($.element, $.text, $.comment, $.instruction, $.declaration),

    element: $ => seq(
      '<', field('name', $.name), repeat($.attribute),
      choice('/>', seq('>', repeat($._node), '</', $.name, '>')),
    ),

    attribute: $ => seq(field('name', $.name), '=', field('value', $.string)),

    text: $ => prec.right(repeat1(choice($._characters, $._verbatim))),

    _characters: _ => token(prec(-1, /[^<]+/)),

    _verbatim: _ => token(/<!\[CDATA\[([^\]]|\][^\]]|\]\]+[^>\]])*\]\]+>/),

    string: _ => token(choice(/"[^"]*"/, /'[^']*'/)),

    comment: _ => token(/<!--([^-]|-[^-]|--+[^->])*--+>/),

    instruction: _ => token(/<\?([^?]|\?+[^?>])*\?+>/),

    declaration: _ => token(/<![A-Za-z][^>\[]*(\[[^\]]*\][ \t\r\n]*)?>/),

    name: _ => /[\p{L}_:][\p{L}\p{N}_:.·-]*/,
  },
});
