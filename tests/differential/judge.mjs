// What the oracle and berm say of each resource of an edit, in the same words:
// replaced, maybe (replaced), deleted, orphaned; nothing for everything milder.
import { spawnSync } from 'node:child_process';
import { fullDiff } from '@aws-cdk/cloudformation-diff';
import { forms } from './print.mjs';
import { judgeInside } from './nested.mjs';
import { resolve } from './resolve.mjs';

const words = { WILL_REPLACE: 'replaced', MAY_REPLACE: 'maybe', WILL_DESTROY: 'deleted', WILL_ORPHAN: 'orphaned' };

// The oracle looks at resolved templates, or at what is written.
export function judgeByOracle(edit, resolved) {
    const verdicts = new Map(), impacts = new Map();
    const [before, after] = [edit.before, edit.after].map((template) => (resolved ? resolve(template) : template));
    fullDiff(before, after).resources.forEachDifference((name, difference) => {
        impacts.set(name, difference.changeImpact);
        if (words[difference.changeImpact]) verdicts.set(name, words[difference.changeImpact]);
    });
    if (resolved) for (const name of Object.keys(after.Resources)) note(verdicts, name, judgeInside(before.Resources[name], after.Resources[name]));
    return { verdicts, impacts };
}

function stageLine(edit) {
    const { path, print } = forms[edit.form];
    return JSON.stringify({ id: edit.id, change: { files: [{ path, before: print(edit.before), after: print(edit.after) }] } });
}

const strength = { maybe: 1, replaced: 2, orphaned: 3, deleted: 4 };

function note(verdicts, name, word) {
    if (word && (!verdicts.has(name) || strength[word] > strength[verdicts.get(name)])) verdicts.set(name, word);
}

function wordOf(finding) {
    if (finding.effect === 'replaced') return ['certain', 'likely'].includes(finding.confidence) ? 'replaced' : 'maybe';
    if (/^(guard|access)\/.*-removed$/.test(finding.rule)) return 'deleted'; // told by what it guarded
    return { removed: 'deleted', orphaned: 'orphaned' }[finding.effect];
}

// A rename is told of the new name; what goes is the old one.
function readReport(report) {
    const verdicts = new Map();
    for (const finding of report.findings) {
        const word = wordOf(finding);
        if (!word) continue;
        const renamed = /^(\S+) is now called /.exec(finding.message);
        if (finding.rule === 'infrastructure/deleted-and-recreated') note(verdicts, finding.object, 'deleted');
        else if (renamed) note(verdicts, renamed[1], 'deleted');
        else for (const name of [finding.object, ...finding.cascade]) note(verdicts, name, word);
    }
    return verdicts;
}

export function judgeByBerm(program, edits) {
    const input = edits.map(stageLine).join('\n') + '\n';
    const run = spawnSync(program, ['stage'], { input, encoding: 'utf8', maxBuffer: 1 << 30 });
    if (run.error) throw run.error;
    const lines = run.stdout.trim().split('\n');
    if (lines.length !== edits.length) throw new Error(`berm stage wrote ${lines.length} lines for ${edits.length} edits: ${run.stderr}`);
    return lines.map((line) => {
        const report = JSON.parse(line);
        if (report.error) throw new Error(`${report.id}: ${report.error.message}`);
        return { report, verdicts: readReport(report) };
    });
}
