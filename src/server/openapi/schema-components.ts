import { z } from 'zod';

/** Turns zod schemas into JSON Schema; those with an id become components that others refer to. */
export class SchemaComponents {
  /** Components by name. */
  readonly all: Record<string, unknown> = {};

  /** The JSON Schema of a schema, or a reference to its component. */
  use(schema: z.ZodType): unknown {
    // Inside of an object a schema with an id becomes a reference, at the root it would not.
    const { properties, $defs } = z.toJSONSchema(z.object({ it: schema }), {
      io: 'input',
      override: ({ jsonSchema, zodSchema }) => {
        delete jsonSchema.id;
        // JSON Schema cannot see the refinement "exactly one of".
        if (z.globalRegistry.get(zodSchema)?.id === 'ModelInput') {
          Object.assign(jsonSchema, { minProperties: 1, maxProperties: 1 });
        }
      },
    }) as unknown as { properties: { it: unknown }; $defs?: Record<string, unknown> };
    for (const [name, definition] of Object.entries($defs ?? {})) {
      this.all[name] ??= toComponentRefs(definition);
    }
    return toComponentRefs(properties.it);
  }
}

function toComponentRefs(schema: unknown): unknown {
  return JSON.parse(
    JSON.stringify(schema).replaceAll('"$ref":"#/$defs/', '"$ref":"#/components/schemas/'),
  ) as unknown;
}
