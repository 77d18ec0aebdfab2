import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { jsonSchema, jsonSchemaText } from '../../../context/schemas/json-schema.ts';
import { SCHEMA_NAMES } from '../../../context/schemas/schema-comment.ts';

const FOLDER = `${import.meta.dirname}/../../../context/schema`;

describe('the JSON Schemas', () => {
  it.each(SCHEMA_NAMES)('%s: the committed file is fresh (UPDATE_SCHEMA=1 writes it)', (name) => {
    const path = `${FOLDER}/${name}.json`;
    if (process.env.UPDATE_SCHEMA === '1') writeFileSync(path, jsonSchemaText(name));
    expect(readFileSync(path, 'utf8')).toBe(jsonSchemaText(name));
  });

  it('offers an editor keys, values, defaults and words, and marks unknown keys', () => {
    expect(jsonSchema('config')).toMatchObject({
      additionalProperties: false,
      properties: {
        approval: {
          additionalProperties: false,
          properties: { publish: { enum: ['auto', 'ask'], default: 'ask', description: expect.any(String) } },
        },
        recovery: { properties: { silence_timeout: { default: '600s' } } },
      },
    });
    expect(jsonSchema('scenarios')).toMatchObject({
      properties: { scenarios: { anyOf: [{ items: { required: ['id', 'name'] } }, { type: 'null' }] } },
    });
  });
});
