// Templates from the fact table, and edits of them. An edit is { kind, form, before, after, about },
// where `about` says what was edited, for the classes; `about.expect`, where it is set, is what has to
// be said of Alpha ("none": nothing) whatever the oracle says, as it does not look there.
import { randomSource } from './random.mjs';
import { overrides, types } from './facts.mjs';

const { below, pick, chance } = randomSource(20260117);

// What the specification says of an edit of a property whose value certainly changes.
const verdictOf = (property) => ({ yes: 'replaced', maybe: 'maybe' })[property.replaces] ?? 'none';

const clone = (value) => structuredClone(value);

function leafValue(kind, name, version) {
    if (kind === 'boolean') return version % 2 === 1;
    if (kind === 'integer' || kind === 'number') return 10 + version;
    return `${name.slice(0, 12).toLowerCase()}-v${version}`;
}

// Puts a value at "A.B[].C{}.D" of an object, as the only element, under the key "first".
function putPath(object, path, value) {
    const steps = path.match(/[^.[\]{}]+|\[\]|\{\}/g);
    let holder = { object, key: steps[0] };
    for (const step of steps.slice(1)) {
        const list = step === '[]';
        const key = list ? 0 : step === '{}' ? 'first' : step;
        if (typeof holder.object[holder.key] !== 'object') holder.object[holder.key] = list ? [] : {};
        holder = { object: holder.object[holder.key], key };
    }
    holder.object[holder.key] = value;
}

