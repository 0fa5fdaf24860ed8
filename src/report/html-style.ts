/** How an HTML report looks: on screens of any width, in light and dark, and on paper. Nothing in it is fetched. */
export const htmlStyle = `
:root {
  color-scheme: light dark;
  --page: #ffffff; --text: #1b1f24; --faint: #57606a; --line: #d0d7de; --panel: #f6f8fa;
  --current: #8c959f; --assigned: #1a7f37; --replaced: #bf8700; --left: #cf222e; --verdict: #0550ae;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #0d1117; --text: #e6edf3; --faint: #9ea7b3; --line: #3d444d; --panel: #161b22;
    --current: #6e7681; --assigned: #3fb950; --replaced: #d29922; --left: #f85149; --verdict: #79c0ff;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; padding: 1.5rem 1rem 3rem; max-width: 62rem; background: var(--page); color: var(--text);
  font: 1rem/1.5 system-ui, "Liberation Sans", sans-serif; overflow-wrap: anywhere;
}
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .75rem; }
h2 { font-size: 1.2rem; margin: 2.25rem 0 .5rem; padding-bottom: .25rem; border-bottom: 1px solid var(--line); }
p { margin: .5rem 0; }
code, .code { font-family: ui-monospace, "Liberation Mono", monospace; font-size: .875em; }
pre {
  margin: .25rem 0; padding: .4rem .6rem; background: var(--panel); border: 1px solid var(--line); border-radius: 4px;
  white-space: pre-wrap; font-family: ui-monospace, "Liberation Mono", monospace; font-size: .875rem;
}
.verdict { padding: .75rem 1rem; border: 1px solid var(--line); border-left: .4rem solid var(--verdict); background: var(--panel); }
.verdict strong { font-size: 1.25rem; }
.stopped { border-left-color: var(--left); }
.faint, caption { color: var(--faint); }
dl { display: grid; grid-template-columns: minmax(6rem, max-content) minmax(0, 1fr); gap: .15rem 1rem; margin: .75rem 0; }
dt { color: var(--faint); }
dd { margin: 0; }
table { width: 100%; border-collapse: collapse; }
caption { text-align: left; padding: .25rem 0; font-size: .9rem; }
th, td { text-align: left; vertical-align: top; padding: .35rem .75rem .35rem 0; border-bottom: 1px solid var(--line); font-weight: normal; }
th:last-child, td:last-child { padding-right: 0; }
thead th { font-weight: 600; vertical-align: bottom; }
tbody th { font-weight: 600; }
th.number, td.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; width: 1%; }
td p { margin: .15rem 0; }
.detail { font-weight: normal; font-size: .875rem; color: var(--faint); }
.problem { color: var(--left); font-weight: 600; }
figure { margin: .5rem 0; }
.bars { display: grid; grid-template-columns: minmax(0, 3fr) minmax(0, 7fr); gap: .35rem .75rem; margin: 0; padding: 0; list-style: none; }
.bars li { display: contents; }
.bars .name { font-weight: 600; font-size: .9rem; line-height: 1.3; }
.bars svg { display: block; width: 100%; height: .8rem; margin-top: .2rem; background: var(--panel); }
.bars .counts { display: block; color: var(--faint); font-size: .8rem; line-height: 1.4; }
.legend { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; margin: 0 0 .75rem; padding: 0; list-style: none; font-size: .9rem; }
.legend svg { width: .8rem; height: .8rem; margin-right: .4rem; }
rect.current { fill: var(--current); }
rect.assigned { fill: var(--assigned); }
rect.replaced { fill: var(--replaced); }
rect.left { fill: var(--left); }
@media (max-width: 40rem) {
  body { padding: 1rem .75rem; font-size: .9375rem; }
  th, td { padding-right: .4rem; }
  dl, .bars { grid-template-columns: minmax(0, 1fr); gap: 0; }
  dd { margin-bottom: .4rem; }
  .bars .counts { margin-bottom: .5rem; }
  .several tr { display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); }
  .several tr > :first-child { grid-column: 1 / -1; border-bottom: 0; padding-bottom: 0; }
  .several th.number, .several td.number { width: auto; text-align: left; font-size: .875rem; }
}
@media print {
  :root {
    color-scheme: light;
    --page: #ffffff; --text: #000000; --faint: #444c56; --line: #b0b7be; --panel: #f6f8fa;
    --current: #8c959f; --assigned: #1a7f37; --replaced: #bf8700; --left: #cf222e; --verdict: #0550ae;
  }
  body { max-width: none; padding: 0; font-size: 10pt; }
  h2, caption { break-after: avoid; }
  tr, .bars .row, pre, .verdict { break-inside: avoid; }
  thead { display: table-header-group; }
  svg, .verdict, pre { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
  @page { margin: 18mm 15mm; }
}
`;
