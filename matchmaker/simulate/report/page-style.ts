/** The page's look: the colours of the demo page, and five lines that differ in colour and dash. */
export const style = `:root {
  color-scheme: light dark;
  --page: #f3f1ec; --panel: #ffffff; --rule: #d9d4c9; --grid: #e9e5dc; --text: #23211d; --soft: #5c574e;
  --s0: #0b5cad; --s1: #b4540a; --s2: #0f7a63; --s3: #7a3fc0; --s4: #b3245f; --reference: #8a8478;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #14161b; --panel: #1c1f26; --rule: #323743; --grid: #282d38; --text: #eceef3; --soft: #a5acba;
    --s0: #7db4ff; --s1: #f5a45d; --s2: #57cfae; --s3: #c4a3ff; --s4: #ff8fb4; --reference: #8d95a5;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 76rem; margin: 0 auto; padding: 2rem 1.25rem 3rem; }
h1 { margin: 0 0 0.75rem; font-size: 1.6rem; line-height: 1.25; }
h2 { margin: 0 0 0.5rem; font-size: 1.05rem; }
p { margin: 0.25rem 0; color: var(--soft); max-width: 65rem; }
.table { margin: 1.5rem 0; overflow-x: auto; background: var(--panel); border: 1px solid var(--rule); border-radius: 10px; padding: 0.5rem 1rem; width: fit-content; max-width: 100%; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: 0.15rem 0 0.15rem 2rem; text-align: right; white-space: nowrap; }
th[scope="row"], thead td { padding-left: 0; text-align: left; font-weight: 400; color: var(--soft); }
tr.opens > * { padding-top: 0.6rem; }
.figures { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fit, minmax(min(30rem, 100%), 1fr)); }
figure { margin: 0; padding: 1rem; background: var(--panel); border: 1px solid var(--rule); border-radius: 10px; }
figure > svg { display: block; width: 100%; height: auto; }
figcaption { margin-top: 0.4rem; color: var(--soft); font-size: 0.9rem; }
svg text { fill: var(--soft); font: 12px system-ui, sans-serif; font-variant-numeric: tabular-nums; }
svg .name { fill: var(--text); }
@media (max-width: 34rem) { figure svg text { font-size: 19px; } }
.grid { stroke: var(--grid); }
.axis, .tick { stroke: var(--soft); }
.line { fill: none; stroke-width: 2.5; stroke-linejoin: round; stroke-linecap: round; }
.area { fill: var(--reference); opacity: 0.18; }
.dot { stroke: var(--panel); stroke-width: 1.5; }
.line.s-0 { stroke: var(--s0); } .dot.s-0 { fill: var(--s0); }
.line.s-1 { stroke: var(--s1); stroke-dasharray: 9 5; } .dot.s-1 { fill: var(--s1); }
.line.s-2 { stroke: var(--s2); stroke-dasharray: 2 5; } .dot.s-2 { fill: var(--s2); }
.line.s-3 { stroke: var(--s3); stroke-dasharray: 12 4 2 4; } .dot.s-3 { fill: var(--s3); }
.line.s-4 { stroke: var(--s4); stroke-dasharray: 5 3; } .dot.s-4 { fill: var(--s4); }
.line.s-reference { stroke: var(--reference); stroke-width: 1.5; }
.legend { display: flex; flex-wrap: wrap; gap: 0.1rem 1.2rem; margin: 0; padding: 0; list-style: none; font-size: 0.9rem; }
.legend li { display: flex; align-items: center; gap: 0.45rem; }
.legend svg { width: 28px; height: 10px; }
details { margin-top: 1.5rem; color: var(--soft); }`;