const isLeaf = (row, rows) => !rows.some((other) => other !== row && other.path.startsWith(row.path) && /[.[{]/.test(other.path[row.path.length]));

// Facts about what lies inside a property.
function nestedRows(type, property) {
    const inside = type.rows.filter((row) => row.path.startsWith(property.name) && /[.[{]/.test(row.path[property.name.length] ?? 'x'));
    return inside.filter((row) => isLeaf(row, inside) && !row.path.endsWith(']') && !row.path.endsWith('}'));
}

function propertyValue(type, property, version) {
    const nested = nestedRows(type, property);
    if (nested.length) {
        const holder = {};
        for (const row of nested.slice(0, 3)) putPath(holder, row.path, leafValue('string', row.path.split(/[.[\]{}]+/).pop(), version));
        return holder[property.name];
    }
    const text = (suffix = '') => leafValue('string', property.name + suffix, version);
    if (property.kind === 'array' && property.element === 'tag') return [{ Key: 'team', Value: text() }, { Key: 'kept', Value: 'x' }];
    if (property.kind === 'array' && property.element === 'ref') return [{ Mode: text() }];
    if (property.kind === 'array') return [text(), 'kept'];
    if (property.kind === 'map') return { first: text(), kept: 'x' };
    if (property.kind === 'ref' || property.kind === 'json') return { Mode: text(), Kept: 'x' };
    return leafValue(property.kind, property.name, version);
}

const isScalar = (property) => ['string', 'integer', 'number'].includes(property.kind);
const scalarsOf = (type) => type.properties.filter((property) => property.kind === 'string');
const replacingScalars = (type) => scalarsOf(type).filter((property) => property.replaces === 'yes');
const serverless = types.filter((type) => type.name.startsWith('AWS::Serverless::'));
const maybeScalars = (type) => scalarsOf(type).filter((property) => property.replaces === 'maybe');
const unsure = types.filter((type) => maybeScalars(type).length);
const chainable = types.filter((type) => replacingScalars(type).length && !type.name.startsWith('AWS::Serverless::'));

function pickProperties(type, count) {
    const chosen = new Map();
    for (let i = 0; i < count * 3 && chosen.size < Math.min(count, type.properties.length); i++) {
        const property = pick(type.properties);
        chosen.set(property.name, property);
    }
    return [...chosen.values()];
}

function makeResource(type, extra = []) {
    const resource = { Type: type.name, Properties: {} };
    for (const property of [...pickProperties(type, 2 + below(3)), ...extra])
        resource.Properties[property.name] = propertyValue(type, property, 1);
    return resource;
}

// A template with the resources A, B, C ...; the first one is what most edits are about.
function makeTemplate(first, extra = []) {
    const template = { AWSTemplateFormatVersion: '2010-09-09', Resources: {} };
    template.Resources.Alpha = makeResource(first, extra);
    for (const name of ['Beta', 'Gamma', 'Delta'].slice(0, 1 + below(3))) template.Resources[name] = makeResource(pick(types));
    return template;
}

// Each maker returns { before, after, about } or null where the type has nothing to edit.
const makers = {
    change() {
        const type = pick(types), property = pick(type.properties);
        const before = makeTemplate(type, [property]), after = clone(before);
        after.Resources.Alpha.Properties[property.name] = propertyValue(type, property, 2);
        return { before, after, about: { type, property } };
    },
    add() {
        const type = pick(types), property = pick(type.properties);
        const after = makeTemplate(type, [property]), before = clone(after);
        delete before.Resources.Alpha.Properties[property.name];
        return { before, after, about: { type, property, value: after.Resources.Alpha.Properties[property.name] } };
    },
    remove() {
        const edit = makers.add();
        return { before: edit.after, after: edit.before, about: edit.about };
    },
    nested() {
        const type = pick(types), property = pick(type.properties);
        const rows = nestedRows(type, property);
        if (!rows.length) return null;
        const row = pick(rows.slice(0, 3)), before = makeTemplate(type, [property]), after = clone(before);
        if (chance(70)) putPath(after.Resources.Alpha.Properties, row.path, 'another');
        else putPath(after.Resources.Alpha.Properties, row.path.replace(/[^.[\]{}]+$/, 'NewSetting'), 'added');
        return { before, after, about: { type, property, row } };
    },
    element() {
        const type = pick(types), property = pick(type.properties);
        if (property.kind !== 'array') return null;
        const before = makeTemplate(type, [property]), after = clone(before);
        const list = after.Resources.Alpha.Properties[property.name];
        if (!Array.isArray(list) || !list.length) return null;
        const how = pick(['append', 'drop', 'reorder']);
        if (how === 'append') list.push(typeof list[0] === 'string' ? 'appended' : { ...list[0], Extra: 'appended' });
        else if (how === 'drop') list.pop();
        else if (list.length > 1) list.reverse();
        else return null;
        return { before, after, about: { type, property, how } };
    },
    override() {
        const row = pick(overrides), type = types.find((candidate) => candidate.name === row.type);
        const property = type?.properties.find((candidate) => candidate.name === row.path.split(/[.[{]/)[0]);
        if (!property) return null;
        const before = makeTemplate(type, [property]), after = clone(before);
        after.Resources.Alpha.Properties[property.name] = propertyValue(type, property, 2);
        return { before, after, about: { type, property } };
    },
    serverless() {
        const type = pick(serverless), property = pick(type.properties);
        const before = makeTemplate(type, [property]), after = clone(before);
        before.Transform = after.Transform = 'AWS::Serverless-2016-10-31';
        after.Resources.Alpha.Properties[property.name] = propertyValue(type, property, 2);
        return { before, after, about: { type, property } };
    },
    empty() {
        const type = pick(types), property = pick(type.properties);
        const empty = { boolean: false, integer: 0, array: [], map: {} }[property.kind];
        if (empty === undefined) return null;
        const before = makeTemplate(type, [property]), after = clone(before);
        delete before.Resources.Alpha.Properties[property.name];
        after.Resources.Alpha.Properties[property.name] = empty;
        return { before, after, about: { type, property } };
    },
    rename() {
        const before = makeTemplate(pick(types)), after = clone(before);
        if (chance(30)) before.Resources.Alpha.DeletionPolicy = after.Resources.Alpha.DeletionPolicy = 'Retain';
        after.Resources = Object.fromEntries(Object.entries(after.Resources).map(([name, body]) => [name === 'Alpha' ? 'Renamed' : name, body]));
        return { before, after, about: {} };
    },
    renameChanged() {
        const edit = makers.change();
        edit.after.Resources = Object.fromEntries(Object.entries(edit.after.Resources).map(([name, body]) => [name === 'Alpha' ? 'Renamed' : name, body]));
        return edit;
    },
    type() {
        const before = makeTemplate(pick(types)), after = clone(before), type = pick(types);
        if (type.name === before.Resources.Alpha.Type) return null;
        after.Resources.Alpha.Type = type.name;
        return { before, after, about: { type } };
    },
    delete() {
        const before = makeTemplate(pick(types)), after = clone(before);
        const policy = pick([undefined, undefined, 'Delete', 'Retain', 'Snapshot', 'RetainExceptOnCreate']);
        if (policy) before.Resources.Alpha.DeletionPolicy = policy;
        delete after.Resources.Alpha;
        return { before, after, about: { policy } };
    },
    create() {
        const edit = makers.delete();
        return { before: edit.after, after: edit.before, about: {} };
    },
    policy() {
        const before = makeTemplate(pick(types)), after = clone(before);
        const attribute = pick(['DeletionPolicy', 'UpdateReplacePolicy']);
        const [was, is] = pick([['Retain', undefined], [undefined, 'Retain'], ['Retain', 'Delete'], ['Snapshot', 'Delete'], ['Delete', 'Retain']]);
        if (was) before.Resources.Alpha[attribute] = was;
        if (is) after.Resources.Alpha[attribute] = is;
        return { before, after, about: {} };
    },
    other() {
        const before = makeTemplate(pick(types)), after = clone(before);
        const key = pick(['Metadata', 'DependsOn', 'Comment']);
        if (key === 'Metadata') after.Resources.Alpha.Metadata = { Reason: 'documented' };
        if (key === 'DependsOn') after.Resources.Alpha.DependsOn = ['Beta'];
        if (key === 'Comment') after.Description = 'another text';
        return { before, after, about: {} };
    },
    same() {
        const type = pick(types), property = pick(type.properties);
        const before = makeTemplate(type, [property]), after = clone(before);
        before.Resources.Alpha.DependsOn = 'Beta';
        after.Resources.Alpha.DependsOn = ['Beta'];
        after.Resources = Object.fromEntries(Object.entries(after.Resources).reverse());
        return { before, after, about: {} };
    },
    chain() {
        const possible = chance(10);
        const before = makeTemplate(pick(possible ? unsure : chainable)), names = Object.keys(before.Resources);
        const deep = 2 + below(4);
        for (let i = names.length; i <= deep; i++) before.Resources[`Link${i}`] = makeResource(pick(chainable));
        const all = Object.keys(before.Resources);
        const how = pick(['Ref', 'Ref', 'Fn::GetAtt', 'Fn::Sub', 'Fn::Join']);
        for (let i = 1; i < all.length; i++) {
            const type = chainable.find((candidate) => candidate.name === before.Resources[all[i]].Type);
            if (!type) continue;
            const property = chance(75) ? pick(replacingScalars(type)) : pick(scalarsOf(type));
            const target = all[i - 1];
            before.Resources[all[i]].Properties[property.name] = {
                Ref: { Ref: target },
                'Fn::GetAtt': { 'Fn::GetAtt': [target, 'Arn'] },
                'Fn::Sub': { 'Fn::Sub': `\${${target}}-x` },
                'Fn::Join': { 'Fn::Join': ['-', ['x', { Ref: target }]] },
            }[how];
        }
        const type = types.find((candidate) => candidate.name === before.Resources.Alpha.Type);
        const property = pick(possible ? maybeScalars(type) : replacingScalars(type));
        before.Resources.Alpha.Properties[property.name] = 'one';
        const after = clone(before);
        after.Resources.Alpha.Properties[property.name] = 'two';
        return { before, after, about: { type, property, how } };
    },
    parameter() {
        const type = pick(chainable), property = pick(scalarsOf(type));
        const before = makeTemplate(type);
        before.Parameters = { Stage: { Type: 'String', Default: 'one' } };
        before.Resources.Alpha.Properties[property.name] = pick([{ Ref: 'Stage' }, { 'Fn::Sub': 'x-${Stage}' }, { 'Fn::Join': ['-', ['x', { Ref: 'Stage' }]] }]);
        const after = clone(before);
        after.Parameters.Stage.Default = 'two';
        return { before, after, about: { type, property, expect: verdictOf(property) } };
    },
    mapping() {
        const type = pick(chainable), property = pick(scalarsOf(type));
        const before = makeTemplate(type);
        before.Mappings = { Stages: { prod: { Name: 'one', Other: 'x' }, test: { Name: 'three', Other: 'x' } } };
        const region = chance(30) ? { Ref: 'AWS::Region' } : 'prod';
        before.Resources.Alpha.Properties[property.name] = { 'Fn::FindInMap': ['Stages', region, 'Name'] };
        const after = clone(before);
        const used = chance(85);
        after.Mappings.Stages.prod[used ? 'Name' : 'Other'] = 'two';
        return { before, after, about: { type, property, expect: used ? verdictOf(property) : 'none' } };
    },
    condition() {
        const type = pick(chainable), property = pick(scalarsOf(type));
        const before = makeTemplate(type);
        before.Parameters = { Stage: { Type: 'String', Default: 'test' } };
        before.Conditions = { IsProd: { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] }, Both: { 'Fn::And': [{ Condition: 'IsProd' }, { 'Fn::Equals': ['a', 'a'] }] } };
        before.Resources.Alpha.Properties[property.name] = { 'Fn::If': [pick(['IsProd', 'Both']), 'one', 'two'] };
        const after = clone(before), how = pick(['default', 'definition', 'branch']);
        if (how === 'default') after.Parameters.Stage.Default = 'prod';
        if (how === 'definition') after.Conditions.IsProd = { 'Fn::Not': [before.Conditions.IsProd] };
        if (how === 'branch') after.Resources.Alpha.Properties[property.name]['Fn::If'][1] = 'three';
        return { before, after, about: { type, property, how, expect: verdictOf(property) } };
    },
    exists() {
        const before = makeTemplate(pick(types));
        before.Conditions = { Wanted: { 'Fn::Equals': ['a', 'a'] } };
        before.Resources.Alpha.Condition = 'Wanted';
        const after = clone(before);
        after.Conditions.Wanted = { 'Fn::Equals': ['a', 'b'] };
        return { before, after, about: { expect: 'deleted' } };
    },
    extract() {
        const type = pick(chainable), property = pick(scalarsOf(type)), before = makeTemplate(type);
        before.Resources.Alpha.Properties[property.name] = 'x-one';
        const after = clone(before), how = pick(['Ref', 'Sub', 'Join', 'FindInMap', 'other value', 'no default']);
        after.Parameters = { Part: { Type: 'String', Default: 'one' } };
        after.Mappings = { Names: { main: { Name: 'x-one' } } };
        if (how === 'Ref') after.Parameters.Part.Default = 'x-one';
        if (how === 'other value') after.Parameters.Part.Default = 'another';
        if (how === 'no default') delete after.Parameters.Part.Default;
        after.Resources.Alpha.Properties[property.name] = {
            Sub: { 'Fn::Sub': 'x-${Part}' },
            Join: { 'Fn::Join': ['-', ['x', { Ref: 'Part' }]] },
            FindInMap: { 'Fn::FindInMap': ['Names', 'main', 'Name'] },
        }[how] ?? { Ref: 'Part' };
        const differs = { 'other value': verdictOf(property), 'no default': verdictOf(property) === 'none' ? 'none' : 'maybe' };
        return { before, after, about: { type, property, how, expect: differs[how] ?? 'none' } };
    },
    several() {
        const first = makers[pick(['change', 'add', 'remove', 'chain'])](), after = first.after;
        const other = Object.keys(after.Resources).find((name) => name !== 'Alpha');
        const type = types.find((candidate) => candidate.name === after.Resources[other].Type);
        if (chance(30)) delete after.Resources[other];
        else if (type) {
            const property = pick(type.properties);
            after.Resources[other].Properties[property.name] = propertyValue(type, property, 3);
        }
        return { before: first.before, after, about: { ...first.about, second: type } };
    },
};

const wanted = {
    change: 800, add: 270, remove: 270, nested: 260, element: 160, override: 40, serverless: 40, empty: 40, rename: 140, renameChanged: 60,
    type: 80, delete: 180, create: 50, policy: 100, other: 60, same: 60, chain: 240, parameter: 100, mapping: 100,
    condition: 100, exists: 40, extract: 120, several: 240,
};

export function makeEdits() {
    const edits = [], names = ['json', 'cdk', 'short', 'long'];
    for (const [kind, count] of Object.entries(wanted))
        for (let made = 0; made < count;) {
            const edit = makers[kind]();
            if (!edit) continue;
            edits.push({ id: `${kind}-${String(made).padStart(3, '0')}`, kind, form: pick(names), ...edit });
            made++;
        }
    return edits;
}
