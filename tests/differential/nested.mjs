// What the oracle's own specification says of properties inside others, where the oracle does not look.
import { isDeepStrictEqual } from 'node:util';
import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';

const specification = loadAwsServiceSpecSync();
const words = { yes: 'replaced', maybe: 'maybe' };

function definition(type) {
    return type?.type === 'ref' ? specification.get('typeDefinition', type.reference.$ref) : null;
}

// Elements of a list or a map side by side; those of a list by their place.
function sides(was, is) {
    const keys = new Set([...Object.keys(was ?? {}), ...Object.keys(is ?? {})]);
    return [...keys].map((key) => [was?.[key], is?.[key]]);
}

function* insideOf(type, was, is) {
    if (isDeepStrictEqual(was, is)) return;
    const isMap = (value) => value === undefined || (typeof value === 'object' && value !== null);
    if (!isMap(was) || !isMap(is)) return;
    if (type.type === 'array' || type.type === 'map') for (const pair of sides(was, is)) yield* insideOf(type.element, ...pair);
    for (const [name, property] of Object.entries(definition(type)?.properties ?? {})) {
        if (isDeepStrictEqual(was?.[name], is?.[name])) continue;
        if (words[property.causesReplacement]) yield words[property.causesReplacement];
        yield* insideOf(property.type, was?.[name], is?.[name]);
    }
}

// The worst that is said of an edit of one resource: replaced, maybe, or nothing.
export function judgeInside(before, after) {
    const resource = before?.Type === after?.Type ? specification.lookup('resource', 'cloudFormationType', 'equals', after?.Type)[0] : null;
    const found = Object.entries(resource?.properties ?? {}).flatMap(([name, property]) => [
        ...insideOf(property.type, before.Properties?.[name], after.Properties?.[name]),
    ]);
    return ['replaced', 'maybe'].find((word) => found.includes(word));
}
