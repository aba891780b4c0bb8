/**
 * SQL of every vendor, for reading what a statement does and to what: statements made of words,
 * names, strings, numbers, operators and nested parentheses. It commits to no clause, no type and
 * no keyword but those that decide where a statement ends (BEGIN, END, CASE, GO, DELIMITER), so it
 * has no opinion on dialects and gives no ERROR node: what does not balance is a node of its own
 * (`stray`, `unclosed`).
 *
 * Everything that a regular expression cannot tell is in src/scanner.c. Bodies in dollar quotes and
 * in strings are one token; who reads the tree parses them again.
 *
 * src/parser.c is generated and committed. To make it again (maintainers only):
 *     cargo install tree-sitter-cli --version 0.25.10 --locked --root build/tools
 *     cd grammars/sql && ../../build/tools/bin/tree-sitter generate --abi 15
 */
const START = 'A-Za-z_\\u00a1-\\u1fff\\u2c00-\\u2fff\\u3001-\\ufdff\\ufe10-\\ufefe\\uff00-\\ufffd\\u{10000}-\\u{10ffff}';
const PART = START + '0-9#@';

// Parts come in runs: one node of the tree's own for several of them, where a repetition of single
// parts has one for each. That is half of a parse.
const RUN = 12;
const run = part => {
  let rule = part;
  for (let i = 1; i < RUN; i++) rule = prec.right(seq(part, optional(rule)));
  return rule;
};

module.exports = grammar({
  name: 'sql',

  extras: $ => [
    /[ \t\r\n\f\v\u0085\u00a0\u2000-\u200f\u2028-\u202f\u205f-\u2060\u3000\ufeff]/,
    $.comment,
    $.hash_comment,
    $.block_comment,
    $.template_tag,
  ],

  // The order is that of enum token in src/scanner.c.
  externals: $ => [
    $.block_comment,
    $.hash_comment,
    $.executed_open,
    $.executed_close,
    $.placeholder,
    $.string,
    $.dollar_string,
    $.quoted_name,
    $.begin,
    $.end,
    $._case_open,
    $._case_end,
    $._end_phrase,
    $._stdin,
    $._values,
    $.rows,
    $._delimiter,
    $.batch_end,
    $.delimiter_command,
    $.meta_command,
    $.directive,
    $.copy_data,
    $._index_open,
    $._bracket_open,
    $.stray,
    $._end_of_text,
    $._before_end,
    $._unclosed_parens,
    $._unclosed_brackets,
    $._unclosed,
    $._error,
  ],

  rules: {
    source_file: $ => repeat(choice($.statement, $._lone)),

    _lone: $ => choice(
      ';',
      $._delimiter,
      $.batch_end,
      $.delimiter_command,
      $.meta_command,
      $.directive,
      $.copy_data,
    ),

    statement: $ => seq(repeat1($._elements), choice($._stop, $._end_of_text)),

    // A statement in a block may also end with the block.
    _inner_statement: $ => seq(repeat1($._elements), choice(';', $.meta_command, $._before_end)),

    _stop: $ => choice(';', $._delimiter, $.batch_end, $.meta_command),

    _elements: $ => run(choice($._part, $.block)),

    _parts: $ => run($._part),

    _part: $ => choice(
      $._subscripted,
      $.number,
      $.string,
      $.dollar_string,
      $.operator,
      ',',
      '.',
      $.case,
      $._values_list,
      $.executed_open,
      $.executed_close,
      $.stray,
    ),

    // What an index may follow: a[1] is an element of a, not the name "1".
    _subscripted: $ => seq(
      choice(
        $.word,
        alias($._end_phrase, $.word),
        alias($._stdin, $.word),
        $.quoted_name,
        $.variable,
        $.placeholder,
        $.parens,
        $.brackets,
      ),
      repeat($.index),
    ),

    parens: $ => seq(
      '(', repeat($._parts), choice(')', alias($._unclosed_parens, $.unclosed))),

    brackets: $ => seq(
      $._bracket_open, repeat($._parts),
      choice(']', alias($._unclosed_brackets, $.unclosed))),

    index: $ => seq(
      $._index_open, repeat($._parts),
      choice(']', alias($._unclosed_brackets, $.unclosed))),

    // CASE … END of an expression, and CASE … END CASE of a body, which holds statements.
    case: $ => seq(
      $._case_open, repeat(choice($._elements, ';')),
      choice($._case_end, alias($._unclosed, $.unclosed))),

    block: $ => seq(
      $.begin,
      repeat(choice(alias($._inner_statement, $.statement), ';', $.meta_command)),
      choice($.end, alias($._unclosed, $.unclosed))),

    // The rows of VALUES are data: one token.
    _values_list: $ => prec.right(seq(alias($._values, $.word), optional($.rows))),

    word: _ => token(choice(
      new RegExp(`[${START}][${PART}]*(\\$[${PART}]+)*(\\.[${START}][${PART}]*(\\$[${PART}]+)*)*`, 'u'),
      new RegExp(`[0-9]+[A-Za-z_][${PART}]*`, 'u'),
      new RegExp(`##?[${START}][${PART}]*`, 'u'),
    )),

    // Those without a backslash; whether one escapes depends, which src/scanner.c decides first.
    string: _ => token(/'([^'\\]|'')*'/),

    quoted_name: _ => token(/"([^"\\]|"")*"/),

    number: _ => token(prec(1, choice(
      /[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?/,
      /\.[0-9]+([eE][+-]?[0-9]+)?/,
      /0[xX][0-9A-Fa-f]+/,
    ))),

    variable: _ => token(new RegExp(`@@?[${START}][${PART}.]*`, 'u')),

    placeholder: _ => token(prec(1, choice(
      /\?[0-9]*/,
      /\$[0-9]+/,
      /\$[A-Za-z_][A-Za-z0-9_]*/,
      /\$\{[^}\n]*\}/,
      /\$\([A-Za-z_][A-Za-z0-9_.]*\)/,
      /#\{[^}\n]*\}/,
      /%[sdIL]/,
      /%\([A-Za-z_][A-Za-z0-9_]*\)[sd]/,
      /:[A-Za-z_][A-Za-z0-9_]*/,
      /&&?[A-Za-z_][A-Za-z0-9_]*/,
      /<%[^\n]*?%>/,
      /\{\{([^}]|\}[^}])*\}\}/,
    ))),

    template_tag: _ => token(prec(1, choice(
      /\{%([^%]|%[^}])*%\}/,
      /\{#([^#]|#[^}])*#\}/,
    ))),

    operator: _ => token(choice(
      '::', ':=', '=>', '<=', '>=', '<>', '!=', '^=', '||', '->', '->>', '#>', '#>>', '@>', '<@',
      '==', '<<', '>>', '&&', '!~', '~*', '!~*', '..',
      /[^\s\u0000;,.()\[\]]/,
    )),

    comment: _ => token(prec(1, /--[^\n]*/)),
  },
});
