/**
 * Dockerfiles: stages of instructions. Commands are one text each, here-documents included; they are
 * read by the grammar of their own language. grammars/README.md says how to make src/parser.c.
 */
const word = letters =>
  token(prec(2, new RegExp([...letters].map(c => `[${c}${c.toLowerCase()}]`).join(''))));

module.exports = grammar({
  name: 'dockerfile',

  // The order is that of enum line_token in grammars/line_scanner.h.
  externals: $ => [
    $._end, $.text, $.heredoc, $._indented, $._value, $._name, $._targets, $._define,
  ],

  // A continued line, with the comments and blank lines that may follow it.
  extras: $ => [/[ \t\f\v]/, /[\\`][ \t]*\r?\n([ \t]*(#[^\n]*)?\r?\n)*/],

  rules: {
    source_file: $ => seq(repeat(choice($._blank, $.comment, $._instruction)), repeat($.stage)),

    _blank: $ => /\r?\n/,
    comment: $ => /#[^\n]*/,

    stage: $ => prec.right(seq(
      word('FROM'), repeat($.flag), optional($.repository), $.image,
      optional(seq(token.immediate(':'), $.tag)), optional(seq(token.immediate('@'), $.digest)),
      optional(seq(word('AS'), $.alias)), $._end,
      repeat(choice($._blank, $.comment, $._instruction)),
    )),

    // registry:5000/team/ of registry:5000/team/name
    repository: $ => token(/(\$\{[^}\n]*\}|[^\s:@#$\/-]|\$)(\$\{[^}\n]*\}|:[0-9]+|[^\s:@$\/]|\$)*\/((\$\{[^}\n]*\}|[^\s:@$\/]|\$)+\/)*/),
    image: $ => token(/(\$\{[^}\n]*\}|[^\s:@#$\/-]|\$)(\$\{[^}\n]*\}|[^\s:@$\/]|\$)*/),
    tag: $ => token.immediate(/(\$\{[^}\n]*\}|[^\s@$]|\$)+/),
    digest: $ => token.immediate(/[^\s]+/),
    alias: $ => /[^\s\\`]+/,
    flag: $ => token(prec(1, /--[A-Za-z][A-Za-z0-9-]*(=("[^"\n]*"|[^\s"])*)?/)),

    _instruction: $ => choice(
      $.run, $.cmd, $.entrypoint, $.healthcheck, $.env, $.label, $.arg, $.copy, $.add, $.expose,
      $.volume, $.onbuild, $.other, $._user, $._workdir, $._shell, $._stopsignal,
    ),

    run: $ => seq(word('RUN'), repeat($.flag), choice($.exec, $.heredoc, $.text), $._end),
    cmd: $ => seq(word('CMD'), optional(choice($.exec, $.text)), $._end),
    entrypoint: $ => seq(word('ENTRYPOINT'), optional(choice($.exec, $.text)), $._end),
    healthcheck: $ => seq(
      word('HEALTHCHECK'), repeat($.flag),
      choice(alias(word('NONE'), $.none), seq(word('CMD'), choice($.exec, $.text))), $._end,
    ),
    _shell: $ => seq(word('SHELL'), alias($.exec, $.shell), $._end),
    onbuild: $ => seq(word('ONBUILD'), $._instruction),

    env: $ => seq(word('ENV'), choice(repeat1($.pair), alias($.spaced, $.pair)), $._end),
    label: $ => seq(word('LABEL'), choice(repeat1($.pair), alias($.spaced, $.pair)), $._end),
    arg: $ => seq(word('ARG'), repeat1(choice($.pair, alias($.bare, $.pair))), $._end),
    pair: $ => seq(
      field('key', choice($.key, $.string)), token.immediate('='), optional(field('value', $.word)),
    ),
    bare: $ => field('key', $.key),
    spaced: $ => seq(field('key', $.key), field('value', $.text)),
    key: $ => /[A-Za-z_][A-Za-z0-9_.\/-]*/,
    word: $ => token.immediate(
      /("([^"\\]|\\[^\r\n]|\\\r?\n)*"|'[^'\n]*'|[^\s\\"']|\\[^\r\n])+/,
    ),

    copy: $ => seq(word('COPY'), repeat($.flag), choice($.exec, $.heredoc, $.text), $._end),
    add: $ => seq(word('ADD'), repeat($.flag), choice($.exec, $.heredoc, $.text), $._end),
    expose: $ => seq(word('EXPOSE'), repeat1(alias(/[^\s\\`]+/, $.port)), $._end),
    volume: $ => seq(word('VOLUME'), choice($.exec, repeat1(alias(/[^\s\\`\["]+/, $.path))), $._end),
    _user: $ => seq(word('USER'), alias($.text, $.user), $._end),
    _workdir: $ => seq(word('WORKDIR'), alias($.text, $.workdir), $._end),
    _stopsignal: $ => seq(word('STOPSIGNAL'), alias($.text, $.stopsignal), $._end),
    other: $ => seq(/[A-Za-z_]+/, optional($.text), $._end),

    exec: $ => seq('[', optional(seq($.string, repeat(seq(',', $.string)))), ']'),
    string: $ => token(/"([^"\\\n]|\\.|\\\r?\n)*"/),
  },
});
