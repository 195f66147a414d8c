import type { CodegenConfig } from '@graphql-codegen/cli';

/** Types of the operations that the tests write with `graphql(…)`, from schema/schema.graphql. */
const config: CodegenConfig = {
  schema: 'schema/schema.graphql',
  documents: ['test/**/*.ts', '!test/generated/**'],
  ignoreNoDocuments: true,
  generates: {
    'test/generated/': {
      preset: 'client',
      presetConfig: { fragmentMasking: false },
      config: {
        useTypeImports: true,
        enumsAsTypes: true,
        documentMode: 'string',
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
