import { printable } from './text.ts';

/** Markup, in which nothing is left to escape. */
export class Html {
  readonly markup: string;

  constructor(markup: string) {
    this.markup = markup;
  }
}

/** What may stand in markup: text gets escaped, markup stays, of a list one stands after the other. */
export type HtmlValue = string | number | Html | readonly HtmlValue[];

/** Markup of a template: every value in it is escaped, in quoted attributes, too, unless it is markup itself. */
export function html(strings: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  const markup = strings.reduce((text, part, index) => text + toMarkup(values[index - 1]) + part);
  return new Html(markup);
}

/** No markup at all. */
export const nothing = new Html('');

function toMarkup(value: HtmlValue | undefined): string {
  if (value === undefined) return '';
  if (value instanceof Html) return value.markup;
  if (typeof value === 'object') return value.map(toMarkup).join('');
  return escape(String(value));
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Control characters, and those that turn the direction of writing, are made visible before. */
function escape(text: string): string {
  return printable(text).replace(/[&<>"']/g, (character) => entities[character] ?? '');
}
