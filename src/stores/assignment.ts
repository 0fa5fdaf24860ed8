/** A text of the form `X=Y`, taken apart. */
export interface Assignment {
  readonly left: string;
  readonly right: string;
}

/** Splits at the last `=`: what stands before may hold one. Without any, all of the text is the right side. */
export function splitAssignment(text: string): Assignment {
  const equals = text.lastIndexOf('=');
  return { left: text.slice(0, Math.max(equals, 0)), right: text.slice(equals + 1) };
}
