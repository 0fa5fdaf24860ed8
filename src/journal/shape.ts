/** Tells whether a value read from outside is of the type it should be. */
export type Check<T> = (value: unknown) => value is T;

/** The fields an object must have, no more and no fewer, each with its check. */
export type Shape = Readonly<Record<string, Check<unknown>>>;

/** The type of an object that has a shape. */
export type Shaped<S extends Shape> = {
  readonly [Field in keyof S]: S[Field] extends Check<infer T> ? T : never;
};

/** A JSON object whose fields are not checked yet. */
export type Fields = Readonly<Record<string, unknown>>;

/** Whether a value is a JSON object. */
export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether a value is a text, which may be empty. */
export function isText(value: unknown): value is string {
  return typeof value === 'string';
}

/** A whole number from 1 up that JSON carries without loss. */
export function isPositive(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0;
}

/** Takes texts that fit a pattern; the pattern must not be global, which would make it remember. */
export function matching(pattern: RegExp): Check<string> {
  return (value): value is string => isText(value) && pattern.test(value);
}

/** Takes these words and no other value. */
export function oneOf<const T extends string>(...words: readonly T[]): Check<T> {
  return (value): value is T => words.some((word) => word === value);
}

/** Takes lists, empty ones too, whose every item passes `check`. */
export function listOf<T>(check: Check<T>): Check<readonly T[]> {
  return (value): value is readonly T[] => Array.isArray(value) && value.every(check);
}

/** Takes what passes one of two checks. */
export function either<A, B>(first: Check<A>, second: Check<B>): Check<A | B> {
  return (value): value is A | B => first(value) || second(value);
}

/** Takes null besides what passes `check`. */
export function orNull<T>(check: Check<T>): Check<T | null> {
  return (value): value is T | null => value === null || check(value);
}

/** Takes objects of this shape, for objects within objects. */
export function shaped<S extends Shape>(shape: S): Check<Shaped<S>> {
  return (value): value is Shaped<S> => isFields(value) && hasShape(shape, value);
}

/** Whether an object has this shape; `shapeFault` tells why not. */
export function hasShape<S extends Shape>(shape: S, fields: Fields): fields is Fields & Shaped<S> {
  return shapeFault(shape, fields) === undefined;
}

/**
 * The first thing wrong with an object, undefined when there is none.
 * Names only fields of the shape: what else stands in the object may be anything, secrets included.
 */
export function shapeFault(shape: Shape, fields: Fields): string | undefined {
  const checks = Object.entries(shape);
  const wrong = checks.find(([field, check]) => !check(fields[field]));
  if (wrong !== undefined) return `"${wrong[0]}" is missing or not what it should be`;
  const known = Object.keys(fields).every((field) => Object.hasOwn(shape, field));
  return known ? undefined : 'it has a field that does not belong there';
}
