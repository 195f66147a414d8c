import js from '@eslint/js';
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';

/**
 * The walls of the house: each folder may import only from the folders below it.
 *
 *   server, schema → inference → repository, runtimes, cache, telemetry → config, errors, tensor
 *
 * `app.ts` (the composition root), `main.ts` and `cli.ts` may import everything.
 */
const floors = [
  ['src/*.ts', [], ['src/app.ts', 'src/main.ts', 'src/cli.ts']],
  ['src/repository/**', ['runtimes', 'cache', 'telemetry', 'inference', 'server', 'schema']],
  ['src/runtimes/**', ['repository', 'cache', 'telemetry', 'inference', 'server', 'schema']],
  ['src/cache/**', ['repository', 'runtimes', 'telemetry', 'inference', 'server', 'schema']],
  ['src/telemetry/**', ['repository', 'runtimes', 'cache', 'inference', 'server', 'schema']],
  ['src/inference/**', ['server', 'schema']],
  ['src/server/**', []],
].map(([files, above, ignores = []]) => ({
  files: [files],
  ignores,
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          ...above.map((folder) => ({
            group: [`**/${folder}/**`],
            message: `${files} stands below ${folder}/ and must not import it.`,
          })),
          { group: ['**/app.ts', '**/main.ts', '**/cli.ts'], message: 'Nothing imports an entry.' },
        ],
      },
    ],
  },
}));

export default tseslint.config(
  { ignores: ['dist/**', 'coverage/**', '**/node_modules/**', '**/generated/**', '**/public/**'] },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  ...tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ['eslint.config.js', 'scripts/*.mjs'] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/consistent-type-definitions': 'off',
      'no-console': 'error',
      eqeqeq: 'error',
    },
  },
  ...floors,
  {
    files: ['schema/**'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              group: ['**/src/**', '!**/src/errors.ts', '!**/src/tensor.ts'],
              allowTypeImports: true,
              message: 'schema/ takes only types from src/; services come through the context.',
            },
          ],
        },
      ],
    },
  },
  { files: ['**/*.js', '**/*.mjs'], ...tseslint.configs.disableTypeChecked },
  {
    files: ['test/**', 'scripts/**', 'bench/**', 'examples/**', 'models/**', '**/*.mjs', '*.js'],
    rules: {
      'no-console': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/explicit-function-return-type': 'off',
    },
  },
  {
    files: ['**/*.mjs', '*.js'],
    languageOptions: { globals: { process: 'readonly', console: 'readonly', URL: 'readonly' } },
  },
  prettier,
);
