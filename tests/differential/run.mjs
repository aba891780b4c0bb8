// Compares berm with @aws-cdk/cloudformation-diff; see README.md.
import { makeEdits } from './generate.mjs';
import { judgeByBerm, judgeByOracle } from './judge.mjs';
import { classes, isToldOtherwise } from './classes.mjs';
import { forms } from './print.mjs';

const LIMIT = 0.02;

function difference(edit, oracle, berm) {
    const names = new Set([...oracle.verdicts.keys(), ...berm.verdicts.keys()]);
    return [...names]
        .map((name) => ({ edit, name, oracle: oracle.verdicts.get(name), berm: berm.verdicts.get(name), impact: oracle.impacts.get(name), report: berm.report }))
        .filter((one) => one.oracle !== one.berm);
}

// Where the oracle does not look, the generator knows what berm has to say.
function meetsExpectation(edit, berm) {
    const said = berm.verdicts.get('Alpha') ?? 'none';
    return edit.about.expect === undefined || edit.about.expect === said || (said === 'none' && isToldOtherwise(berm.report, 'Alpha'));
}

function classOf(differences) {
    const found = differences.map((one) => classes.find((candidate) => candidate.explains(one)));
    return found.every(Boolean) ? found[0] : null;
}

function show(edit, differences, report) {
    console.log(`  ${edit.id} (${edit.form}) ${JSON.stringify({ type: edit.about.type?.name, property: edit.about.property?.name, how: edit.about.how, row: edit.about.row?.path, expect: edit.about.expect })}`);
    for (const one of differences) console.log(`    ${one.name}: oracle ${one.oracle ?? '-'}, berm ${one.berm ?? '-'}`);
    for (const finding of report.findings) console.log(`      ${finding.rule} ${finding.confidence} ${finding.effect} ${finding.object} [${finding.cascade}] ${finding.message}`);
}

const [program, ...options] = process.argv.slice(2);
if (!program) {
    console.error('usage: node tests/differential/run.mjs PROGRAM [--failures] [--class NAME]');
    process.exit(2);
}
const shownClass = options.includes('--class') ? options[options.indexOf('--class') + 1] : null;

const edits = makeEdits();
const judged = judgeByBerm(program, edits);
const kinds = new Map(), counts = new Map();
let agreed = 0, explained = 0, failed = 0, asWritten = 0;
const failures = [];
for (const [index, edit] of edits.entries()) {
    const differences = difference(edit, judgeByOracle(edit, true), judged[index]);
    if (!difference(edit, judgeByOracle(edit, false), judged[index]).length) asWritten++;
    if (!kinds.has(edit.kind)) kinds.set(edit.kind, { agreed: 0, explained: 0, failed: 0 });
    const kind = kinds.get(edit.kind);
    const expected = meetsExpectation(edit, judged[index]);
    const found = differences.length && expected ? classOf(differences) : null;
    if (!differences.length && expected) {
        agreed++;
        kind.agreed++;
    } else if (found) {
        explained++;
        kind.explained++;
        counts.set(found.name, (counts.get(found.name) ?? 0) + 1);
        if (found.name === shownClass) show(edit, differences, judged[index].report);
    } else {
        failed++;
        kind.failed++;
        failures.push(() => show(edit, differences, judged[index].report));
    }
}

console.log(`${edits.length} edits of ${new Set(edits.map((edit) => edit.before.Resources.Alpha?.Type)).size} resource types\n`);
console.log('edit            agree  explained  differ');
for (const [name, kind] of kinds)
    console.log(`${name.padEnd(14)} ${String(kind.agreed).padStart(6)} ${String(kind.explained).padStart(10)} ${String(kind.failed).padStart(7)}`);
console.log('\nexplained by');
for (const one of classes) console.log(`${String(counts.get(one.name) ?? 0).padStart(6)}  ${one.name}: ${one.reason}`);
if (failures.length) console.log('\nnot explained');
for (const tell of options.includes('--failures') ? failures : failures.slice(0, 10)) tell();
const percent = (count) => `${((count / edits.length) * 100).toFixed(2)} %`;
console.log(`\n${percent(agreed)} agree, ${percent(explained)} differ for a known reason (at most ${LIMIT * 100} %), ${percent(failed)} otherwise (none)`);
console.log(`${percent(asWritten)} agree with what the oracle says of templates as they are written`);
const good = failed === 0 && explained / edits.length <= LIMIT;
console.log(`${agreed + explained} passed, ${failed || (good ? 0 : 1)} failed`);
process.exit(good ? 0 : 1);
