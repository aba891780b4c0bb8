// The tables that berm judges by, and what the oracle's specification says of the same types.
import { readdirSync, readFileSync } from 'node:fs';
import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';

const folder = new URL('../../rules/facts/', import.meta.url);

function rowsOf(name) {
    return readFileSync(new URL(name, folder), 'utf8')
        .split('\n')
        .filter((line) => line && !line.startsWith('#'))
        .map((line) => line.split('\t'))
        .map(([type, path, when]) => ({ type, path: path.replace(/^Properties\./, ''), when }));
}

export const replacement = rowsOf('cloudformation_replacement.tsv');
export const overrides = rowsOf('cloudformation_overrides.tsv');

const specification = loadAwsServiceSpecSync();

// The oracle reads policies and network rules closer, and stops at texts that are none.
function isScrutinised(resource) {
    return [resource, ...Object.values(resource.properties)].some((part) => part.scrutinizable && part.scrutinizable !== 'None');
}

// All properties of a type, with the kind of value they take and what the oracle thinks of an edit.
function propertiesOf(type) {
    const found = specification.lookup('resource', 'cloudFormationType', 'equals', type);
    if (!found.length || isScrutinised(found[0])) return null;
    return Object.entries(found[0].properties).map(([name, property]) => ({
        name,
        kind: property.type.type,
        element: property.type.element?.type,
        replaces: property.causesReplacement ?? 'no',
    }));
}

const byType = new Map();
for (const row of [...replacement, ...overrides.filter((row) => row.type.startsWith('AWS::Serverless::'))]) {
    if (!byType.has(row.type)) byType.set(row.type, []);
    byType.get(row.type).push(row);
}

export const types = [...byType.keys()]
    .map((name) => ({ name, rows: byType.get(name), properties: propertiesOf(name) }))
    .filter((type) => type.properties);

// Rules that make the finding of a plain replacement redundant.
const rules = new URL('../../rules/', import.meta.url).pathname;
export const absorbing = new Set(
    readdirSync(rules, { recursive: true })
        .filter((name) => name.endsWith('.yaml') && name.includes('/'))
        .filter((name) => /^absorbs: \[[^\]]*infrastructure\/resource-replaced/m.test(readFileSync(rules + name, 'utf8')))
        .map((name) => name.replace(/\.yaml$/, '')),
);
