import { writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import puppeteer, { type Browser, type Page } from 'puppeteer-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { renderReportHtml } from '../../src/report/report-html.ts';
import { printable } from '../../src/report/text.ts';
import { boardReports, hostile } from '../support/board-reports.ts';
import { findServerPrograms } from '../support/servers-binaries.js';
import { makeWorkplace } from '../support/workplace.ts';

const workplace = makeWorkplace();
let browser: Browser;
let page: Page;
/** What a page must not do: ask for anything but itself, or complain. */
let events: string[];

beforeAll(async () => {
  const { chromium } = findServerPrograms();
  if (chromium === undefined) throw new Error('chromium is not installed');
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  browser = await puppeteer.launch({ executablePath: chromium, args: asRoot, timeout: 60_000 });
});
afterAll(async () => {
  await browser.close();
  workplace.remove();
});

beforeEach(async () => {
  events = [];
  page = await browser.newPage();
  await page.setJavaScriptEnabled(false);
  page.on('request', (request) => events.push(`request: ${request.url()}`));
  page.on('console', (message) => events.push(`console: ${message.text()}`));
  page.on('pageerror', (error) => events.push(`error: ${String(error)}`));
});
afterEach(async () => {
  await page.close();
});

/** Opens a report as a file. @returns its address */
async function open(name: string): Promise<string> {
  const report = boardReports[name];
  if (report === undefined) throw new Error(`there is no sample report ${name}`);
  const file = workplace.path(`${name}.html`);
  writeFileSync(file, renderReportHtml(report));
  const address = pathToFileURL(file).href;
  await page.goto(address);
  return address;
}

/** What a script says of the page. The browser is asked by text: here is no DOM to compile against. */
const ask = (script: string): Promise<unknown> => page.evaluate(script);
const textOf = async (): Promise<string> => String(await ask('document.body.textContent'));

describe.each(Object.keys(boardReports))('the page of the report %s', (name) => {
  it('opens from a file without script, and asks for nothing and complains of nothing', async () => {
    const address = await open(name);
    expect(events).toEqual([`request: ${address}`]);
  });

  it.each([400, 800, 1_400])('is nowhere wider than a window of %s pixels', async (width) => {
    await page.setViewport({ width, height: 900 });
    await open(name);
    expect(await ask('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
  });

  it('has a heading for every section, and a caption and column heads for every table', async () => {
    await open(name);
    expect(await ask('document.querySelectorAll("section:not(:has(h2))").length')).toBe(0);
    const bare = 'table:not(:has(caption)), table:not(:has(thead th[scope=col]))';
    expect(await ask(`document.querySelectorAll("${bare}").length`)).toBe(0);
  });

  it.each(['light', 'dark'])('has no text in %s that is hard to read', async (scheme) => {
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
    await open(name);
    expect(await ask(findFaint)).toEqual([]);
  });
});

/** Elements whose text has a contrast of less than 4.5 to the ground (WCAG 2, AA). */
const findFaint = String.raw`(() => {
  const luminance = (colour) => {
    const [red, green, blue] = colour.match(/[\d.]+/g).slice(0, 3).map((text) => {
      const part = Number(text) / 255;
      return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const groundOf = (element) => {
    const { backgroundColor } = getComputedStyle(element);
    return /, 0\)$/.test(backgroundColor) ? groundOf(element.parentElement) : backgroundColor;
  };
  const contrast = (element) => {
    const lights = [getComputedStyle(element).color, groundOf(element)].map(luminance);
    return (Math.max(...lights) + 0.05) / (Math.min(...lights) + 0.05);
  };
  return [...document.querySelectorAll('body, body *:not(svg, rect)')]
    .filter((element) => contrast(element) < 4.5)
    .map((element) => element.tagName + ' ' + element.className + ' ' + contrast(element));
})()`;

it('shows hostile values as text, and as nothing else', async () => {
  await page.setJavaScriptEnabled(true);
  await open('hostile');
  const text = await textOf();
  // A lone half of a character cannot be written as UTF-8.
  const shown = printable(hostile).replace(/\ud83d(?![\udc00-\udfff])/, '\ufffd');
  expect(text.split(shown).length).toBeGreaterThan(20);
  expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  const active = 'script, img, link, iframe, object, [onerror], [style]';
  expect(await ask(`document.querySelectorAll("${active}").length`)).toBe(0);
  expect(await page.title()).not.toBe('owned');
});

it('tells a change board at the top how many rows would be written, and how many left', async () => {
  await open('three-stores');
  const top = await ask('document.querySelector("h1 + .verdict strong").textContent');
  expect(top).toBe('2,101 rows would be written, 200 would be left.');
});

it('says how to undo a run, ready to be pasted', async () => {
  await open('sixty-stores');
  expect(await textOf()).toContain(
    String.raw`glance-store-backfill undo '/var/lib/glance'\''s/2026-11-22T16-20-00Z-4711.ndjson' --dry-run`,
  );
});

it.each([
  ['three-stores', 3],
  ['sixty-stores', 60],
])('draws a bar for every store of %s, and one for the rows left', async (name, stores) => {
  await open(name);
  const widths = (await ask(`[...document.querySelectorAll('.bars svg')].map((svg) =>
    [...svg.querySelectorAll('rect')].reduce((sum, { width }) => sum + width.baseVal.value, 0))`)) as number[];
  expect(widths).toHaveLength(stores + 1);
  expect(Math.min(...widths)).toBeGreaterThan(0);
  expect(Math.max(...widths)).toBeLessThanOrEqual(1_006);
});

it('prints on several pages', async () => {
  await open('sixty-stores');
  const pdf = Buffer.from(await page.pdf({ format: 'A4' })).toString('latin1');
  expect(pdf.startsWith('%PDF-')).toBe(true);
  expect([...pdf.matchAll(/\/Type\s*\/Page\b/g)].length).toBeGreaterThan(1);
});
