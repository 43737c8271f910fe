import tseslint from 'typescript-eslint'

// Few rules, each one worth defending; layout is the formatter's.
export default tseslint.config(
  {
    ignores: [
      'build/',
      'node_modules/',
      '.data/',
      'bench/node_modules/',
      'app/db/statements.gen.ts',
      '**/*.mjs',
    ],
  },
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [tseslint.configs.base],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      // A promise that nobody waits for is money that nobody sees fail.
      '@typescript-eslint/no-floating-promises': [
        'error',
        {
          // The test runner waits for its own tests.
          allowForKnownSafeCalls: [
            { from: 'package', package: 'node:test', name: ['test', 'describe', 'it', 'suite'] },
          ],
        },
      ],
      '@typescript-eslint/no-misused-promises': [
        'error',
        { checksVoidReturn: { attributes: false } },
      ],
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      'no-control-regex': 'error',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'prefer-const': ['error', { destructuring: 'all' }],
      'no-restricted-syntax': [
        'error',
        {
          selector: 'ExportAllDeclaration',
          message: 'A barrel hides what a room offers: name each export.',
        },
      ],
    },
  },
  {
    files: ['app/**/*.ts', 'app/**/*.tsx', 'dev/**/*.ts', 'test/**/*.ts', 'server.ts'],
    ignores: ['app/routes/**', 'app/root.tsx', 'app/entry.*.tsx'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: 'ExportDefaultDeclaration',
          message: 'Only routes and configs export a default.',
        },
        {
          selector: 'ExportAllDeclaration',
          message: 'A barrel hides what a room offers: name each export.',
        },
      ],
    },
  },
  {
    files: ['app/**/*.ts', 'app/**/*.tsx'],
    rules: {
      // What a server says goes through its log, which takes no whole objects.
      'no-console': 'error',
    },
  },
)
