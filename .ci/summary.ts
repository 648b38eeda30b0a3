/** Adds up the rings: vitest's report and the k6 smoke. A skipped test is a failure here, because CI has what every ring needs. */
import { readFileSync } from "node:fs";

const [report = "", smoke] = process.argv.slice(2);
const { numPassedTests, numFailedTests, numPendingTests, numTodoTests } = JSON.parse(readFileSync(report, "utf8"));
const skipped = numPendingTests + numTodoTests;
const smokePassed = smoke === "0" ? 1 : 0;
console.log(`${numPassedTests + smokePassed} passed, ${numFailedTests + 1 - smokePassed} failed, ${skipped} skipped`);
process.exit(skipped > 0 || numFailedTests > 0 || !smokePassed ? 1 : 0);
