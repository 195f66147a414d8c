import type { CodegenConfig } from '@graphql-codegen/cli';

/** Types of the operations in operations.ts, from the schema that the server ships. */
const config: CodegenConfig = {
  schema: 'schema/schema.graphql',
  documents: ['examples/operations.ts'],
  generates: {
    'examples/generated/': {
      preset: 'client',
      presetConfig: { fragmentMasking: false, gqlTagName: 'graphql' },
      config: {
        useTypeImports: true,
        enumsAsTypes: true,
        strictScalars: true,
        scalars: {
          JSON: 'unknown',
          JSONObject: 'Record<string, unknown>',
          DateTime: 'string',
          SafeInt: 'number',
          TensorData: {
            input: 'ReadonlyArray<unknown>',
            output: 'ReadonlyArray<number | string | boolean | null>',
          },
        },
        emitLegacyCommonJSImports: false,
        importExtension: '.ts',
      },
    },
  },
};

export default config;
