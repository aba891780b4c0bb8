// Templates as text: JSON, or YAML with the short or the long form of functions.
const tags = {
    Ref: '!Ref', Condition: '!Condition', 'Fn::GetAtt': '!GetAtt', 'Fn::Sub': '!Sub', 'Fn::Join': '!Join',
    'Fn::If': '!If', 'Fn::FindInMap': '!FindInMap', 'Fn::Equals': '!Equals', 'Fn::Not': '!Not',
    'Fn::And': '!And', 'Fn::Or': '!Or', 'Fn::Select': '!Select', 'Fn::Split': '!Split',
};

function scalar(value) {
    return typeof value === 'string' ? JSON.stringify(value) : String(value);
}

function isBlock(value) {
    return typeof value === 'object' && value !== null && Object.keys(value).length > 0;
}

function tagOf(value, short) {
    if (!short || !isBlock(value) || Array.isArray(value)) return null;
    const keys = Object.keys(value);
    return keys.length === 1 && keys[0] !== 'Condition' && tags[keys[0]] ? keys[0] : null;
}

// `lead` stands before the value on its line: " " after a key, "" after a dash.
function write(value, indent, lead, short) {
    const key = tagOf(value, short);
    if (key === 'Fn::GetAtt') return `${lead}!GetAtt ${value[key].join('.')}\n`;
    const tag = key ? `${lead}${tags[key]}` : '';
    if (key) return isBlock(value[key]) ? `${tag}\n${block(value[key], indent, short)}` : `${tag} ${scalar(value[key])}\n`;
    if (Array.isArray(value) && !value.length) return `${lead}[]\n`;
    if (typeof value === 'object' && value !== null && !isBlock(value)) return `${lead}{}\n`;
    return isBlock(value) ? `\n${block(value, indent, short)}` : `${lead}${scalar(value)}\n`;
}

function block(value, indent, short) {
    const blanks = ' '.repeat(indent);
    if (Array.isArray(value)) return value.map((item) => `${blanks}-${write(item, indent + 2, ' ', short)}`).join('');
    return Object.entries(value)
        .map(([key, item]) => `${blanks}${/^[A-Za-z0-9]+$/.test(key) ? key : JSON.stringify(key)}:${write(item, indent + 2, ' ', short)}`)
        .join('');
}

export const forms = {
    json: { path: 'stack/main.json', print: (template) => JSON.stringify(template, null, 2) + '\n' },
    cdk: { path: 'cdk/shop.template.json', print: (template) => JSON.stringify(template, null, 1) + '\n' },
    short: { path: 'stack/main.yaml', print: (template) => block(template, 0, true) },
    long: { path: 'stack/main.yml', print: (template) => block(template, 0, false) },
};
