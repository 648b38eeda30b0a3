/** Judges vitest's report. A skipped test is a failure here, because CI has what every ring needs. */
import { readFileSync } from "node:fs";

const report = JSON.parse(readFileSync(process.argv[2] ?? "", "utf8"));
const skipped = report.numPendingTests + report.numTodoTests;
const passed = report.success && skipped === 0 && report.numPassedTests > 0;
if (!passed) console.log(`not green: success ${report.success}, skipped ${skipped}`);
console.log(`${report.numPassedTests} passed, ${report.numFailedTests} failed, ${skipped} skipped`);
process.exit(passed ? 0 : 1);
