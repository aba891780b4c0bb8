// Validates reports against docs/report.schema.json:
//     node tests/schema.test.mjs FILE...          one report a file, or one a line (.ndjson)
// Readers have to ignore keys they do not know; here a key that the schema does not name is an
// error, so that the schema cannot fall behind.
import { readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const require = createRequire(join(here, "package.json"));
const { default: Ajv } = await import(require.resolve("ajv/dist/2020.js"));

const schema = JSON.parse(readFileSync(join(here, "..", "docs", "report.schema.json"), "utf8"));
for (const definition of Object.values(schema.$defs)) {
  closeObjects(definition);
}

function closeObjects(node) {
  if (node === null || typeof node !== "object") {
    return;
  }
  if (node.properties) {
    node.additionalProperties = false;
  }
  Object.values(node).forEach(closeObjects);
}

function documents(path) {
  const text = readFileSync(path, "utf8");
  return path.endsWith(".ndjson") ? text.split("\n").filter(Boolean) : [text];
}

function check(validate, path) {
  let failed = 0;
  documents(path).forEach((text, index) => {
    const report = JSON.parse(text);
    if (!validate(report)) {
      failed++;
      const first = validate.errors[0];
      console.error(`${path}:${index + 1}: ${first.instancePath} ${first.message} ` +
                    JSON.stringify(first.params));
    } else if ("score" in report) {
      const tenths = report.ledger.reduce((sum, line) => sum + Math.round(line.marginal * 10), 0);
      if (tenths !== Math.round(report.score * 10)) {
        failed++;
        console.error(`${path}:${index + 1}: the ledger does not sum to the score`);
      }
    }
  });
  return failed;
}

const validate = new Ajv({ strict: true, allowUnionTypes: true, allErrors: false }).compile(schema);
const golden = join(here, "golden", "json");
const paths = process.argv.length > 2
  ? process.argv.slice(2)
  : readdirSync(golden).sort().map((name) => join(golden, name));
const failed = paths.reduce((sum, path) => sum + check(validate, path), 0);
console.log(`${paths.length} files, ${failed} failed`);
process.exit(failed || !paths.length ? 1 : 0);
