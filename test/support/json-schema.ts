import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { projectRoot } from './cli.ts';

/** What is wrong with a value by a schema that ships in docs/; empty when nothing is. */
export function findSchemaErrors(schemaFile: string, value: unknown): string[] {
  const schema = JSON.parse(readFileSync(join(projectRoot, 'docs', schemaFile), 'utf8')) as object;
  const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: true });
  const validate = ajv.compile(schema);
  if (validate(value)) return [];
  return (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message ?? ''}`);
}
