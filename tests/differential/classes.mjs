// Where the two differ on purpose. A class says of one resource's two verdicts whether it explains
// them, and gives the reason. The first one that explains counts.
import { isDeepStrictEqual } from 'node:util';
import { overrides, replacement } from './facts.mjs';

const bodies = ({ edit, name }) => [edit.before.Resources[name], edit.after.Resources[name]];

// Names of the properties of a resource that differ.
function changedProperties(one) {
    const [was, is] = bodies(one).map((body) => body?.Properties ?? {});
    return Object.keys({ ...was, ...is }).filter((key) => !isDeepStrictEqual(was[key], is[key]));
}

function hasFact(rows, one, holds) {
    const type = bodies(one)[1]?.Type;
    const changed = changedProperties(one);
    return rows.some((row) => row.type === type && changed.some((property) => holds(row.path, property)));
}

const isAt = (path, property) => path === property;
const isInside = (path, property) => path.startsWith(property) && /[.[{]/.test(path[property.length] ?? '');
const replaces = (word) => word === 'replaced' || word === 'maybe';
const sectionsDiffer = ({ edit }) =>
    ['Parameters', 'Mappings', 'Conditions'].some((section) => !isDeepStrictEqual(edit.before[section], edit.after[section]));
const isFunction = (value) => typeof value === 'object' && value !== null && /"(Ref|Fn::\w+)":/.test(JSON.stringify(value));

// A value of an edited property is a function on one side and none on the other.
function isOpened(one) {
    const [was, is] = bodies(one).map((body) => body?.Properties ?? {});
    return changedProperties(one).some((key) => was[key] !== undefined && is[key] !== undefined && isFunction(was[key]) !== isFunction(is[key]));
}

const otherNames = (edit) => Object.keys(edit.after.Resources);

export const classes = [
    {
        name: 'names resolved',
        reason: 'a default, a mapping or a condition changes; berm looks at what uses it, the oracle says nothing',
        explains: (one) => !one.oracle && one.berm && sectionsDiffer(one) && isDeepStrictEqual(...bodies(one)) && (isFunction(bodies(one)[0]) || !!bodies(one)[0]?.Condition),
    },
    {
        name: 'same value',
        reason: 'a literal becomes a name that stands for the same literal; the oracle compares texts',
        explains: (one) => replaces(one.oracle) && !one.berm && one.edit.kind === 'extract' && ['Ref', 'Sub', 'Join', 'FindInMap'].includes(one.edit.about.how),
    },
    {
        name: 'value unknown',
        reason: 'a literal becomes a name that nobody knows the value of, or the reverse; berm says "possible", also of what follows from it',
        explains: (one) => replaces(one.oracle) && one.berm === 'maybe' && (isOpened(one) || otherNames(one.edit).some((name) => isOpened({ ...one, name }))),
    },
    {
        name: 'overrides',
        reason: 'the specification lacks the fact (rules/facts/cloudformation_overrides.tsv)',
        explains: (one) => !one.oracle && replaces(one.berm) && hasFact(overrides, one, (path, property) => isAt(path, property) || isInside(path, property)),
    },
    {
        name: 'serverless transform',
        reason: 'the specification calls every property of AWS::Serverless types immutable; berm has a table of what they stand for',
        explains: (one) => replaces(one.oracle) && one.berm !== 'replaced' && bodies(one)[1]?.Type.startsWith('AWS::Serverless::'),
    },
    {
        name: 'nested property',
        reason: 'the oracle looks at top-level properties only; the fact is about one inside',
        explains: (one) => one.oracle !== 'replaced' && replaces(one.berm) && ['WILL_UPDATE', 'MAY_REPLACE'].includes(one.impact) && hasFact(replacement, one, isInside),
    },
    {
        name: 'reference inside a function',
        reason: 'berm follows a replacement through Fn::Sub and Fn::Join too, the oracle only through Ref and Fn::GetAtt',
        explains: (one) => !one.oracle && replaces(one.berm) && /"Fn::(Sub|Join)"/.test(JSON.stringify(bodies(one)[0])),
    },
    {
        name: 'after a possible replacement',
        reason: 'berm follows what may be replaced as possible, the oracle only what will be',
        explains: (one) => !one.oracle && one.berm === 'maybe' && isFunction(bodies(one)[0]),
    },
    {
        name: 'order',
        reason: 'a list whose order means nothing is written in another order',
        explains: (one) => replaces(one.oracle) && !one.berm && one.edit.about.how === 'reorder',
    },
    {
        name: 'empty value',
        reason: 'a property is set to false, zero or nothing, which it is anyhow',
        explains: (one) => replaces(one.oracle) && !one.berm && one.edit.kind === 'empty',
    },
];
