// What CloudFormation makes of a template before it looks for differences. The oracle compares what is
// written; asked about resolved templates, it judges what is deployed. Names without a known value stay.
import { isDeepStrictEqual } from 'node:util';

const unknown = Symbol('unknown');

// Types of the serverless transform and what they become, with the properties that are handed on.
const serverless = {
    'AWS::Serverless::Function': { type: 'AWS::Lambda::Function', names: { Tracing: 'TracingConfig', Layers: 'Layers' } },
    'AWS::Serverless::LayerVersion': { type: 'AWS::Lambda::LayerVersion', names: { ContentUri: 'Content' } },
    'AWS::Serverless::SimpleTable': { type: 'AWS::DynamoDB::Table', names: { PrimaryKey: 'KeySchema' } },
    'AWS::Serverless::Api': { type: 'AWS::ApiGateway::RestApi', names: {} },
    'AWS::Serverless::HttpApi': { type: 'AWS::ApiGatewayV2::Api', names: {} },
    'AWS::Serverless::GraphQLApi': { type: 'AWS::AppSync::GraphQLApi', names: {} },
    'AWS::Serverless::Application': { type: 'AWS::CloudFormation::Stack', names: { Location: 'TemplateURL' } },
    'AWS::Serverless::StateMachine': { type: 'AWS::StepFunctions::StateMachine', names: { Name: 'StateMachineName', Type: 'StateMachineType' } },
};

function isFunction(value) {
    const keys = typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value) : [];
    return keys.length === 1 && /^(Ref|Condition|Fn::\w+)$/.test(keys[0]) ? keys[0] : null;
}

const isText = (value) => ['string', 'number', 'boolean'].includes(typeof value);

class Resolver {
    constructor(template) {
        this.template = template;
    }

    name(word) {
        return this.template.Parameters?.[word]?.Default ?? unknown;
    }

    condition(value) {
        if (typeof value === 'string') return this.condition(this.template.Conditions?.[value] ?? {});
        const [[key, parts]] = [...Object.entries(value), ['', null]];
        if (key === 'Condition') return this.condition(parts);
        if (key === 'Fn::Not') return not(this.condition(parts[0]));
        if (key === 'Fn::Equals') {
            const [a, b] = parts.map((part) => this.value(part));
            return [a, b].some(isFunction) ? unknown : isDeepStrictEqual(a, b);
        }
        const settles = key === 'Fn::Or';
        if (key !== 'Fn::And' && !settles) return unknown;
        const all = parts.map((part) => this.condition(part));
        if (all.includes(settles)) return settles;
        return all.includes(unknown) ? unknown : !settles;
    }

    // "x-${Stage}" as the list of its parts; a text where all of them are known.
    join(parts, separator) {
        const known = parts.flatMap((part, i) => (i && separator ? [separator, part] : [part]));
        return known.every(isText) ? known.join('') : { Parts: known };
    }

    sub(value) {
        const [text, own] = Array.isArray(value) ? value : [value, {}];
        const parts = text.split(/\$\{([^!}][^}]*)\}/).map((part, i) => {
            if (i % 2 === 0) return part;
            return part in own ? this.value(own[part]) : this.value(part.includes('.') ? { 'Fn::GetAtt': part.split('.') } : { Ref: part });
        });
        return this.join(parts.filter((part) => part !== ''), '');
    }

    value(value) {
        if (Array.isArray(value)) return value.map((item) => this.value(item));
        const key = isFunction(value), inner = key ? value[key] : null;
        if (!key) return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value).map(([name, item]) => [name, this.value(item)])) : value;
        if (key === 'Ref') return this.name(inner) === unknown ? value : this.name(inner);
        if (key === 'Fn::Sub') return this.sub(inner);
        if (key === 'Fn::Join') return this.join(this.value(inner[1]), inner[0]);
        if (key === 'Fn::FindInMap') {
            const path = this.value(inner), map = this.template.Mappings?.[path[0]];
            const names = (row) => (isText(path[2]) ? row?.[path[2]] : row);
            if (path.every(isText) && names(map?.[path[1]]) !== undefined) return names(map[path[1]]);
            return { Lookup: path, Values: Object.fromEntries(Object.entries(map ?? {}).map(([row, values]) => [row, names(values)])) };
        }
        if (key === 'Fn::If') {
            const holds = this.condition(inner[0]), branches = inner.slice(1).map((branch) => this.value(branch));
            return { Branches: branches, Chosen: holds === unknown ? inner[0] : branches[holds ? 0 : 1] };
        }
        return { [key]: this.value(inner) };
    }

    resource(resource) {
        const stands = serverless[resource.Type];
        const properties = Object.entries(resource.Properties ?? {}).map(([name, item]) => [stands?.names[name] ?? name, this.value(item)]);
        return { ...resource, Type: stands?.type ?? resource.Type, Properties: Object.fromEntries(properties) };
    }
}

function not(value) {
    return value === unknown ? unknown : !value;
}

export function resolve(template) {
    const resolver = new Resolver(template);
    const there = Object.entries(template.Resources ?? {}).filter(([, body]) => !body.Condition || resolver.condition(body.Condition) !== false);
    return { ...template, Resources: Object.fromEntries(there.map(([name, body]) => [name, resolver.resource(body)])) };
}
