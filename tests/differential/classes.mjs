// Where the two differ on purpose. A class says of one resource's two verdicts whether it explains
// them, and gives the reason. The first one that explains counts.
import { isDeepStrictEqual } from 'node:util';
import { absorbing, overrides } from './facts.mjs';

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
const isFunction = (value) => typeof value === 'object' && value !== null && /"(Ref|Fn::\w+)":/.test(JSON.stringify(value));

// A value of an edited property is a function on one side and none on the other.
function isOpened(one) {
    const [was, is] = bodies(one).map((body) => body?.Properties ?? {});
    return changedProperties(one).some((key) => was[key] !== undefined && is[key] !== undefined && isFunction(was[key]) !== isFunction(is[key]));
}

const otherNames = (edit) => Object.keys(edit.after.Resources);

// Is the replacement of a resource told by a finding that absorbs the plain one?
export const isToldOtherwise = (report, name) => report.findings.some((finding) => finding.object === name && absorbing.has(finding.rule));

export const classes = [
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
        name: 'after a possible replacement',
        reason: 'berm follows what may be replaced as possible, the oracle only what will be',
        explains: (one) => !one.oracle && one.berm === 'maybe' && isFunction(bodies(one)[0]),
    },
    {
        name: 'told as what it does',
        reason: 'a rule about what the resource is for (a route, a name) tells the edit, in the place of the replacement',
        explains: (one) => replaces(one.oracle) && !one.berm && isToldOtherwise(one.report, one.name),
    },
    {
        name: 'order',
        reason: 'a list whose order means nothing is written in another order',
        explains: (one) => replaces(one.oracle) && !one.berm && one.edit.about.how === 'reorder',
    },
];
